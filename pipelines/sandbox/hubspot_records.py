"""HubSpot's records as it shows them: a few fields of their own, the rest as properties, every value text or null.

Frames: an object's records (id, createdAt, updatedAt, archived and its properties side by side); "deals/history" (id,
property, value, timestamp, sourceType, updatedByUserId); associations such as "deals/companies" (fromId, toId, typeId,
label); "pipelines/deals" (id, label, displayOrder, archived) and "stages/deals" (pipelineId, id, label, displayOrder,
archived, isClosed, probability); "owners"; "campaigns"; "account", a single row.
"""

from typing import Any

import polars as pl

from pipelines.sandbox.tables import Table

OWN = ("id", "createdAt", "updatedAt", "archived")
ASKED_BY = {"contacts": "lastmodifieddate"}
SHOWN_ANYWAY = ("hs_object_id", "createdate")  # whatever is asked for
MOVE = ("value", "timestamp", "sourceType", "updatedByUserId")


def changed_field(kind: str) -> str:
    return ASKED_BY.get(kind, "hs_lastmodifieddate")


def shown(rows: pl.DataFrame, kind: str, asked: list[str], history: pl.DataFrame | None = None) -> pl.DataFrame:
    """Rows as they stand in an answer, with the properties that were asked for; unknown ones are passed over."""
    derived = {"hs_object_id": "id", changed_field(kind): "updatedAt", "createdate": "createdAt"}
    wanted = [name for name in dict.fromkeys([*SHOWN_ANYWAY, changed_field(kind), *asked]) if name not in OWN]
    properties = [
        pl.col(name) if name in rows.columns else pl.col(derived[name]).alias(name)
        for name in wanted
        if name in rows.columns or name in derived
    ]
    found = rows.select("id", pl.struct(properties).alias("properties"), "createdAt", "updatedAt", "archived")
    return found if history is None else found.join(history, on="id", how="left", maintain_order="left")


def histories(table: Table | None, names: list[str]) -> pl.DataFrame:
    """The moves of every record, newest first, under the properties they are of."""
    empty = {"id": pl.String, "property": pl.String} | dict.fromkeys(MOVE, pl.String)
    moves = pl.DataFrame(schema=empty) if table is None else table.frame
    made = moves.select("id").unique()
    for name in names:
        own = moves.filter(pl.col("property") == name).sort("timestamp", descending=True)
        own = own.group_by("id", maintain_order=True).agg(pl.struct(*MOVE).alias(name))
        made = made.join(own, on="id", how="left")
    return made.select("id", pl.struct(pl.col(name) for name in names).alias("propertiesWithHistory"))


def associated(table: Table, inputs: pl.DataFrame, size: int) -> pl.DataFrame:
    """What these records (id, after) belong together with, `size` each; those without anybody are not there at all."""
    kinds = pl.struct(pl.lit("HUBSPOT_DEFINED").alias("category"), "typeId", "label")
    pairs = table.frame.filter(pl.col("fromId").is_in(inputs["id"].implode()))
    pairs = pairs.group_by("fromId", "toId", maintain_order=True).agg(kinds.alias("associationTypes"))
    other = pl.struct(pl.col("toId").cast(pl.Int64).alias("toObjectId"), "associationTypes")
    others = pairs.group_by("fromId", maintain_order=True).agg(other.alias("to"))
    placed = others.join(inputs, left_on="fromId", right_on="id", maintain_order="left")
    last = pl.col("after") + size
    onward = pl.struct(pl.struct(last.cast(pl.String).alias("after")).alias("next"))
    more = pl.when(last < pl.col("to").list.len()).then(onward)
    return placed.select(
        pl.struct(pl.col("fromId").alias("id")).alias("from"),
        pl.col("to").list.slice(pl.col("after"), size),
        more.alias("paging"),
    )


def pipelines(found: pl.DataFrame, stages: pl.DataFrame) -> list[dict[str, Any]]:
    steps: dict[str, list[dict[str, Any]]] = {}
    for stage in stages.to_dicts():
        metadata = {name: stage.pop(name) for name in ("isClosed", "probability")}
        steps.setdefault(stage.pop("pipelineId"), []).append(stage | {"metadata": metadata})
    return [one | {"stages": steps.get(one["id"], [])} for one in found.to_dicts()]
