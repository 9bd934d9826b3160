"""Numbers given out in the order things happen, so that a number never changes as days go by."""

import polars as pl

from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.business.settlements import INVOICE, NOTE, PAYMENT
from pipelines.sandbox.clock import DAY, START, number


def numbered(frame: pl.DataFrame, time: str, now: int, prefix: str, first: int, *ties: str) -> pl.DataFrame:
    """What has happened until now, in order, with a `number` each."""
    known = frame.filter(pl.col(time) <= now).sort(time, *ties)
    return known.with_row_index("place", offset=first).with_columns(
        number=pl.lit(prefix) + pl.col("place").cast(pl.String), place=pl.col("place").cast(pl.Int64)
    )


def customers(company, prefix: str, first: int) -> pl.DataFrame:
    """One row per ERP customer: opened with the firm's first document, or before the records begin."""
    old = _before_the_start(company)
    documents = [
        company.orders.select("customer", t="t_created"),
        company.invoices.filter(pl.col("t_drafted") < FAR).select("customer", t="t_drafted"),
    ]
    met = pl.concat(documents).group_by("customer").agg(t_opened=pl.col("t").min() - 900)
    new = met.join(old, on="customer", how="anti")
    every = pl.concat([old.select("customer", "t_opened"), new.select("customer", "t_opened")])
    every = every.with_columns(firm=pl.col("customer") // 2, second=pl.col("customer") % 2)
    return numbered(every, "t_opened", company.now, prefix, first, "customer")


def opening(company, prefix: str, first: int) -> pl.DataFrame:
    """The ERP customers that were there before the records begin: whoever comes later has a later number."""
    return numbered(_before_the_start(company), "t_opened", company.now, prefix, first, "customer")


def _before_the_start(company) -> pl.DataFrame:
    firms = company.firms.filter(pl.col("is_opening"))
    second = firms.filter("has_second_number")
    old = pl.concat([firms.select(customer=pl.col("firm") * 2), second.select(customer=pl.col("firm") * 2 + 1)])
    age = company.dice.whole(old["customer"].to_numpy(), "days a customer before the start", 20, 2500)
    return old.with_columns(t_opened=(number(START) - pl.Series(age)) * DAY + 9 * 3600 + pl.col("customer") % 20_000)


def moves(company, payments: pl.DataFrame) -> pl.DataFrame:
    """What moved a customer's account, with the number of its document; `payments` are numbered, by their `key`."""
    known = numbered(company.entries, "t", company.now, "", 1, "kind", "key").drop("number").rename({"place": "entry"})
    documents = [
        company.known_invoices.select(kind=pl.lit(INVOICE), key="invoice", number="number"),
        company.known_notes.select(kind=pl.lit(NOTE), key="note", number="number"),
        payments.select(kind=pl.lit(PAYMENT), key="key", number="number"),
    ]
    return known.join(pl.concat(documents), on=["kind", "key"], how="left", maintain_order="left")
