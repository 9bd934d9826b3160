"""Rows as a database's driver gives them, as typed columns; a value that is not of its column's type is set aside."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl
import pyarrow as pa

from pipelines import clarion
from pipelines.pages import ARROW, Batch, Typed
from pipelines.quarantine import Number, Quarantined, Untypable, shown, typed
from pipelines.reading import Reading
from pipelines.streams import KEY_PARTS, Column, Stream


def typed_page(rows: Sequence[tuple], fields: list[str], stream: Stream) -> Typed:
    given = dict(zip(fields, zip(*rows, strict=True), strict=True))
    made = Batch(pl.DataFrame())
    series = []
    for column in stream.columns:
        if column.field in given:
            values = _column(column, given, stream, made.quarantined)
        else:
            values = _made(given, column, len(rows))
        series.append(values.alias(column.field))
    made.rows = pl.DataFrame(series)
    return Typed(list(rows), None, made=made)


def _joined(parts: list[Sequence[Any]]) -> list[str]:
    return [KEY_PARTS.join(str(part) for part in row) for row in zip(*parts, strict=True)]


def _made(given: dict[str, Sequence[Any]], column: Column, rows: int) -> pl.Series:
    """A key in several parts; the latest of the moments there are."""
    there = [given[field] for field in column.of if field in given]
    if column.type == "text":
        return pl.Series(_joined(there), dtype=pl.String)
    latest = [max((one for one in row if isinstance(one, int)), default=None) for row in zip(*there, strict=True)]
    return pl.Series(latest or [None] * rows, dtype=pl.Int64)


def _column(column: Column, given: dict[str, Sequence[Any]], stream: Stream, odd: list[Quarantined]) -> pl.Series:
    values = given[column.field]
    kind = ARROW.get(column.type, pa.string())
    try:
        return pl.Series(pa.array([READ.get(column.type, _text)(value) for value in values], kind))
    except (pa.ArrowException, ArithmeticError, TypeError, ValueError):
        pass
    clean, keys = [], _joined([given[part] for part in stream.parts(stream.key or "")])
    for key, value in zip(keys, values, strict=True):
        try:
            clean.append(typed(_spelled(value, column.type), column.type))
        except Untypable as untypable:
            clean.append(untypable.instead)
            odd.append(Quarantined(stream.name, shown(key), column.name, shown(str(value)), str(untypable)))
    return pl.Series(pa.array(clean, kind))


def _text(value: Any) -> str | None:
    """Columns of a fixed width are filled up with blanks. What no text may hold goes the careful way."""
    if value is None:
        return None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = value.rstrip(" ") if isinstance(value, str) else str(value)
    if isinstance(value, bytes) or "\x00" in text:
        raise ValueError("not a text as it is")
    return text


def _decimal(value: Any) -> Decimal | None:
    """By its digits, whatever the database keeps it as: a float says them itself, and arithmetic would change them."""
    if value is None or isinstance(value, Decimal):
        return value
    try:
        return Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def _fraction(value: Any) -> Decimal | None:
    number = _decimal(value)
    return None if number is None else round(number, 9)


def _same(value: Any) -> Any:
    return value


READ: dict[str, Callable[[Any], Any]] = {
    "decimal": _decimal,
    "fraction": _fraction,
    "int": _same,
    "bool": lambda value: None if value is None else {0: False, 1: True}[value],
    "clarion_date": _same,
    "clarion_timestamp": _same,
    "rowversion": _same,
}


def _spelled(value: Any, kind: str) -> Any:
    """A value as a page of JSON would spell it: that is what the careful way takes apart."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value.rstrip(" ")
    if isinstance(value, bool) or value is None:
        return value
    if kind == "bool" and value in (0, 1):
        return bool(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return Number(repr(value) if isinstance(value, float) else value)


def since_bound(kind: str, since: datetime, reading: Reading) -> Any:
    """Since when, as a column of this type says it. Databases keep the clock of their server."""
    if kind == "clarion_timestamp":
        return clarion.seconds(since, reading.now, reading.zone)
    return clarion.clock(since, reading.now, reading.zone)
