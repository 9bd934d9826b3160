"""The numbers that enova365 gives out: from one on in every year, behind the symbol of the document's definition.

Work that is done leaves no document: nothing is issued from a warehouse.
"""

import polars as pl

from pipelines.sandbox.business.numbering import moves, numbered
from pipelines.sandbox.business.settlements import PAYMENT
from pipelines.sandbox.clock import DAY

CUSTOMERS = ("K", 1001)


def _yearly(frame: pl.DataFrame, time: str, now: int, symbol: str, *ties: str) -> pl.DataFrame:
    """What has happened until now, in order, with a `number` each: symbol/000001/26."""
    known = numbered(frame, time, now, "", 1, *ties)
    day = (pl.col(time) // DAY).cast(pl.Int32).cast(pl.Date)
    known = known.with_columns(year=day.dt.year().cast(pl.Int64))
    known = known.with_columns(in_year=pl.col("place").rank("ordinal").over("year").cast(pl.Int64))
    padded = pl.col("in_year").cast(pl.String).str.zfill(6)
    return known.with_columns(number=pl.format("{}/{}/{}", pl.lit(symbol), padded, day.dt.strftime("%y")))


def orders(company) -> pl.DataFrame:
    known = _yearly(company.orders, "t_created", company.now, "ZO", "order")
    customer = known.join(
        company.customers.select("customer", customer_number="number"),
        on="customer",
        how="left",
        maintain_order="left",
    )
    key = known["order"].to_numpy()
    # Whoever enters the order writes the number of the deal on it, mostly.
    is_linked = (pl.col("deal") >= 0) & pl.Series(company.dice.happens(key, "deal noted on the order", 0.6))
    return customer.with_columns(
        t_gone=pl.min_horizontal("t_done", "t_cancelled"),
        is_linked_in_erp=is_linked,
        gives_dates=pl.lit(True),
        id=pl.col("place").cast(pl.String),
    )


def deliveries(company) -> pl.DataFrame:
    """Parts of projects that are done; of no paper there is no number."""
    each = company.deliveries.group_by("delivery", maintain_order=True).agg(pl.col("order", "firm", "t_left").first())
    return each.filter(pl.col("t_left") <= company.now).sort("t_left", "delivery")


def invoices(company) -> pl.DataFrame:
    return _yearly(company.invoices, "t_posted", company.now, "FV", "invoice")


def notes(company) -> pl.DataFrame:
    """Corrections; an invoice that was wrong is cancelled instead, and has none."""
    kept = company.notes.filter(pl.col("fate") < 3)
    return _yearly(kept, "t_posted", company.now, "KFV", "note")


def entries(company) -> pl.DataFrame:
    paid = company.entries.filter(pl.col("kind") == PAYMENT)
    return moves(company, _yearly(paid, "t", company.now, "WB", "key"))
