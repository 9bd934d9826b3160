"""Fields inside an object of a record, or inside one of a list of objects, told as columns of their own.

address.locality          the member `locality` of the object `address`
prices[].price            the member `price` of the first of `prices`
emails[primary].value     the member `value` of that one of `emails` whose `primary` is true, else of the first

Where one object holds nearly all of a record's fields, the stream names it once (`inside`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa

from pipelines.envelope import Page
from pipelines.quarantine import parsed
from pipelines.streams import Stream


def nested(schema: pa.Schema, stream: Stream) -> pa.Schema:
    """A schema of flat columns as the vendor's records have it."""
    members: dict[str, dict[str, pa.DataType]] = {}
    flags: dict[str, str | None] = {}
    whole = {field.name: field.type for field in schema}
    for name in [column.field for column in stream.columns]:
        held, flag, member = stream.place(name)
        if member:
            members.setdefault(held, {})[member] = whole.pop(name)
            flags[held] = flag
    for held, kinds in members.items():
        flag = flags[held]
        one = pa.struct(list((kinds | ({flag: pa.bool_()} if flag else {})).items()))
        whole[held] = one if flag is None else pa.list_(one)
    return pa.schema(list(whole.items()))


def flat(frame: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Records as they came, with every nested field as a column of its own."""
    places = {column.field: stream.place(column.field) for column in stream.columns}
    within = {field: found for field, found in places.items() if found[2]}
    if not within:
        return frame
    holders = {held for held, _, _ in within.values()}
    return frame.select(pl.exclude(holders), *(_member(*found).alias(name) for name, found in within.items()))


def _member(held: str, flag: str | None, member: str) -> pl.Expr:
    if flag is None:
        return pl.col(held).struct.field(member)
    first = pl.col(held).list.first()
    if flag:
        flagged = pl.element().filter(pl.element().struct.field(flag).fill_null(False))
        first = pl.coalesce(pl.col(held).list.eval(flagged).list.first(), first)
    return first.struct.field(member)


def with_members(page: Page, name: str, values: Iterable[bytes]) -> Page:
    """The page, its records each with one member more: JSON, in the records' order. Records stay the bytes they are."""
    records = [
        {**record, name: parsed(value)} if isinstance(record, dict) else _with_member(bytes(record), name, value)
        for record, value in zip(page.records, values, strict=True)
    ]
    return Page(records, page.next)


def _with_member(record: bytes, name: str, value: bytes) -> bytes:
    return b'%b,"%b":%b}' % (record.rstrip()[:-1], name.encode(), value)


def with_lines(page: Page, name: str, keys: Iterable[Any], lines: Mapping[Any, list[bytes]]) -> Page:
    """The page, its records each with the lines that were asked for apart, by the records' keys."""
    return with_members(page, name, (b"[" + b",".join(lines.get(key, ())) + b"]" for key in keys))
