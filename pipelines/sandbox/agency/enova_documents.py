"""enova365's trade documents: orders, invoices and corrections lie in one table, drafts and cancelled ones among them.

A draft is no paper yet: it lies in the buffer, may be changed, and when it is dropped nothing is left of it. What was
approved stays; what is cancelled stays too, and says so.
"""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.agency.enova_words import CORRECTION, HOUR, NO_DAY, ORDER, PIECE, SALE, day_of, minutes, money
from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.numbering import numbered

DEFINITIONS = {ORDER: 1, SALE: 2, CORRECTION: 3}
# What only orders have.
OF_ORDERS = {
    "ObcyNumer": pl.lit(""),
    "Potwierdzenie": pl.lit(0),
    "RealizacjaStan": pl.lit(0),
    "DostawaTermin": pl.lit(NO_DAY),
}
LINES = 16  # a document has fewer


def ids(company) -> pl.DataFrame:
    """Every document ever entered, numbered as it came: also the drafts that are gone."""
    entered = pl.min_horizontal("t_drafted", "t_posted")
    made = [
        company.known_orders.select(kind=pl.lit(ORDER), key="order", t="t_created"),
        company.invoices.select(kind=pl.lit(SALE), key="invoice", t=entered),
        company.known_notes.select(kind=pl.lit(CORRECTION), key="note", t="t_posted"),
    ]
    known = numbered(pl.concat(made, how="vertical_relaxed"), "t", company.now, "", 1, "kind", "key")
    return known.select("kind", "key", t_entered="t", id="place")


def of_kind(known: pl.DataFrame, kind: int, key: str) -> pl.DataFrame:
    return known.filter(pl.col("kind") == kind).select("t_entered", "id", pl.col("key").alias(key))


def guids(ids: pl.Series) -> pl.Series:
    return identifiers.guids("DokHandlowe", ids.to_numpy())


def heads(company, rows: pl.DataFrame, kind: int, **more: pl.Expr) -> pl.DataFrame:
    """Sums are in zloty; of the document's own money there is the gross and the rate. A correction's are negative."""
    sign = -1 if kind == CORRECTION else 1
    cards = company.customers.select("customer", card="place")
    rows = rows.join(cards, on="customer", how="left", maintain_order="left")
    amounts = {"SumaNetto": "net_zloty", "SumaVAT": "tax", "BruttoCyValue": "gross"}
    return rows.select(
        ID="id",
        Guid=guids(rows["id"]),
        Definicja=pl.lit(DEFINITIONS[kind]),
        Kategoria=pl.lit(kind),
        NumerPelny="number",
        Kontrahent="card",
        Magazyn=pl.lit(1),
        Pracownik=company.firms["seller"].gather(rows["firm"]) + 1,
        Czas=minutes(pl.col("t")),
        Data=day_of(pl.col("t")),
        LiczonaOd=pl.lit(1),
        BruttoCySymbol="currency",
        KursWaluty=pl.col("rate") / 10_000,
        **{name: money(sign * pl.col(column)) for name, column in amounts.items()},
        **(OF_ORDERS | more),
    )


def lines(company, rows: pl.DataFrame, **more: pl.Expr) -> pl.DataFrame:
    """Lines with their worth in the document's money and their part of its sums in zloty."""
    is_work = pl.col("item") < catalogue.sold(company.items, company.manner)
    return rows.select(
        ID=line_id(pl.col("id"), pl.col("line")),
        Dokument="id",
        Ident=pl.col("line") + 1,
        Towar=pl.col("item") + 1,
        IloscValue="pieces",
        IloscSymbol=pl.when(is_work).then(pl.lit(HOUR)).otherwise(pl.lit(PIECE)),
        WartoscCyValue=money(pl.col("net")),
        WartoscCySymbol="currency",
        SumaNetto=money(pl.col("line_zloty")),
        SumaVAT=money(pl.col("line_tax")),
        **more,
    )


def line_id(document: pl.Expr, line: pl.Expr) -> pl.Expr:
    return document * LINES + line + 1


def definitions() -> pl.DataFrame:
    rows = [
        (DEFINITIONS[ORDER], "ZO", "Zamówienie odbiorcy"),
        (DEFINITIONS[SALE], "FV", "Faktura sprzedaży"),
        (DEFINITIONS[CORRECTION], "KFV", "Korekta faktury sprzedaży"),
    ]
    return pl.DataFrame(rows, schema=["ID", "Symbol", "Nazwa"], orient="row")
