"""Tryton's records in its own types: every declared field of every model, each row told apart by its number."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.sources.tryton.streams import CHANGED, HISTORY
from pipelines.sources.tryton.streams import STREAMS as DECLARED
from pipelines.streams import Stream

STREAMS, ENTITY, TABLE = "parties complaints", "party.party", "parties"
START = datetime(2026, 1, 1, 8)
REVISIONS = "sale.opportunity/history"
TYPES = {
    "int": pl.Int64, "text": pl.String, "decimal": pl.Decimal(18, 4), "date": pl.Date, "bool": pl.Boolean,
    "timestamp": pl.Datetime("us"),
}  # fmt: skip


def moment(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def value(field: str, kind: str, number: int) -> Any:
    made = {
        "int": number + 1,
        "text": f"{field} {number}",
        "decimal": Decimal(number) + Decimal("0.25"),
        "date": moment(number * 24 * 60).date(),
        "bool": True,
        "timestamp": moment(number),
    }
    return made[kind]


def frame(stream: Stream, rows: int) -> pl.DataFrame:
    """Every second record was never written since it was made: its write_date is empty."""
    declared = {column.field: column.type for column in stream.columns if column.field != CHANGED}
    declared |= {"create_date": "timestamp", "write_date": "timestamp"}
    made = {field: [value(field, kind, number) for number in range(rows)] for field, kind in declared.items()}
    made["write_date"] = [moment(number + 60) if number % 2 else None for number in range(rows)]
    return pl.DataFrame(made, schema={field: TYPES[kind] for field, kind in declared.items()})


def revisions(*told: tuple[int, datetime, str]) -> pl.DataFrame:
    return pl.DataFrame(told, schema={"id": pl.Int64, "at": pl.Datetime("us"), "state": pl.String}, orient="row")


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    """A company whose every second opportunity was written once, and became one from a lead."""
    made = {stream.entity: frame(stream, rows) for stream in DECLARED if stream.name != HISTORY}
    became = [n for n in range(rows) if n % 2]
    state = ["opportunity" if n in became else "lead" for n in range(rows)]
    made["stock.move"] = made["stock.move"].with_columns(pl.lit("customer").alias("to_location.type"))
    made["sale.opportunity"] = made["sale.opportunity"].with_columns(pl.Series("state", state, pl.String))
    made[REVISIONS] = revisions(
        *((n + 1, moment(n), "lead") for n in range(rows)), *((n + 1, moment(n + 60), "opportunity") for n in became)
    )
    return made
