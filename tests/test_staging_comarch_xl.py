"""What Comarch ERP XL keeps as numbers becomes in the contract: states, differences, cost, advances, who paid what."""

from datetime import datetime

import pytest

from pipelines.sources.comarch_xl import STREAMS
from tests.comarch_xl_landed import CHANGED, FRIDAY, LATER, MONDAY, ROWS
from tests.staged import built, landing

pytestmark = pytest.mark.long
MODELS = (
    "order_events order_lines quotes invoices invoice_lines invoice_instalments cost_entries payment_allocations"
    " payments stock_levels shipments shipment_lines orders products accounts"
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("comarch_xl")
    files = [landing(folder, "comarch_xl", STREAMS, {}, ROWS)]
    with built(folder, files, " ".join(f"canonical.{model}" for model in MODELS.split())) as connection:
        yield connection


def asked(warehouse, columns: str, table: str, where: str = "true") -> list[tuple]:
    found = warehouse.sql(f"select {columns} from work.canonical.{table} where {where} order by all").fetchall()  # noqa: S608
    return [tuple(float(one) if hasattr(one, "as_tuple") else one for one in row) for row in found]


def of(numbers: str, *columns: str) -> str:
    """Columns, keys by their numbers alone."""
    return ", ".join([f"replace({numbers}, 'comarch_xl:', '')", *columns])


def test_a_state_is_read_bit_by_bit_and_orders_of_the_firm_to_itself_are_none(warehouse):
    assert asked(warehouse, of("order_key", "status", "is_cancelled"), "orders") == [
        ("1", "open", False),
        ("10", "open", False),
        ("2", "completed", False),
        ("3", "cancelled", True),
        ("4", "cancelled", True),
        ("5", "draft", False),
        ("7", "open", False),
        ("9", "cancelled", True),
    ]


def test_an_order_has_the_number_people_type_and_the_hour_it_was_written(warehouse):
    columns = "order_number, ordered_at, confirmed_at"
    # Ten o'clock and midnight in Warsaw.
    assert asked(warehouse, columns, "orders", "order_key = 'comarch_xl:7'") == [
        ("ZS-7/03/26/HUR", datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 23))
    ]
    assert asked(warehouse, "deal_reference", "orders", "order_key = 'comarch_xl:1'") == [("D-77",)]
    assert asked(warehouse, "account_key, net_amount", "orders", "order_key = 'comarch_xl:10'") == [(None, 100)]


def test_an_offer_is_a_quote_and_the_order_made_from_it_accepts_it(warehouse):
    columns = "quote_number, status, order_key, net_amount"
    assert asked(warehouse, columns, "quotes") == [("OS-8/03/26/HUR", "accepted", "comarch_xl:7", 90)]


def test_what_a_finished_order_never_got_was_called_off(warehouse):
    columns = of("order_line_key", "kind", "quantity", "quantity_cancelled")
    assert asked(warehouse, columns, "order_lines") == [
        ("10:1", "goods", 1, 0),
        ("1:1", "goods", 10, 0),
        ("1:3", "service", 1, 0),
        ("2:1", "goods", 8, 2),
        ("4:1", "goods", 5, 5),
        ("7:1", "goods", 5, 0),
    ]


def test_a_change_of_a_line_is_an_event_and_an_entry_that_changed_nothing_is_none(warehouse):
    columns = of("order_key", "event", "order_line_key", "person_key", "happened_at")
    assert asked(warehouse, columns, "order_events") == [
        ("1", "changed", "comarch_xl:1:1", "comarch_xl:128:4", CHANGED),
        ("2", "changed", "comarch_xl:2:1", None, CHANGED),
        ("2", "changed", "comarch_xl:2:1", None, LATER),
        ("7", "confirmed", None, None, datetime(2026, 3, 2, 23)),
    ]


def test_the_first_promise_is_what_was_said_before_the_day_was_first_put_off(warehouse):
    columns = of("order_key", "first_promised_date", "promised_date")
    where = "promised_date is not null"
    assert asked(warehouse, columns, "orders", where) == [("2", MONDAY, FRIDAY), ("7", FRIDAY, FRIDAY)]


def test_one_delivery_serves_several_orders_and_what_comes_back_is_negative(warehouse):
    columns = of("shipment_key", "order_key", "order_line_key", "quantity")
    assert asked(warehouse, columns, "shipment_lines") == [
        ("101", "comarch_xl:1", "comarch_xl:1:1", 10),
        ("101", "comarch_xl:2", "comarch_xl:2:1", 6),
        ("102", None, None, 4),
        ("103", "comarch_xl:1", "comarch_xl:1:1", -2),
    ]


def test_a_delivery_in_the_buffer_is_only_planned(warehouse):
    shipped = asked(warehouse, of("shipment_key", "shipped_at"), "shipments")
    left = datetime(2026, 3, 2, 23)
    assert shipped == [("101", left), ("102", None), ("103", left)]


