"""The parameters of a quarter, and how well the same method would have foretold the last year."""

from datetime import date

import polars as pl

from pipelines.lifetime import frequency, value
from pipelines.lifetime.history import DAYS_A_WEEK, History, history

PARAMETERS = ("r", "alpha", "a", "b", "p", "q", "v")
SCHEMA = {
    "fitted_until_date": pl.Date,
    "customers_counted": pl.Int64,
    "repeat_customers_counted": pl.Int64,
    **dict.fromkeys(PARAMETERS, pl.Float64),
    "holdout_customers_counted": pl.Int64,
    "holdout_purchases_counted": pl.Int64,
    "holdout_purchases_expected": pl.Float64,
    "holdout_difference": pl.Float64,
}


def parameters(purchases: pl.DataFrame, conditions: pl.DataFrame, remembered: pl.DataFrame) -> pl.DataFrame:
    """One row: the quarter's, if it was fitted before; none, where too few customers bought again."""
    [known] = conditions.iter_rows(named=True)
    until, enough = known["fitted_until_date"], known["minimum_repeat_customers"]
    ours = remembered.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    ours = ours.filter(fitted_until_date=until).head(1)
    if ours.height:
        return ours
    earlier = purchases.filter(pl.col("purchase_date") < until)
    past = history(earlier, until, value="value_before_quarter_amount")
    if enough is None or past.repeat_customers < enough or not (past.value > 0).any():
        return pl.DataFrame(schema=SCHEMA)
    row = {"fitted_until_date": until, "customers_counted": len(past.customers)}
    row |= {"repeat_customers_counted": past.repeat_customers}
    row |= vars(frequency.fitted(past.repeats, past.last, past.age)) | vars(value.fitted(past.repeats, past.value))
    return pl.DataFrame([row | backtest(earlier, until, enough)], schema=SCHEMA)


def backtest(purchases: pl.DataFrame, until: date, enough: float) -> dict:
    """Fitted on what was known a year earlier: purchases foretold for that year, and those that came."""
    cut = until.replace(year=until.year - 1)
    past = history(purchases.filter(pl.col("purchase_date") < cut), cut)
    if past.repeat_customers < enough:
        return {}
    model = frequency.fitted(past.repeats, past.last, past.age)
    weeks = (until - cut).days / DAYS_A_WEEK
    foretold = model.expected(weeks, past.repeats, past.last, past.age)
    came = _purchases_since(purchases, cut, past)
    return {
        "holdout_customers_counted": len(past.customers),
        "holdout_purchases_counted": int(came.sum()),
        "holdout_purchases_expected": round(float(foretold.sum()), 6),
        "holdout_difference": round(float(abs(foretold - came.to_numpy()).sum()), 6),
    }


def _purchases_since(purchases: pl.DataFrame, cut: date, past: History) -> pl.Series:
    later = purchases.filter(pl.col("purchase_date") >= cut).group_by("customer_key").len()
    found = pl.DataFrame({"customer_key": past.customers}).join(
        later, on="customer_key", how="left", maintain_order="left"
    )
    return found["len"].fill_null(0)
