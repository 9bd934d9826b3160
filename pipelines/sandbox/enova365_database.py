"""enova365 as whoever reads its database sees it: the tables of schema dbo."""

from typing import Any

import polars as pl

from pipelines.sandbox.database_files import DatabaseFile
from pipelines.sources.enova365.streams import STREAMS

SYSTEM = "enova365"


def keys(frame: pl.DataFrame) -> list[str]:
    """Every table has an ID, but that of a firm's own fields."""
    own = ["ID"], ["ParentType", "Parent", "Name", "Lp"]
    return next((key for key in own if set(key) <= set(frame.columns)), [])


def settings(sandbox: Any) -> dict[str, str]:
    return sandbox.vendors[SYSTEM].laid_down(SYSTEM, STREAMS)


VENDOR = DatabaseFile
