"""What enova365 keeps in its own way becomes the contract's: states, corrections, cost, who paid what, stock."""

from datetime import datetime

import pytest

from pipelines.sources.enova365 import STREAMS
from tests.enova365_landed import FRIDAY, MONDAY, ROWS, TUESDAY
from tests.staged import built, landing

MODELS = (
    "order_events order_lines quotes invoices invoice_lines invoice_instalments cost_entries payment_allocations"
    " payments stock_levels shipments shipment_lines orders products accounts people"
)

# The agency's figures are held to its truth at every change.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("enova365")
    files = [landing(folder, "enova365", STREAMS, {}, ROWS)]
    with built(folder, files, " ".join(f"canonical.{model}" for model in MODELS.split())) as connection:
        yield connection


def asked(warehouse, columns: str, table: str, where: str = "true") -> list[tuple]:
    found = warehouse.sql(f"select {columns} from work.canonical.{table} where {where} order by all").fetchall()  # noqa: S608
    return [tuple(float(one) if hasattr(one, "as_tuple") else one for one in row) for row in found]


def of(numbers: str, *columns: str) -> str:
    """Columns, keys by their numbers alone."""
    return ", ".join([f"replace({numbers}, 'enova365:', '')", *columns])


def test_an_order_is_off_when_it_is_cancelled_rejected_or_given_up_and_done_when_all_of_it_was_delivered(warehouse):
    assert asked(warehouse, of("order_key", "status"), "orders") == [
        ("1", "completed"), ("2", "open"), ("3", "cancelled"), ("4", "cancelled"), ("5", "draft"), ("6", "cancelled"),
        ("7", "completed"),
    ]  # fmt: skip


def test_an_order_names_its_deal_its_day_and_hour_and_the_customers_number(warehouse):
    columns = "order_number, deal_reference, customer_reference, requested_date, promised_date, ordered_at, net_amount"
    # Ten o'clock in Warsaw.
    assert asked(warehouse, columns, "orders", "order_key = 'enova365:1'") == [
        ("D/001/26", "D-77", "PO-9", FRIDAY, FRIDAY, datetime(2026, 3, 2, 9), 1050)
    ]
    assert asked(warehouse, "requested_date, promised_date", "orders", "order_key = 'enova365:2'") == [(None, None)]


def test_an_order_belongs_to_its_salesperson_else_to_its_author_else_to_who_looks_after_the_customer(warehouse):
    assert asked(warehouse, of("order_key", "owner_key"), "orders")[:3] == [
        ("1", "enova365:employee:4"), ("2", "enova365:operator:4"), ("3", "enova365:operator:5"),
    ]  # fmt: skip
    assert asked(warehouse, "name", "people") == [("Ola Nowak",), ("Piotr Lis",), ("jan",)]


def test_what_the_log_tells_of_an_order_is_its_events_and_of_other_documents_none(warehouse):
    assert asked(warehouse, of("order_key", "event", "happened_at"), "order_events") == [
        ("2", "approved", datetime(2026, 3, 4, 9)),
        ("2", "approved", datetime(2026, 3, 4, 11)),
        ("2", "changed", datetime(2026, 3, 4, 10)),
        ("3", "cancelled", datetime(2026, 3, 4, 12)),
    ]
    assert asked(warehouse, "cancelled_at", "orders", "cancelled_at is not null") == [(datetime(2026, 3, 4, 12),)]


def test_an_offer_is_a_quote_and_the_order_made_from_it_accepts_it(warehouse):
    assert asked(warehouse, "quote_number, status, order_key", "quotes") == [("D/008/26", "accepted", "enova365:7")]


def test_what_a_cancelled_order_never_got_was_called_off_and_a_service_needs_no_delivery(warehouse):
    columns = of("order_line_key", "kind", "quantity", "quantity_cancelled")
    assert asked(warehouse, columns, "order_lines") == [
        ("1:1", "goods", 10, 0), ("1:3", "service", 1, 0), ("2:1", "goods", 8, 0), ("3:1", "goods", 5, 5),
        ("7:1", "goods", 5, 0),
    ]  # fmt: skip


def test_several_orders_on_one_issue_have_each_its_quantity_and_a_return_is_what_it_took_off(warehouse):
    columns = of("shipment_key", "order_line_key", "quantity")
    assert asked(warehouse, columns, "shipment_lines") == [
        ("101", "enova365:1:1", 10),
        ("101", "enova365:2:1", 6),
        ("102", "enova365:7:1", 5),
        ("103", "enova365:7:1", -2),
        ("104", None, 2),
        ("106", None, 10),
    ]


def test_an_issue_in_the_buffer_is_only_planned_and_a_cancelled_one_is_none(warehouse):
    left = datetime(2026, 3, 2, 23)
    assert asked(warehouse, of("shipment_key", "order_key", "shipped_at"), "shipments") == [
        ("101", None, left), ("102", "enova365:7", left), ("103", "enova365:7", left), ("104", None, None),
        ("106", None, left),
    ]  # fmt: skip


