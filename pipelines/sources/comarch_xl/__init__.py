"""Comarch ERP XL, an ERP, read from its database: Microsoft SQL Server, schema CDN, one company to a database.

Its own interface is a library on Windows; what it can read, the tables hold as well.
"""

from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.extraction import Reading, resource
from pipelines.sources.comarch_xl.streams import STREAMS
from pipelines.sql.database import connected
from pipelines.sql.pages import scope

__all__ = ["NEEDS", "STREAMS", "comarch_xl"]

NEEDS = ("BASE_URL", "USER", "PASSWORD")


@dlt.source(name="comarch_xl", max_table_nesting=0)
def comarch_xl(reading: Reading) -> Iterator[Any]:
    """Every table, row by row as it stands; which documents count is staging's business."""
    database = connected(reading.options, reading.options.text("SCHEMA", "CDN"))
    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [scope(database, reading)], database)
