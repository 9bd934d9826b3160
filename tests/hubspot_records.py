"""A small HubSpot portal: every property that is declared, each record told apart by its number."""

from datetime import datetime, timedelta

import polars as pl

from pipelines.sources import hubspot
from pipelines.streams import Stream

STREAMS, ENTITY, TABLE = "deals owners", "deals", "deals"
START = datetime(2026, 1, 1, 8)
DECLARED = hubspot.STREAMS
VISITED = ("appointment", "proposal", "closedwon")
PRIMARY, UNLABELLED = 5, 341


def moment(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds") + "Z"


def number(row: int) -> str:
    """Ids are digits as text, and not all of one length."""
    return str(row + 8)


VALUES = {
    "text": lambda name, row: f"{name} {row}",
    "int": lambda _, row: str(row + 1),
    "decimal": lambda _, row: f"{row}.50",
    "fraction": lambda *_: "0.200000000000000011102230246251565404236316680908203125",
    "bool": lambda *_: "false",
    "date": lambda _, row: (START + timedelta(days=row)).strftime("%Y-%m-%d"),
    "timestamp": lambda _, row: moment(row),
}


def records_of(stream: Stream, rows: int) -> pl.DataFrame:
    own = {
        "id": [number(row) for row in range(rows)],
        "createdAt": [moment(row) for row in range(rows)],
        "updatedAt": [moment(row) for row in range(rows)],
        "archived": [False] * rows,
    }
    properties = {
        column.field: [VALUES[column.type](column.field, row) for row in range(rows)]
        for column in stream.columns
        if column.field not in own
    }
    texts = dict.fromkeys([name for name in (*own, *properties) if name != "archived"], pl.String)
    return pl.DataFrame(own | properties, schema_overrides=texts | {"archived": pl.Boolean})


def table(name: str, rows: int) -> pl.DataFrame:
    return records_of(next(stream for stream in DECLARED if stream.name == name), rows)


def history(rows: int, stages: tuple[str, ...] = VISITED) -> pl.DataFrame:
    """Every deal went through the stages, a minute in each; it was in one pipeline all the time."""
    moves = [
        {"id": number(row), "property": name, "value": value, "timestamp": moment(row + minute), "sourceType": "CRM_UI"}
        for row in range(rows)
        for name, values in (("dealstage", stages), ("pipeline", ("default",)))
        for minute, value in enumerate(values)
    ]
    return pl.DataFrame(moves).with_columns(updatedByUserId=pl.lit(7))


def pairs(rows: int, *more: tuple[str, str]) -> pl.DataFrame:
    """Each record belongs to the one of its own number on the other side; `more` are further pairs, not the first."""
    own = [(number(row), number(row), kind, label) for row in range(rows) for kind, label in KINDS]
    added = [(one, other, UNLABELLED, None) for one, other in more]
    return pl.DataFrame(
        own + added,
        schema={"fromId": pl.String, "toId": pl.String, "typeId": pl.Int64, "label": pl.String},
        orient="row",
    )


KINDS = ((PRIMARY, "Primary"), (UNLABELLED, None))


def pipeline() -> dict[str, pl.DataFrame]:
    places = range(len(VISITED))
    own = {"displayOrder": [0], "archived": [False]}
    stages = {
        "pipelineId": ["default"] * len(VISITED),
        "id": VISITED,
        "label": [stage.title() for stage in VISITED],
        "displayOrder": list(places),
        "archived": [False] * len(VISITED),
        "isClosed": ["true" if stage.startswith("closed") else "false" for stage in VISITED],
        "probability": ["0.2", "0.6", "1.0"],
    }
    return {
        "pipelines/deals": pl.DataFrame({"id": ["default"], "label": ["Sales"], **own}),
        "stages/deals": pl.DataFrame(stages),
    }


def owners(rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [number(row) for row in range(rows)],
            "email": [f"owner{row}@firm.example" for row in range(rows)],
            "firstName": [f"First {row}" for row in range(rows)],
            "lastName": [f"Last {row}" for row in range(rows)],
            "userId": list(range(rows)),
            "team": ["North"] * rows,
            "archived": [row == rows - 1 for row in range(rows)],
            "createdAt": [moment(row) for row in range(rows)],
            "updatedAt": [moment(row) for row in range(rows)],
        }
    )


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    """A portal with `rows` records of every object, all that can belong together doing so."""
    made: dict[str, pl.DataFrame] = pipeline()
    made |= {f"{what}/leads": made[f"{what}/deals"] for what in ("pipelines", "stages")}
    made["owners"] = owners(rows)
    made["account"] = pl.DataFrame(
        {"portalId": [4711], "uiDomain": ["app.hubspot.com"], "timeZone": ["Europe/Warsaw"], "companyCurrency": ["PLN"]}
    )
    for stream in DECLARED:
        if stream.in_full_daily:
            made[stream.entity] = pairs(rows)
        elif stream.inside == "properties":
            made[stream.entity] = records_of(stream, rows)
    made["deals/history"] = history(rows)
    guids = [f"{row:08x}-0000-4000-8000-000000000000" for row in range(rows)]
    made["campaigns"] = made["campaigns"].with_columns(id=pl.Series(guids))
    return made
