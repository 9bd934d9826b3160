"""What the vendors' habits become in the contract: merged accounts, stages entered again, orders gone, memos."""

import json
from datetime import date, datetime

import pytest

from pipelines.sources import business_central, salesforce
from tests import staged

FIRM = {"company_id": "c1", "company_name": "North"}
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


def moment(day: int) -> datetime:
    return datetime(2026, 3, day, 9)


CRM = {
    "accounts": [
        {"id": "001A", "name": "Alfa", "master_record_id": "001B", "is_deleted": True},
        {"id": "001B", "name": "Alfa sp. z o.o.", "master_record_id": "001C", "is_deleted": True},
        {"id": "001C", "name": "Alfa Group"},
    ],
    "opportunities": [{"id": "006D", "name": "Brakes", "account_id": "001A", "stage_name": "Offer", "probability": 40}],
    "opportunity_history": [
        {"id": f"008{day}", "opportunity_id": "006D", "stage_name": stage, "amount": amount}
        | {"created_date": moment(day)}
        for day, stage, amount in [(1, "Offer", 10), (2, "Offer", 20), (3, "Talks", 20), (4, "Offer", 20)]
    ],
    "cases": [
        {"id": "500A", "account_id": "001C", "type": "Return", "order_reference": " so-done "},
        {"id": "500B", "account_id": "001C", "type": "Question", "invoice_reference": "F2"},
        {"id": "500C", "account_id": "001C", "type": "Question", "order_reference": "SO-NEVER"},
    ],
}


LINE = {"sequence": 10000, "line_type": "Item", "line_object_number": "I1", "quantity": 5}


def version(number: str, version_number: int, shipped: int, shipment_date: date, archived: date) -> tuple[dict, dict]:
    order = {"doc_no_occurrence": 1, "version_number": version_number}
    head = {"id": f"a{number}{version_number}", "number": number, "status": "Open", "date_archived": archived, **order}
    line = {"document_number": number, "quantity_shipped": shipped, "amount": 50, "shipment_date": shipment_date}
    return head, {**LINE, **line, **order}


VERSIONS = [
    version("SO-OPEN", 1, 0, TUESDAY, MONDAY),
    version("SO-DONE", 1, 0, TUESDAY, MONDAY),
    version("SO-DONE", 2, 5, FRIDAY, FRIDAY),
    version("SO-OFF", 1, 0, TUESDAY, MONDAY),
]


def document(number: str, status: str, total: int, **more: object) -> dict:
    money = {"total_amount_excluding_tax": total, "total_tax_amount": 0, "total_amount_including_tax": total}
    head = {"id": number, "number": number, "status": status, "posting_date": MONDAY, "currency_code": "PLN"}
    return {**head, **money, **more}


def value_entry(number: int, **more: object) -> dict:
    """On goods that left with shipment S1; a carrier's charge names the carrier, V1, and not the customer."""
    entry = {"entry_no": number, "item_ledger_entry_no": 7, "entry_type": "Direct_x0020_Cost", "item_no": "I1"}
    nothing = {"cost_amount_actual": 0, "cost_amount_non_invtbl": 0, "customer_no": "V1", "posting_date": FRIDAY}
    return {**entry, **nothing, **more}


