"""What Tryton's habits become in the contract: returns that are sales, what is settled together, moves."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from pipelines.sources import tryton
from tests import staged
from tests.tryton_landed import FIRM, ROWS, day, moment

pytestmark = pytest.mark.long

MODELS = "accounts leads deals deal_stages quotes orders order_lines shipments shipment_lines invoices"
MODELS += " invoice_instalments invoice_lines payments payment_allocations tickets ledger_totals"


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
        ("6", "invoice", 50, False, None, None),
        ("7", "invoice", 40, False, None, None),
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
    assert rows(built, "paid_date, payment_key, amount", "payments") == [
        (day(11), "5", 15),
        (day(12), "6", 58),
        (day(16), "14", 30),
        (day(17), "15", 60),
    ]


def test_what_is_settled_together_is_laid_end_to_end_and_what_names_its_invoice_settles_that_one(built):
    columns = "invoice_key, kind, payment_key, amount, allocated_date"
    assert rows(built, columns, "payment_allocations", "invoice_key not like '%:5'") == [
        ("1", "credit", None, 20, day(3)),
        ("1", "payment", "5", 15, day(11)),
        ("1", "payment", "6", 20, day(12)),
        ("2", "payment", "6", 38, day(12)),
        ("2", "write_off", None, 2, day(14)),
        ("3", "credit", None, -20, day(3)),
        ("6", "payment", "14", 30, day(16)),
        ("6", "payment", "15", 20, day(17)),
        ("7", "payment", "15", 40, day(17)),
    ]


def test_a_complaint_belongs_to_the_order_of_the_line_it_is_about(built):
    assert rows(built, "ticket_key, kind, reason, order_key, closed_at", "tickets") == [
        ("1", "claim", "Damaged", "1", moment(12))
    ]


def test_the_ledger_s_own_totals_are_its_posted_entries(built):
    assert rows(built, "measure, amount", "ledger_totals") == [("receivables", 30), ("revenue", 85)]
