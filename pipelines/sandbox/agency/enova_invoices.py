"""enova365's invoices and corrections: a correction repeats its invoice as it is to be read from then on."""

import polars as pl

from pipelines.sandbox.agency.enova_documents import heads, line_id, lines, of_kind
from pipelines.sandbox.agency.enova_words import (
    APPROVED,
    BOOKED,
    BUFFER,
    CANCELLED,
    COPIED,
    CORRECTION,
    CORRECTS,
    NO_DAY,
    ORDER,
    SALE,
    day_of,
    shared,
)
from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.invoicing import booked
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.clock import day_of as days_of

UNNUMBERED = "FV/BUFOR"  # a draft gets its number when it is approved
BOOKS_CLOSE = 20  # the day of the following month by which documents are booked, and locked with it


def known_invoices(company, ids: pl.DataFrame) -> pl.DataFrame:
    """Invoices, and drafts of them that have not been dropped; `t` is when it was written."""
    now = company.now
    posted = company.known_invoices.with_columns(t="t_posted", is_draft=pl.lit(False))
    waits = (pl.col("t_drafted") <= now) & (pl.col("t_posted") > now) & (pl.col("t_dropped") > now)
    drafts = company.invoices.filter(waits).with_columns(
        t="t_drafted", is_draft=pl.lit(True), number=pl.lit(UNNUMBERED)
    )
    rates = catalogue.rate_on(company.rates, days_of(drafts["t"].to_numpy()))
    every = pl.concat([posted, booked(drafts, company.firms, rates)], how="diagonal_relaxed")
    return every.join(of_kind(ids, SALE, "invoice"), on="invoice", maintain_order="left").sort("id")


def known_corrections(company, ids: pl.DataFrame) -> pl.DataFrame:
    corrected = of_kind(ids, SALE, "note").select("note", corrects="id")
    rows = company.known_notes.join(of_kind(ids, CORRECTION, "note"), on="note", maintain_order="left")
    return rows.join(corrected, on="note", maintain_order="left").with_columns(t="t_posted").sort("id")


def invoice_heads(company, rows: pl.DataFrame) -> pl.DataFrame:
    now = company.now
    rows = rows.with_columns(t_booked=_booked_until("t_posted"))
    is_wrong = (pl.col("t_undone") <= now) & ~pl.col("is_draft")
    return heads(
        company,
        rows,
        SALE,
        Stan=pl.when("is_draft").then(BUFFER).when(is_wrong).then(CANCELLED).otherwise(_approved_or_booked(now)),
        DataOperacji=day_of(pl.col("t")),
        Stamp=latest(now, "t_drafted", "t_posted", "t_booked", "t_undone"),
    )


def correction_heads(company, rows: pl.DataFrame) -> pl.DataFrame:
    rows, now = rows.with_columns(t_booked=_booked_until("t_posted")), company.now
    return heads(
        company,
        rows,
        CORRECTION,
        Stan=_approved_or_booked(now),
        DataOperacji=day_of(pl.col("t")),
        Stamp=latest(now, "t_posted", "t_booked"),
    )


def _booked_until(time: str) -> pl.Expr:
    month = (pl.min_horizontal(time, FAR) * 1_000_000).cast(pl.Datetime("us")).dt.truncate("1mo")
    return month.dt.offset_by("1mo").dt.epoch("s") + (BOOKS_CLOSE - 1) * DAY + 18 * 3600


def _approved_or_booked(now: int) -> pl.Expr:
    return pl.when(pl.col("t_booked") <= now).then(BOOKED).otherwise(APPROVED)


def _sold(company, rows: pl.DataFrame) -> pl.DataFrame:
    """Lines of invoices: what was done of one order line, be it at several times, is one line."""
    first = pl.col("item", "price").first()
    each = company.invoiced.group_by("invoice", "line").agg(pl.col("pieces", "net").sum(), first)
    sums = rows.select("invoice", "id", "order", "currency", "net_zloty", "tax", "t")
    each = each.join(sums, on="invoice", how="inner").sort("id", "line")
    return each.with_columns(line_zloty=shared("net_zloty", "net", "id"), line_tax=shared("tax", "net", "id"))


def _corrected(company, rows: pl.DataFrame, sold: pl.DataFrame) -> pl.DataFrame:
    """Every line of the invoice as it is after the correction; an allowance lowers the price and takes back nothing."""
    of_line = company.invoiced.select("invoice", "piece", sold_line="line")
    taken = company.credited.drop("currency", "t_posted").join(of_line, on=["invoice", "piece"], how="left")
    given_back = pl.when(pl.col("item") < 0).then(0).otherwise("pieces")
    taken = taken.group_by("note", line="sold_line").agg(back=given_back.sum(), off=pl.col("net").sum())
    sums = rows.select("note", note_zloty="net_zloty", note_tax="tax")
    taken = taken.join(sums, on="note", how="inner").sort("note", "line")
    taken = taken.with_columns(off_zloty=shared("note_zloty", "off", "note"), off_tax=shared("note_tax", "off", "note"))
    known = rows.select("id", "corrects", note="note", t_note="t")
    every = sold.rename({"id": "sold_id"}).join(known, left_on="invoice", right_on="note", how="inner")
    taken = taken.select(pl.col("note").alias("invoice"), "line", "back", "off", "off_zloty", "off_tax")
    every = every.join(taken, on=["invoice", "line"], how="left").with_columns(pl.col("^(back|off.*)$").fill_null(0))
    return every.with_columns(
        t="t_note",
        before="pieces",
        pieces=pl.col("pieces") - pl.col("back"),
        net=pl.col("net") - pl.col("off"),
        line_zloty=pl.col("line_zloty") - pl.col("off_zloty"),
        line_tax=pl.col("line_tax") - pl.col("off_tax"),
    ).sort("id", "line")


def sold_and_corrected(company, ids: pl.DataFrame, written: pl.DataFrame, corrections: pl.DataFrame) -> dict:
    """The lines of both, and what each document and each line was made from: an order, or the invoice it corrects."""
    sold = _sold(company, written)
    after = _corrected(company, corrections, sold)
    none = pl.lit(NO_DAY)
    made = [lines(company, frame, DokumentDostawaPozycjaTermin=none, Stamp=pl.col("t")) for frame in (sold, after)]
    orders = of_kind(ids, ORDER, "order").select("order", parent="id")
    of_orders = sold.join(orders, on="order", how="inner", maintain_order="left")
    relations = pl.concat(
        [
            of_orders.select("id", "line", "t", "parent", quantity="pieces", kind=pl.lit(COPIED)),
            after.select("id", "line", "t", parent="corrects", quantity="before", kind=pl.lit(CORRECTS)),
        ]
    )
    return {
        "PozycjeDokHan": pl.concat(made),
        "RelacjeHandlowe": relations.unique("id", keep="first", maintain_order=True).select(
            ID="id", Typ="kind", Nadrzedny="parent", Podrzedny="id", Stamp="t"
        ),
        "PozRelHandlowej": relations.select(
            ID=line_id(pl.col("id"), pl.col("line")),
            Relacja="id",
            NadrzednyDok="parent",
            NadrzednaIdent=pl.col("line") + 1,
            PodrzednyDok="id",
            PodrzednaIdent=pl.col("line") + 1,
            IloscValue="quantity",
            Dodatkowa=pl.lit(False),
            Stamp="t",
        ),
    }
