"""Comarch ERP XL as whoever reads its database sees it: the tables of schema CDN."""

from typing import Any

import polars as pl

from pipelines.sandbox.database_files import DatabaseFile
from pipelines.sources.comarch_xl.streams import STREAMS

SYSTEM = "comarch_xl"


def keys(frame: pl.DataFrame) -> list[str]:
    """The columns of the table's key: every column of XL says by its first letters of which table it is."""
    for stream in STREAMS:
        key = stream.parts(stream.key or "")
        if set(key) <= set(frame.columns):
            return list(key)
    return []


def settings(sandbox: Any) -> dict[str, str]:
    return sandbox.vendors[SYSTEM].laid_down(SYSTEM, STREAMS)


VENDOR = DatabaseFile
