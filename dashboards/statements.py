"""How a question becomes a statement: names are checked against the warehouse, and every value is a parameter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import duckdb
import polars as pl

from dashboards import access, generation, money

COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}

# More values than these are one parameter: five hundred of them take longer to bind than to look up.
SOME = 20
# The middle and the slow end of a column, as the marts write them.
MEDIAN = re.compile(r"median\((\w+)\)")
P90 = "percentile_cont(0.9) within group (order by {})"

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
    """A condition on a column: a comparison with a value, `in` a sequence or `Keys`, `is null` or `is not null`.

    `> or null` is what stands on a day: it ended later, or not yet.
    """

    column: Column
    operator: str
    value: object = None


@dataclass(frozen=True)
class Keys:
    """A column of those rows of another table that fulfil conditions: what `in` compares with."""

    mart: str
    column: Column
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Told:
    """The keys of those whose rows of another table, in an order, tell this one after the other."""

    mart: str
    key: str
    column: str
    order: tuple[str, ...]
    path: str


def query(statement: str, parameters: Sequence = (), order: tuple[str, ...] = ()) -> pl.DataFrame:
    name = generation.current()
    if name is None:
        raise NotPublished
    try:
        return generation.answer(name, statement, tuple(parameters), order)
    except duckdb.IOException as error:
        # The generation was dropped between naming and opening it: there are newer ones by now.
        if generation.newest() == name:
            raise
        if generation.current() == name:
            raise generation.Dropped from error
        return query(statement, parameters, order)


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
            values = tuple(item.value)
            if len(values) > SOME:
                parts.append(f"{name} in (select unnest(?))")
                parameters.append(values)
            else:
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
            day = expression(mart, name)
            if isinstance(name, First):
                return f"cast(date_trunc('month', {day}) as date)"
            # The same, and sooner, where the day is not worked out itself.
            return f"(cast({day} as date) - cast(day({day}) - 1 as integer))"
        case Week(name):
            return f"cast(date_trunc('week', {quoted(mart, name)}) as date)"
        case First(names):
            return f"coalesce({', '.join(quoted(mart, name) for name in names)})"
        case Band(name, edges):
            passed = (f"case when {quoted(mart, name)} >= {int(edge)} then 1 else 0 end" for edge in edges)
            return f"({' + '.join(passed)})"
        case _:
            return quoted(mart, column)


def _keys(keys: Keys | Told) -> tuple[str, list]:
    source, rights = table(keys.mart)
    if isinstance(keys, Told):
        key, ordered = quoted(keys.mart, keys.key), ", ".join(quoted(keys.mart, name) for name in keys.order)
        told = f"string_agg({quoted(keys.mart, keys.column)}, ' > ' order by {ordered}) = ?"
        parts = ("(select", key, "from", source, "group by 1 having", told)
        return " ".join(parts) + ")", [*rights, keys.path]
    where, parameters = conditions(keys.mart, keys.filters)
    parts = ("(select", expression(keys.mart, keys.column), "from", source, "where", where)
    return " ".join(parts) + ")", [*rights, *parameters]


def select(what: str, mart: str, filters: Sequence[Filter] = (), tail: str = "", *more, order=()) -> pl.DataFrame:
    """The one place where a statement is put together: names were checked against the warehouse, values stay apart.

    What the reader may not see is gone before anything is filtered or counted; the rights are part of the statement,
    so an answer kept for one reader is never another's.
    """
    source, rights = table(mart)
    where, parameters = conditions(mart, filters)
    return query(" ".join(("select", what, "from", source, "where", where, tail)), [*rights, *parameters, *more], order)


def groups(mart: str, by: dict[str, Column]) -> str:
    return "".join(f'{expression(mart, column)} as "{label}", ' for label, column in by.items())


def formula(found: dict) -> str:
    """A ratio is divided after it was summed, and a ratio of nothing is nothing."""
    if found.get("expression"):
        return f"({found['expression']})"
    return f"(({found['numerator']}) / nullif({found['denominator']}, 0))"


def sorted_once(told: str) -> str:
    """The same figures, where the middle and the slow end of a column are read off one list of its values."""
    for column in set(MEDIAN.findall(told)):
        if P90.format(column) in told:
            both = f"quantile_cont({column}, [0.5, 0.9])"
            told = told.replace(f"median({column})", f"{both}[1]").replace(P90.format(column), f"{both}[2]")
    return told


def table(mart: str) -> tuple[str, list]:
    """What stands for a table: what its reader may see of it, in the currency the reader chose."""
    name, known = mart if "." in mart else f"marts.{mart}", columns(mart)
    replaced, rates = money.exchanged(name, known)
    source, rights = access.narrowed(name, known, access.reader(), replaced)
    return source, [*rates, *rights]


def quoted(mart: str, column: str) -> str:
    if column not in columns(mart):
        raise Unknown(f"{mart}.{column}")
    return f'"{column}"'
