"""How Comarch ERP XL is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="Comarch ERP XL",
    kind="erp",
    interface="the company's database on Microsoft SQL Server, schema CDN (scaffolded from a database of 2025)",
    user="a login of SQL Server made for this alone, with a user in the company's database and no role but reading; no"
    " operator of XL and no licence is needed. With ALLOW_SNAPSHOT_ISOLATION ON for the database, reading waits for"
    " nobody",
    rights={
        "SELECT on CDN.KntKarty, KntGrupyDom, KntLimityK": "knt_karty, knt_grupy_dom, knt_limity_k",
        "SELECT on CDN.TwrKarty, TwrGrupyDom, TwrZasoby, Magazyny": "twr_karty, twr_grupy_dom, twr_zasoby, magazyny",
        "SELECT on CDN.OpeKarty (Ope_GIDTyp, Ope_GIDNumer, Ope_Ident, Ope_Nazwisko, Ope_Zablokowane)": "ope_karty",
        "SELECT on CDN.PrcKarty (Prc_GIDTyp, Prc_GIDNumer, Prc_Akronim, Prc_Imie1, Prc_Nazwisko, Prc_Archiwalny)": (
            "prc_karty"
        ),
        "SELECT on CDN.ZamNag, ZamElem, ZamHistoriaZmian": "zam_nag, zam_elem, zam_historia_zmian",
        "SELECT on CDN.Atrybuty, AtrybutyKlasy, if orders hold the CRM's deal": "atrybuty, atrybuty_klasy",
        "SELECT on CDN.TraNag, TraElem, TraSElem, TraRozliczZal": "tra_nag, tra_elem, tra_s_elem, tra_rozlicz_zal",
        "SELECT on CDN.TraPlat, Zapisy, Rozliczenia": "tra_plat, zapisy, rozliczenia",
    },
    settings={
        "BASE_URL": "server, port and database without a login, e.g. mssql://erp.example.com:1433/CDNXL_FIRM",
        "USER": "the login",
        "PASSWORD": "its password",
        "SCHEMA": "the schema of the tables (default: CDN)",
        "DEAL_ATTRIBUTE": "name of the attribute of orders that holds the number of the CRM's deal; without it no"
        " attribute is read",
        "ROWS_AT_ONCE": "rows of one question (default: 10000)",
    },
    history="changes of an order's lines from ZamHistoriaZmian, where the firm keeps it; the days an order was"
    " confirmed and accepted from the order; no log of its states",
    deletes="XL deletes rows: all keys are compared every SWEEP_DAYS",
    limits=(
        "What XL writes in local time is read in TIME_ZONE; the hour that an autumn night shows twice is the first.",
        "Nobody writes down when goods arrived: delivered means that the warehouse booked them out.",
        "An invoice that takes goods out of stock by itself, without a delivery note, is no delivery.",
        "Where ZamHistoriaZmian is not kept, the first promise of a line is not known, only the present one.",
        "Cost is the booked one of delivery notes and invoices; corrections of cost alone (KK) are not read.",
        "Workflow and production are not read: their steps are each firm's own.",
        "The books are taken to be in PLN; XL has no totals of the ledger that this reads, so revenue is not checked"
        " against it.",
        "Of a firm with several companies each database is a source of its own (comarch_xl@north).",
    ),
    few={"ROWS_AT_ONCE": "1"},
)
