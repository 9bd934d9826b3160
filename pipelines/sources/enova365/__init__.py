"""enova365 of Soneta, an ERP, read from its database: Microsoft SQL Server, schema dbo, one company to a database.

Its Web API serves only what a contract written for the installation lays open; the tables are the same at every firm.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import dlt

from pipelines.extraction import Reading, Stream, resource
from pipelines.sources.enova365.about import ABOUT
from pipelines.sources.enova365.streams import STREAMS
from pipelines.sql.database import connected
from pipelines.sql.pages import scope
from pipelines.sql.tables import named

__all__ = ["ABOUT", "NEEDS", "STREAMS", "enova365"]

NEEDS = ("BASE_URL", "USER", "PASSWORD")
# A firm's own fields by the setting that names one, and whose field it is.
FEATURES = {"DEAL_FEATURE": "DokHandlowe", "CATEGORY_FEATURE": "Towary", "SEGMENT_FEATURE": "Kontrahenci"}


@dlt.source(name="enova365", max_table_nesting=0)
def enova365(reading: Reading) -> Iterator[Any]:
    """Every table, row by row as it stands; which documents count is staging's business."""
    database = connected(reading.options, reading.options.text("SCHEMA", "dbo"))
    for stream in STREAMS:
        if reading.wants(stream):
            asked = of_settings(stream, reading) if stream.name == "features" else stream
            yield resource(reading, asked, [scope(database, reading)], database)


def of_settings(stream: Stream, reading: Reading) -> Stream:
    """Of a firm's own fields only those that are named: the others are nobody's business here."""
    wanted = {parent: named(reading, stream, setting) for setting, parent in FEATURES.items()}
    either = [f"(ParentType = '{parent}' AND Name = {name})" for parent, name in wanted.items() if name]
    return replace(stream, where=f"({' OR '.join(either)})" if either else "1 = 0")
