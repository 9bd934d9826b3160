"""Small records in the vendors' own shapes: every declared field of every entity, each row told apart by its number."""

from datetime import datetime, timedelta

import polars as pl

from pipelines.sources import business_central, salesforce
from pipelines.streams import Stream

TEXTS = ("text", "date", "timestamp")  # as JSON spells them
START = datetime(2026, 1, 1, 8)
FORMS = {"salesforce": "%Y-%m-%dT%H:%M:%S.000+0000", "business_central": "%Y-%m-%dT%H:%M:%S.000Z"}
FIRST_COMPANY = "00000000-0000-0000-0000-00000000c001"
SECOND_COMPANY = "00000000-0000-0000-0000-00000000c002"


def moment(system: str, minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).strftime(FORMS[system])


def guid(number: int, entity: str = "") -> str:
    return f"{sum(entity.encode()) % 65536:08x}-0000-4000-8000-{number:012x}"


def value(system: str, stream: Stream, name: str, kind: str, number: int) -> object:
    if name in ("Id", "id"):
        prefix = sum(stream.entity.encode()) % 1000
        return f"{prefix:03d}{number:015d}" if system == "salesforce" else guid(number, stream.entity)
    made = {
        "text": f"{name} {number}",
        "int": number + 1,
        "decimal": number + 0.25,
        "bool": False,
        "date": (START + timedelta(days=number)).strftime("%Y-%m-%d"),
        "timestamp": moment(system, number),
    }
    return made[kind]


def frame(system: str, stream: Stream, numbers: range) -> pl.DataFrame:
    return pl.DataFrame(
        {
            column.field: [value(system, stream, column.field, column.type, number) for number in numbers]
            for column in stream.columns
        },
        schema_overrides={column.field: pl.String for column in stream.columns if column.type in TEXTS},
    )


def salesforce_records(rows: int = 5) -> dict[str, pl.DataFrame]:
    return {stream.entity: frame("salesforce", stream, range(rows)) for stream in salesforce.STREAMS}


def business_central_records(rows: int = 5, lines: int = 2, only: str = "") -> dict[str, pl.DataFrame]:
    """One company; every document has its own `lines` lines."""
    records: dict[str, pl.DataFrame] = {}
    for stream in business_central.STREAMS:
        if only and stream.name not in only.split():
            continue
        records[stream.entity] = frame("business_central", stream, range(rows))
        if stream.lines:
            records[stream.lines.entity] = _lines(stream, records[stream.entity], lines)
    return records


def _lines(stream: Stream, documents: pl.DataFrame, lines: int) -> pl.DataFrame:
    made = frame("business_central", stream.lines, range(documents.height * lines))
    spelled = {"documentId": "id", "documentNumber": "number"}
    parents = pl.DataFrame({"row": [row for row in range(documents.height) for _ in range(lines)]})
    return made.with_columns(
        documents[spelled.get(field, field)].gather(parents["row"]).alias(field)
        for field in stream.lines.parent.split()
    )


def two_companies(records: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same documents under the same numbers in two companies, as after copying one."""
    names = {"name": ["First", "Second"], "displayName": ["First", "Second"]}
    companies = pl.DataFrame({"id": [FIRST_COMPANY, SECOND_COMPANY], **names})
    both = {
        name: pl.concat([rows.with_columns(pl.lit(id).alias("companyId")) for id in companies["id"]])
        for name, rows in records.items()
    }
    return {"companies": companies, **both}
