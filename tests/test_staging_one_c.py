"""What 1C's habits become in the contract: empty references, prices with tax, drafts, sales that ship and invoice."""

from datetime import date, datetime

import pytest

from pipelines.sources.one_c import STREAMS
from tests import staged

pytestmark = pytest.mark.long

NOBODY, NEVER = "00000000-0000-0000-0000-000000000000", date(1, 1, 1)
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
# Shortly before midnight in London it is the next day in Moscow.
EVENING = datetime(2026, 3, 2, 22, 30)
CLIENT = {"kontragent_key": "c1", "organizatsiya_key": "org", "valyuta_key": "rub", "sklad_key": "w1"}


def document(name: str, gross: int, **more: object) -> dict:
    own = {"ref_key": name, "number": f"0000-00{name} ", "posted": True, "date": EVENING, "summa_dokumenta": gross}
    return own | CLIENT | {"tsena_vklyuchaet_nds": True} | more


def line(name: str, number: int, total: int, tax: int, **more: object) -> dict:
    place = {"ref_key": name, "section": "Товары", "line_number": f"{number} ", "nomenklatura_key": "i1"}
    return place | {"kolichestvo": 2, "tsena": 60, "summa": total, "summa_nds": tax} | more


def receipt(name: str, gross: int, **more: object) -> dict:
    own = {"ref_key": name, "posted": True, "date": EVENING, "kontragent": "c1", "summa_dokumenta": gross}
    paid = {"khozyaystvennaya_operatsiya": "ПоступлениеОплатыОтКлиента"}
    return own | paid | {"organizatsiya_key": "org", "valyuta_key": "rub"} | more


