"""Fields inside an object of a record, or inside one of a list of objects, told as columns of their own.

address.locality          the member `locality` of the object `address`
emails[primary].value     the member `value` of that one of `emails` whose member `primary` is true, else of the first
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa

from pipelines.streams import Column

PLACE = re.compile(r"(?P<holder>\w+)(?:\[(?P<flag>\w+)\])?\.(?P<member>\w+)")


@cache
def place(field: str) -> tuple[str, str, str]:
    """The field of the record that holds it, the flag of the object that is meant, the member."""
    found = PLACE.fullmatch(field)
    return (found["holder"], found["flag"] or "", found["member"]) if found else (field, "", "")


def holder(field: str) -> str:
    """What a record must have so that the field is known there: an object may leave out what is empty."""
    return place(field)[0]


def nested(schema: pa.Schema, columns: Sequence[Column]) -> pa.Schema:
    """A schema of flat columns as the vendor's records have it."""
    members: dict[str, dict[str, pa.DataType]] = {}
    flags: dict[str, str] = {}
    whole = {field.name: field.type for field in schema}
    for name in [column.field for column in columns]:
        held, flag, member = place(name)
        if member:
            members.setdefault(held, {})[member] = whole.pop(name)
            flags[held] = flag
    for held, kinds in members.items():
        kinds |= {flags[held]: pa.bool_()} if flags[held] else {}
        one = pa.struct(list(kinds.items()))
        whole[held] = pa.list_(one) if flags[held] else one
    return pa.schema(list(whole.items()))


def flat(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Records as they came, with every nested field as a column of its own."""
    places = {column.field: place(column.field) for column in columns}
    within = {name: found for name, found in places.items() if found[2]}
    holders = {held for held, _, _ in within.values()}
    if not within:
        return frame
    return frame.select(pl.exclude(holders), *(_member(*found).alias(name) for name, found in within.items()))


def _member(held: str, flag: str, member: str) -> pl.Expr:
    if not flag:
        return pl.col(held).struct.field(member)
    flagged = pl.col(held).list.eval(pl.element().filter(pl.element().struct.field(flag).fill_null(False)))
    return pl.coalesce(flagged.list.first(), pl.col(held).list.first()).struct.field(member)


def given(record: dict[str, Any], field: str) -> Any:
    """The field's value in a parsed record; whatever stands where an object should be stands for the value."""
    held, flag, member = place(field)
    value = record.get(held)
    if flag and isinstance(value, list):
        value = next((one for one in value if isinstance(one, dict) and one.get(flag) is True), next(iter(value), None))
    return value.get(member) if member and isinstance(value, dict) else value
