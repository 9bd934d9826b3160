"""The raw tables: what dlt is told of them, and a page's rows given their names, days and moments."""

from collections.abc import Sequence
from typing import Any

import dlt
import polars as pl
import pyarrow as pa

from pipelines import clarion
from pipelines.pages import DOCUMENT
from pipelines.quarantine import Quarantined, shown
from pipelines.streams import Column, Stream, snake

MERGED = {"disposition": "merge", "strategy": "delete-insert"}
HINTS: dict[str, dict[str, Any]] = {
    "text": {"data_type": "text"},
    "bool": {"data_type": "bool"},
    "int": {"data_type": "bigint"},
    "decimal": {"data_type": "decimal", "precision": 38, "scale": 9},
    "fraction": {"data_type": "decimal", "precision": 38, "scale": 9},
    "date": {"data_type": "date"},
    "timestamp": {"data_type": "timestamp", "precision": 6, "timezone": False},
}
POLARS = {
    "text": pl.String(),
    "bool": pl.Boolean(),
    "int": pl.Int64(),
    "decimal": pl.Decimal(38, 9),
    "fraction": pl.Decimal(38, 9),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
}
# What a type is in raw, where its name says how the source writes it.
STORED = {"clarion_date": "date", "clarion_timestamp": "timestamp", "rowversion": "int"}
DELETED = Column("IsDeleted", "bool")
# With and without colons in the offset, a Z, and any number of digits of a second: one pattern reads them all.
MOMENT = "%Y-%m-%dT%H:%M:%S%.f%#z"
BLANK = r"^(\d{4}-\d\d-\d\d) "
LOCAL = "%Y-%m-%dT%H:%M:%S%.f"
# OData before V4: milliseconds since 1970 on a clock, and how many minutes that clock is ahead of UTC.
TICKS = r"^/Date\((-?\d{1,15})([+-]\d{1,4})?\)/$"


def names(columns: Sequence[Column]) -> dict[str, str]:
    """Raw column by vendor field. Two fields that would share a column are an error that names both."""
    fields: dict[str, str] = {}
    for column in columns:
        name = column.name
        if not name:
            raise ValueError(f"the field {column.field!r} has no letter or digit to make a column name of")
        if name in fields:
            raise ValueError(f"the fields {fields[name]!r} and {column.field!r} would both be the column {name}")
        fields[name] = column.field
    return {field: name for name, field in fields.items()}


def declared(stream: Stream, leading: Sequence[str], extra: Sequence[str] = ()) -> dict[str, str]:
    """Every column of a raw table with its type, in order; `leading` and `extra` are text."""
    own = {column.name: STORED.get(column.type, column.type) for column in stream.columns}
    return {
        **dict.fromkeys(leading, "text"),
        **own,
        **dict.fromkeys(extra, "text"),
        DELETED.name: "bool",
    }


def hints(stream: Stream, columns: dict[str, str], leading: Sequence[str]) -> Any:
    """What dlt needs to know to merge rows of this table: its key, its parent document, which of two rows is newer."""
    told = {name: dict(HINTS[kind]) for name, kind in columns.items()}
    if stream.cursor:
        told[snake(stream.cursor)]["dedup_sort"] = "desc"
    company = list(leading[:1])
    key = [*company, snake(stream.key)] if stream.key else None
    # A set without a key is replaced company by company; a document's lines together.
    parent = [snake(field) for field in (stream.parent or "").split()]
    together = [*company, *parent] if parent or not stream.key else None
    return dlt.mark.make_hints(
        table_name=stream.name,
        primary_key=key,
        merge_key=together,
        write_disposition=MERGED,
        columns=told,
        schema_contract={"data_type": "freeze"},
    )


def shaped(
    frame: pl.DataFrame, stream: Stream, leading: dict[str, str], extra: dict[str, str | None], zone: str
) -> tuple[pl.DataFrame, list[Quarantined]]:
    """Rows as they stand in raw, and the days and moments nobody can read, set aside."""
    renamed = names(stream.columns)
    parsed = frame.select(
        [pl.lit(value, pl.String).alias(name) for name, value in leading.items()]
        + [_read(column, zone, frame).alias(renamed[column.field]) for column in stream.columns]
        + [(pl.col(field) if field else pl.lit(None, pl.String)).alias(name) for name, field in extra.items()]
        + [pl.col(name) for name in (DOCUMENT,) if name in frame.columns]
    )
    odd = _unread(frame, parsed, stream, renamed)
    gone = renamed.get(stream.deleted)
    deleted = pl.col(gone).fill_null(False) if gone else pl.lit(False)
    return parsed.with_columns(deleted.alias(DELETED.name)), odd


def _read(column: Column, zone: str, frame: pl.DataFrame) -> pl.Expr:
    value = pl.col(column.field)
    if column.type == "clarion_date":
        return clarion.day(value)
    if column.type == "clarion_timestamp":
        return clarion.moment(value, zone)
    if column.type not in ("date", "timestamp"):
        return value.cast(POLARS[STORED.get(column.type, column.type)])
    if frame[column.field].str.starts_with("/Date(").any():
        return ticks(value).cast(POLARS[column.type])
    if column.type == "date":
        day = value.str.to_date("%Y-%m-%d", strict=False)
        # Who has no days writes the moment one begins, on the source's own clock.
        return pl.coalesce(day, value.str.to_datetime(LOCAL, time_unit="us", strict=False).dt.date())
    # Some put a blank between day and hour.
    value = value.str.replace(BLANK, "${1}T")
    # Without a zone it is the source's own clock; an hour that clock skips or shows twice is nobody's moment.
    local = (
        value.str.to_datetime(LOCAL, time_unit="us", strict=False)
        .dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    return pl.coalesce(moment(value), local.dt.replace_time_zone(None))


def moment(text: pl.Expr) -> pl.Expr:
    """Times that say their zone, in UTC."""
    return text.str.to_datetime(MOMENT, time_unit="us", time_zone="UTC", strict=False).dt.replace_time_zone(None)


def ticks(text: pl.Expr) -> pl.Expr:
    """OData's ticks, in UTC."""
    said = text.str.extract_groups(TICKS).struct
    ahead = pl.duration(minutes=said[1].cast(pl.Int64, strict=False).fill_null(0), time_unit="us")
    return said[0].cast(pl.Int64, strict=False).cast(pl.Datetime("ms")).cast(pl.Datetime("us")) - ahead


def _unread(frame: pl.DataFrame, parsed: pl.DataFrame, stream: Stream, renamed: dict[str, str]) -> list[Quarantined]:
    odd = []
    for column in stream.columns:
        kind = STORED.get(column.type, column.type)
        if kind not in ("date", "timestamp"):
            continue
        given, value = frame[column.field], parsed[renamed[column.field]]
        if given.null_count() == value.null_count():
            continue
        none = (
            given == "" if kind == column.type else pl.select(clarion.is_none(pl.lit(given), column.type)).to_series()
        )
        lost = given.is_not_null() & value.is_null() & ~none
        keys = frame[stream.key or stream.columns[0].field].filter(lost)
        reason = "not a day of the calendar" if kind == "date" else "not a moment that was, in this time zone"
        odd += [
            Quarantined(stream.name, shown(str(key)), column.name, shown(str(one)), reason)
            for key, one in zip(keys, given.filter(lost), strict=True)
        ]
    return odd


def arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
