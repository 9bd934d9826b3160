"""Rows of Comarch ERP XL as they lie in raw, chosen so that each of them misleads."""

from datetime import date, datetime

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
