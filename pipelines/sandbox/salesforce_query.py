"""How Salesforce answers a query: the rows that fit, or its words for why it will not, then pages under a locator."""

import re
import secrets
from collections import OrderedDict
from typing import Any

import polars as pl
from starlette.responses import Response

from pipelines.sandbox.answers import page
from pipelines.sandbox.conditions import WrongType
from pipelines.sandbox.soql import MalformedQuery, Query, read
from pipelines.sandbox.tables import Records, Table

SYSTEM = "salesforce"
LOCATORS_KEPT = 100
ID = "$Id"  # the address of a record is made of it, whether it is selected or not
TYPES = {"text": "string", "guid": "string", "unknown": "string", "number": "double", "bool": "boolean"}
TYPES |= {"timestamp": "datetime", "date": "date"}
NO_SUCH_TYPE = (
    "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c'"
    " after the entity name. Please reference your WSDL or the describe call for the appropriate names."
)


class InvalidQuery(Exception):
    """A query that is not answered: (error code, message)."""


def refused(code: str, query: str, wrong: str | int, message: str) -> InvalidQuery:
    """The vendor points at the word where it stopped."""
    at = wrong if isinstance(wrong, int) else re.search(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])", query).start()
    return InvalidQuery(code, f"\n{query}\n{' ' * at}^\nERROR at Row:1:Column:{at + 1}\n{message}")


def result(records: Records, text: str, with_deleted: bool) -> tuple[Query, pl.DataFrame]:
    """The query and all its rows, in their order."""
    try:
        query = read(text)
    except MalformedQuery as wrong:
        message, at = wrong.args
        raise refused("MALFORMED_QUERY", text, at, message) from None
    return query, records.once((SYSTEM, text, with_deleted), lambda: _rows(records, query, with_deleted))


def _rows(records: Records, query: Query, with_deleted: bool) -> pl.DataFrame:
    table = _table(records, query)
    kept = _kept(table, query)
    for hidden in () if with_deleted else {"IsDeleted", "IsArchived"} & set(table.fields):
        kept = kept & ~table.comparable(hidden).cast(pl.Boolean).fill_null(False)
    rows = table.select(kept, query.order)
    if query.limit is not None:
        rows = rows.head(query.limit)
    return rows.select(*query.fields, pl.col("Id").alias(ID))


def _table(records: Records, query: Query) -> Table:
    table = records.table(SYSTEM, query.entity)
    if table is None:
        raise refused("INVALID_TYPE", query.text, query.entity, NO_SUCH_TYPE.format(query.entity))
    filtered = query.where.fields if query.where else ()
    for name in [*query.fields, *filtered, *(name for name, _ in query.order)]:
        if name not in table.fields:
            message = f"No such column '{name}' on sobject of type {query.entity}"
            raise refused("INVALID_FIELD", query.text, name, message)
    return table


def _kept(table: Table, query: Query) -> pl.Series:
    if query.where is None:
        return pl.repeat(True, table.frame.height, dtype=pl.Boolean, eager=True)
    try:
        return query.where.holds(table)
    except WrongType as wrong:
        name, kind, literal = wrong.args
        message = f"value of filter criterion for field '{name}' must be of type {TYPES[kind]}"
        quotes = "should be enclosed in quotes" if kind == "text" else "should not be enclosed in quotes"
        at = query.text.find(literal.text)
        raise refused("INVALID_FIELD", query.text, at, f"{message} and {quotes}") from None


class Locators:
    """Results that still have pages to give, each as it stood when it was asked for."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, tuple[str, pl.DataFrame, int]] = OrderedDict()

    def entity(self, locator: str) -> str:
        return self.kept.get(locator.rpartition("-")[0], ("",))[0]

    def first(self, base: str, entity: str, rows: pl.DataFrame, size: int) -> Response:
        name = "0r8" + secrets.token_hex(8)[:15]
        if rows.height > size:
            self.kept[name] = (entity, rows, size)
            while len(self.kept) > LOCATORS_KEPT:
                self.kept.popitem(last=False)
        return self._page(base, name, entity, rows, size, 0)

    def following(self, base: str, locator: str) -> Response | None:
        """The page a nextRecordsUrl leads to; None if it leads nowhere any more."""
        name, _, start = locator.rpartition("-")
        return self._page(base, name, *self.kept[name], int(start)) if name in self.kept and start.isdigit() else None

    def _page(self, base: str, name: str, entity: str, rows: pl.DataFrame, size: int, start: int) -> Response:
        done = start + size >= rows.height
        head: dict[str, Any] = {"totalSize": rows.height, "done": done}
        if not done:
            head["nextRecordsUrl"] = f"{base}/query/{name}-{start + size}"
        address = pl.concat_str(pl.lit(f"{base}/sobjects/{entity}/"), ID).alias("url")
        attributes = pl.struct(pl.lit(entity).alias("type"), address).alias("attributes")
        return page(head, "records", rows.slice(start, size).select(attributes, pl.exclude(ID)))