ERP = {
    "companies": [{"id": "c1", "name": "North"}],
    "quarantine": [("customers", "c1:C1", "credit_limit", "a lot", "not a number")],
    "sales_orders": [{"id": "o1", "number": "SO-OPEN", "status": "Open", "order_date": MONDAY}],
    "sales_order_lines": [{**LINE, "document_id": "o1", "net_amount": 50, "shipment_date": FRIDAY}],
    "sales_order_archives": [head for head, _ in VERSIONS],
    "sales_order_archive_lines": [line for _, line in VERSIONS],
    "sales_shipments": [
        {"id": "s1", "number": "S1", "order_number": "SO-DONE", "posting_date": FRIDAY, "customer_number": "C1"}
    ],
    "sales_shipment_lines": [{**LINE, "document_id": "s1"}],
    "sales_invoices": [document("F1", "Canceled", 100), document("F2", "Paid", 100), document("F3", "Draft", 100)],
    "sales_credit_memos": [
        document("K1", "Corrective", 100, invoice_number="F1"),
        document("K2", "Corrective", 10, invoice_number="F2"),
    ],
    "item_ledger_entries": [
        {"entry_no": 7, "entry_type": "Sale", "document_type": "Sales Shipment", "document_no": "S1", "quantity": -5}
        | {"item_no": "I1", "posting_date": FRIDAY, "open": False}
    ],
    "sales_value_entries": [
        value_entry(1, document_type="Sales_x0020_Invoice", document_no="F2", customer_no="C1", cost_amount_actual=-40),
        value_entry(2, document_type="Purchase_x0020_Invoice", document_no="P1", cost_amount_non_invtbl=-12),
        value_entry(3, document_type="Purchase_x0020_Credit_x0020_Memo", document_no="P2", cost_amount_non_invtbl=2),
        value_entry(4, document_type="Sales_x0020_Invoice", document_no="F2", cost_amount_non_invtbl=-3),
    ],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    erp = [business_central.COMPANIES, *business_central.STREAMS]
    attached = [
        staged.landing(folder, "salesforce", salesforce.STREAMS, {}, CRM),
        staged.landing(folder, "business_central", erp, FIRM, ERP),
    ]
    with staged.built(folder, attached, "deal_stages order_lines exceptions cost_entries tickets") as connection:
        yield connection


def test_a_merged_account_is_gone_and_its_deals_belong_to_the_survivor(built):
    assert built.sql("select name from work.canonical.accounts").fetchall() == [("Alfa Group",)]
    assert built.sql("select account_key from work.canonical.deals").fetchall() == [("salesforce:001C",)]


def test_a_value_that_could_not_be_read_is_something_to_look_at(built):
    found = "select source, entity, parameters from work.marts.exceptions where code = 'quarantined_value'"
    ((source, entity, parameters),) = built.sql(found).fetchall()
    assert (source, entity) == ("business_central", "customers")
    assert json.loads(parameters) == {"column": "credit_limit", "value": "a lot", "reason": "not a number"}


def test_a_stage_entered_again_is_another_pass_and_a_new_amount_is_none(built):
    passes = "select stage, entered_at, exited_at, method from work.canonical.deal_stages order by entered_at"
    assert built.sql(passes).fetchall() == [
        ("Offer", moment(1), moment(3), "log"),
        ("Talks", moment(3), moment(4), "log"),
        ("Offer", moment(4), None, "log"),
    ]


def test_the_first_promise_is_the_confirmed_one_and_the_present_promise_the_last(built):
    promises = "select first_promised_date, promised_date from work.canonical.orders where order_number = 'SO-OPEN'"
    assert built.sql(promises).fetchall() == [(TUESDAY, FRIDAY)]


def test_an_order_that_is_gone_is_completed_from_its_archive_or_was_called_off(built):
    orders = "select order_number, status, is_cancelled, net_amount from work.canonical.orders order by 1"
    found = [(number, status, cancelled, float(net)) for number, status, cancelled, net in built.sql(orders).fetchall()]
    assert found == [
        ("SO-DONE", "completed", False, 50),
        ("SO-OFF", "cancelled", True, 50),
        ("SO-OPEN", "open", False, 50),
    ]


def test_a_cancelled_invoice_and_its_credit_memo_are_both_flagged_and_drafts_are_not_there(built):
    invoices = "select invoice_number, kind, is_cancelled, net_amount from work.canonical.invoices order by 1"
    found = [(number, kind, cancelled, float(net)) for number, kind, cancelled, net in built.sql(invoices).fetchall()]
    assert found == [
        ("F1", "invoice", True, 100),
        ("F2", "invoice", False, 100),
        ("K1", "cancellation", True, -100),
        ("K2", "credit_note", False, -10),
    ]


def test_what_a_carrier_charged_a_shipment_is_freight_of_its_order_and_no_cost_of_goods(built):
    costs = "select kind, amount, order_key, account_key from work.canonical.cost_entries order by cost_entry_key"
    found = [(kind, float(amount), order, account) for kind, amount, order, account in built.sql(costs).fetchall()]
    order, account = "business_central:c1:SO-DONE", "business_central:c1:C1"
    assert found == [
        ("direct_cost", 40, None, account),
        ("freight", 12, order, account),
        ("freight", -2, order, account),
    ]


def test_a_case_belongs_to_the_order_or_invoice_whose_number_it_names(built):
    tickets = "select kind, order_key, invoice_key from work.canonical.tickets order by ticket_key"
    assert built.sql(tickets).fetchall() == [
        ("claim", "business_central:c1:SO-DONE", None),
        ("service", None, "business_central:c1:invoice:F2"),
        ("service", None, None),
    ]
