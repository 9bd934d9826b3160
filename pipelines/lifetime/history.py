"""What a model knows of a customer: how often he bought again, when last, since when we know him, and for how much."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class History:
    """One place per customer. Times are weeks since the first purchase."""

    customers: list[str]
    repeats: np.ndarray
    last: np.ndarray
    age: np.ndarray
    value: np.ndarray

    @property
    def repeat_customers(self) -> int:
        return int((self.repeats > 0).sum())


def history(purchases: pl.DataFrame, until: date, value: str = "value_amount") -> History:
    """Customers by key. A day with several invoices is one purchase; the first purchase is nobody's repeat.

    The value is the mean of the repeat purchases whose value is known, not a number where there is none.
    """
    known = purchases.select("customer_key", "purchase_date", worth=pl.col(value).cast(pl.Float64))
    repeated = pl.col("purchase_date") > pl.col("purchase_date").min().over("customer_key")
    rows = (
        known.sort("customer_key", "purchase_date")
        .with_columns(repeat_worth=pl.when(repeated).then("worth"))
        .group_by("customer_key", maintain_order=True)
        .agg(
            repeats=pl.len() - 1,
            first=pl.col("purchase_date").first(),
            last=pl.col("purchase_date").last(),
            value=pl.col("repeat_worth").mean(),
        )
    )
    return History(
        rows["customer_key"].to_list(),
        rows["repeats"].cast(pl.Float64).to_numpy(),
        _weeks(rows["last"] - rows["first"]),
        _weeks(pl.select(pl.lit(until) - rows["first"]).to_series()),
        rows["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
    )


def _weeks(time: pl.Series) -> np.ndarray:
    return time.dt.total_days().cast(pl.Float64).to_numpy() / DAYS_A_WEEK
