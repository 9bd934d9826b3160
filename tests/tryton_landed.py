"""Rows as a Tryton's landing file has them, each about one of its habits."""

from datetime import date, datetime
from typing import Any

FIRM = {"company_id": "1", "company_name": "Huta Meble", "company_currency": "PLN"}


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
        invoice(6, 50, state="paid"),
        invoice(7, 40, state="paid"),
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
        ledger_move(106, 6, "revenue", "account.invoice,6"),
        ledger_move(107, 7, "revenue", "account.invoice,7"),
        ledger_move(301, 11, "cash", "account.invoice,1"),
        ledger_move(302, 12, "statement", "account.statement,1"),
        ledger_move(303, 14, "write-off"),
        ledger_move(304, 15, "cash", state="draft"),
        ledger_move(305, 16, "cash", "account.invoice,6"),
        ledger_move(306, 17, "statement", "account.statement,2"),
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
        entry(12, 106, 50, 7),
        entry(13, 107, 40, 7),
        entry(14, 305, -30, 7),
        entry(15, 306, -60, 7),
    ],
    "invoice_payments": [{"id": 1, "invoice": 1, "line": 5}, {"id": 2, "invoice": 6, "line": 14}],
    "complaints": [
        {"id": 1, "state": "done", "origin": "sale.line,1", "customer": 2, "date": day(9), "type_name": "Damaged"}
        | {"changed_at": moment(12), "create_date": moment(9)},
        {"id": 2, "state": "draft", "origin": "sale.sale,1", "customer": 2, "date": day(9)},
    ],
}
