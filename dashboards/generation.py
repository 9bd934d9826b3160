"""The published file, opened for reading and nothing else; readers move on when the pointer moves."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from dashboards.configuration import setting

# Everything a reader could use to leave the file is off, and the configuration is locked last.
LOCKDOWN = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": "2",
    "memory_limit": "1GB",
    "max_execution_time": "15000",
    # The first rows of an order are found by what they are ordered by; only then is the rest of them read.
    "late_materialization_max_rows": "1000",
    "lock_configuration": "true",
}

_held: ContextVar[str | None] = ContextVar("held", default=None)
_guard = threading.Lock()
_opened: dict[str, duckdb.DuckDBPyConnection] = {}


class Dropped(Exception):
    """The generation held was removed: so many were published meanwhile that the page must begin again."""


def data_dir() -> Path:
    return Path(setting("DATA_DIR"))


def current() -> str | None:
    """Name of the generation to read: the one held here, else the one that is published now."""
    return _held.get() or newest()


@contextmanager
def held(name: str | None = None) -> Iterator[str | None]:
    """One generation from the first statement of a page to its last, whatever is published meanwhile.

    A part of a page that is drawn again names that of its page.
    """
    before = _held.set(name or newest())
    try:
        yield _held.get()
    finally:
        _held.reset(before)


def newest() -> str | None:
    """Name of the generation that is published now, or None before the first refresh."""
    path = data_dir() / "warehouse.duckdb"
    try:
        seen = path.stat()
        return named(str(path), seen.st_ino, seen.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=8)
def named(path: str, inode: int, changed: int) -> str:
    """The file behind the pointer, found once a generation: a page asks some hundred times."""
    return f"{os.path.realpath(path, strict=True)}#{inode}.{changed}"


def folder() -> str | None:
    """The name of the folder that the file to read lies in."""
    name = current()
    return None if name is None else file(name).parent.name


@lru_cache(maxsize=8)
def file(generation: str) -> Path:
    return Path(generation.rpartition("#")[0])


def connect(generation: str) -> duckdb.DuckDBPyConnection:
    """The one way into the warehouse. An older generation is closed once a newer one is asked for."""
    with _guard:
        if generation not in _opened:
            opened = duckdb.connect(str(file(generation)), read_only=True, config=LOCKDOWN)
            # Let go, not closed: closing would cut off queries under way; the file is freed with the last of them.
            _opened.clear()
            _opened[generation] = opened
        return _opened[generation].cursor()


@lru_cache(maxsize=512)
def answer(generation: str, statement: str, parameters: tuple, order: tuple[str, ...] = ()) -> pl.DataFrame:
    """A statement's rows. A generation never changes, so neither does its answer.

    `order` is made here: a hundred thousand groups take a tenth of the time that the file's reader takes.
    """
    with connect(generation) as cursor:
        values = [list(value) if isinstance(value, tuple) else value for value in parameters]
        found = cursor.sql(statement, params=values).pl()
    return found.sort(order, nulls_last=True) if order else found


def close() -> None:
    """Lets go of the file and of everything read from it."""
    with _guard:
        _opened.clear()
        answer.cache_clear()
