"""Rows of enova365 as they lie in raw, chosen so that each of them misleads."""

from datetime import date, datetime

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
NONE, NEVER = date(1900, 1, 1), date(2099, 12, 31)
ALFA, BETA, SUPPLIER = 1, 2, 3
BRAKES, DISCS, FITTING = 11, 12, 13
ORDER, OFFER, ISSUE, RETURN, INVOICE, CORRECTION = 302, 306, 104, 105, 2, 3
CORRECTS, COPIED, BESIDE = 1, 2, 3
FOR_A_RECEIPT = 9


def document(kind: int, number: int, state: int = 1, **more: object) -> dict:
    head = {"kategoria": kind, "id": number, "guid": f"g-{number}", "stan": state, "kontrahent": ALFA, "magazyn": 1}
    head |= {"numer_pelny": f"D/{number:03}/26", "definicja": kind, "data": MONDAY, "czas": 0, "data_operacji": TUESDAY}
    head |= {"dostawa_termin": NONE, "liczona_od": 1, "kurs_waluty": 1, "brutto_cy_symbol": "PLN", "suma_netto": 0}
    return head | {"suma_vat": 0, "potwierdzenie": 0, "realizacja_stan": 0} | more


def line(number: int, ident: int, item: int, quantity: float, net: float, **more: object) -> dict:
    head = {"id": 1000 * number + ident, "dokument": number, "ident": ident, "towar": item, "ilosc_value": quantity}
    head |= {"ilosc_symbol": "szt", "suma_netto": net, "suma_vat": 0.23 * net, "wartosc_cy_value": net}
    return head | {"wartosc_cy_symbol": "PLN", "dokument_dostawa_pozycja_termin": NONE} | more


def relation(number: int, kind: int, upper: tuple, lower: tuple, quantity: float | None) -> tuple[dict, dict]:
    head = {"id": number, "typ": kind, "nadrzedny": upper[0], "podrzedny": lower[0]}
    pair = {"id": number, "relacja": number, "ilosc_value": quantity, "dodatkowa": False}
    pair |= {"nadrzedny_dok": upper[0], "nadrzedna_ident": upper[1]}
    return head, pair | {"podrzedny_dok": lower[0], "podrzedna_ident": lower[1]}


def turnover(number: int, taken_by: tuple, cost: float, correction: int = 0) -> dict:
    head = {"id": number, "rozchod_dokument": taken_by[0], "rozchod_pozycja_ident": taken_by[1]}
    return head | {"przychod_wartosc": cost, "korekta": correction}


def due(number: int, document: int, amount: float, day: date, **more: object) -> dict:
    head = {"id": number, "dokument": document, "dokument_type": "DokHandlowe", "kierunek": 1, "kwota_value": amount}
    return head | {"kwota_symbol": "PLN", "termin": day, "bufor": False} | more


def money(number: int, way: int, amount: float, customer: int = ALFA, **more: object) -> dict:
    head = {"id": number, "kierunek": way, "kwota_value": amount, "kwota_symbol": "PLN", "podmiot": customer}
    return head | {"podmiot_type": "Kontrahenci", "data_dokumentu": FRIDAY, "rozliczana": True} | more


def settled(number: int, due: int, other: int, amount: float, table: str = "Zaplaty") -> dict:
    head = {"id": number, "dokument": due, "dokument_type": "Platnosci", "zaplata": other, "zaplata_type": table}
    head |= {"kwota_dokumentu_value": amount, "kwota_dokumentu_symbol": "PLN"}
    return head | {"kwota_zaplaty_value": amount, "kwota_zaplaty_symbol": "PLN", "data": FRIDAY}


def lot(number: int, item: int, period: int, quantity: float, value: float, way: int = 1) -> dict:
    head = {"id": number, "towar": item, "magazyn": 1, "okres": period, "partia_typ": 1, "kierunek": way}
    head |= {"ilosc_value": quantity, "ilosc_symbol": "szt", "ilosc_rezerwowana_value": 2}
    return head | {"partia_wartosc": value}


def entry(number: int, kind: int, document: int, hour: int) -> dict:
    head = {"id": number, "type": kind, "source_table": "DokHandlowe", "source_guid": f"g-{document}", "operator": 4}
    return head | {"time": datetime(2026, 3, 4, hour)}


