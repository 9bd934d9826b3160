"""The careful way through a page: value by value, when the fast one found something odd in it.

What can be typed exactly is typed. What cannot becomes null in its row and is kept, as it came, in quarantine.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.streams import KEY_PARTS, Stream

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
LONGEST_NUMBER = 60  # beyond it nothing fits anyway, and 1e999999999 would fill the memory
KEPT = 500  # of an odd value's text


class Number(str):
    """A number as the page spells it: a float would already be another number."""


@dataclass(frozen=True)
class Quarantined:
    """One value that could not be typed, where it was, and why not."""

    stream: str
    row_key: str
    column_name: str
    value: str
    reason: str


class Untypable(Exception):
    """Why a value is not of its column's type; what may be kept in its place."""

    def __init__(self, reason: str, instead: Any = None) -> None:
        super().__init__(reason)
        self.instead = instead


def parsed(body: bytes) -> Any:
    """A JSON document with its numbers as text. Lone surrogates and bytes that are not UTF-8 stay visible."""
    return json.loads(
        body.decode("utf-8", "surrogateescape"), parse_float=Number, parse_int=Number, parse_constant=Number
    )


def typed(value: Any, kind: str) -> Any:
    """The value as its column's type; Untypable when that would be another value. Dates and times stay text here."""
    if value is None:
        return None
    if isinstance(value, (dict, list)):
        raise Untypable("a nested value where a single one was declared")
    if kind == "bool":
        if not isinstance(value, bool):
            raise Untypable("not true or false")
        return value
    if isinstance(value, bool):
        raise Untypable(f"true or false where {kind} was declared")
    return MADE.get(kind, _text)(value)


def _text(value: str) -> str:
    clean = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if clean != value:
        raise Untypable("characters that no text may hold (NUL or half a surrogate pair) were taken out", clean)
    return str(value)


def _number(value: str) -> Decimal:
    if len(value) > LONGEST_NUMBER or not NUMBER.fullmatch(value.strip()):
        raise Untypable("not a number")
    number = Decimal(value)
    if number and not -10 < number.adjusted() + 1 < 30:
        raise Untypable("more digits than decimal(38, 9) holds")
    return number


def _decimal(value: str) -> Decimal:
    number = _number(value)
    # In plain digits, so that precision is counted on what is there and not on trailing zeros.
    plain = f"{number:f}"
    whole, _, fraction = plain.partition(".")
    if len(fraction.rstrip("0")) > 9:
        raise Untypable("more than nine decimals")
    return Decimal(whole + "." + (fraction.rstrip("0") or "0"))


def _fraction(value: str) -> Decimal:
    return round(_number(value), 9)


def _int(value: str) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise Untypable("not a whole number")
    if not -(2**63) <= number < 2**63:
        raise Untypable("more than 64 bits")
    return int(number)


MADE = {"decimal": _decimal, "fraction": _fraction}
MADE |= dict.fromkeys(("int", "clarion_date", "clarion_timestamp", "rowversion"), _int)


def rows(records: Iterable[dict[str, Any]], stream: Stream) -> tuple[list[dict[str, Any]], list[Quarantined]]:
    """Records with every declared field typed or null, and what had to be set aside."""
    clean, odd = [], []
    for record in records:
        row: dict[str, Any] = {}
        problems = []
        for column in stream.columns:
            value = given(record, *stream.place(column.field))
            try:
                row[column.field] = typed(value, column.type)
            except Untypable as untypable:
                row[column.field] = untypable.instead
                problems.append((column.name, shown(value), str(untypable)))
        if stream.key_parts:
            parts = (row.get(name) for name in stream.key_parts)
            row[stream.key or ""] = KEY_PARTS.join("" if part is None else str(part) for part in parts)
        odd += [Quarantined(stream.name, key_of(row, stream), *problem) for problem in problems]
        clean.append(row)
    return clean, odd


def given(record: dict[str, Any], held: str, flag: str | None, member: str) -> Any:
    """The value at a place; whatever stands where an object should be stands for it."""
    value = record.get(held)
    if flag is not None and isinstance(value, list):
        flagged = (one for one in value if isinstance(one, dict) and one.get(flag) is True)
        value = next(flagged, next(iter(value), None))
    return value.get(member) if member and isinstance(value, dict) else value


def key_of(row: dict[str, Any], stream: Stream) -> str:
    value = row.get(stream.key or "")
    return "" if value is None else shown(str(value))


def shown(value: Any) -> str:
    """Any value as text that can be stored: cut at a length, odd characters escaped."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text.replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode("utf-8")[:KEPT]
