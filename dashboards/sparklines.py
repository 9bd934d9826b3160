"""The last twelve whole months of a figure, small inside its tile: the same measure, the same filters."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards import facts, periods, warehouse
from dashboards.periods import Period
from dashboards.warehouse import Column, Filter, Month

MONTHS = 12
# Fewer say nothing about the way a figure goes.
LEAST = 3


@dataclass(frozen=True)
class Asked:
    """Whose months: a measure, the day it is counted by, everything else it is narrowed by, and which months."""

    measure: str
    column: Column
    filters: tuple[Filter, ...]
    months: Period


def asked(name: str, now: list[Filter]) -> Asked | None:
    """What a tile's filters ask for, if they name a period: a figure that stands on a day has no months."""
    starts = {item.column: item for item in now if item.operator == ">=" and isinstance(item.value, date)}
    ends = [item for item in now if item.operator == "<=" and isinstance(item.value, date) and item.column in starts]
    if len(ends) != 1:
        return None
    column = ends[0].column
    rest = tuple(item for item in now if item not in (starts[column], ends[0]))
    return Asked(name, column, rest, months(ends[0].value))


def months(until: date) -> Period:
    """The last whole months on or before a day; the month of the data is not over."""
    this = min(until, facts.as_of())
    is_over = until < facts.as_of() and until == periods.month_end(until)
    last = this.replace(day=1) if is_over else periods.shifted(this.replace(day=1), -1)
    return Period(periods.shifted(last, 1 - MONTHS), periods.month_end(last))


def answered(questions: list[Asked]) -> dict[str, list[float]]:
    """The months of each measure, oldest first; none where one of them has no figure. Alike questions are one."""
    together: dict[tuple, list[str]] = {}
    for one in questions:
        together.setdefault((one.column, one.filters, one.months), []).append(one.measure)
    found = {}
    for (column, filters, span), names in together.items():
        within = [Filter(column, ">=", span.start), Filter(column, "<=", span.end)]
        # A mart by months has the first day of each already.
        month = column if column == "month" else Month(column)
        frame = warehouse.measure(names, {"month": month}, [*filters, *within])
        every = [periods.shifted(span.start, at) for at in range(MONTHS)]
        for name in names:
            of_month = dict(zip(frame["month"], frame[name].cast(pl.Float64), strict=True))
            values = [of_month.get(month) for month in every]
            # Months before the first one known are before the firm's data began.
            known = values[next((at for at, value in enumerate(values) if value is not None), MONTHS) :]
            if len(known) >= LEAST and None not in known:
                found[name] = known
    return found