def test_drafts_are_no_invoices_cancelled_ones_are_flagged_and_what_repeats_a_receipt_is_told_by_the_receipt(warehouse):
    columns = of("invoice_key", "kind", "net_amount", "tax_amount", "is_cancelled")
    assert asked(warehouse, columns, "invoices") == [
        ("201", "invoice", 1650, 379.5, False),
        ("202", "invoice", 600, 138, False),
        ("203", "correction", -200, -46, False),
        ("204", "correction", -30, -6.9, False),
        ("206", "invoice", 70, 16.1, True),
        ("207", "invoice", 100, 23, False),
    ]


def test_a_correction_is_worth_the_difference_to_what_was_before_it_and_names_the_invoice_it_goes_back_to(warehouse):
    columns = of("invoice_line_key", "quantity", "net_amount", "order_line_key")
    assert asked(warehouse, columns, "invoice_lines", "invoice_key in ('enova365:203', 'enova365:204')") == [
        ("203:1", -2, -200, "enova365:7:1"),
        ("204:1", 0, -30, "enova365:7:1"),
    ]
    columns = of("invoice_key", "corrects_invoice_key")
    assert asked(warehouse, columns, "invoices", "corrects_invoice_key is not null") == [
        ("203", "enova365:202"), ("204", "enova365:202"),
    ]  # fmt: skip


def test_an_invoice_in_euro_keeps_its_own_money_and_the_rate_it_was_booked_at(warehouse):
    columns = "currency_code, net_amount, booked_rate, booked_rate_currency_code, sale_date, issued_date, due_date"
    assert asked(warehouse, columns, "invoices", "invoice_key = 'enova365:207'") == [
        ("EUR", 100, 4.3125, "PLN", TUESDAY, MONDAY, None)
    ]


def test_a_line_that_serves_two_orders_names_neither(warehouse):
    columns = of("invoice_line_key", "order_key", "order_line_key")
    assert asked(warehouse, columns, "invoice_lines", "invoice_key = 'enova365:201'") == [
        ("201:1", None, None), ("201:2", "enova365:1", "enova365:1:3"),
    ]  # fmt: skip


def test_cost_is_what_the_issued_goods_had_cost_as_it_was_last_found_out_and_comes_back_with_them(warehouse):
    columns = of("invoice_line_key", "currency_code", "amount", "posted_date")
    assert asked(warehouse, columns, "cost_entries") == [
        ("201:1", "PLN", 920, MONDAY), ("202:1", "PLN", 300, MONDAY), ("203:1", "PLN", -120, MONDAY),
        ("207:1", "PLN", 60, MONDAY), ("207:1", "PLN", 400, MONDAY),
    ]  # fmt: skip


def test_an_invoice_in_two_parts_has_two_instalments_and_one_in_one_part_none(warehouse):
    columns = of("invoice_key", "amount", "due_date")
    assert asked(warehouse, columns, "invoice_instalments") == [("201", 1000, MONDAY), ("201", 1029.5, FRIDAY)]


def test_money_paid_back_is_negative_and_suppliers_and_money_on_its_way_are_no_payments(warehouse):
    assert asked(warehouse, of("payment_key", "amount"), "payments") == [("301", 1000), ("302", -100), ("305", 55)]


def test_money_is_a_payment_and_a_correction_that_settles_its_invoice_is_a_credit_to_both(warehouse):
    columns = of("invoice_key", "kind", "payment_key", "amount", "allocated_date")
    assert asked(warehouse, columns, "payment_allocations") == [
        ("201", "payment", "enova365:301", 1000, FRIDAY),
        ("202", "credit", None, 146, FRIDAY),
        ("203", "credit", None, -146, FRIDAY),
        ("203", "payment", "enova365:302", -100, FRIDAY),
    ]


def test_stock_is_that_of_the_open_period_less_what_was_sold_before_it_came(warehouse):
    columns = "warehouse, quantity_on_hand, quantity_reserved, stock_value"
    assert asked(warehouse, columns, "stock_levels") == [("F", 10, 4, 600)]
    columns = "sku, category, unit_of_measure, unit_cost"
    assert asked(warehouse, columns, "products") == [
        ("BRK-1", "Brakes", "szt", 60), ("DSC-1", None, "szt", 12), ("FIT", None, "szt", None),
    ]  # fmt: skip


def test_who_has_orders_is_a_customer_and_an_unlimited_credit_is_no_limit(warehouse):
    columns = "name, tax_id, segment, credit_limit_amount, payment_terms_days, is_customer, is_blocked"
    assert asked(warehouse, columns, "accounts") == [
        ("Alfa sp. z o.o.", "526-025-02-74", "Workshops", 5000, 14, True, False),
        ("BETA", "DE129", None, None, None, True, True),
        ("STAL", None, None, None, None, False, False),
    ]
    columns = "street, postcode, country_code, region"
    assert asked(warehouse, columns, "accounts", "street is not null") == [
        ("Prosta 3/7", "01-234", "PL", "małopolskie")
    ]
