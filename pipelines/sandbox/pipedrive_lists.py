"""How Pipedrive answers for a list: v2 by a cursor in an order, v1 from a start on, archived records apart."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from starlette.responses import Response

from pipelines.sandbox.answers import answer, page
from pipelines.sandbox.tables import Records, Table

SYSTEM = "pipedrive"
MOST = 500
SINCE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ORDERS = ("id", "add_time", "update_time")
UNDATED = ("pipelines", "stages")  # their lists know no updated_since
STATUSES = "open,won,lost"
PLACE = ("$place", "$id")  # where a row stands in its order: the cursor is made of it
HERE = pl.exclude(r"^\$.*$")
LONG_AGO = datetime(1, 1, 1)
Asked = Mapping[str, str]


class Refused(Exception):
    """A question that is not answered: the vendor's words."""


def size(asked: Asked, most: int | None, default: int = 100) -> int:
    return min(int(asked.get("limit", default)), most or MOST, MOST)


def by_cursor(records: Records, entity: str, archived: bool, asked: Asked, most: int | None) -> Response:
    """A page of a list of v2; what was asked for stays asked for, the cursor says from where on."""
    kept = {name: value for name, value in asked.items() if name not in ("cursor", "limit")}
    rows = records.once((SYSTEM, entity, archived, str(kept)), lambda: _rows(records, entity, archived, kept))
    if after := _after(asked.get("cursor")):
        value, number = datetime.fromisoformat(after[0]), after[1]
        rows = rows.filter((pl.col("$place") > value) | ((pl.col("$place") == value) & (pl.col("$id") > number)))
    here = rows.head(size(asked, most))
    if not here.height:
        return page({"success": True}, "data", here.select(HERE))  # and no additional_data at all
    last = here.select(PLACE).row(-1)
    cursor = _cursor({"after": [last[0].isoformat(), last[1]]}) if here.height < rows.height else None
    return page({"success": True}, "data", here.select(HERE), {"additional_data": {"next_cursor": cursor}})


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _after(cursor: str | None) -> list[Any] | None:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor)).get("after") if cursor else None
    except ValueError:
        raise Refused("Invalid cursor") from None


def _rows(records: Records, entity: str, archived: bool, asked: Asked) -> pl.DataFrame:
    table = records.table(SYSTEM, entity)
    kept = _living(table, entity, archived, asked.get("status", STATUSES)) & _changed(table, entity, asked)
    if "ids" in asked:
        kept = kept & table.frame["id"].is_in([int(one) for one in asked["ids"].split(",")])
    if (order := asked.get("sort_by", "id")) not in ORDERS:
        raise Refused("Parameter 'sort_by' is not valid")
    rows = _placed(table, order).filter(kept).sort(PLACE, descending=asked.get("sort_direction") == "desc")
    return _counted(records, entity, rows, asked.get("include_fields", ""))


def _placed(table: Table, order: str) -> pl.DataFrame:
    moments = table.comparable(order) if order != "id" else pl.Series([None] * table.frame.height, dtype=pl.Datetime)
    if moments.dtype != pl.Datetime("us", "UTC"):
        moments = pl.Series([None] * table.frame.height, dtype=pl.Datetime("us", "UTC"))
    place = moments.dt.replace_time_zone(None).fill_null(LONG_AGO)
    return table.frame.with_columns(place.alias("$place"), pl.col(table.key[0]).alias("$id"))


def _living(table: Table, entity: str, archived: bool, statuses: str) -> pl.Series:
    """What was deleted is in no list, but deals are if they are asked for."""
    frame = table.frame
    kept = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    if "is_archived" in frame.columns:
        kept = kept & (frame["is_archived"].fill_null(False) == archived)
    if "is_deleted" in frame.columns:
        gone = frame["is_deleted"].fill_null(False)
        kept = kept & ~gone if entity != "deals" or "deleted" not in statuses.split(",") else kept
    return kept


def _changed(table: Table, entity: str, asked: Asked) -> pl.Series:
    since = asked.get("updated_since")
    if since is None:
        return pl.repeat(True, table.frame.height, dtype=pl.Boolean, eager=True)
    if entity in UNDATED:
        raise Refused("Parameter 'updated_since' is not allowed")
    if not SINCE.fullmatch(since):
        raise Refused("Parameter 'updated_since' is not of the form YYYY-MM-DDTHH:MM:SSZ")
    return (table.comparable("update_time") >= datetime.fromisoformat(since)).fill_null(False)


def _counted(records: Records, entity: str, rows: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """Counters come only when they are asked for."""
    products = records.table(SYSTEM, "dealProducts")
    if entity != "deals" or "products_count" not in wanted.split(","):
        return rows
    if products is None:
        return rows.with_columns(products_count=0)
    counts = products.frame.group_by(id="deal_id").agg(products_count=pl.len())
    counted = rows.join(counts, on="id", how="left", maintain_order="left")
    return counted.with_columns(pl.col("products_count").fill_null(0))


def by_start(records: Records, entity: str, archived: bool, asked: Asked, most: int | None) -> Response:
    """A page of a list of v1."""
    table = records.table(SYSTEM, entity)
    kept = _living(table, entity, archived, STATUSES) & _changed(table, entity, asked)
    order = [one.split() for one in asked.get("sort", "id ASC").split(",")]
    return from_start(table.select(kept, [(name, way == "DESC") for name, way in order]), asked, most)


def from_start(rows: pl.DataFrame, asked: Asked, most: int | None) -> Response:
    start, limit = int(asked.get("start", 0)), size(asked, most)
    here = rows.slice(start, limit)
    told: dict[str, Any] = {"start": start, "limit": limit, "more_items_in_collection": start + limit < rows.height}
    if told["more_items_in_collection"]:
        told["next_start"] = start + limit
    if not here.height:
        return answer({"success": True, "data": None, "additional_data": {"pagination": told}})
    return page({"success": True}, "data", here, {"additional_data": {"pagination": told}})
