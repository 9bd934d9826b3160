"""How enova365 writes things down: kinds and states of documents, days it has none of, sums shared among lines."""

import polars as pl

from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, NEVER

ORDER, SALE, CORRECTION = 302, 2, 3
BUFFER, APPROVED, BOOKED, CANCELLED = range(4)
CORRECTS, COPIED = 1, 2  # what a relation of two documents means
MADE, ENDORSED, ANNULLED = 1, 5, 11  # what the log says of a document
TO_COME, TO_GIVE = 1, 2
NO_DAY, OPEN_END = "1900-01-01", "2099-12-31"
HOUR, PIECE = "godz", "szt"
DEAL, SEGMENT, CATEGORY = "Deal in the CRM", "Segment", "Category"


def day(days: pl.Expr) -> pl.Expr:
    """The date, or the vendor's own for what has none."""
    known = pl.when(days < NEVER).then(days)
    return known.cast(pl.Int32).cast(pl.Date).cast(pl.String).fill_null(NO_DAY)


def day_of(time: pl.Expr) -> pl.Expr:
    return day(pl.when(time < FAR).then(time // DAY))


def moment(time: pl.Expr) -> pl.Expr:
    """A moment by the server's clock, which names no zone."""
    return (time * 1_000_000).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S")


def minutes(time: pl.Expr) -> pl.Expr:
    """The time of the day."""
    return time % DAY // 60


def money(cents: pl.Expr) -> pl.Expr:
    return cents / 100


def shared(whole: str, by: str, over: str) -> pl.Expr:
    """A document's sum, shared among its lines as they stand by what each is worth, so that they sum to it."""
    so_far = pl.col(by).cum_sum().over(over)
    parts = pl.col(by).sum().over(over)

    def until(reached: pl.Expr) -> pl.Expr:
        return (pl.col(whole) * reached * 2 + parts) // (2 * parts)

    return until(so_far) - until(so_far - pl.col(by))
