"""One source, its vendor on loopback, and its landing file, copied and kept as a refresh does it."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.configuration import COMPANIES
from pipelines.erased import Erased
from pipelines.load import LoadResult, load
from pipelines.sandbox.server import Sandbox, serve

TODAY = datetime(2026, 6, 1, 20)
QUICK = {
    "http__backoff_seconds": "0.01",
    "http__longest_wait_seconds": "0.05",
    "http__requests_per_second": "1000",
    "searches_per_second": "1000",
    "http__attempts": "3",
}


# The systems of the company that everybody starts with are tried at every change, the others in the long set.
QUICKLY = COMPANIES["parts"]


def tried(systems: Iterable[str]) -> list[Any]:
    """Systems as parameters of a test."""
    return [pytest.param(one, marks=() if one in QUICKLY else pytest.mark.long, id=one) for one in sorted(systems)]


def known(system: str) -> Any:
    """What a test knows of a vendor: its records, and the streams in which it gets into trouble."""
    return import_module(f"tests.{system}_records")


class SourceAtWork:
    def __init__(self, system: str, folder: Path, sandbox: Sandbox) -> None:
        self.system, self.folder, self.sandbox = system, folder, sandbox
        self.landing = folder / "landing" / f"{system}.duckdb"
        self.landing.parent.mkdir()
        self.asked: list[tuple[str, str, int]] = []
        self.erased = Erased()

    def load(self, now: datetime = TODAY, **settings: str) -> LoadResult:
        """Load into a copy, which takes the place of the last good file when all went well."""
        copy = self.folder / "copy" / self.landing.name
        copy.parent.mkdir(exist_ok=True)
        copy.unlink(missing_ok=True)
        if self.landing.exists():
            shutil.copyfile(self.landing, copy)
        before = len(self.sandbox.requests)
        try:
            given = self.sandbox.settings(self.system) | QUICK | settings
            work = self.folder / "work"
            result = load(self.system, self.system, copy, work, settings=given, now=now, erased=self.erased)
        finally:
            self.asked = self.sandbox.requests[before:]
        copy.replace(self.landing)
        return result

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.landing), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def keys(self, table: str, key: str = "id") -> list[Any]:
        """The keys of the rows that are there, sorted."""
        found = self.rows(f"select {key} from raw.{table} where not is_deleted order by 1")  # noqa: S608
        return [row[0] for row in found]


@contextmanager
def at_work(
    system: str,
    records: Mapping[str, pl.DataFrame],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    only: str | None = None,
    **server: Any,
) -> Iterator[SourceAtWork]:
    """A source that reads all its streams, or only those named."""
    module = import_module(f"pipelines.sources.{system}")
    if only:
        streams = [stream for stream in module.STREAMS if stream.name in only.split()]
        monkeypatch.setattr(module, "STREAMS", streams)
    with serve({system: records}, **server) as sandbox:
        yield SourceAtWork(system, folder, sandbox)


def changed(frame: pl.DataFrame, row: int, **values: Any) -> pl.DataFrame:
    """The frame with other values in one row."""
    number = pl.int_range(pl.len())
    return frame.with_columns(
        pl.when(number == row).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in values.items()
    )
