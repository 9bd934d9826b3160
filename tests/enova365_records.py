"""Small tables of enova365: every column of every table, each row told apart by its number.

Documents belong together by their numbers, so that lines find their headers and pass the filters of their tables.
"""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from pipelines.sources.enova365.streams import STREAMS as DECLARED
from pipelines.streams import Column, Stream

STREAMS, ENTITY, TABLE = "kontrahenci magazyny", "Kontrahenci", "kontrahenci"
FIRST = 1
# What tells which rows of a table are read.
FIXED = {
    "HostType": "Kontrahenci", "Kategoria": 2, "DokumentType": "DokHandlowe", "PodmiotType": "Kontrahenci",
    "PartiaTyp": 1, "Zamkniety": False, "SourceTable": "DokHandlowe", "ParentType": "DokHandlowe", "Name": "Deal",
    "AdresKodPocztowy": 30_123,
}  # fmt: skip
OF_TABLE = {("Adresy", "Typ"): 1, ("ChangeInfos", "Type"): 1}


def value(stream: Stream, column: Column, number: int) -> Any:
    made = {
        "text": f"{column.field} {number}",
        "int": FIRST + number,
        "rowversion": 1_000 + number,
        "decimal": f"{number}.25",
        "fraction": number + 0.5,
        "bool": True,
        "date": str(date(2026, 1, 1) + timedelta(number)),
        "timestamp": (datetime(2026, 1, 1, 8) + timedelta(minutes=number)).isoformat(),
    }
    if column.field in ("Guid", "SourceGuid"):
        return f"00000000-0000-0000-0000-{FIRST + number:012}"
    return OF_TABLE.get((stream.entity, column.field), FIXED.get(column.field, made[column.type]))


def table(stream: Stream, rows: int, **fields: Any) -> pl.DataFrame:
    """A table; of fields that are given a list each row has its own, others are the same in each."""
    own = {column.field: column for column in stream.columns if not column.of}
    made = {name: [value(stream, column, number) for number in range(rows)] for name, column in own.items()}
    given = {name: given if isinstance(given, list) else [given] * rows for name, given in fields.items()}
    texts = [name for name, column in own.items() if column.type in ("text", "decimal", "date", "timestamp")]
    return pl.DataFrame(made | given, schema_overrides=dict.fromkeys(texts, pl.String))


def declared(entity: str) -> Stream:
    return next(stream for stream in DECLARED if stream.entity == entity)


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    return {stream.entity: table(stream, rows) for stream in DECLARED}