def test_drafts_are_no_invoices_cancelled_ones_are_flagged_and_a_receipt_is_told_by_the_invoice_that_collects_it(
    warehouse,
):
    columns = "invoice_number, kind, net_amount, tax_amount, is_cancelled"
    assert asked(warehouse, columns, "invoices") == [
        ("FS-201/06/23/FRA", "invoice", 1600, 368, False),
        ("FS-202/06/23/FRA", "invoice", 200, 46, False),
        ("FS-205/06/23/FRA", "invoice", 70, 16, True),
        ("FSE-207/06/23/FRA", "invoice", 100, 0, False),
        ("FSK-203/06/23/FRA", "correction", -100, -23, False),
        ("FSL-206/06/23/FRA", "prepayment", 300, 69, False),
    ]


def test_a_correction_names_what_it_corrects_and_a_final_invoice_the_advance_it_settles(warehouse):
    columns = of("invoice_key", "corrects_invoice_key", "settles_invoice_key", "is_disputed")
    where = "corrects_invoice_key is not null or settles_invoice_key is not null"
    assert asked(warehouse, columns, "invoices", where) == [
        ("201", None, "comarch_xl:206", True),
        ("203", "comarch_xl:202", None, False),
    ]


def test_an_invoice_in_euro_keeps_its_own_money_and_the_rate_it_was_booked_at(warehouse):
    columns = "currency_code, booked_rate, booked_rate_currency_code"
    assert asked(warehouse, columns, "invoices", "invoice_key = 'comarch_xl:207'") == [("EUR", 4.3125, "PLN")]


def test_cost_is_that_of_the_delivery_where_an_invoice_collects_one_and_never_both(warehouse):
    columns = of("invoice_line_key", "currency_code", "sum(amount)")
    found = warehouse.sql(f"select {columns} from work.canonical.cost_entries group by all order by all").fetchall()  # noqa: S608
    assert [(line, money, float(amount)) for line, money, amount in found] == [
        ("201:1", "PLN", 900),
        ("202:1", "PLN", 120),
        ("203:1", "PLN", -60),
        ("207:1", "PLN", 60),
    ]


def test_a_line_that_serves_two_orders_names_neither_and_its_cost_names_each(warehouse):
    columns = of("invoice_line_key", "order_key", "order_line_key")
    where = "invoice_key = 'comarch_xl:201'"
    assert asked(warehouse, columns, "invoice_lines", where) == [("201:1", None, None)]
    where = "invoice_line_key = 'comarch_xl:201:1'"
    assert asked(warehouse, "order_key, amount", "cost_entries", where) == [
        ("comarch_xl:1", 500),
        ("comarch_xl:2", 140),
        ("comarch_xl:2", 260),
    ]


def test_an_invoice_in_two_parts_has_two_instalments_and_one_in_one_part_none(warehouse):
    columns = of("invoice_key", "amount", "due_date")
    assert asked(warehouse, columns, "invoice_instalments") == [("201", 968, MONDAY), ("201", 1000, FRIDAY)]


def test_money_paid_back_is_negative_and_suppliers_cancelled_entries_and_money_on_its_way_are_no_payments(warehouse):
    assert asked(warehouse, of("payment_key", "amount"), "payments") == [("301", 968), ("302", -123), ("306", 55)]


def test_only_money_is_a_receipt_and_what_is_excluded_from_settling_is_not_paid(warehouse):
    columns = of("invoice_key", "kind", "payment_key", "amount")
    assert asked(warehouse, columns, "payment_allocations") == [
        ("201", "credit", None, 20),
        ("201", "exchange", None, 10),
        ("201", "payment", "comarch_xl:301", 968),
        ("203", "payment", "comarch_xl:302", -123),
        ("206", "write_off", None, 5),
    ]


def test_stock_is_the_sum_of_its_lots_and_an_article_costs_what_they_cost(warehouse):
    columns = "warehouse, quantity_on_hand, quantity_reserved, stock_value"
    assert asked(warehouse, columns, "stock_levels") == [("MAG1", 10, 2, 600)]
    assert asked(warehouse, "sku, unit_cost", "products", "unit_cost is not null") == [("BRK-1", 60)]


def test_a_contractor_is_customer_supplier_or_both_and_his_limit_is_in_the_money_of_the_books(warehouse):
    columns = "name, tax_id, segment, credit_limit_amount, payment_terms_days, payer_account_key"
    assert asked(warehouse, f"{columns}, is_customer, is_supplier, is_blocked", "accounts") == [
        ("Alfa sp. z o.o.", "5260250274", "Workshops", 2156.25, 30, None, True, False, False),
        ("BETA", "DE129", None, None, None, "comarch_xl:1", True, True, True),
        ("STAL", None, None, None, None, None, False, True, False),
    ]
