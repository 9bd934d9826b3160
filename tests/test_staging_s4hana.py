"""What S/4HANA's habits become in the contract: numbers with zeros, sets of parts, cancellations, clearings."""

from datetime import date

import pytest

from pipelines.sources.s4hana import STREAMS
from tests import staged

pytestmark = pytest.mark.long

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


def billed(number: str, kind: str, category: str, net: int, **more: object) -> dict:
    document = {"billing_document": number, "billing_document_type": kind, "sd_document_category": category}
    money = {"total_net_amount": net, "tax_amount": 0, "transaction_currency": "EUR", "sold_to_party": "0000004502"}
    books = {"company_code": "1010", "fiscal_year": "2026", "accounting_document": f"1{number}"}
    return {**document, **money, **books, "billing_document_date": MONDAY, **more}


def line(document: str, item: str, net: int, cost: int, order_item: str, **more: object) -> dict:
    order = {"sales_document": "4000043", "sales_document_item": order_item}
    amounts = {"billing_quantity": 1, "net_amount": net, "cost_amount": cost}
    return {"billing_document": document, "billing_document_item": item, "material": "TG11", **order, **amounts, **more}


def posted(document: str, item: str, kind: str, amount: int, **more: object) -> dict:
    books = {"company_code": "1010", "fiscal_year": "2026", "accounting_document": document}
    own = {"accounting_document_type": kind, "customer": "4502", "posting_date": MONDAY, "is_cleared": False}
    money = {"amount_in_transaction_currency": amount, "amount_in_company_code_currency": 4 * amount}
    currencies = {"transaction_currency": "EUR", "company_code_currency": "PLN"}
    return {"record_key": f"1010/2026/{document}/{item}", **books, **own, **money, **currencies, **more}


def cleared(by: str) -> dict:
    when = {"clearing_date": FRIDAY, "clearing_doc_fiscal_year": "2026"}
    return {"is_cleared": True, "clearing_accounting_document": by, **when}


def item(number: str, material: str, net: int, **more: object) -> dict:
    return {"sales_order": "4000043", "sales_order_item": number, "material": material, "net_amount": net,
            "requested_quantity": 2} | more  # fmt: skip


def schedule(number: str, confirmed: int, day: date | None) -> dict:
    own = {"sales_order": "4000043", "sales_order_item": number, "requested_delivery_date": TUESDAY}
    return own | {"confd_order_qty_by_matl_avail_check": confirmed, "confirmed_delivery_date": day}