ROWS = {
    "counterparties": [
        {"ref_key": "c1", "description": "Альфа ", "naimenovanie_polnoe": 'ООО "Альфа"   ', "inn": "7701000000  "},
        {"ref_key": "f1", "description": "Покупатели", "is_folder": True},
        {"ref_key": "c2", "description": "Бета", "inn": "            ", "is_folder": False},
    ],
    "organizations": [{"ref_key": "org", "description": "Север"}],
    "currencies": [{"ref_key": "rub", "code": "643", "description": "руб."}],
    "warehouses": [{"ref_key": "w1", "description": "Главный"}],
    "units": [{"ref_key": "u1", "description": "шт"}],
    "users": [{"ref_key": "p1", "description": "Петров"}],
    "items": [
        {"ref_key": "i1", "code": "00-01", "artikul": "A1 ", "description": "Колодка", "edinitsa_izmereniya_key": "u1"},
        {"ref_key": "i2", "code": "00-02", "description": "Доставка", "tip_nomenklatury": "Услуга"}
        | {"edinitsa_izmereniya_key": NOBODY},
    ],
    "settlement_objects": [{"ref_key": "object of s1", "obekt": "s1"}],
    "orders": [
        document("o1", 120, status="КВыполнению", menedzher_key="p1", data_otgruzki=FRIDAY)
        | {"zhelaemaya_data_otgruzki": NEVER, "sklad_key": NOBODY},
        document("o2", 60, posted=False, status="НеСогласован", menedzher_key=NOBODY, data_otgruzki=FRIDAY),
        document("o3", 60, status="НеСогласован"),
        document("o4", 60, status="КВыполнению"),
    ],
    "order_lines": [
        line("o1", 1, 120, 20, data_otgruzki=NEVER, sklad_key="w1"),
        line("o2", 1, 60, 10),
        line("o4", 1, 60, 10, otmeneno=True),
    ],
    "sales": [
        document("s1", 150, zakaz_klienta="o1"),
        document("s2", 100, tsena_vklyuchaet_nds=False, zakaz_klienta=NOBODY),
        document("s3", 999, posted=False),
        document("s4", 999, is_deleted=True),
    ],
    "sale_lines": [
        line("s1", 1, 120, 20),
        line("s1", 1, 30, 5, section="Услуги", nomenklatura_key="i2"),
        line("s2", 1, 83, 17, nomenklatura_key="i2", section="Услуги"),
        line("s3", 1, 999, 0),
        line("s4", 1, 999, 0),
    ],
    "returns": [document("r1", 60, dokument_realizatsii="s1")],
    "return_lines": [line("r1", 1, 60, 10, kolichestvo=1)],
    "payment_plans": [
        {"record_key": f"s1/{n}", "recorder": "s1", "active": True, "record_type": "Receipt", "k_oplate": amount}
        | {"data_planovogo_pogasheniya": day}
        for n, amount, day in ((1, 100, TUESDAY), (2, 50, FRIDAY), (3, 7, NEVER))
    ],
    "sales_costs": [
        {"record_key": "s1/1", "recorder": "s1", "active": True, "period": EVENING, "stoimost": 70}
        | {"stoimost_bez_nds": 60},
        {"record_key": "m/1", "recorder": "closing", "active": True, "period": EVENING, "stoimost": 5},
        {"record_key": "s1/2", "recorder": "s1", "active": False, "period": EVENING, "stoimost": 9},
    ],
    "bank_receipts": [
        receipt("b1", 130),
        receipt("b2", 40, posted=False),
        receipt("b3", 40, khozyaystvennaya_operatsiya="ПоступлениеОтПоставщика"),
    ],
    "bank_receipts_lines": [
        {"ref_key": "b1", "line_number": "1", "obekt_raschetov": "object of s1", "summa": 100},
        {"ref_key": "b1", "line_number": "2", "obekt_raschetov": NOBODY, "sdelka": "o1", "summa": 30},
        {"ref_key": "b3", "line_number": "1", "sdelka": "s1", "summa": 40},
    ],
    "cash_receipts": [receipt("k1", 20)],
    "cash_receipts_lines": [{"ref_key": "k1", "line_number": "1", "sdelka": "s2", "summa": 20}],
    "stock": [
        {"record_key": "i1/w1", "nomenklatura_key": "i1", "sklad_key": "w1", "v_nalichii_balance": 8}
        | {"k_otgruzke_balance": 3}
    ],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    file = staged.landing(folder, "one_c", STREAMS, {}, ROWS)
    models = "accounts people products orders order_lines shipments shipment_lines invoices invoice_lines"
    models += " invoice_instalments cost_entries payments payment_allocations stock_levels source_controls"
    with staged.built(folder, [file], models, TIME_ZONE="Europe/Moscow", REPORTING_CURRENCY="RUB") as connection:
        yield connection


def rows(built, query: str) -> list[tuple]:
    return built.sql(f"{query.replace('from ', 'from work.canonical.', 1)} order by all").fetchall()


def test_texts_lose_the_blanks_they_are_filled_up_with_and_a_group_is_no_counterparty(built):
    assert rows(built, "select account_key, name, tax_id, created_at from accounts") == [
        ("one_c:c1", 'ООО "Альфа"', "7701000000", EVENING),
        ("one_c:c2", "Бета", None, None),
    ]
    assert rows(built, "select sku, name, unit_of_measure from products") == [
        ("00-02", "Доставка", None),
        ("A1", "Колодка", "шт"),
    ]


def test_an_order_that_is_not_posted_is_a_draft_and_promises_nothing(built):
    orders = "select order_number, status, hold_reason, promised_date, is_cancelled, net_amount::int from orders"
    assert rows(built, orders) == [
        ("0000-00o1", "open", None, FRIDAY, False, 100),
        ("0000-00o2", "draft", None, None, False, 50),
        ("0000-00o3", "in_approval", "approval", None, False, 60),
        ("0000-00o4", "cancelled", None, None, True, 50),
    ]


def test_a_reference_of_zeros_and_a_day_in_the_year_one_are_nothing(built):
    order = "select owner_key, requested_date, warehouse, company, currency_code from orders"
    assert rows(built, f"{order} where order_number = '0000-00o1'") == [
        ("one_c:p1", None, "Главный", "Север", "RUB")
    ], "the warehouse is that of the line"
    assert rows(built, "select owner_key from orders where order_number = '0000-00o2'") == [(None,)]
    assert rows(built, "select order_key from invoices where invoice_number = '0000-00s2'") == [(None,)]


def test_a_value_is_without_tax_whether_prices_include_it_or_not(built):
    invoices = "select invoice_number, kind, net_amount::int, tax_amount::int, gross_amount::int from invoices"
    assert rows(built, invoices) == [
        ("0000-00r1", "credit_note", -50, -10, -60),
        ("0000-00s1", "invoice", 125, 25, 150),
        ("0000-00s2", "invoice", 83, 17, 100),
    ], "what is not posted or marked for deletion is not there, and a return is negative"
    counted = "select rows_counted from work.staging.source_controls where entity = 'invoices'"
    assert built.sql(counted).fetchall() == [(3,)]
    assert rows(built, "select corrects_invoice_key from invoices where kind = 'credit_note'") == [("one_c:s1",)]


def test_a_day_is_the_firm_s_and_not_that_of_greenwich(built):
    assert rows(built, "select distinct issued_date from invoices") == [(TUESDAY,)]


def test_a_sale_ships_its_goods_and_a_document_of_services_ships_nothing(built):
    assert rows(built, "select shipment_key, shipped_at, order_key, warehouse from shipments") == [
        ("one_c:r1", EVENING, None, "Главный"),
        ("one_c:s1", EVENING, "one_c:o1", "Главный"),
    ]
    assert rows(built, "select shipment_line_key, quantity::int from shipment_lines") == [
        ("one_c:r1:Товары:1", -1),
        ("one_c:s1:Товары:1", 2),
    ]
    assert rows(built, "select count(*), count(distinct invoice_line_key) from invoice_lines") == [(4, 4)]


def test_due_days_come_from_the_register_and_several_of_them_are_instalments(built):
    assert rows(built, "select due_date from invoices where invoice_number = '0000-00s1'") == [(FRIDAY,)]
    assert rows(built, "select invoice_key, amount::int, due_date from invoice_instalments") == [
        ("one_c:s1", 50, FRIDAY),
        ("one_c:s1", 100, TUESDAY),
    ]


def test_cost_comes_from_the_register_and_what_closing_a_month_adds_is_told_apart(built):
    costs = "select kind, amount::int, account_key, order_key, posted_date, currency_code from cost_entries"
    assert rows(built, costs) == [
        ("direct_cost", 60, "one_c:c1", "one_c:o1", TUESDAY, "RUB"),
        ("month_close", 5, None, None, TUESDAY, "RUB"),
    ], "a movement that is not active is none"
    assert rows(built, "select count(cost_amount) from invoice_lines") == [(0,)], "unknown, not nothing"


def test_money_of_customers_settles_what_its_lines_name(built):
    assert rows(built, "select payment_key, amount::int, paid_date, currency_code from payments") == [
        ("one_c:b1", 130, TUESDAY, "RUB"),
        ("one_c:k1", 20, TUESDAY, "RUB"),
    ], "neither what is not posted nor what a supplier gives back"
    allocations = "select payment_key, invoice_key, order_key, amount::int from payment_allocations"
    assert rows(built, allocations) == [
        ("one_c:b1", "one_c:s1", None, 100),
        ("one_c:b1", None, "one_c:o1", 30),
        ("one_c:k1", "one_c:s2", None, 20),
    ]


def test_stock_is_by_the_name_of_the_warehouse(built):
    assert rows(
        built, "select product_key, warehouse, quantity_on_hand::int, quantity_reserved::int from stock_levels"
    ) == [("one_c:i1", "Главный", 8, 3)]
