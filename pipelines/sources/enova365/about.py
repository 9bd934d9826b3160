"""How enova365 is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="enova365",
    kind="erp",
    interface="the company's database on Microsoft SQL Server, schema dbo (columns named by the vendor's rule)",
    user="a login of SQL Server made for this alone, with a user in the company's database and no role but reading; no"
    " operator of enova365 and no licence is needed. With ALLOW_SNAPSHOT_ISOLATION ON for the database, reading waits"
    " for nobody",
    rights={
        "SELECT on dbo.Kontrahenci, Adresy, Opiekunowie": "kontrahenci, adresy, opiekunowie",
        "SELECT on dbo.Towary, Magazyny, OkresyMag, Zasoby, Obroty": "towary, magazyny, okresy_mag, zasoby, obroty",
        "SELECT on dbo.Operators (ID, Name, FullName, Locked, Stamp)": "operators",
        "SELECT on dbo.Pracownicy (ID, Kod, Imie, Nazwisko, Stamp)": "pracownicy",
        "SELECT on dbo.DefDokHandlowych, DokHandlowe, PozycjeDokHan": (
            "def_dok_handlowych, dok_handlowe, pozycje_dok_han"
        ),
        "SELECT on dbo.RelacjeHandlowe, PozRelHandlowej": "relacje_handlowe, poz_rel_handlowej",
        "SELECT on dbo.Platnosci, Zaplaty, RozliczeniaSP": "platnosci, zaplaty, rozliczenia_sp",
        "SELECT on dbo.Features, if one of the firm's own fields is read": "features",
        "SELECT on dbo.ChangeInfos, if the firm has its log of changes kept": "change_infos",
    },
    settings={
        "BASE_URL": "server, port and database without a login, e.g. mssql://erp.example.com:1433/FIRM",
        "USER": "the login",
        "PASSWORD": "its password",
        "SCHEMA": "the schema of the tables (default: dbo)",
        "DEAL_FEATURE": "name of the feature (cecha) of orders that holds the number of the CRM's deal; without it no"
        " deal is known",
        "CATEGORY_FEATURE": "name of the feature of items that holds their category",
        "SEGMENT_FEATURE": "name of the feature of customers that holds their segment",
        "ROWS_AT_ONCE": "rows of one question (default: 10000)",
    },
    history="who made an order, and when it was approved, put back and cancelled, from ChangeInfos, where the firm has"
    " its log of changes kept; without it only the day of the document is known",
    deletes="enova365 deletes rows, those of drafts above all: all keys are compared every SWEEP_DAYS",
    limits=(
        "What changed is known by the column of type rowversion (Stamp) that every table is expected to have; a table"
        " without one is read in full at each load, and the coverage says so.",
        "No database of enova365 has been seen by us: names outside the vendor's published properties follow its rule"
        " of naming, and a column that is not there is told and left empty.",
        "Documents are told by Kategoria: internal invoices, contracts (Umowa) and packaging are not read.",
        "A document whose kind repeats another's value (DuplikatWartosci: an invoice for a receipt) is not sold twice:"
        " it is left out of the invoices, with what was paid on it.",
        "Nobody writes down when goods arrived: delivered means that the warehouse issued them, on DataOperacji.",
        "An invoice that takes goods out of stock by itself, without an issue, is no delivery.",
        "Only the present promise of a line is known, not the first; that an order was confirmed is known, not when.",
        "A correction is worth what its lines change; one without a relation to the line it corrects counts as added.",
        "Cost is what the issued lots had cost (Obroty): a service has none here.",
        "Advance invoices are invoices like others; which of them a final invoice settles is not read.",
        "KursWaluty is taken for one unit of the currency, as the documents keep it; currencies quoted for a hundred"
        " units were not seen.",
        "Of receivables the bank and till entries settled with documents are read; netting done elsewhere is a credit.",
        "The books are taken to be in PLN; no totals of the ledger are read, so revenue is not checked against it.",
        "Of a firm with several companies each database is a source of its own (enova365@north).",
    ),
    few={"ROWS_AT_ONCE": "1"},
)
