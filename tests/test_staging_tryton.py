"""What Tryton's habits become in the contract: returns that are sales, what is settled together, moves."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipelines.sources import tryton
from tests import staged

FIRM = {"company_id": "1", "company_name": "Huta Meble", "company_currency": "PLN"}
MODELS = "accounts leads deals deal_stages quotes orders order_lines shipments shipment_lines invoices"
MODELS += " invoice_instalments invoice_lines payments payment_allocations tickets ledger_totals"


def day(number: int) -> date:
    return date(2026, 3, number)


def moment(number: int) -> datetime:
    return datetime(2026, 3, number, 9)


def opportunity(number: int, state: str, **other: Any) -> dict:
    told = {"id": number, "number": str(number), "description": f"Deal {number}", "state": state, "party": 2}
    return told | {"start_date": day(1), "create_date": moment(1), "changed_at": moment(5), "amount": 100} | other


def revision(deal: int, position: int, stage: str, on: int) -> dict:
    told = {"id": f"{deal}:{position}", "deal_id": deal, "position": position, "stage_id": position, "method": "log"}
    return told | {"stage_name": stage, "entered_at": moment(on)}


def sale(number: int, state: str, amount: int, **other: Any) -> dict:
    told = {"id": number, "number": str(number), "state": state, "party": 2, "untaxed_amount": amount, "warehouse": 5}
    days = {"create_date": moment(2), "changed_at": moment(9), "quotation_date": day(2), "sale_date": day(3)}
    return told | days | {"total_amount": amount, "currency_code": "PLN"} | other


def sale_line(number: int, of: int, product: int, quantity: int, **other: Any) -> dict:
    told = {"id": number, "sale": of, "type": "line", "product": product, "quantity": quantity, "unit_price": 10}
    return told | {"amount": quantity * 10, "unit_symbol": "u"} | other


def move(number: int, line: int, quantity: int, shipment: str, **other: Any) -> dict:
    told = {"id": number, "shipment": shipment, "origin": f"sale.line,{line}", "state": "done", "product": 1}
    ways = {"from_location_type": "storage", "to_location_type": "customer", "cost_price": 6}
    return told | ways | {"quantity": quantity, "internal_quantity": quantity} | other


def invoice(number: int, total: int, **other: Any) -> dict:
    told = {"id": number, "number": str(number), "state": "posted", "party": 2, "move": 100 + number}
    money = {"untaxed_amount": total, "tax_amount": 0, "total_amount": total, "currency_code": "PLN"}
    return told | money | {"invoice_date": day(number)} | other


def invoice_line(number: int, of: int, line: int, quantity: int, **other: Any) -> dict:
    told = {"id": number, "invoice": of, "type": "line", "origin": f"sale.line,{line}", "product": 1}
    return told | {"quantity": quantity, "amount": quantity * 10} | other


def ledger_move(number: int, on: int, journal: str, origin: str = "", **other: Any) -> dict:
    return {"id": number, "date": day(on), "state": "posted", "journal_type": journal, "origin": origin} | other


def entry(number: int, of: int, amount: int, reconciliation: int | None = None, **other: Any) -> dict:
    told = {"id": number, "move": of, "account": 39, "party": 2, "reconciliation": reconciliation}
    return told | {"debit": max(amount, 0), "credit": max(-amount, 0)} | other


RETURNED = {"from_location_type": "customer", "to_location_type": "storage"}
INSIDE = {"from_location_type": "storage", "to_location_type": "storage"}
ROWS = {
    "parties": [
        {"id": 1, "name": "Huta Meble", "code": "1"},
        {"id": 2, "name": "Alfa", "code": "2"},
        {"id": 3, "name": "Our Own Anna", "code": "3"},
        {"id": 4, "name": "Alfa (old)", "code": "4", "replaced_by": 2},
        {"id": 5, "name": "Not yet a customer", "code": "5"},
    ],
    "addresses": [
        {"id": 21, "party": 2, "street": "Second", "city": "Hamburg", "country_code": "DE", "sequence": 2},
        {"id": 22, "party": 2, "street": "First", "city": "Berlin", "country_code": "DE", "sequence": 1},
    ],
    "identifiers": [
        {"id": 1, "party": 2, "type": "pl_regon", "code": "123456785"},
        {"id": 2, "party": 2, "type": "eu_vat", "code": "DE136695976"},
    ],
    "employees": [{"id": 1, "party_id": 3, "party_name": "Our Own Anna"}],
    "products": [
        {"id": 1, "code": "P", "name": "Pump", "type": "goods", "cost_price": 7},
        {"id": 2, "code": "FR", "name": "Freight", "type": "service", "cost_price": 5},
    ],
    "carriers": [{"id": 1, "carrier_product": 2, "party_name": "Kurier"}],
    "warehouses": [{"id": 5, "code": "WH", "name": "Warehouse"}],
    "opportunities": [
        opportunity(1, "won", end_date=day(8)),
        opportunity(2, "lead"),
        opportunity(3, "cancelled", end_date=day(6)),
        opportunity(4, "converted", start_date=date(2025, 12, 1)),
    ],
    "opportunity_stages": [
        revision(1, 1, "lead", 1),
        revision(1, 2, "opportunity", 4),
        revision(1, 3, "won", 8),
        revision(2, 1, "lead", 1),
        revision(3, 1, "lead", 1),
        revision(3, 2, "cancelled", 6),
    ],
    "sales": [
        sale(1, "done", 125, origin="sale.opportunity,1", reference="PO-1"),
        sale(2, "done", -20, origin="sale.sale,1"),
        sale(3, "processing", -10, origin="sale.complaint,1"),
        sale(4, "quotation", 50, sale_date=None),
        sale(5, "cancelled", 50, sale_date=None),
        sale(6, "processing", 40),
    ],
    "sale_lines": [
        sale_line(1, 1, 1, 10),
        sale_line(2, 1, 2, 1, amount=25),
        sale_line(3, 2, 1, -2),
        sale_line(4, 3, 1, -1),
        sale_line(5, 4, 1, 5),
        sale_line(6, 5, 1, 5),
        sale_line(7, 6, 1, 5),
        sale_line(8, 6, 1, -1),
        sale_line(9, 1, 1, 0, type="title"),
    ],
    "shipments": [
        {"id": 1, "number": "1", "state": "done", "customer": 2, "carrier": 1, "cost_used": 5, "effective_date": day(6)}
        | {"warehouse": 5, "create_date": moment(4)},
        {"id": 2, "number": "2", "state": "waiting", "customer": 2, "cost_used": 5, "create_date": moment(4)},
        {"id": 3, "number": "3", "state": "cancelled", "customer": 2, "create_date": moment(4)},
    ],
    "shipment_returns": [
        {"id": 1, "number": "1", "state": "done", "customer": 2, "effective_date": day(10), "create_date": moment(9)}
    ],
    "stock_moves": [
        move(1, 1, 6, "stock.shipment.out,1", origin_planned_date=day(5), planned_date=day(5)),
        move(2, 1, 4, "stock.shipment.out,2", origin_planned_date=day(7), planned_date=day(8), state="draft")
        | {"cost_price": None},
        move(3, 1, 6, "stock.shipment.out,1", **INSIDE),
        move(4, 1, 4, "stock.shipment.out,3", state="cancelled"),
        move(5, 3, 2, "stock.shipment.out.return,1", **RETURNED),
    ],
    "invoices": [
        invoice(1, 85),
        invoice(2, 40),
        invoice(3, -20),
        invoice(4, 30, state="draft") | {"number": None, "move": None},
        invoice(5, 30, state="cancelled", cancel_move=206),
    ],
    "invoice_lines": [
        invoice_line(1, 1, 1, 6),
        invoice_line(2, 1, 2, 1, product=2, amount=25),
        invoice_line(3, 2, 7, 4),
        invoice_line(4, 3, 3, -2),
        invoice_line(5, 4, 1, 3),
        invoice_line(6, 5, 7, 3),
    ],
    "invoice_line_moves": [
        {"id": 1, "invoice_line": 1, "stock_move": 1},
        {"id": 2, "invoice_line": 4, "stock_move": 5},
    ],
    "ledger_accounts": [
        {"id": 39, "type_receivable": True, "type_revenue": False},
        {"id": 70, "type_receivable": False, "type_revenue": True},
    ],
    "ledger_moves": [
        ledger_move(101, 1, "revenue", "account.invoice,1"),
        ledger_move(102, 2, "revenue", "account.invoice,2"),
        ledger_move(103, 3, "revenue", "account.invoice,3"),
        ledger_move(105, 5, "revenue", "account.invoice,5"),
        ledger_move(206, 6, "revenue", "account.invoice,5"),
        ledger_move(301, 11, "cash", "account.invoice,1"),
        ledger_move(302, 12, "statement", "account.statement,1"),
        ledger_move(303, 14, "write-off"),
        ledger_move(304, 15, "cash", state="draft"),
    ],
    "ledger_lines": [
        entry(1, 101, 40, 9, maturity_date=day(20)),
        entry(2, 101, 45, None, maturity_date=day(28)),
        entry(3, 102, 40, 9),
        entry(4, 103, -20, 9),
        entry(5, 301, -15),
        entry(6, 302, -58, 9),
        entry(7, 303, -2, 9),
        entry(8, 304, -500),
        entry(9, 105, 30, 8),
        entry(10, 206, -30, 8),
        entry(11, 101, -85, account=70),
    ],
    "invoice_payments": [{"id": 1, "invoice": 1, "line": 5}],
    "complaints": [
        {"id": 1, "state": "done", "origin": "sale.line,1", "customer": 2, "date": day(9), "type_name": "Damaged"}
        | {"changed_at": moment(12), "create_date": moment(9)},
        {"id": 2, "state": "draft", "origin": "sale.sale,1", "customer": 2, "date": day(9)},
    ],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    file = staged.landing(folder, "tryton", tryton.STREAMS, FIRM, ROWS)
    with staged.built(folder, [file], MODELS) as connection:
        yield connection


def rows(built, columns: str, entity: str, where: str = "true") -> list[tuple]:
    """Rows by their first column, keys without their source and company, numbers as numbers."""
    found = built.sql(f"select {columns} from work.canonical.{entity} where {where} order by all").fetchall()  # noqa: S608
    return [tuple(plain(one) for one in row) for row in found]


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.replace("tryton:1:", "") if isinstance(value, str) else value


def test_a_customer_has_its_first_address_and_its_vat_number_and_we_ourselves_are_no_account(built):
    columns = "name, street, city, country_code, tax_id, is_customer"
    assert rows(built, columns, "accounts") == [
        ("Alfa", "First", "Berlin", "DE", "DE136695976", True),
        ("Not yet a customer", None, None, None, None, False),
    ]


def test_a_lead_that_was_worth_a_deal_is_both_and_one_that_never_was_is_given_up(built):
    assert rows(built, "lead_key, status, deal_key, converted_at, disqualified_at", "leads") == [
        ("1", "converted", "sale.opportunity,1", moment(4), None),
        ("2", "open", None, None, None),
        ("3", "disqualified", None, None, moment(6)),
        ("4", "converted", "sale.opportunity,4", None, None),
    ]
    assert rows(built, "deal_key, status, created_at, closed_at", "deals") == [
        ("sale.opportunity,1", "won", moment(4), moment(8)),
        ("sale.opportunity,4", "open", datetime(2025, 11, 30, 23), None),
    ]
    assert rows(built, "stage, entered_at, exited_at", "deal_stages") == [
        ("opportunity", moment(4), moment(8)),
        ("won", moment(8), None),
    ]


def test_a_sale_is_a_quote_first_an_order_once_confirmed_and_never_either_when_it_gives_back(built):
    assert rows(built, "order_number, status, deal_reference, customer_reference, net_amount", "orders") == [
        ("1", "completed", "sale.opportunity,1", "PO-1", 125),
        ("6", "open", None, None, 40),
    ]
    assert rows(built, "quote_number, status, order_key, deal_key", "quotes") == [
        ("1", "done", "1", "sale.opportunity,1"),
        ("4", "quotation", None, None),
        ("5", "cancelled", None, None),
        ("6", "processing", "6", None),
    ]


def test_only_goods_wait_to_be_shipped_and_the_first_promise_is_the_earliest(built):
    columns = "order_line_key, kind, quantity, first_promised_date, promised_date"
    assert rows(built, columns, "order_lines") == [
        ("1", "goods", 10, day(5), day(8)),
        ("2", "charge", 1, None, None),
        ("7", "goods", 5, None, None),
        ("8", "charge", -1, None, None),
    ]


def test_shipments_and_returns_share_numbers_but_no_keys_and_goods_come_back_to_their_order(built):
    columns = "shipment_key, order_key, freight_cost_amount, carrier, shipped_at is not null"
    assert rows(built, columns, "shipments") == [
        ("stock.shipment.out,1", "1", 5, "Kurier", True),
        ("stock.shipment.out,2", "1", None, None, False),
        ("stock.shipment.out.return,1", "1", None, None, True),
    ]
    assert rows(built, "shipment_line_key, order_key, order_line_key, quantity", "shipment_lines") == [
        ("1", "1", "1", 6),
        ("2", "1", "1", 4),
        ("5", "1", "1", -2),
    ]


def test_credit_notes_are_known_by_their_sum_drafts_are_left_out_and_cancelled_ones_flagged(built):
    columns = "invoice_number, kind, net_amount, is_cancelled, order_key, corrects_invoice_key"
    assert rows(built, columns, "invoices") == [
        ("1", "invoice", 85, False, "1", None),
        ("2", "invoice", 40, False, "6", None),
        ("3", "credit_note", -20, False, "1", "1"),
        ("5", "invoice", 30, True, "6", None),
    ]


def test_goods_cost_what_their_moves_cost_and_freight_stands_on_the_shipment(built):
    columns = "invoice_line_key, order_line_key, net_amount, cost_amount"
    assert rows(built, columns, "invoice_lines", "invoice_key not like '%:5'") == [
        ("1", "1", 60, 36),
        ("2", "2", 25, 0),
        ("3", "7", 40, None),
        ("4", "1", -20, -12),
    ]


def test_an_invoice_due_in_parts_has_an_instalment_for_each(built):
    assert rows(built, "invoice_key, due_date, amount", "invoice_instalments") == [
        ("1", day(20), 40),
        ("1", day(28), 45),
    ]


def test_money_is_a_payment_on_its_own_day_and_a_write_off_or_a_draft_is_none(built):
    assert rows(built, "payment_key, amount, paid_date", "payments") == [("5", 15, day(11)), ("6", 58, day(12))]


def test_what_is_settled_together_is_laid_end_to_end_and_what_names_its_invoice_settles_that_one(built):
    columns = "invoice_key, kind, payment_key, amount, allocated_date"
    assert rows(built, columns, "payment_allocations", "invoice_key not like '%:5'") == [
        ("1", "credit", None, 20, day(3)),
        ("1", "payment", "5", 15, day(11)),
        ("1", "payment", "6", 20, day(12)),
        ("2", "payment", "6", 38, day(12)),
        ("2", "write_off", None, 2, day(14)),
        ("3", "credit", None, -20, day(3)),
    ]


def test_a_complaint_belongs_to_the_order_of_the_line_it_is_about(built):
    assert rows(built, "ticket_key, kind, reason, order_key, closed_at", "tickets") == [
        ("1", "claim", "Damaged", "1", moment(12))
    ]


def test_the_ledger_s_own_totals_are_its_posted_entries(built):
    assert rows(built, "measure, amount", "ledger_totals") == [("receivables", 30), ("revenue", 85)]
