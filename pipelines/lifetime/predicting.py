"""What is expected of each customer from the day of the figures on."""

import polars as pl

from pipelines.lifetime.frequency import Frequency
from pipelines.lifetime.history import history
from pipelines.lifetime.value import Value

WEEKS_A_MONTH = 365.25 / 12 / 7
MONTHS_A_YEAR = 12
SCHEMA = {
    "customer_key": pl.String,
    "probability_alive": pl.Float64,
    "purchases_expected_in_a_year": pl.Float64,
    "purchases_discounted": pl.Float64,
    "purchase_value_amount": pl.Float64,
}


def predictions(purchases: pl.DataFrame, conditions: pl.DataFrame, parameters: pl.DataFrame) -> pl.DataFrame:
    """One row per customer who ever bought; none where nothing could be fitted.

    Purchases of a month to come are discounted by the months until its end.
    """
    fitted = parameters.row(0, named=True) if parameters.height else None
    if fitted is None or purchases.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    [known] = conditions.iter_rows(named=True)
    past = history(purchases, known["as_of_date"])
    seen = (past.repeats, past.last, past.age)
    frequency = Frequency(*(fitted[name] for name in ("r", "alpha", "a", "b")))
    factor = (1 + float(known["discount_rate"])) ** (-1 / MONTHS_A_YEAR)
    before = discounted = 0.0
    for month in range(1, int(known["horizon_months"]) + 1):
        until = frequency.expected(month * WEEKS_A_MONTH, *seen)
        discounted = discounted + (until - before) * factor**month
        before = until
    rows = {
        "customer_key": past.customers,
        "probability_alive": frequency.alive(*seen),
        "purchases_expected_in_a_year": frequency.expected(MONTHS_A_YEAR * WEEKS_A_MONTH, *seen),
        "purchases_discounted": discounted,
        "purchase_value_amount": Value(*(fitted[name] for name in "pqv")).expected(past.repeats, past.value),
    }
    return pl.DataFrame(rows, schema=SCHEMA)
