"""Figures and rows by name. Formulas live in `marts.measures`, and only here do they become SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

import duckdb
import polars as pl

from dashboards import access, generation

COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}


# What a limit of time or memory does to a question.
STOPPED = (duckdb.InterruptException, duckdb.OutOfMemoryException)


class NotPublished(Exception):
    """There is no warehouse to read yet."""


class Unknown(ValueError):
    """A mart, column, measure or comparison that the warehouse does not have."""


@dataclass(frozen=True)
class Month:
    """The first day of the month in which a date falls."""

    column: "str | First"


@dataclass(frozen=True)
class Week:
    """The Monday of the week in which a date falls."""

    column: str


@dataclass(frozen=True)
class First:
    """The first of several columns that is not empty."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """A number sorted into bands, named by their position; each edge opens the next band."""

    column: str
    edges: tuple[int, ...]


Column = str | Month | Week | First | Band


@dataclass(frozen=True)
class Filter:
    """A condition on a column: a comparison with a value, `in` a sequence, `is null` or `is not null`.

    `> or null` is what stands on a day: it ended later, or not yet.
    """

    column: Column
    operator: str
    value: object = None


@dataclass(frozen=True)
class Keys:
    """A column of those rows of another table that fulfil conditions: what `in` compares with."""

    mart: str
    column: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Told:
    """The keys of those whose rows of another table, in an order, tell this one after the other."""

    mart: str
    key: str
    column: str
    order: tuple[str, ...]
    path: str


def query(statement: str, parameters: Sequence = ()) -> pl.DataFrame:
    name = generation.current()
    if name is None:
        raise NotPublished
    try:
        return generation.answer(name, statement, tuple(parameters))
    except duckdb.IOException as error:
        # The generation was dropped between naming and opening it: there are newer ones by now.
        if generation.newest() == name:
            raise
        if generation.current() == name:
            raise generation.Dropped from error
        return query(statement, parameters)


def columns(mart: str) -> dict[str, str]:
    """Columns and types of a published table."""
    return _columns(generation.current(), mart)


@lru_cache(maxsize=64)
def _columns(_generation: str | None, mart: str) -> dict[str, str]:
    schema, _, table = mart.rpartition(".")
    found = query(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = ? and table_name = ? order by ordinal_position",
        (schema or "marts", table),
    )
    if found.is_empty():
        raise Unknown(mart)
    return dict(found.iter_rows())


def catalogue() -> dict[str, dict]:
    """Every measure, by name: its words, its formula, its unit."""
    return _catalogue(generation.current())


@lru_cache(maxsize=4)
def _catalogue(_generation: str | None) -> dict[str, dict]:
    """Read once a generation: a page asks some hundred times."""
    return {row["measure"]: row for row in query("select * from marts.measures").iter_rows(named=True)}  # open to all


def measure(names: str | Sequence[str], by: dict[str, Column] | None = None, filters: Sequence[Filter] = ()):
    """One column per measure, one row per group: medians and ratios are made after filtering.

    `by` names each grouping and the column it is made of. Without it there is one row.
    """
    names, by = [names] if isinstance(names, str) else list(names), by or {}
    # Measures of the same rows are asked for in one statement.
    of_rows: dict[tuple, list[str]] = {}
    for name in names:
        found = _defined(name)
        of_rows.setdefault((found["mart"], found.get("filter")), []).append(name)
    answers = [_measured(those, by, filters) for those in of_rows.values()]
    if not by:
        return pl.concat(answers, how="horizontal").select(names)
    joined = reduce(lambda left, right: _joined(left, right, list(by)), answers)
    return joined.select(*by, *names).sort(list(by))


def figure(name: str, filters: Sequence[Filter] = ()):
    """A measure as one value."""
    return measure(name, filters=filters).item()


def rows(mart: str, filters: Sequence[Filter] = (), order: str | None = None, limit: int = 500, descending=True):
    """Rows of a mart, for the way down to documents; the first column, its key, decides between equals."""
    tail = "limit ?"
    if order is not None:
        key, direction = next(iter(columns(mart))), "desc" if descending else "asc"
        tail = f"order by {_quoted(mart, order)} {direction} nulls last, {_quoted(mart, key)} limit ?"
    return _select("*", mart, filters, tail, limit)


def count(mart: str, filters: Sequence[Filter] = ()) -> int:
    return _select("count(*) as counted", mart, filters).item()


def counted(mart: str, by: dict[str, Column], filters: Sequence[Filter] = ()) -> pl.DataFrame:
    """How many rows there are of each kind; what a distribution is drawn from."""
    return _select(f"{_groups(mart, by)}count(*) as counted", mart, filters, "group by all order by all")


def summed(
    mart: str, names: str | Sequence[str], by: dict[str, Column], filters: Sequence[Filter] = ()
) -> pl.DataFrame:
    """Plain sums by a grouping that no measure has, each under its column's own name."""
    quoted = [_quoted(mart, name) for name in ([names] if isinstance(names, str) else names)]
    sums = ", ".join(f"sum({name}) as {name}" for name in quoted)
    return _select(_groups(mart, by) + sums, mart, filters, "group by all order by all")


