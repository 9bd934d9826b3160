"""What started in a month, and how much of it had become cash so many months later."""

from datetime import date
from decimal import Decimal

import polars as pl

from dashboards import facts, warehouse
from dashboards.ladders import BEGAN, from_the_start
from dashboards.warehouse import Filter, Month

CASH = "funnel_cash"
# After a year the way to cash is over for nearly all; what comes later is in the last column, the one to date.
LAST = 12
TO_DATE = "to_date"
# What is divided, and by what: money by the value won, deals that brought money by all that was started.
PARTS = {"money": ("cohort_cash", "won_amount"), "count": ("cohort_first_cash", "things_started")}


def grid(unit: str, filters: list[Filter]) -> pl.DataFrame:
    """One row per month of the start: its base, the share that was cash after 0, 1, 2 … full months, and to date.

    A month that is not over yet has no share: the cell is empty, not low.
    """
    part, whole = PARTS[unit]
    bases = [*from_the_start(filters), Filter(BEGAN, "is not null")]
    base = warehouse.measure(whole, {"month": Month(BEGAN)}, bases).rename({whole: "base"})
    base = base.filter(pl.col("base") > 0).sort("month")
    came = warehouse.measure(part, {"month": "started_month", "since": "months_since"}, filters).rename({part: "part"})
    today = facts.as_of()
    known: dict[date, dict[int | None, Decimal]] = {}
    for month, since, part in came.drop_nulls("part").select("month", "since", "part").iter_rows():
        known.setdefault(month, {})[since] = part
    rows = [_row(row["month"], row["base"], known.get(row["month"], {}), today) for row in base.iter_rows(named=True)]
    names = ["month", "base", *map(str, range(LAST + 1)), TO_DATE]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def after(frame: pl.DataFrame, months: int) -> tuple[float, int] | None:
    """The share of all cohorts that are old enough together, and how many they are."""
    old = frame.filter(pl.col(str(months)).is_not_null()).with_columns(pl.col("base").cast(pl.Float64))
    if old.is_empty():
        return None
    return (old[str(months)] * old["base"]).sum() / old["base"].sum(), old.height


def filters_of(month: date, until: str | None) -> tuple[list[Filter], list[Filter]]:
    """What a cell stands for: what was started in the month, and of its money that which had come by then."""
    started = [Filter(Month(BEGAN), "=", month)]
    came = [Filter("started_month", "=", month)]
    if until is not None and until.isdigit():
        came.append(Filter("months_since", "<=", int(until)))
    return started, came


def _row(month: date, base, came: dict[int | None, Decimal], today: date) -> list:
    """`came` is what became cash after so many months, or after nobody knows how many."""
    passed = (today.year - month.year) * 12 + today.month - month.month
    so_far = (
        sum(part for since, part in came.items() if since is not None and since <= until) for until in range(LAST + 1)
    )
    shares = [float(part / base) if since < passed else None for since, part in enumerate(so_far)]
    return [month, base, *shares, float(sum(came.values()) / base)]
