"""The firm as enova365 keeps it: one frame per table of its database, with the columns that are read."""

import polars as pl

from pipelines.sandbox.agency import enova_documents as documents
from pipelines.sandbox.agency import enova_invoices as invoices
from pipelines.sandbox.agency import enova_master as master
from pipelines.sandbox.agency import enova_orders as orders
from pipelines.sandbox.agency.enova_log import log
from pipelines.sandbox.agency.enova_payments import payments
from pipelines.sandbox.agency.enova_words import OPEN_END
from pipelines.sandbox.clock import START


def records(company) -> dict[str, pl.DataFrame]:
    ids = documents.ids(company)
    ordered = orders.known(company, ids)
    written, corrected = invoices.known_invoices(company, ids), invoices.known_corrections(company, ids)
    heads = [
        orders.order_heads(company, ordered),
        invoices.invoice_heads(company, written),
        invoices.correction_heads(company, corrected),
    ]
    billed = invoices.sold_and_corrected(company, ids, written, corrected)
    lines = [orders.order_lines(company, ordered), billed.pop("PozycjeDokHan")]
    return {
        **master.cards(company),
        "Features": pl.concat([master.features(company), orders.deals(company, ordered)]),
        "DefDokHandlowych": documents.definitions(),
        "DokHandlowe": pl.concat(heads, how="diagonal_relaxed").sort("ID"),
        "PozycjeDokHan": pl.concat(lines, how="diagonal_relaxed").sort("ID"),
        **billed,
        **payments(company, written, corrected),
        **_no_stock(),
        "ChangeInfos": log(company, ids, ordered, written, corrected),
    }


def _no_stock() -> dict[str, pl.DataFrame]:
    """Hours lie in no warehouse: it has a period all the same, in which nothing moves."""
    period = [(1, False, f"{START.year}-01-01", OPEN_END, 1)]
    moved = "ID RozchodDokument RozchodPozycjaIdent PrzychodWartosc Stamp"
    lies = "ID Towar Magazyn Okres Kierunek PartiaTyp IloscValue PartiaWartosc Stamp"
    return {
        "OkresyMag": pl.DataFrame(period, schema=["ID", "Zamkniety", "OkresFrom", "OkresTo", "Stamp"], orient="row"),
        "Obroty": pl.DataFrame(schema=dict.fromkeys(moved.split(), pl.Int64)),
        "Zasoby": pl.DataFrame(schema=dict.fromkeys(lies.split(), pl.Int64)),
    }
