"""The forecast of today as rows: each figure, week and month, by component and in all, with its interval."""

import polars as pl

from pipelines.forecasting import intervals, outlook, periods, standing, working_days

SCHEMA = {
    "figure": pl.String, "grain": pl.String, "component": pl.String, "periods_ahead": pl.Int64, "amount": pl.Float64,
    "low_amount": pl.Float64, "high_amount": pl.Float64, "naive_amount": pl.Float64, "errors_counted": pl.Int64,
    "period_start": pl.Date, "period_end": pl.Date,
}  # fmt: skip
# What has come of these is never taken back: the period ends with no less.
KEPT = ("won",)


def forecast(
    days: pl.DataFrame, events: pl.DataFrame, passes: pl.DataFrame, deals: pl.DataFrame, firm: pl.DataFrame,
    exceptions: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    as_of, country, minimum, part = standing.as_of_day(firm)
    history = outlook.history(days, events, standing.numbered(passes, deals, minimum), as_of, country, exceptions)
    components, errors = outlook.at(history, as_of), intervals.errors(history)
    rows = []
    for expected in intervals.expected(history, as_of):
        rows += _rows(history, expected, components[expected.figure], intervals.bounds(errors, expected, part), errors)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(
        "figure", "grain", "period_start", "component", descending=[False, True, False, False]
    )


def _rows(history, expected: intervals.Expected, components: dict, bounds, errors: dict) -> list[dict]:
    period = expected.period
    known = history.days.get(expected.figure)
    so_far = 0.0 if known is None else period.sum(known, history.first)
    row = {
        "figure": expected.figure, "grain": period.grain, "periods_ahead": period.ahead,
        "period_start": working_days.day(period.start), "period_end": working_days.day(period.end),
    }  # fmt: skip
    parts = {name: period.sum(amounts, history.last + 1) for name, amounts in components.items()}
    total = row | {"component": "total", "amount": so_far + expected.rest}
    if bounds:
        low, high, counted = bounds
        if expected.figure in KEPT:
            low, high = max(low, 0.0), max(high, 0.0)
        total |= {"low_amount": so_far + low, "high_amount": so_far + high, "errors_counted": counted}
    else:
        total["errors_counted"] = len(errors.get((expected.figure, period.grain, period.ahead), []))
    before = periods.year_before(period)
    if known is not None and before.start >= history.begin(expected.figure):
        total["naive_amount"] = before.sum(known, history.first)
    return [row | {"component": name, "amount": amount} for name, amount in ({"so_far": so_far} | parts).items()] + [
        total
    ]
