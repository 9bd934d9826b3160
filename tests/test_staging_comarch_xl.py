"""What Comarch ERP XL keeps as numbers becomes in the contract: states, differences, cost, advances, who paid what."""

from datetime import date, datetime

import pytest

from pipelines.sources.comarch_xl import STREAMS
from tests.staged import built, landing

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
CHANGED, LATER = datetime(2026, 3, 4, 9), datetime(2026, 3, 5, 9)
ALFA, BETA, SUPPLIER = 1, 2, 3
BRAKES, DISCS, FITTING = 11, 12, 13


def order(number: int, state: int = 5, **more: object) -> dict:
    head = {"za_n_gid_typ": 960, "za_n_gid_numer": number, "za_n_zam_typ": 1280, "za_n_stan": state}
    head |= {"za_n_zam_numer": number, "za_n_zam_miesiac": 3, "za_n_zam_rok": 2026, "za_n_zam_seria": "HUR  "}
    head |= {"za_n_knt_typ": 32, "za_n_knt_numer": ALFA, "za_n_waluta": "PLN", "za_n_data_wystawienia": MONDAY}
    return head | {"za_n_last_mod": CHANGED} | more


def order_line(number: int, line: int, item: int, quantity: int, net: int) -> dict:
    head = {"za_e_gid_numer": number, "za_e_gid_lp": line, "za_e_twr_numer": item, "za_e_ilosc": quantity}
    return head | {"za_e_wartosc_po_rabacie": net, "za_e_flaga_nb": "N", "za_e_stawka_pod": 23}


def document(kind: int, number: int, state: int = 5, **more: object) -> dict:
    head = {"tr_n_gid_typ": kind, "tr_n_gid_numer": number, "tr_n_stan": state, "tr_n_knt_numer": ALFA}
    head |= {"tr_n_tr_n_numer": number, "tr_n_tr_n_miesiac": 6, "tr_n_tr_n_rok": 2023, "tr_n_tr_n_seria": "FRA"}
    head |= {"tr_n_waluta": "PLN", "tr_n_data2": FRIDAY, "tr_n_data_mag": TUESDAY, "tr_n_mag_z_numer": 1}
    return head | {"tr_n_spi_numer": 0, "tr_n_zwr_numer": 0, "tr_n_netto_r": 0, "tr_n_vat_r": 0} | more


def line(kind: int, number: int, item: int, quantity: int, net: float, cost: float = 0, **more: object) -> dict:
    head = {"tr_e_gid_typ": kind, "tr_e_gid_numer": number, "tr_e_gid_lp": 1, "tr_e_twr_numer": item}
    head |= {"tr_e_ilosc": quantity, "tr_e_ksiegowa_netto": net, "tr_e_wartosc_po_rabacie": net}
    return head | {"tr_e_flaga_nb": "N", "tr_e_stawka_pod": 23, "tr_e_koszt_ksiegowy": cost} | more


def lot(kind: int, number: int, sub: int, quantity: int, cost: float, **more: object) -> dict:
    head = {"tr_s_gid_typ": kind, "tr_s_gid_numer": number, "tr_s_gid_lp": 1, "tr_s_sub_gid_lp": sub}
    return head | {"tr_s_ilosc": quantity, "tr_s_koszt_ksiegowy": cost, "tr_s_mag_numer": 1} | more


def due(kind: int, number: int, part: int, amount: int, day: date, **more: object) -> dict:
    head = {"tr_p_gid_typ": kind, "tr_p_gid_numer": number, "tr_p_gid_lp": part, "tr_p_typ": 2, "tr_p_kwota": amount}
    return head | {"tr_p_waluta": "PLN", "tr_p_termin": day, "tr_p_rozliczona": 0} | more


def settled(number: int, one: tuple, other: tuple, amount: int) -> dict:
    first = dict(zip(("r2_dok1_typ", "r2_dok1_numer", "r2_dok1_lp"), one, strict=True))
    second = dict(zip(("r2_dok2_typ", "r2_dok2_numer", "r2_dok2_lp"), other, strict=True))
    money = {"r2_waluta1": "PLN", "r2_waluta2": "PLN", "r2_kwota_wal1": amount, "r2_kwota_wal2": amount}
    return {"r2_id": number, **first, **second, **money, "r2_data_rozliczenia": FRIDAY}


def entry(number: int, way: int, amount: int, customer: int = ALFA, **more: object) -> dict:
    head = {"kaz_gid_typ": 784, "kaz_gid_numer": number, "kaz_rp": way, "kaz_kwota": amount, "kaz_waluta": "PLN"}
    return head | {"kaz_knt_typ": 32, "kaz_knt_numer": customer, "kaz_data_zapisu": FRIDAY} | more


