"""Conditions over a table, which SOQL and OData filters share: a tree that answers with a column of booleans."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipelines.sandbox.tables import Table

OPERATORS: dict[str, Callable[[pl.Series, Any], pl.Series]] = {
    "=": lambda values, value: values.eq_missing(value),
    "!=": lambda values, value: values.ne_missing(value),
    ">": lambda values, value: (values > value).fill_null(False),
    ">=": lambda values, value: (values >= value).fill_null(False),
    "<": lambda values, value: (values < value).fill_null(False),
    "<=": lambda values, value: (values <= value).fill_null(False),
}


class WrongType(Exception):
    """A literal that does not fit its field: (field, kind of the field, literal)."""


@dataclass(frozen=True)
class Literal:
    kind: str  # text, timestamp, date, guid, number, bool, null
    value: Any
    text: str  # as it was written


def moment(text: str) -> datetime:
    """A vendor's timestamp in UTC, the zone the tables compare in."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Condition:
    fields: frozenset[str]
    holds: Callable[[Table], pl.Series] = field(compare=False)


def compare(name: str, operator: str, literal: Literal) -> Condition:
    def holds(table: Table) -> pl.Series:
        values = fitting(table, name, literal)
        if literal.kind == "null":
            return values.is_null() if operator == "=" else values.is_not_null()
        if table.kinds[name] == "unknown":
            return pl.repeat(operator == "!=", len(values), dtype=pl.Boolean, eager=True)
        return OPERATORS[operator](values, literal.value)

    return Condition(frozenset([name]), holds)


def among(name: str, literals: list[Literal], wanted: bool = True) -> Condition:
    def holds(table: Table) -> pl.Series:
        for literal in literals:
            values = fitting(table, name, literal)
        found = values.is_in([literal.value for literal in literals]).fill_null(False)
        return found if wanted else ~found

    return Condition(frozenset([name]), holds)


def matching(name: str, pattern: str) -> Condition:
    """The field's text matches a regular expression."""
    return Condition(frozenset([name]), lambda table: table.comparable(name).str.contains(pattern).fill_null(False))


def both(left: Condition, right: Condition) -> Condition:
    return Condition(left.fields | right.fields, lambda table: left.holds(table) & right.holds(table))


def either(left: Condition, right: Condition) -> Condition:
    return Condition(left.fields | right.fields, lambda table: left.holds(table) | right.holds(table))


def opposite(condition: Condition) -> Condition:
    return Condition(condition.fields, lambda table: ~condition.holds(table))


def fitting(table: Table, name: str, literal: Literal) -> pl.Series:
    kind = table.kinds[name]
    fits = {kind, "text"} if literal.kind == "guid" else {kind}
    if literal.kind != "null" and kind != "unknown" and literal.kind not in fits:
        raise WrongType(name, kind, literal)
    return table.comparable(name)
