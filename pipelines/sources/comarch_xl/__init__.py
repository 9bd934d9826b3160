"""Comarch ERP XL, an ERP, read from its database: Microsoft SQL Server, schema CDN, one company to a database.

Its own interface is a library on Windows; what it can read, the tables hold as well.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import dlt

from pipelines.extraction import Reading, Stream, resource
from pipelines.sources.comarch_xl.about import ABOUT
from pipelines.sources.comarch_xl.streams import STREAMS
from pipelines.sql.database import Database, connected
from pipelines.sql.pages import scope
from pipelines.sql.tables import named

__all__ = ["ABOUT", "NEEDS", "STREAMS", "comarch_xl"]

NEEDS = ("BASE_URL", "USER", "PASSWORD")


@dlt.source(name="comarch_xl", max_table_nesting=0)
def comarch_xl(reading: Reading) -> Iterator[Any]:
    """Every table, row by row as it stands; which documents count is staging's business."""
    database = connected(reading.options, reading.options.text("SCHEMA", "CDN"))
    for stream in STREAMS:
        if reading.wants(stream):
            asked = of_deals(stream, reading, database) if stream.name == "atrybuty" else stream
            yield resource(reading, asked, [scope(database, reading)], database)


def of_deals(stream: Stream, reading: Reading, database: Database) -> Stream:
    """Of a firm's own fields only the one that holds the deal: the others are nobody's business here."""
    name = named(reading, stream, "DEAL_ATTRIBUTE")
    if not name:
        return replace(stream, where="1 = 0")
    classes = database.dialect.table(database.login.schema, "AtrybutyKlasy")
    attribute = f"select AtK_ID from {classes} where AtK_Nazwa = {name}"  # noqa: S608
    return replace(stream, where=f"{stream.where} and Atr_AtkId in ({attribute})")