RELATIONS = [
    # The issue 101 serves two orders, one of them with one line of two; the invoice 201 is made from it.
    relation(1, COPIED, (1, 1), (101, 1), 10),
    relation(2, COPIED, (2, 1), (101, 1), 6),
    relation(3, COPIED, (101, 1), (201, 1), 16),
    # The other way round: an invoice from the order, the issue beside it.
    relation(4, COPIED, (7, 1), (202, 1), 5),
    relation(5, BESIDE, (202, 1), (102, 1), 5),
    # A return, and two corrections of one invoice: the second names the first.
    relation(6, CORRECTS, (102, 1), (103, 1), 3),
    relation(7, CORRECTS, (202, 1), (203, 1), 3),
    relation(8, CORRECTS, (203, 1), (204, 1), 3),
    relation(9, CORRECTS, (202, 2), (203, 2), 1),
    relation(10, COPIED, (8, 1), (7, 1), 5),
    relation(11, COPIED, (1, 3), (201, 2), None),
    relation(12, BESIDE, (203, 1), (103, 1), -2),
    # Of ten that were issued four are billed so far.
    relation(13, COPIED, (106, 1), (207, 1), 4),
]
# What is cancelled, what is a draft, what is corrected and what was paid back lies beside what is none of it.
ROWS = {
    "kontrahenci": [
        {"id": ALFA, "kod": "ALFA", "nazwa": "Alfa sp. z o.o.", "nip": "526-025-02-74", "termin": 14}
        | {"typ_limitu_kredytowego": 0, "limit_kredytu_value": 5000, "limit_kredytu_symbol": "PLN"},
        {"id": BETA, "kod": "BETA", "eu_vat": "DE129", "typ_limitu_kredytowego": 1, "limit_kredytu_value": 9}
        | {"blokada_sprzedazy": True, "termin": 0},
        {"id": SUPPLIER, "kod": "STAL", "termin": 0, "typ_limitu_kredytowego": 0, "limit_kredytu_value": 0},
    ],
    "adresy": [
        {"id": 1, "host": ALFA, "host_type": "Kontrahenci", "typ": 1, "adres_ulica": "Prosta", "adres_nr_domu": "3"}
        | {"adres_nr_lokalu": "7", "adres_kod_pocztowy": 1234, "adres_kod_kraju": "PL", "adres_wojewodztwo": 6},
    ],
    "opiekunowie": [{"id": 1, "kontrahent": ALFA, "operator": 5, "typ": 0, "data_od": NONE, "data_do": NEVER}],
    "operators": [{"id": 4, "name": "ola", "full_name": "Ola Nowak"}, {"id": 5, "name": "jan", "locked": True}],
    "pracownicy": [{"id": 4, "kod": "P4", "imie": "Piotr", "nazwisko": "Lis"}],
    "towary": [
        {"id": BRAKES, "kod": "BRK-1", "typ": 1, "cena_zakupu_kartotekowa_value": 99},
        {"id": DISCS, "kod": "DSC-1", "typ": 4, "cena_zakupu_kartotekowa_value": 12},
        {"id": FITTING, "kod": "FIT", "typ": 2, "cena_zakupu_kartotekowa_value": 0},
    ],
    "magazyny": [{"id": 1, "symbol": "F", "nazwa": "Firma"}],
    "features": [
        {"feature": "DokHandlowe/1/Deal/0", "parent_type": "DokHandlowe", "parent": 1, "lp": 0, "data": "D-77 "},
        {"feature": "Towary/11/Group/0", "parent_type": "Towary", "parent": BRAKES, "lp": 0, "data": "Brakes"},
        {"feature": "Kontrahenci/1/S/0", "parent_type": "Kontrahenci", "parent": ALFA, "lp": 0, "data": "Workshops"},
    ],
    "def_dok_handlowych": [{"id": FOR_A_RECEIPT, "symbol": "FVP", "duplikat_wartosci": True}],
    "dok_handlowe": [
        document(ORDER, 1, pracownik=4, obcy_numer="PO-9", dostawa_termin=FRIDAY, czas=600),
        document(ORDER, 2),
        document(ORDER, 3, 3),
        document(ORDER, 4, potwierdzenie=3),
        document(ORDER, 5, 0),
        document(ORDER, 6, realizacja_stan=60),
        document(ORDER, 7, kontrahent=BETA),
        document(OFFER, 8),
        document(ISSUE, 101),
        document(ISSUE, 102),
        document(RETURN, 103),
        document(ISSUE, 104, 0),
        document(ISSUE, 105, 3),
        document(ISSUE, 106),
        document(INVOICE, 201, suma_netto=1650, suma_vat=379.50),
        document(INVOICE, 202, kontrahent=BETA, suma_netto=600, suma_vat=138),
        document(CORRECTION, 203, kontrahent=BETA),
        document(CORRECTION, 204, kontrahent=BETA),
        document(INVOICE, 205, 0, suma_netto=999),
        document(INVOICE, 206, 3, suma_netto=70, suma_vat=16.10),
        document(INVOICE, 207, suma_netto=431.25, suma_vat=99.17, brutto_cy_symbol="EUR", kurs_waluty=4.3125)
        | {"brutto_cy_value": 123},
        document(INVOICE, 208, suma_netto=40, definicja=FOR_A_RECEIPT),
    ],
    "pozycje_dok_han": [
        line(1, 1, BRAKES, 10, 1000) | {"dokument_dostawa_pozycja_termin": FRIDAY},
        line(1, 3, FITTING, 1, 50),
        line(2, 1, BRAKES, 8, 800),
        line(3, 1, DISCS, 5, 100),
        line(7, 1, DISCS, 5, 500),
        line(8, 1, DISCS, 5, 490),
        line(101, 1, BRAKES, 16, 1600),
        line(102, 1, DISCS, 5, 500),
        line(103, 1, DISCS, 3, 300),
        line(104, 1, DISCS, 2, 200),
        line(106, 1, DISCS, 10, 1000),
        line(201, 1, BRAKES, 16, 1600),
        line(201, 2, FITTING, 1, 50),
        line(202, 1, DISCS, 5, 500),
        line(202, 2, FITTING, 1, 100),
        # After two came back, then at a lower price; the fitting is repeated as it was.
        line(203, 1, DISCS, 3, 300),
        line(203, 2, FITTING, 1, 100),
        line(204, 1, DISCS, 3, 270),
        line(206, 1, DISCS, 1, 70),
        line(207, 1, DISCS, 1, 431.25) | {"wartosc_cy_value": 100, "wartosc_cy_symbol": "EUR"},
        line(208, 1, DISCS, 1, 40),
    ],
    "relacje_handlowe": [head for head, _ in RELATIONS],
    "poz_rel_handlowej": [pair for _, pair in RELATIONS],
    "obroty": [
        turnover(1, (101, 1), 500),
        # What six had cost was found out later.
        turnover(2, (101, 1), 400, 20),
        turnover(3, (101, 1), -400, 11),
        turnover(4, (101, 1), 420),
        turnover(5, (101, 1), 7777, 3),
        turnover(6, (102, 1), 300),
        turnover(7, (103, 1), -120, 1),
        turnover(8, (207, 1), 60),
        turnover(9, (105, 1), 33),
        turnover(10, (106, 1), 1000),
    ],
    "okresy_mag": [
        {"id": 1, "okres_from": date(2025, 1, 1), "okres_to": date(2025, 12, 31), "zamkniety": True},
        {"id": 2, "okres_from": date(2026, 1, 1), "okres_to": NEVER, "zamkniety": False},
    ],
    "zasoby": [lot(1, BRAKES, 1, 50, 3000), lot(2, BRAKES, 2, 12, 720), lot(3, BRAKES, 2, 2, 120, -1)],
    "platnosci": [
        due(401, 201, 1000, MONDAY),
        due(402, 201, 1029.50, FRIDAY),
        due(403, 202, 738, FRIDAY),
        due(404, 203, 246, FRIDAY, kierunek=2),
        due(405, 204, 36.90, FRIDAY, kierunek=2),
        due(406, 205, 999, FRIDAY, bufor=True),
        due(407, 207, 100, NEVER, kwota_symbol="EUR"),
    ],
    "zaplaty": [
        money(301, 1, 1000),
        money(302, 2, 100, BETA),
        money(303, 2, 5000, SUPPLIER),
        money(304, 1, 700, rozliczana=False),
        money(305, 1, 55),
        money(306, 1, 60, SUPPLIER),
    ],
    "rozliczenia_sp": [
        settled(1, 401, 301, 1000),
        settled(2, 404, 302, 100),
        settled(3, 403, 404, 146, "Platnosci"),
        settled(4, 999, 303, 5000),
    ],
    "change_infos": [
        entry(1, 1, 2, 8), entry(2, 5, 2, 9), entry(3, 6, 2, 10), entry(4, 5, 2, 11), entry(5, 11, 3, 12),
        entry(6, 5, 201, 12),
    ],
}  # fmt: skip
