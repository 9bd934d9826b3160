"""Figures and rows by name. Formulas live in `marts.measures`, and only here and in `statements` do they become SQL."""

from collections.abc import Sequence
from functools import lru_cache, reduce

import polars as pl

from dashboards import generation, summaries
from dashboards.statements import (
    STOPPED,
    Band,
    Column,
    Filter,
    First,
    Keys,
    Month,
    NotPublished,
    Told,
    Unknown,
    Week,
    columns,
    conditions,
    expression,
    formula,
    groups,
    query,
    quoted,
    select,
    sorted_once,
)

# What a page asks with comes from the same place as what it asks for.
__all__ = [
    "STOPPED", "Band", "Column", "Filter", "First", "Keys", "Month", "NotPublished", "Told", "Unknown", "Week",
    "columns", "conditions", "expression", "formula", "query",
]  # fmt: skip


def catalogue() -> dict[str, dict]:
    """Every measure, by name: its words, its formula, its unit."""
    return _catalogue(generation.current())


@lru_cache(maxsize=4)
def _catalogue(_generation: str | None) -> dict[str, dict]:
    """Read once a generation: a page asks some hundred times."""
    return {row["measure"]: row for row in query("select * from marts.measures").iter_rows(named=True)}  # open to all


def measure(
    names: str | Sequence[str],
    by: dict[str, Column] | None = None,
    filters: Sequence[Filter] = (),
    ordered=True,
    rests_on: str | None = None,
):
    """One column per measure, one row per group: medians and ratios are made after filtering.

    `by` names each grouping and the column it is made of. Without it there is one row. Who puts many groups into an
    order of their own takes them as they come. `rests_on` names a column for how many rows a group is made of: for
    measures that all count the same ones.
    """
    names, by = [names] if isinstance(names, str) else list(names), by or {}
    together: dict[tuple, list[str]] = {}
    for name in names:
        found = catalogue().get(name)
        if found is None:
            raise Unknown(name)
        together.setdefault((found["mart"], found.get("filter") or ""), []).append(name)
    answers = [_measured(mart, own, alike, by, filters, rests_on) for (mart, own), alike in together.items()]
    if not by:
        # Put together without a query: a tile asks for one value, and a page has many.
        values = {column.name: column for each in answers for column in each}
        return pl.DataFrame([values[name] for name in names])
    whole = reduce(lambda left, right: _joined(left, right, list(by)), answers)
    whole = whole[[*by, *names, *([rests_on] if rests_on else [])]]
    return whole.sort(list(by)) if ordered else whole


def figure(name: str, filters: Sequence[Filter] = (), among: Sequence[str] = ()):
    """A measure as one value. Those that it is `among` are asked of the same rows: one statement answers all."""
    return measure(tuple(among) if name in among else name, filters=filters)[name].item()


def rows(
    mart: str,
    filters: Sequence[Filter] = (),
    order: str | None = None,
    limit: int = 500,
    descending=True,
    names: Sequence[str] = (),
):
    """Rows of a mart, for the way down to documents; the first column, its key, decides between equals.

    Of a wide mart a page `names` the columns it shows: each one more is read from the file.
    """
    what, tail = ", ".join(quoted(mart, name) for name in names) or "*", "limit ?"
    if order is not None:
        key, direction = next(iter(columns(mart))), "desc" if descending else "asc"
        tail = f"order by {quoted(mart, order)} {direction} nulls last, {quoted(mart, key)} limit ?"
    return select(what, mart, filters, tail, limit)


def count(mart: str, filters: Sequence[Filter] = ()) -> int:
    return select("count(*) as counted", mart, filters).item()


def counted(mart: str, by: dict[str, Column], filters: Sequence[Filter] = ()) -> pl.DataFrame:
    """How many rows there are of each kind; what a distribution is drawn from."""
    return select(f"{groups(mart, by)}count(*) as counted", mart, filters, "group by all", order=tuple(by))


def summed(
    mart: str, names: str | Sequence[str], by: dict[str, Column], filters: Sequence[Filter] = ()
) -> pl.DataFrame:
    """Plain sums by a grouping that no measure has, each under its column's own name."""
    names = [names] if isinstance(names, str) else names
    mart, filters = summaries.smaller(mart, names, by.values(), filters)
    named = [quoted(mart, name) for name in names]
    sums = ", ".join(f"sum({name}) as {name}" for name in named)
    return select(groups(mart, by) + sums, mart, filters, "group by all", order=tuple(by))


def latest(mart: str, key: str, day: str, filters: Sequence[Filter] = ()) -> pl.DataFrame:
    """The last row of each key."""
    one, last = quoted(mart, key), quoted(mart, day)
    tail = f"qualify row_number() over (partition by {one} order by {last} desc) = 1 order by {one}"
    return select("*", mart, filters, tail)


def earliest(mart: str, *names: str):
    """The first day that any of some columns knows."""
    firsts = ", ".join(f"min({quoted(mart, name)})" for name in names)
    return select(f"least({firsts}) as first", mart).item()


def choices(mart: str, column: str) -> list[str]:
    """What a filter can be set to."""
    known = [Filter(column, "is not null")]
    found = select(f"distinct {quoted(mart, column)} as choice", mart, known, "order by 1 limit 1000")
    return found["choice"].to_list()


def _joined(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return left.join(right, on=on, how="full", coalesce=True, nulls_equal=True)


def _measured(
    mart: str, own: str, names: list[str], by: dict[str, Column], filters: Sequence[Filter], rests_on: str | None
) -> pl.DataFrame:
    """Measures of one mart that count the same rows, in one statement."""
    counted_ones = f"and ({own})" if own else ""
    grouped = "group by all" if by else ""
    told = ", ".join(f'{formula(catalogue()[name])} as "{name}"' for name in names)
    told += f', count(*) as "{rests_on}"' if rests_on else ""
    return select(f"{groups(mart, by)}{sorted_once(told)}", mart, filters, f"{counted_ones} {grouped}")
