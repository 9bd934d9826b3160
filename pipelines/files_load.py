"""A folder of files into its landing file: only when something in it changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dlt
import polars as pl

from pipelines.after_load import TABLES, exists, opened
from pipelines.erased import Erased
from pipelines.failures import SourceFailed
from pipelines.load import LoadResult
from pipelines.personal import tables
from pipelines.sources import files
from pipelines.unpersoned import cleaned


def load_files(
    source: str, landing: Path, workdir: Path, settings: Mapping[str, str], run: Callable[..., None], erased: Erased
) -> LoadResult:
    known = _fingerprint(landing)
    try:
        found = files.read(Path(settings["folder"]), settings.get("time_zone", "UTC"), known)
    except files.FilesError as error:
        raise SourceFailed(source, "", str(error)) from None
    if found is None:
        return LoadResult()
    told = tables("files")
    kept = {
        name: cleaned(rows, told[name], source, erased) if name in told else rows for name, rows in found.tables.items()
    }
    found = replace(found, tables=kept)

    def made() -> Any:
        return dlt.source(lambda: files.resources(found), name="files", max_table_nesting=0)()

    run(source, made, landing, workdir)
    _write_facts(landing, found)
    return LoadResult(rows={name: table.height for name, table in found.tables.items()}, skipped=found.reported)


def _fingerprint(landing: Path) -> str | None:
    """Of the files as they were when they were last loaded."""
    if not landing.exists():
        return None
    with opened(landing) as connection:
        if not exists(connection, "fingerprints"):
            return None
        found = connection.execute("select fingerprint from raw.fingerprints").fetchall()
    return found[0][0] if found else None


def _write_facts(landing: Path, found: files.FilesLoad) -> None:
    with opened(landing) as connection:
        connection.execute("drop schema if exists raw_staging cascade")
        connection.execute(TABLES)
        connection.execute("delete from raw.coverage")
        connection.register("found", found.coverage.to_arrow(compat_level=pl.CompatLevel.oldest()))
        connection.execute("insert into raw.coverage by name select * from found")
        connection.unregister("found")
        connection.execute("delete from raw.fingerprints")
        connection.execute("insert into raw.fingerprints values (?)", [found.fingerprint])
