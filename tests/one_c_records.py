"""1C as a test meets it: small records in УТ's words, each row told apart by its number."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pipelines.sources.one_c.profiles import UT, Source
from pipelines.sources.one_c.streams import STREAMS as DECLARED
from pipelines.streams import Stream
from tests.vendor_records import guid

STREAMS, ENTITY, TABLE, KEY = "counterparties items", "Catalog_Контрагенты", "counterparties", "ref_key"
UNLINKED = True  # its pages do not say where the next one is
START = datetime(2026, 1, 5, 9)
EMPTY, NOBODY = "0001-01-01T00:00:00", "00000000-0000-0000-0000-000000000000"


def value(stream: Stream, column: str, kind: str, number: int) -> Any:
    if column in ("Ref_Key", "Recorder"):
        return guid(number, stream.name.removesuffix("_lines"))
    made = {
        "text": f"{column} {number} ",
        "decimal": number + 0.25,
        "bool": False,
        "date": EMPTY if number % 2 else (START + timedelta(days=number)).strftime("%Y-%m-%dT00:00:00"),
        "timestamp": (START + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%S"),
    }
    return made[kind]


def frame(stream: Stream, rows: int, source: Source) -> pl.DataFrame:
    """A set of so many rows, in the words of its configuration; a document has one line in its first table."""
    own = [column for column in stream.columns if not column.of and column.field != "Section"]
    made = pl.DataFrame(
        {source.fields.get(one.field, one.field): [value(stream, one.field, one.type, n) for n in range(rows)]
         for one in own},
        schema_overrides={one.field: pl.String for one in own if one.type == "text"},
    )  # fmt: skip
    if not stream.lines:
        return made
    lines = frame(stream.lines, rows, source).drop("Ref_Key").with_columns(LineNumber=pl.lit("1"))
    nested = [[line] for line in lines.iter_rows(named=True)]
    kind = pl.List(pl.Struct(lines.schema))
    tables = [pl.Series(table, nested if not at else [[]] * rows, dtype=kind) for at, table in enumerate(source.tables)]
    return made.with_columns(tables)


def records(rows: int = 5, profile: dict[str, Source] | None = None) -> dict[str, pl.DataFrame]:
    sources = {stream.name: (profile or UT).get(stream.name, Source(stream.entity)) for stream in DECLARED}
    there = [(stream, sources[stream.name]) for stream in DECLARED if sources[stream.name].entity]
    return {source.entity: frame(stream, rows, source) for stream, source in there}
