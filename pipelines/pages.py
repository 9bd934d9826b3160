"""Pages of JSON into typed tables, without building a Python object for a row.

Arrow types the records as the stream declares them; numbers go from text to decimal, never through a float. Arrow
refuses whatever is not of its type: that page then takes the careful way (quarantine.py), which tells the odd values
from the good ones.
"""

import io
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa
from pyarrow.json import ParseOptions, ReadOptions, read_json

from pipelines.envelope import Page
from pipelines.nested import flat, nested
from pipelines.quarantine import Quarantined, parsed, rows, shown
from pipelines.streams import KEY_PARTS, Column, Stream
from pipelines.texts import as_it_comes, read_texts

DECIMAL = pa.decimal128(38, 9)
DOCUMENT = "$document"  # the number of a row, here and on its lines, until both are merged by key
# Dates and times arrive as text: the vendors write them in more ways than Arrow reads.
ARROW = {"decimal": DECIMAL, "fraction": DECIMAL, "int": pa.int64(), "bool": pa.bool_()}
ARROW |= {"clarion_date": pa.int64(), "clarion_timestamp": pa.int64(), "rowversion": pa.int64()}


@dataclass
class Batch:
    """Typed rows under the vendor's names, their lines apart, and what was set aside."""

    rows: pl.DataFrame
    lines: pl.DataFrame | None = None
    quarantined: list[Quarantined] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # declared fields that no record of the page has


@dataclass(frozen=True)
class Typed(Page):
    """A page that came as columns: its records need no parsing, only their number counts."""

    made: Batch = field(default_factory=lambda: Batch(pl.DataFrame()))


@cache
def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    return pa.schema([(column.field, ARROW.get(column.type, pa.string())) for column in columns])


def _whole_schema(stream: Stream) -> pa.Schema:
    schema = _schema(stream.columns)
    if stream.lines:
        schema = schema.append(pa.field(stream.lines.entity, pa.list_(pa.struct(list(_schema(stream.lines.columns))))))
    return schema


def _as_sent(stream: Stream) -> pa.Schema:
    """The whole schema, with what the vendor nests in its place."""
    return nested(_whole_schema(stream), stream)


def batch(page: Page, stream: Stream, first: int = 0) -> Batch:
    """One page, typed; its rows are numbered from `first` on."""
    if not page.records:
        return empty(stream)
    if isinstance(page, Typed):
        return page.made
    body = page.joined
    came = as_it_comes(stream)
    table = None if not body or b"\\u0000" in body or not _is_utf8(body) else _read(body, came)
    if table is None:
        made = _carefully(page, came, first)
    else:
        made = _apart(_keyed(flat(pl.DataFrame(table), came), came), came, first)
    if came is not stream:
        made.rows, odd = read_texts(made.rows, stream)
        made.quarantined += odd
    made.missing = _missing(page, stream)
    return made


def _keyed(frame: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """The rows with a key made of several fields."""
    if not stream.key_parts:
        return frame
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in stream.key_parts]
    return frame.with_columns(pl.concat_str(parts, separator=KEY_PARTS).alias(stream.key))


def empty(stream: Stream) -> Batch:
    return _apart(pl.DataFrame(_whole_schema(stream).empty_table()), stream, 0)


def _is_utf8(body: bytes) -> bool:
    try:
        return body.isascii() or bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _read(body: bytes, stream: Stream) -> pa.Table | None:
    try:
        return read_json(
            io.BytesIO(body),
            # One block: a record longer than a block would be refused.
            read_options=ReadOptions(block_size=len(body) + 1),
            parse_options=ParseOptions(
                explicit_schema=_as_sent(stream), unexpected_field_behavior="ignore", newlines_in_values=True
            ),
        )
    except pa.ArrowInvalid:
        return None


def _apart(frame: pl.DataFrame, stream: Stream, first: int) -> Batch:
    """Documents and their lines as two tables; a document's row keeps how many lines came with it."""
    if not stream.lines:
        return Batch(frame)
    numbered = frame.with_row_index(DOCUMENT, first)
    nested = pl.col(stream.lines.entity)
    names = [column.field for column in stream.lines.columns]
    lines = numbered.select(DOCUMENT, nested).filter(nested.list.len() > 0).explode(nested.meta.output_name())
    lines = lines.unnest(stream.lines.entity).select(DOCUMENT, *names)
    return Batch(numbered.with_columns(nested.list.len().fill_null(0)), lines)


def _carefully(page: Page, stream: Stream, first: int) -> Batch:
    records = page.parsed()
    clean, odd = rows(records, stream)
    if stream.lines:
        for record, row in zip(records, clean, strict=True):
            given = record.get(stream.lines.entity) or []
            if not isinstance(given, list) or not all(isinstance(line, dict) for line in given):
                odd.append(Quarantined(stream.name, "", stream.lines.name, shown(given), "not a list of lines"))
                given = []
            row[stream.lines.entity], more = rows(given, stream.lines)
            odd += more
    made = _apart(pl.DataFrame(pa.Table.from_pylist(clean, schema=_whole_schema(stream))), stream, first)
    made.quarantined = odd
    return made


def _missing(page: Page, stream: Stream) -> list[str]:
    """Declared fields that no record has. The first record nearly always has them all, and then it is enough."""
    wanted = {column.field for column in stream.columns} - ({stream.key} if stream.key_parts else set())
    in_lines = {column.field for column in stream.lines.columns} if stream.lines else set()
    if stream.lines:
        wanted.add(stream.lines.entity)
    lines_seen = False
    for record in page.records:
        given = record if isinstance(record, dict) else parsed(bytes(record))
        wanted = {field for field in wanted if not _told(given, stream, field)}
        for line in (given.get(stream.lines.entity) or []) if stream.lines and in_lines else []:
            lines_seen = True
            in_lines -= line.keys()
        if not wanted and not in_lines:
            break
    return sorted(wanted) + sorted(in_lines if lines_seen else ())


def _told(record: dict[str, Any], stream: Stream, field: str) -> bool:
    """An object may leave out what is empty: its fields are known where it is, if it is not the one that holds all."""
    holder, _, member = stream.place(field)
    within = record.get(holder) if holder == stream.inside else None
    return member in within if isinstance(within, dict) else holder in record
