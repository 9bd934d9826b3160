"""Small tables of Comarch ERP XL: every column of every table, each row told apart by its number.

Documents belong together by their numbers, so that lines find their headers and pass the filters of their tables.
"""

from typing import Any

import polars as pl

from pipelines.sources.comarch_xl.streams import STREAMS as DECLARED
from pipelines.streams import Column, Stream

STREAMS, ENTITY, TABLE = "knt_karty magazyny", "KntKarty", "knt_karty"
# 1 January 2026, and eight o'clock of it in London: TIME_ZONE is left at UTC.
DAY, MOMENT = 82_184, 1_136_102_400
FIRST = 1
# What tells which documents of a table are read.
FIXED = {
    "ZaN_ZamTyp": 1280, "ZaN_GIDTyp": 960, "ZaN_Stan": 3, "TrN_GIDTyp": 2033, "TrE_GIDTyp": 2033, "TrS_GIDTyp": 2033,
    "TrP_GIDTyp": 2033, "TrN_Stan": 5, "Atr_ObiTyp": 960, "KGD_GIDTyp": 32, "TGD_GIDTyp": 16, "KAZ_RP": 2,
    "TRZ_StawkaPod": "23.00",
}  # fmt: skip


def value(column: Column, number: int) -> Any:
    made = {
        "text": f"{column.field} {number}",
        "int": FIRST + number,
        "decimal": f"{number}.25",
        "clarion_date": DAY + number,
        "clarion_timestamp": MOMENT + 60 * number,
    }
    return FIXED.get(column.field, made[column.type])


def table(stream: Stream, rows: int, **fields: Any) -> pl.DataFrame:
    """A table; of fields that are given a list each row has its own, others are the same in each."""
    own = [column for column in stream.columns if not column.of]
    parts = [part for column in stream.columns for part in column.of]
    whole = {column.field: column for column in (*(Column(part, "int") for part in parts), *own)}
    made = {name: [value(column, number) for number in range(rows)] for name, column in whole.items()}
    given = {name: given if isinstance(given, list) else [given] * rows for name, given in fields.items()}
    texts = [name for name, column in whole.items() if column.type in ("text", "decimal")]
    return pl.DataFrame(made | given, schema_overrides=dict.fromkeys(texts, pl.String))


def declared(entity: str) -> Stream:
    return next(stream for stream in DECLARED if stream.entity == entity)


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    return {stream.entity: table(stream, rows) for stream in DECLARED}
