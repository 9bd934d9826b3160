"""Sums by month of a long mart: what is asked of whole months they answer with a row for a thousand lines."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from dashboards import access, periods
from dashboards.statements import Filter, Unknown, columns, quoted, select

SUMS = {"profitability_lines": "profitability_sums"}
DAY, MONTH = "posted_date", "posted_month"


def smaller(mart: str, summed: Sequence[str], by: Iterable, filters: Sequence[Filter]) -> tuple[str, Sequence[Filter]]:
    """Where to sum from, and the conditions there.

    That is the mart itself where the sums do not tell: of days within a month, of customers and documents, and so for
    readers who see those of some customers only.
    """
    if mart not in SUMS or not access.reader().sees_all:
        return mart, filters
    try:
        known = columns(SUMS[mart])
    except Unknown:
        # Published before there were any.
        return mart, filters
    months = [replace(each, column=MONTH) if _is_whole(mart, each) else each for each in filters]
    groups = {name for name, kind in known.items() if not kind.startswith("DECIMAL")}
    is_told = all(each.column in groups or _divides(each, known) for each in months)
    return (SUMS[mart], months) if is_told and set(by) <= groups and set(summed) <= known.keys() else (mart, filters)


def _divides(asked: Filter, known: dict[str, str]) -> bool:
    """Whether lines that fulfil the condition and lines that do not are summed apart."""
    flag = f"has_{str(asked.column).removesuffix('_amount')}"
    return asked.operator in ("is null", "is not null") and asked.column in known and flag in known


def _is_whole(mart: str, asked: Filter) -> bool:
    """Whether a condition on the day takes months as a whole; the last one ends with the newest day there is."""
    if asked.column != DAY or not isinstance(asked.value, date):
        return False
    if asked.operator == ">=":
        return asked.value.day == 1
    return asked.operator == "<=" and (asked.value == periods.month_end(asked.value) or asked.value >= _newest(mart))


def _newest(mart: str) -> date:
    return select(f"coalesce(max({quoted(mart, DAY)}), date '0001-01-01') as newest", mart).item()
