"""Shapes that many small figures make together: who carries a sum and who eats it, how a number is spread."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl


@dataclass(frozen=True)
class Whale:
    """Members from best to worst with what they came to so far, and what can be said about them."""

    curve: pl.DataFrame
    unknown: int

    @property
    def counted(self) -> int:
        return self.curve.height

    # A whale is kept, and each page asks it for the same sums several times.
    @cached_property
    def total(self) -> Decimal:
        return self.curve["amount"].sum()

    @cached_property
    def earners(self) -> int:
        return self.curve.filter(pl.col("amount") > 0).height

    @cached_property
    def peak(self) -> Decimal:
        return max(self.curve["cumulative"].max(), Decimal(0))

    @cached_property
    def zones(self) -> dict[str, tuple[int, Decimal]]:
        """Of each zone how many members it has and what they came to; for members that are in zones."""
        found = self.curve.group_by("zone").agg(pl.len(), pl.sum("amount"))
        return {zone: (counted, amount) for zone, counted, amount in found.iter_rows()}

    def share(self, amount: Decimal) -> float | None:
        """A share of the final sum; of a sum that is not positive there is none."""
        return float(amount / self.total) if self.total > 0 else None


def whale(members: pl.DataFrame) -> Whale:
    """`members` has key, name and amount, the best one first. Who has no amount is counted, not drawn as zero."""
    known = members.filter(pl.col("amount").is_not_null())
    ranked = known.with_columns(rank=pl.int_range(1, known.height + 1), cumulative=pl.col("amount").cum_sum())
    return Whale(ranked, members.height - known.height)


def spread(counted: pl.DataFrame) -> pl.DataFrame:
    """Days and how many took them become days and the share done by then."""
    done = counted.sort("days").with_columns(done=pl.col("counted").cum_sum())
    return done.with_columns(share=pl.col("done") / pl.col("counted").sum())


def within(steps: pl.DataFrame, share: float) -> int:
    """The days within which a share was done."""
    return steps.filter(pl.col("share") >= share)["days"].min()


def binned(steps: pl.DataFrame, bins: int = 24) -> pl.DataFrame:
    """Days and how many took them become bins of whole days, all of one width; the slowest of a hundred share the last.

    `low` and `high` are the first and the last day of a bin; the last one has no `high` where something was gathered.
    """
    last = within(steps, 0.99)
    width = next(width for width in (1, 2, 5, 7, 10, 14, 30, 60, 90, 10**6) if last / width < bins)
    place = (pl.col("days").clip(upper_bound=last) // width).cast(pl.Int64)
    found = steps.with_columns(place=place).group_by("place").agg(pl.sum("counted")).sort("place")
    every = pl.DataFrame({"place": range(min(found["place"].min(), 0), last // width + 1)})
    high = pl.col("place") * width + width - 1
    is_open = (pl.col("place") == last // width) & (high < steps["days"].max())
    return every.join(found, on="place", how="left").select(
        low=pl.col("place") * width,
        high=pl.when(is_open).then(None).otherwise(high),
        counted=pl.col("counted").fill_null(0),
    )
