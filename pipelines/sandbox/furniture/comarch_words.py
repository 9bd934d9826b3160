"""How Comarch ERP XL writes things down: types of objects, days and moments by its clock, what the books keep."""

import polars as pl

from pipelines.sandbox.clock import DAY, NEVER

CUSTOMER, ITEM, WAREHOUSE, OPERATOR, EMPLOYEE, ORDER, ENTRY = 32, 16, 208, 128, 944, 960, 784
ISSUE, INVOICE, CORRECTION = 2001, 2033, 2041
RECEIVABLE, DEBT = 2, 1
DAY_ZERO = 61_730  # days from 28 December 1800 to 1970
SECOND_ZERO = 631_152_000  # seconds from 1970 to 1990, by the local clock as everything here
CANCELLED, APPROVED, SETTLED = 6, 3, 5


def day(days: pl.Expr) -> pl.Expr:
    """A Clarion date; 0 for what has not happened."""
    return pl.when(days < NEVER).then(days + DAY_ZERO).fill_null(0).cast(pl.Int64)


def day_of(time: pl.Expr, now: int) -> pl.Expr:
    return day(pl.when(time <= now).then(time // DAY))


def moment(time: pl.Expr) -> pl.Expr:
    return (time - SECOND_ZERO).cast(pl.Int64)


def hundredths(time: pl.Expr) -> pl.Expr:
    """The time of the day."""
    return (time % DAY * 100).cast(pl.Int64)


def money(cents: pl.Expr) -> pl.Expr:
    return cents / 100


def in_zloty(net: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """Hundredths of a zloty; the rate is in ten-thousandths."""
    return (net * rate / 10_000).round().cast(pl.Int64)


def rate() -> dict[str, pl.Expr]:
    """4.3125 for one euro is written as 43125 for 10000; a document in zloty has none."""
    is_euro = pl.col("currency") == "EUR"
    return {"KursL": pl.when(is_euro).then("rate").otherwise(1), "KursM": pl.when(is_euro).then(10_000).otherwise(1)}
