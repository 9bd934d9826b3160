"""Databases of the sandbox: the vendor's tables under the vendor's names, in a file of SQLite.

A file is laid down anew whenever a source is told where to read. Faults are laid down with it, as what SQLite itself
answers with an error, and a fault that has been laid down once has had its turns:

    500, 503, 408, reset   reading the table breaks off, after `on` - 1 batches
    forbidden              no right to read the table
    not_found              the database has no such table
    token_refused          the database cannot be opened
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipelines.sandbox.answers import CLIENT_ID, CLIENT_SECRET
from pipelines.sandbox.faults import Fault
from pipelines.streams import Column, Stream

BREAKS = {"500", "503", "408", "reset"}
# Of columns that the records leave out: SQL Server's own defaults for them, 0 and no text, and its first day.
EMPTY = {"text": "", "date": "1900-01-01", "timestamp": "1900-01-01T00:00:00"}
# Money by its digits: SQLite would keep it as a float. It has no type for days, and keeps the name of any other.
KINDS = {"text": "TEXT", "decimal": "TEXT", "date": "TEXT", "timestamp": "TEXT"}
KINDS |= {"fraction": "REAL", "rowversion": "ROWVERSION"}
OVERFLOW = "abs(-9223372036854775808)"  # an error when it is computed, not before
# What no reader of a file may do.
NOT_AUTHORIZED = "load_extension('nothing')"


class DatabaseFile:
    """A vendor that is read from its database: for the sandbox one without an interface."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.folder = TemporaryDirectory(prefix="sandbox-")
        self.path = Path(self.folder.name) / "company.db"

    def routes(self) -> list[Any]:
        return []

    def asked(self, _path: str, _query: str) -> str | None:
        return None

    def laid_down(self, system: str, streams: Iterable[Stream]) -> dict[str, str]:
        """The file as the records and the faults now are, and how to read it."""
        self.path.unlink(missing_ok=True)
        frames = self.sandbox.records.frames(system)
        if self._faults(system, ""):
            self.path.write_bytes(b"this is no database, or the key does not fit" * 100)
        else:
            with closing(sqlite3.connect(self.path)) as connection:
                for stream in streams:
                    if (frame := frames.get(stream.entity)) is not None:
                        self._table(connection, stream, frame, self._faults(system, stream.entity))
                connection.commit()
        told = {"base_url": f"sqlite://{self.path}", "user": CLIENT_ID, "password": CLIENT_SECRET}
        return told | ({"rows_at_once": str(self.sandbox.page_rows)} if self.sandbox.page_rows else {})

    def _faults(self, system: str, entity: str) -> list[Fault]:
        """The faults that are due for a table; with no table named, for the whole database."""
        faults = self.sandbox.faults
        found = []
        for number, fault in faults.matching(system, entity or "token"):
            over = fault.times is not None and faults.seen[number] >= fault.on + fault.times
            if not over and (fault.kind == "token_refused") is not bool(entity):
                faults.seen[number] = fault.on + (fault.times or 0)
                found.append(fault)
        return found

    def _table(self, connection: sqlite3.Connection, stream: Stream, frame: pl.DataFrame, faults: list[Fault]) -> None:
        kinds = {fault.kind for fault in faults}
        if "not_found" in kinds:
            return
        if unknown := kinds - BREAKS - {"forbidden"}:
            raise ValueError(f"a database knows no fault {', '.join(sorted(unknown))}")
        columns = {name: column for column in stream.columns if not column.of for name in [column.field]}
        held = f"{stream.entity}$" if kinds else stream.entity
        key = stream.parts(stream.key or "")
        for name in key:
            columns.setdefault(name, Column(name, "int"))
        named = ", ".join(f"[{name}] {KINDS.get(column.type, 'INTEGER')}" for name, column in columns.items())
        connection.execute(f"CREATE TABLE [{held}] ({named}, PRIMARY KEY ({', '.join(key)}))")
        marks = ", ".join("?" for _ in columns)
        rows = filled(frame, columns).sort(key).iter_rows()
        connection.executemany(f"INSERT INTO [{held}] VALUES ({marks})", rows)  # noqa: S608
        if kinds:
            connection.execute(f"CREATE VIEW [{stream.entity}] AS SELECT * FROM [{held}] WHERE {self._hurt(faults)}")  # noqa: S608

    def _hurt(self, faults: list[Fault]) -> str:
        if any(fault.kind == "forbidden" for fault in faults):
            return f"{NOT_AUTHORIZED} IS NULL"
        whole = min(fault.on - 1 for fault in faults) * (self.sandbox.page_rows or 1)
        return f"CASE WHEN rowid > {whole} THEN {OVERFLOW} ELSE 1 END"


def filled(frame: pl.DataFrame, columns: dict[str, Column]) -> pl.DataFrame:
    """The columns of a table, all of them, as SQLite takes them."""
    made = []
    for name, column in columns.items():
        if name not in frame.columns:
            made.append(pl.lit(EMPTY.get(column.type, 0)).alias(name))
        elif column.type == "decimal" and frame[name].dtype != pl.String:
            made.append(pl.col(name).cast(pl.Decimal(38, 9)).cast(pl.String).alias(name))
        elif column.type == "fraction":
            made.append(pl.col(name).cast(pl.Float64))
        elif frame[name].dtype.is_temporal():
            made.append(pl.col(name).dt.to_string("iso:strict"))
        else:
            made.append(pl.col(name))
    return frame.select(made)
