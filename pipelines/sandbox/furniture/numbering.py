"""The numbers that Comarch ERP XL gives out: from one on in every month, with the month and the year behind them.

Each record has a number of its own besides, its GID, which nobody sees: over all trading documents one row of numbers.
"""

import polars as pl

from pipelines.sandbox.business.numbering import moves, numbered
from pipelines.sandbox.business.settlements import PAYMENT
from pipelines.sandbox.clock import DAY

CUSTOMERS = ("K", 10001)
ISSUE, INVOICE, CORRECTION = range(3)
KINDS = 4


def _monthly(frame: pl.DataFrame, time: str, now: int, short: str, *ties: str) -> pl.DataFrame:
    """What has happened until now, in order, with a `number` each: short-1/03/26."""
    known = numbered(frame, time, now, "", 1, *ties)
    day = (pl.col(time) // DAY).cast(pl.Int32).cast(pl.Date)
    known = known.with_columns(year=day.dt.year().cast(pl.Int64), month=day.dt.month().cast(pl.Int64))
    known = known.with_columns(in_month=pl.col("place").rank("ordinal").over("year", "month").cast(pl.Int64))
    number = pl.format("{}-{}/{}", pl.lit(short), "in_month", day.dt.strftime("%m/%y"))
    return known.with_columns(number=number)


def _document(kind: int) -> pl.Expr:
    return pl.col("place") * KINDS + kind


def orders(company) -> pl.DataFrame:
    known = _monthly(company.orders, "t_created", company.now, "ZS", "order")
    customer = known.join(
        company.customers.select("customer", customer_number="number", customer_gid="place"),
        on="customer",
        how="left",
        maintain_order="left",
    )
    key = known["order"].to_numpy()
    # The seller writes the number of the deal on its order, mostly.
    is_linked = (pl.col("deal") >= 0) & pl.Series(company.dice.happens(key, "deal noted on the order", 0.6))
    return customer.with_columns(
        gid="place",
        t_gone=pl.min_horizontal("t_done", "t_cancelled"),
        is_linked_in_erp=is_linked,
        gives_dates=pl.lit(True),
        id=pl.col("place").cast(pl.String),
    )


def deliveries(company) -> pl.DataFrame:
    each = company.deliveries.group_by("delivery", maintain_order=True).agg(pl.col("order", "firm", "t_left").first())
    return _monthly(each, "t_left", company.now, "WZ", "delivery").with_columns(gid=_document(ISSUE))


def invoices(company) -> pl.DataFrame:
    return _monthly(company.invoices, "t_posted", company.now, "FS", "invoice").with_columns(gid=_document(INVOICE))


def notes(company) -> pl.DataFrame:
    """Corrections; an invoice that was wrong is cancelled instead, and has none."""
    kept = company.notes.filter(pl.col("fate") < 3)
    return _monthly(kept, "t_posted", company.now, "FSK", "note").with_columns(gid=_document(CORRECTION))


def entries(company) -> pl.DataFrame:
    paid = company.entries.filter(pl.col("kind") == PAYMENT)
    return moves(company, _monthly(paid, "t", company.now, "WB", "key"))
