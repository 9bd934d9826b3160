"""How Business Central answers for an entity set: filtered, ordered, in pages, lines nested in their documents."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl

from pipelines.sandbox import odata
from pipelines.sandbox.conditions import moment
from pipelines.sandbox.tables import Records, Table

SYSTEM = "business_central"
COMPANY = "companyId"  # in a frame: whose row it is, where there are several companies; never shown
LARGEST_PAGE = 20_000
ETAG = "@odata.etag"


class BadRequest(Exception):
    """A request Business Central refuses: the message."""


def check(table: Table, entity: str, names: Any) -> None:
    for name in names:
        if name not in table.fields:
            kind = entity.removesuffix("s")
            raise BadRequest(f"Could not find a property named '{name}' on type 'Microsoft.NAV.{kind}'.")


def rows(table: Table, entity: str, company: str, parent: str, options: Mapping[str, str]) -> pl.DataFrame:
    """All the rows asked for, in their order."""
    texts = [options["$filter"]] if options.get("$filter") else []
    texts += [f"documentId eq {parent}"] if parent else []
    texts += [f"{COMPANY} eq {company}"] if COMPANY in table.fields else []
    conditions = [odata.read(text) for text in texts]
    order = odata.ordering(options.get("$orderby", ""))
    check(table, entity, [*(name for each in conditions for name in each.fields), *(name for name, _ in order)])
    mask = pl.repeat(True, table.frame.height, dtype=pl.Boolean, eager=True)
    for condition in conditions:
        mask &= condition.holds(table)
    return table.select(mask if conditions else None, order)


def start(found: pl.DataFrame, key: str, options: Mapping[str, str]) -> int:
    """How many rows stand before the page: those up to the one in the token, whether it is still there or not."""
    if "$skiptoken" not in options:
        return 0
    order = odata.ordering(options.get("$orderby", ""))
    *values, last = json.loads(options["$skiptoken"]) if order else [options["$skiptoken"]]
    passed = found[key] <= (int(last) if found[key].dtype.is_integer() else last)
    for number, (_, down) in reversed(list(enumerate(order))):
        column, value = found[f"$order{number}"], values[number]
        if value is None:  # nulls come first
            passed = column.is_null() & passed
            continue
        value = moment(value) if column.dtype.is_temporal() else value
        passed = (column > value if down else column < value).fill_null(True) | (column.eq_missing(value) & passed)
    return int(passed.sum())


def token(page: pl.DataFrame, key: str, options: Mapping[str, str]) -> str:
    """What the next link remembers: the last row's key, after the values it is ordered by."""
    last = page[-1].row(0, named=True)
    if not options.get("$orderby"):
        return str(last[key])
    ordered = [value for name, value in last.items() if name.startswith("$order")]
    return quote(json.dumps([*ordered, str(last[key])], default=str), safe="")


def page_size(prefer: str, cap: int | None) -> int:
    asked = re.search(r"odata\.maxpagesize=(\d+)", prefer)
    return min(int(asked[1]) if asked else LARGEST_PAGE, cap or LARGEST_PAGE, LARGEST_PAGE)


def shown(records: Records, table: Table, entity: str, page: pl.DataFrame, options: Mapping[str, str]) -> pl.DataFrame:
    """The fields asked for, the etag where the set has one, and lines nested in their documents."""
    chosen = [name for name in options.get("$select", "").split(",") if name] or table.fields
    check(table, entity, chosen)
    columns = [name for name in chosen if name != COMPANY]
    if "id" in table.fields:
        page = page.with_columns(etag(page))
        columns = [ETAG, *columns]
    for child, fields in odata.expansions(options.get("$expand", "")).items():
        page = expanded(records, page, entity, child, fields)
        columns.append(child)
    return page.select(columns)


def etag(page: pl.DataFrame) -> pl.Series:
    return pl.select(pl.format('W/"{}"', page.hash_rows(seed=1)).alias(ETAG)).to_series()


def expanded(records: Records, page: pl.DataFrame, entity: str, child: str, fields: str) -> pl.DataFrame:
    lines = records.table(SYSTEM, child)
    if lines is None or not child.startswith(entity.removesuffix("s")):
        raise BadRequest(f"Could not find a property named '{child}' on type 'Microsoft.NAV.{entity}'.")
    here, there = family(entity, COMPANY in lines.fields)
    nested = records.once((SYSTEM, child, fields), lambda: nest(lines, child, there, fields))
    none = pl.lit([], dtype=nested.schema[child])
    found = page.join(nested, left_on=here, right_on=there, how="left", maintain_order="left")
    return found.with_columns(pl.col(child).fill_null(none))


def family(entity: str, by_company: bool) -> tuple[list[str], list[str]]:
    """The fields of a document that its lines name, and what the lines call them."""
    company = [COMPANY] if by_company else []
    if "Archive" in entity:
        versions = ["docNoOccurrence", "versionNumber"]
        return ["number", *versions, *company], ["documentNumber", *versions, *company]
    return ["id", *company], ["documentId", *company]


def nest(lines: Table, child: str, parents: list[str], fields: str) -> pl.DataFrame:
    """One row a document: its lines as a list of records, in their order."""
    chosen = [name for name in fields.split(",") if name] or lines.fields
    check(lines, child, chosen)
    frame = lines.frame.with_columns(etag(lines.frame)).sort([*parents, *({"sequence"} & set(lines.fields))])
    columns = [ETAG, *(name for name in chosen if name != COMPANY)]
    return frame.group_by(parents, maintain_order=True).agg(pl.struct(columns).alias(child))