FOR_ORDER_1 = {"tr_s_rez_typ": 960, "tr_s_rez_numer": 1, "tr_s_rez_lp": 1}
FOR_ORDER_2 = {"tr_s_rez_typ": 960, "tr_s_rez_numer": 2, "tr_s_rez_lp": 1}
MADE_FROM_OFFER_8 = {"za_n_zrd_typ": 960, "za_n_zrd_numer": 8}
# The delivery 101 serves two orders from two lots, and the invoice 201 collects it.
ROWS = {
    "knt_karty": [
        {"knt_gid_numer": ALFA, "knt_akronim": "ALFA", "knt_nazwa1": "Alfa", "knt_nazwa2": "sp. z o.o.", "knt_typ": 16}
        | {"knt_nip": "5260250274", "knt_nip_prefiks": "PL", "knt_max_limit_wart": 1000, "knt_limit_okres": 30},
        {"knt_gid_numer": BETA, "knt_akronim": "BETA", "knt_typ": 24, "knt_nip": "129", "knt_nip_prefiks": "de"}
        | {"knt_blokada_zam": 1, "knt_kn_p_typ": 32, "knt_kn_p_numer": ALFA},
        {"knt_gid_numer": SUPPLIER, "knt_akronim": "STAL", "knt_typ": 8},
    ],
    "knt_limity_k": [
        {"klk_id": 1, "klk_knt_typ": 32, "klk_knt_numer": ALFA, "klk_max_limit_wart": 500, "klk_waluta": "EUR"}
        | {"klk_kurs_l": 43125, "klk_kurs_m": 10000, "klk_data_od": MONDAY},
    ],
    "knt_grupy_dom": [
        {"gid": "32/1", "kgd_gid_typ": 32, "kgd_gid_numer": ALFA, "kgd_gr_o_numer": 7},
        {"gid": "-32/7", "kgd_gid_typ": -32, "kgd_gid_numer": 7, "kgd_kod": "Workshops"},
    ],
    "twr_karty": [
        {"twr_gid_numer": BRAKES, "twr_kod": "BRK-1", "twr_typ": 1, "twr_jm": "szt."},
        {"twr_gid_numer": DISCS, "twr_kod": "DSC-1", "twr_typ": 2, "twr_jm": "szt."},
        {"twr_gid_numer": FITTING, "twr_kod": "FIT", "twr_typ": 4, "twr_jm": "godz."},
    ],
    "magazyny": [{"mag_gid_numer": 1, "mag_kod": "MAG1"}],
    "zam_nag": [
        order(1, 5),
        order(2, 21),
        order(3, 19),
        order(4, 35),
        order(5, 2),
        order(6, 3, za_n_rodzaj=8),
        order(7, 3, za_n_data_potwierdz=TUESDAY, za_n_godzina_wystawienia=3_600_000, **MADE_FROM_OFFER_8),
        order(8, 19, za_n_zam_typ=768),
        order(9, 53),
        order(10, 3, za_n_knt_numer=0, za_n_flaga_nb="B"),
    ],
    "zam_elem": [
        order_line(1, 1, BRAKES, 10, 1000),
        order_line(1, 3, FITTING, 1, 50),
        order_line(2, 1, BRAKES, 8, 800) | {"za_e_data_potw_dst": FRIDAY},
        order_line(4, 1, DISCS, 5, 100),
        order_line(7, 1, DISCS, 5, 100) | {"za_e_data_potw_dst": FRIDAY},
        order_line(8, 1, DISCS, 5, 90),
        order_line(10, 1, DISCS, 1, 123) | {"za_e_flaga_nb": "B"},
    ],
    "zam_historia_zmian": [
        {"zah_id": 1, "zah_gid_numer": 1, "zah_gid_lp": 1, "zah_ilosc_przed": 8, "zah_ilosc_po": 10}
        | {"zah_ope_numer": 4, "zah_czas_modyfikacji": CHANGED},
        {"zah_id": 2, "zah_gid_numer": 1, "zah_gid_lp": 1, "zah_ilosc_przed": 10, "zah_ilosc_po": 10}
        | {"zah_czas_modyfikacji": CHANGED},
        {"zah_id": 3, "zah_gid_numer": 2, "zah_gid_lp": 1, "zah_czas_modyfikacji": CHANGED}
        | {"zah_data_realizacji_przed": MONDAY, "zah_data_realizacji_po": TUESDAY},
        {"zah_id": 4, "zah_gid_numer": 2, "zah_gid_lp": 1, "zah_czas_modyfikacji": LATER}
        | {"zah_data_realizacji_przed": TUESDAY, "zah_data_realizacji_po": FRIDAY},
    ],
    "atrybuty": [{"atr_id": 1, "atr_obi_typ": 960, "atr_obi_numer": 1, "atr_wartosc": "D-77 "}],
    "tra_nag": [
        document(2001, 101, tr_n_spi_typ=2033, tr_n_spi_numer=201),
        document(2001, 102, 1),
        document(2009, 103),
        document(2033, 201, tr_n_netto_r=1600, tr_n_vat_r=368, tr_n_spi_typ=2033, tr_n_spi_numer=201),
        document(2033, 202, tr_n_netto_r=200, tr_n_vat_r=46),
        document(2041, 203, tr_n_zwr_typ=2033, tr_n_zwr_numer=202, tr_n_netto_r=-100, tr_n_vat_r=-23),
        document(2033, 204, 2, tr_n_netto_r=999),
        document(2033, 205, 6, tr_n_netto_r=70, tr_n_vat_r=16),
        document(1824, 206, tr_n_netto_r=300, tr_n_vat_r=69),
        document(2037, 207, tr_n_waluta="EUR", tr_n_kurs_l=43125, tr_n_kurs_m=10000, tr_n_netto_r=431.25),
        document(2034, 208, tr_n_netto_r=40, tr_n_vat_r=9, tr_n_spi_typ=2033, tr_n_spi_numer=202),
    ],
    "tra_elem": [
        line(2001, 101, BRAKES, 16, 1600, 900),
        line(2001, 102, BRAKES, 4, 400, 200),
        line(2009, 103, BRAKES, -2, -200, -110),
        line(2033, 201, BRAKES, 16, 1600, 900),
        line(2033, 202, DISCS, 10, 200, 120),
        line(2041, 203, DISCS, -5, -100, -60),
        line(2033, 204, DISCS, 1, 999, 1),
        line(2033, 205, DISCS, 1, 70, 30),
        line(1824, 206, FITTING, 1, 300),
        line(2037, 207, DISCS, 1, 431.25, 60, tr_e_wartosc_po_rabacie=100),
        line(2034, 208, DISCS, 1, 40, 12),
    ],
    "tra_s_elem": [
        lot(2001, 101, 1, 10, 500, **FOR_ORDER_1),
        lot(2001, 101, 2, 4, 260, **FOR_ORDER_2),
        lot(2001, 101, 3, 2, 140, **FOR_ORDER_2),
        lot(2009, 103, 1, -2, -110, **FOR_ORDER_1),
        lot(2033, 202, 1, 10, 120, tr_s_rez_typ=0, tr_s_rez_numer=0),
    ],
    "tra_rozlicz_zal": [
        {"gid": "1", "trz_zal_typ": 1824, "trz_zal_numer": 206, "trz_kon_typ": 2033, "trz_kon_numer": 201}
    ],
    "tra_plat": [
        due(2033, 201, 1, 968, MONDAY),
        due(2033, 201, 2, 1000, FRIDAY, tr_p_czy_sprawa_sporna=1),
        due(2033, 202, 1, 246, FRIDAY, tr_p_rozliczona=2),
        due(2041, 203, 1, 123, FRIDAY, tr_p_typ=1),
        due(1824, 206, 1, 369, FRIDAY),
    ],
    "zapisy": [
        entry(301, 2, 968),
        entry(302, 1, 123),
        entry(303, 1, 5000, SUPPLIER),
        entry(304, 2, 700, kaz_anulowany=1),
        entry(305, 2, 800, kaz_rozliczony=2),
        entry(306, 2, 55),
        entry(307, 2, 60, SUPPLIER),
    ],
    "rozliczenia": [
        settled(1, (2033, 201, 1), (784, 301, 0), 968),
        settled(2, (784, 302, 0), (2041, 203, 1), 123),
        settled(3, (2033, 201, 2), (435, 9, 1), 10),
        settled(4, (2033, 201, 2), (434, 9, 1), 20),
        settled(5, (1824, 206, 1), (4144, 9, 1), 5),
        settled(6, (1521, 9, 1), (784, 303, 0), 5000),
    ],
    "twr_zasoby": [
        {"gid": "1/1", "tw_z_dst_numer": 1, "tw_z_mag_numer": 1, "tw_z_twr_numer": BRAKES}
        | {"tw_z_ilosc": 3, "tw_z_il_mag": 5, "tw_z_ksiegowa_netto": 250},
        {"gid": "2/1", "tw_z_dst_numer": 2, "tw_z_mag_numer": 1, "tw_z_twr_numer": BRAKES}
        | {"tw_z_ilosc": 5, "tw_z_il_mag": 5, "tw_z_ksiegowa_netto": 350},
    ],
}  # fmt: skip
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
