"""How a server of OData before V4 answers for an entity set: filtered, ordered, cut by $top and $skip."""

from collections.abc import Mapping

import polars as pl

from pipelines.sandbox import odata
from pipelines.sandbox.conditions import WrongType
from pipelines.sandbox.tables import Table


class UnknownProperty(Exception):
    """A field that the set does not have: its name."""


class BadRequest(Exception):
    """A question that is refused: the words."""


def rows(table: Table, options: Mapping[str, str]) -> pl.DataFrame:
    """All the rows asked for, in their order."""
    condition = odata.read(options["$filter"], free=True) if options.get("$filter") else None
    order = odata.ordering(options.get("$orderby", ""))
    for name in [*(condition.fields if condition else ()), *(name for name, _ in order)]:
        if name not in table.fields:
            raise UnknownProperty(name)
    try:
        mask = condition.holds(table) if condition else None
    except WrongType as wrong:
        name, kind, literal = wrong.args
        raise BadRequest(f"Invalid comparison of {name} ({kind}) with {literal.text}") from wrong
    return table.select(mask, order)


def chosen(table: Table, options: Mapping[str, str], paths: tuple[str, ...] = ()) -> list[str]:
    """The fields to show; `paths` are what is expanded beside them."""
    ways = {path.partition("/")[0] for path in paths}
    asked = [name for name in options.get("$select", "").split(",") if name and name not in ways]
    for name in asked:
        if name not in table.fields:
            raise UnknownProperty(name)
    return asked or table.fields


def cut(found: pl.DataFrame, options: Mapping[str, str], most: int | None) -> pl.DataFrame:
    """One page: from $skip on, at most $top rows, and at most what the server gives at once."""
    start = max(int(options.get("$skiptoken", 0)), int(options.get("$skip", 0)))
    size = int(options["$top"]) if "$top" in options else found.height
    return found.slice(start, min(size, most or size))