ROWS = {
    "customers": [{"customer": "0000004502", "customer_name": "ALFA", "order_is_blocked_for_customer": "01"}],
    "business_partners": [
        {"business_partner": "7", "customer": "4502", "business_partner_full_name": "Alfa sp. z o.o."}
    ],
    "business_partner_addresses": [
        {"business_partner": "7", "address_id": "1", "country": "PL", "street_name": "Długa", "house_number": "5"}
    ],
    "tax_numbers": [
        {"business_partner": "7", "bp_tax_type": "PL1", "bp_tax_number": "5210000000"},
        {"business_partner": "7", "bp_tax_type": "PL9", "bp_tax_number": "other"},
    ],
    "company_codes": [{"company_code": "1010", "company_code_name": "North"}],
    "products": [{"product": "000000000000000042", "product_type": "HAWA"}, {"product": "TG11"}],
    "product_valuations": [
        {"product": "TG11", "valuation_area": "1010", "valuation_type": "", "inventory_valuation_procedure": "V"}
        | {"standard_price": 7, "moving_average_price": 1250, "price_unit_qty": 100, "currency": "PLN"},
        {"product": "42", "valuation_area": "1010", "inventory_valuation_procedure": "S"}
        | {"standard_price": 3, "moving_average_price": 1, "price_unit_qty": 1, "currency": "PLN"},
    ],
    "stock": [
        {"record_key": kind, "material": "TG11", "plant": "1010", "matl_wrhs_stk_qty_in_matl_base_unit": quantity}
        for kind, quantity in (("01", 8), ("02", 2))
    ],
    "sales_orders": [
        {"sales_order": "4000043", "sold_to_party": "4502", "sales_order_date": MONDAY, "total_net_amount": 150}
        | {"overall_sd_process_status": "B", "delivery_block_reason": "02", "transaction_currency": "EUR"}
    ],
    "sales_order_items": [
        item("10", "SET", 100),
        item("11", "TG11", 0, higher_level_item="10"),
        item("20", "42", 50, sales_document_rjcn_reason="Z1", higher_level_item="000000"),
    ],
    "sales_order_schedule_lines": [schedule("10", 0, FRIDAY), schedule("10", 2, TUESDAY), schedule("20", 0, None)],
    "deliveries": [
        {"delivery_document": "80000015", "sold_to_party": "0000004502", "creation_date": MONDAY}
        | {"actual_goods_movement_date": TUESDAY, "delivery_date": FRIDAY, "planned_goods_issue_date": MONDAY}
    ],
    "delivery_items": [
        {"delivery_document": "80000015", "delivery_document_item": "000010", "material": "SET"}
        | {"reference_sd_document": "0004000043", "reference_sd_document_item": "000010", "actual_delivery_quantity": 2}
    ],
    "billing_documents": [
        billed("9001", "F2", "M", 100),
        billed("9002", "F2", "M", 70),
        billed("9003", "S1", "N", 70, cancelled_billing_document="9002"),
        billed("9004", "G2", "O", 30),
        billed("9005", "F8", "U", 999),
        billed("9006", "F2", "M", 60),
    ],
    "billing_items": [
        line("9001", "10", 100, 0, "10", reference_sd_document="80000015", reference_sd_document_item="000010"),
        line("9001", "11", 0, 55, "000011"),
        line("9003", "10", 70, 20, "20"),
        line("9004", "10", 30, 0, "20", reference_sd_document="0000009001"),
    ],
    "journal_items": [
        posted("19001", "001", "RV", 100, billing_document="9001", net_due_date=FRIDAY, **cleared("5001")),
        posted("19004", "001", "RV", -30, billing_document="9004", **cleared("5001")),
        posted("5001", "001", "DZ", -70, **cleared("5001")),
        # An invoice and its cancellation clear each other: nobody paid.
        posted("19002", "001", "RV", 70, billing_document="9002", **cleared("6001")),
        posted("19003", "001", "RV", -70, billing_document="9003", **cleared("6001")),
        # A part was paid, and the invoice stays open.
        posted("19006", "001", "RV", 60, accounting_document_type="RV"),
        posted("5002", "001", "DZ", -25, invoice_reference="19006", invoice_reference_fiscal_year="2026"),
        # Of another company, under the same number.
        posted("5001", "001", "DZ", -11) | {"company_code": "1710", "record_key": "1710/2026/5001/001"},
        # Cleared and opened again.
        posted("5003", "001", "DZ", -9, clearing_is_reversed=True, **cleared("5003")),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    file = staged.landing(folder, "s4hana", STREAMS, {}, ROWS)
    models = "accounts people products orders order_lines shipments shipment_lines invoices invoice_lines"
    models += " invoice_instalments payments payment_allocations stock_levels source_controls"
    with staged.built(folder, [file], models, S4HANA__RECORD_URL="https://s4.example/ui") as connection:
        yield connection


def rows(built, query: str) -> list[tuple]:
    return built.sql(f"{query.replace('from ', 'from work.canonical.', 1)} order by all").fetchall()


def test_a_number_is_the_same_with_and_without_the_zeros_before_it_and_one_with_letters_is_left_alone(built):
    assert rows(built, "select account_key, name, tax_id, street, is_blocked from accounts") == [
        ("s4hana:4502", "Alfa sp. z o.o.", "5210000000", "Długa 5", True)
    ]
    assert rows(built, "select product_key from products") == [("s4hana:42",), ("s4hana:TG11",)]
    assert rows(built, "select distinct account_key from invoices") == [("s4hana:4502",)]
    assert rows(built, "select order_key, order_line_key, quantity::int from shipment_lines") == [
        ("s4hana:4000043", "s4hana:4000043:10", 2)
    ]


def test_a_cost_is_the_price_of_its_procedure_divided_by_the_units_it_is_for(built):
    assert rows(built, "select sku, unit_cost::float from products") == [("42", 3), ("TG11", 12.5)]
    assert rows(built, "select quantity_on_hand::int, stock_value::float from stock_levels") == [(10, 125)]


def test_a_rejected_item_is_cancelled_and_a_schedule_line_that_confirms_nothing_promises_nothing(built):
    lines = "select sequence, quantity_cancelled::int, requested_date, promised_date from work.staging"
    assert built.sql(f"{lines}.stg_s4hana__order_lines order by 1").fetchall() == [
        (10, 0, TUESDAY, TUESDAY),
        (11, 0, None, None),
        (20, 2, TUESDAY, None),
    ]
    assert rows(built, "select status, hold_reason, is_cancelled, source_url from orders") == [
        ("open", "delivery_blocked", False, "https://s4.example/ui#SalesOrder-display?SalesOrder=4000043")
    ]


def test_goods_left_with_the_goods_issue_and_the_planned_day_of_delivery_is_none(built):
    days = "select shipped_at at time zone 'UTC' at time zone 'Europe/Warsaw', delivered_at, order_key from shipments"
    ((shipped, delivered, order),) = rows(built, days)
    assert (shipped.date(), delivered, order) == (TUESDAY, None, "s4hana:4000043")


def test_the_sign_of_a_document_is_told_by_its_category_and_pro_formas_are_none(built):
    invoices = "select invoice_number, kind, net_amount::int, is_cancelled, due_date, booked_rate::int from invoices"
    assert rows(built, invoices) == [
        ("9001", "invoice", 100, False, FRIDAY, 4),
        ("9002", "invoice", 70, True, None, 4),
        ("9003", "cancellation", -70, True, None, 4),
        ("9004", "credit_note", -30, False, None, 4),
        ("9006", "invoice", 60, False, None, 4),
    ]
    corrected = "select invoice_number, corrects_invoice_key from invoices"
    assert rows(built, f"{corrected} where corrects_invoice_key is not null") == [
        ("9003", "s4hana:9002"),
        ("9004", "s4hana:9001"),
    ]
    counted = "select rows_counted, amount::int from work.staging.source_controls where entity = 'invoices'"
    assert built.sql(counted).fetchall() == [(5, 130)], "what is compared with raw has the same signs"


def test_the_cost_of_a_part_is_the_cost_of_the_set_it_was_sold_in(built):
    lines = "select invoice_line_key, net_amount::int, cost_amount::int, shipment_line_key from invoice_lines"
    assert rows(built, lines) == [
        ("s4hana:9001:10", 100, 55, "s4hana:80000015:10"),
        ("s4hana:9003:10", -70, -20, None),
        ("s4hana:9004:10", -30, 0, None),
    ]


def test_a_clearing_is_paid_only_as_far_as_money_came(built):
    payments = "select payment_key, amount::int, paid_date, company from payments"
    assert rows(built, payments) == [
        ("s4hana:1010:2026:5001:4502", 70, MONDAY, "North"),
        ("s4hana:1010:2026:5002:4502", 25, MONDAY, "North"),
        ("s4hana:1010:2026:5003:4502", 9, MONDAY, "North"),
        ("s4hana:1710:2026:5001:4502", 11, MONDAY, "1710"),
    ], "one number in two companies is two payments"
    allocations = "select invoice_key, kind, amount::int, payment_key, allocated_date from payment_allocations"
    assert rows(built, allocations) == [
        ("s4hana:9001", "credit", 30, None, FRIDAY),
        ("s4hana:9001", "payment", 70, "s4hana:1010:2026:5001:4502", FRIDAY),
        ("s4hana:9004", "credit", -30, None, FRIDAY),
        ("s4hana:9006", "payment", 25, "s4hana:1010:2026:5002:4502", MONDAY),
    ], "an invoice that its own cancellation clears is not paid, nor one whose clearing was taken back"
