"""Runs one source into its landing file: dlt merges what came, what is gone is marked, what is odd is written down.

The landing file is a copy that the caller throws away when this fails, so nothing here undoes anything.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import dlt

from pipelines.after_load import AfterLoad, odd_rows, open_rows, opened
from pipelines.erased import Erased
from pipelines.failures import SourceFailed
from pipelines.reading import Reading
from pipelines.source_options import Options

# Streams one after the other: what one of them finds out is there for the next, in a source of any size.
# One worker: landing files are small, and two would only queue for the file's single writer.
QUIET = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "EXTRACT__NEXT_ITEM_MODE": "fifo",
    "LOAD__WORKERS": "1",
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}
Moving = Callable[[str, int, int], None]


@dataclass
class LoadResult:
    rows: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    seconds: float = 0
    skipped: list[str] = field(default_factory=list)
    quarantined: int = 0
    data_as_of: datetime | None = None


def load(
    source: str,
    system: str,
    landing: Path,
    workdir: Path,
    *,
    settings: Mapping[str, str],
    now: datetime,
    progress: Moving | None = None,
    erased: Erased | None = None,
) -> LoadResult:
    """Load one source; SourceFailed says why that cannot be. `progress` hears of a stream, its rows, all requests.

    Who is `erased` does not come in: their rows do, without them.
    """
    erased = erased or Erased()
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    started = time.monotonic()
    if now.tzinfo:
        now = now.astimezone(UTC).replace(tzinfo=None)
    try:
        if system == "files":
            from pipelines.files_load import load_files

            result = load_files(source, landing, workdir, settings, run, erased)
        else:
            result = _load_vendor(source, system, landing, workdir, settings, now, progress, erased)
    finally:
        shutil.rmtree(workdir, ignore_errors=True)  # dlt keeps every row it loaded there
    result.seconds = round(time.monotonic() - started, 3)
    result.data_as_of = now
    return result


def _vendor(system: str) -> tuple[Any, list]:
    module = import_module(f"pipelines.sources.{system}")
    return getattr(module, system), module.STREAMS


def _load_vendor(
    source: str,
    system: str,
    landing: Path,
    workdir: Path,
    settings: Mapping,
    now: datetime,
    progress: Moving | None,
    erased: Erased,
) -> LoadResult:
    made, streams = _vendor(system)
    result = LoadResult()
    in_full: frozenset[str] = frozenset()
    # Once; and again, in full, for streams of which the comparison of keys shows that rows never came.
    for _ in range(2):
        options = Options(source, settings)
        reading = Reading(
            options,
            now,
            options.text("TIME_ZONE", "UTC"),
            progress,
            in_full=in_full,
            open_before=open_rows(landing, streams),
            odd_before=odd_rows(landing),
            erased=erased,
        )
        run(source, lambda reading=reading: made(reading), landing, workdir)
        with opened(landing) as connection:
            after = AfterLoad(connection, reading)
            in_full = frozenset(after.vanished())
            result.quarantined = after.quarantined()
            after.covered([stream for stream in streams if reading.wants(stream)], now)
        result.rows |= dict(reading.rows)
        result.requests += reading.asked
        result.skipped += [f"{name}: {why}" for name, words in reading.notes.items() for why in words]
        if not in_full:
            break
    return result


def run(source: str, made: Callable[[], Any], landing: Path, workdir: Path) -> None:
    """One dlt load into the landing file, whose state it takes up."""
    try:
        # An open connection: left to itself, dlt opens and checkpoints the file anew for every table.
        with opened(landing) as connection:
            pipeline = dlt.pipeline(
                pipeline_name=landing.stem,
                pipelines_dir=str(workdir),
                destination=dlt.destinations.duckdb(connection),
                dataset_name="raw",
            )
            _came_as_files(source, pipeline.run(made(), loader_file_format="parquet"))
    except SourceFailed:
        raise
    except Exception as error:
        failure = _cause(error)
        if failure:
            raise failure from None
        raise


def _came_as_files(source: str, info: Any) -> None:
    """Rows written as insert statements take ten times as long and lose decimals with exponents."""
    for package in info.load_packages:
        for job in package.jobs["completed_jobs"]:
            told = job.job_file_info
            if told.file_format == "insert_values" and not told.table_name.startswith("_dlt"):
                raise SourceFailed(source, told.table_name, "its rows came as insert statements, not as parquet files")


def _cause(error: BaseException | None) -> SourceFailed | None:
    """dlt wraps what a source raises."""
    while error is not None:
        if isinstance(error, SourceFailed):
            return error
        error = error.__cause__ or error.__context__
    return None
