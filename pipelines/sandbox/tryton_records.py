"""How Tryton finds records by a domain and spells their values.

Frames hold its values by type: decimals, dates and moments become objects of their parts. A column `currency.code` is
the member of the record that the field `currency` leads to.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

SYSTEM = "tryton"
ALL = "AND"
OPERATORS = {
    "=": lambda column, value: column.is_null() if value is None else column == value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "in": lambda column, value: column.is_in(value),
}


class Unknown(Exception):
    """A field or a model that is not there: the server answers with nothing but its name."""


def fits(rows: pl.DataFrame, domain: list[Any], model: str) -> pl.Expr:
    """A domain is a list of clauses and of domains, joined by the word it begins with."""
    joined, clauses = (domain[0], domain[1:]) if domain and domain[0] in ("AND", "OR") else (ALL, domain)
    made = [
        clause(rows, one, model) if isinstance(one[0], str) and one[0] not in ("AND", "OR") else fits(rows, one, model)
        for one in clauses
    ]
    return reduce(or_ if joined == "OR" else and_, made, pl.lit(joined != "OR" or not made))


def clause(rows: pl.DataFrame, told: list[Any], model: str) -> pl.Expr:
    """A way to a related record is followed as far as the frame goes: what it lacks is the firm's one company."""
    field, operator, value = told
    if field not in rows.columns:
        if "." in field or field in ("company", "type"):
            return pl.lit(True)
        raise Unknown(field)
    return OPERATORS[operator](pl.col(field), read(value)).fill_null(False)


def read(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    parts = {name: part for name, part in value.items() if name != "__class__"}
    return {"datetime": datetime, "date": date}[value["__class__"]](**parts)


def as_it_was(rows: pl.DataFrame, history: pl.DataFrame, at: Mapping[str, Any]) -> pl.DataFrame:
    """Records as their last revision until then left them."""
    last = history.filter(pl.col("at") <= read(at)).sort("at").group_by("id").last().select("id", "state")
    return rows.drop("state").join(last, on="id", how="inner")


def spelled(row: Mapping[str, Any], model: str, fields: list[str]) -> dict[str, Any]:
    """The fields asked for, in no order; a record that a field leads to comes with its number and its model."""
    made: dict[str, Any] = {"id": row["id"], "__name__": model}
    for field in fields:
        if field not in row:
            raise Unknown(field.rpartition(".")[2])
        held, _, member = field.partition(".")
        if not member:
            made[held] = value(row[field])
        elif all(row[name] is None for name in row if name.startswith(f"{held}.")):
            made.setdefault(held, None)
        else:
            related = {"id": row.get(f"{held}.id", 1), "__name__": f"model.of.{held}"}
            made[held] = {**related, **(made.get(held) or {}), member: value(row[field])}
    return made


def value(given: Any) -> Any:
    if isinstance(given, datetime):
        parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return {"__class__": "datetime"} | {part: getattr(given, part) for part in parts}
    if isinstance(given, date):
        return {"__class__": "date", "year": given.year, "month": given.month, "day": given.day}
    if isinstance(given, Decimal):
        return {"__class__": "Decimal", "decimal": str(given)}
    return given