def earliest(mart: str, *names: str):
    """The first day that any of some columns knows."""
    firsts = ", ".join(f"min({_quoted(mart, name)})" for name in names)
    return _select(f"least({firsts}) as first", mart).item()


def choices(mart: str, column: str) -> list[str]:
    """What a filter can be set to."""
    known = [Filter(column, "is not null")]
    found = _select(f"distinct {_quoted(mart, column)} as choice", mart, known, "order by 1 limit 1000")
    return found["choice"].to_list()


def conditions(mart: str, filters: Sequence[Filter]) -> tuple[str, list]:
    """A where clause in which every value is a parameter and every name is a column of the mart."""
    parts, parameters = ["true"], []
    for item in filters:
        name = expression(mart, item.column)
        if item.operator in COMPARISONS:
            parts.append(f"{name} {item.operator} ?")
            parameters.append(item.value)
        elif item.operator == "> or null":
            parts.append(f"({name} > ? or {name} is null)")
            parameters.append(item.value)
        elif item.operator == "in" and isinstance(item.value, Keys | Told):
            found, more = _keys(item.value)
            parts.append(f"{name} in {found}")
            parameters.extend(more)
        elif item.operator == "in":
            values = list(item.value)
            parts.append(f"{name} in ({', '.join('?' * len(values))})" if values else "false")
            parameters.extend(values)
        elif item.operator in ("is null", "is not null"):
            parts.append(f"{name} {item.operator}")
        else:
            raise Unknown(item.operator)
    return " and ".join(parts), parameters


def expression(mart: str, column: Column) -> str:
    match column:
        case Month(name):
            return f"cast(date_trunc('month', {expression(mart, name)}) as date)"
        case Week(name):
            return f"cast(date_trunc('week', {_quoted(mart, name)}) as date)"
        case First(names):
            return f"coalesce({', '.join(_quoted(mart, name) for name in names)})"
        case Band(name, edges):
            passed = (f"case when {_quoted(mart, name)} >= {int(edge)} then 1 else 0 end" for edge in edges)
            return f"({' + '.join(passed)})"
        case _:
            return _quoted(mart, column)


def _keys(keys: Keys | Told) -> tuple[str, list]:
    table, rights = _table(keys.mart)
    if isinstance(keys, Told):
        key, ordered = _quoted(keys.mart, keys.key), ", ".join(_quoted(keys.mart, name) for name in keys.order)
        told = f"string_agg({_quoted(keys.mart, keys.column)}, ' > ' order by {ordered}) = ?"
        parts = ("(select", key, "from", table, "group by 1 having", told)
        return " ".join(parts) + ")", [*rights, keys.path]
    where, parameters = conditions(keys.mart, keys.filters)
    parts = ("(select", _quoted(keys.mart, keys.column), "from", table, "where", where)
    return " ".join(parts) + ")", [*rights, *parameters]


def _joined(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return left.join(right, on=on, how="full", coalesce=True, nulls_equal=True)


def _defined(name: str) -> dict:
    found = catalogue().get(name)
    if found is None:
        raise Unknown(name)
    return found


def _measured(names: list[str], by: dict[str, Column], filters: Sequence[Filter]) -> pl.DataFrame:
    """Measures of one mart that count the same of its rows."""
    mart, own = _defined(names[0])["mart"], _defined(names[0]).get("filter")
    formulas = ", ".join(f'{formula(_defined(name))} as "{name}"' for name in names)
    tail = f"{f'and ({own})' if own else ''} {'group by all' if by else ''}"
    return _select(_groups(mart, by) + formulas, mart, filters, tail)


def _select(what: str, mart: str, filters: Sequence[Filter] = (), tail: str = "", *more) -> pl.DataFrame:
    """The one place where a statement is put together: names were checked against the warehouse, values stay apart.

    What the reader may not see is gone before anything is filtered or counted; the rights are part of the statement,
    so an answer kept for one reader is never another's.
    """
    table, rights = _table(mart)
    where, parameters = conditions(mart, filters)
    return query(" ".join(("select", what, "from", table, "where", where, tail)), [*rights, *parameters, *more])


def _groups(mart: str, by: dict[str, Column]) -> str:
    return "".join(f'{expression(mart, column)} as "{label}", ' for label, column in by.items())


def formula(found: dict) -> str:
    """A ratio is divided after it was summed, and a ratio of nothing is nothing."""
    if found.get("expression"):
        return f"({found['expression']})"
    return f"(({found['numerator']}) / nullif({found['denominator']}, 0))"


def _table(mart: str) -> tuple[str, list[str]]:
    known = columns(mart)
    return access.narrowed(mart if "." in mart else f"marts.{mart}", known, access.reader())


def _quoted(mart: str, column: str) -> str:
    if column not in columns(mart):
        raise Unknown(f"{mart}.{column}")
    return f'"{column}"'
