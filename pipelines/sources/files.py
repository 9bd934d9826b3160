"""Files: any system that can export. A folder per system; every CSV, JSON Lines, Excel or Parquet file is a table, and
an entity of the contract is fed by the file of its name or by `<entity>.sql`, a DuckDB select over the tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dlt
import polars as pl
import pyarrow as pa
from dlt.extract import DltResource

from pipelines.files.contract import CONTRACT, Entity, read_contract
from pipelines.files.feeding import Given, feed
from pipelines.files.folder import Folder, Part, open_folder
from pipelines.files.problems import FilesError, Problem
from pipelines.files.reading import read_part
from pipelines.files.selects import locked, make_views, selected

__all__ = ["FilesError", "FilesLoad", "read", "resources"]

NEEDS = ()
MERGED = {"disposition": "merge", "strategy": "delete-insert"}
NAIVE = {"data_type": "timestamp", "timezone": False}
# Days to come say nothing of how far back the rows reach.
AHEAD = re.compile("due|expected|promised|requested")


@dataclass(frozen=True)
class FilesLoad:
    """One reading of a folder: every entity of the contract as a table, empty where nothing feeds it."""

    tables: dict[str, pl.DataFrame]
    accumulating: frozenset[str]  # fed by a file pattern: rows of earlier readings stay
    coverage: pl.DataFrame
    reported: list[str]
    fingerprint: str


def read(folder: Path, time_zone: str = "UTC", known: str | None = None, contract: Path = CONTRACT) -> FilesLoad | None:
    """The folder's rows, None when nothing changed since the fingerprint `known`; FilesError when anything is wrong."""
    entities = read_contract(contract)
    try:
        opened = open_folder(folder, entities, time_zone)
    except Problem as problem:
        raise FilesError([problem]) from None
    fingerprint = opened.fingerprint(repr(sorted(entities.items())))
    if fingerprint == known:
        return None
    reading = Reading(opened, entities)
    reading.run()
    if reading.problems:
        raise FilesError(reading.problems)
    tables = {name: reading.fed.get(name, entity.empty()) for name, entity in entities.items()}
    accumulating = frozenset((opened.patterns & reading.fed.keys()) - opened.selects.keys())
    return FilesLoad(
        tables, accumulating, _coverage(tables, reading.fed, opened.settings.time_zone), opened.reported, fingerprint
    )


def resources(reading: FilesLoad, contract: Path = CONTRACT) -> list[DltResource]:
    """What dlt loads of a reading: a full export takes the place of all rows, a file pattern's rows those of its keys.

    The Arrow types are the contract's, and dlt takes columns over from an Arrow table even when it has no rows; only
    that a moment without a zone is meant so must be said.
    """
    entities = read_contract(contract)
    return [
        dlt.resource(
            [_arrow(table, entities[name].key)],
            name=name,
            primary_key=entities[name].key if name in reading.accumulating else None,
            write_disposition=MERGED if name in reading.accumulating else "replace",
            columns={column: dict(NAIVE) for column, kind in table.schema.items() if kind == pl.Datetime},
        )
        for name, table in reading.tables.items()
    ]


def _arrow(table: pl.DataFrame, key: str) -> pa.Table:
    arrow = table.to_arrow(compat_level=pl.CompatLevel.oldest())
    place = arrow.schema.get_field_index(key)
    return arrow.cast(arrow.schema.set(place, arrow.schema.field(place).with_nullable(False)))


class Reading:
    """Reads a whole folder before it gives up, so that one message names all that has to be mended."""

    def __init__(self, folder: Folder, entities: dict[str, Entity]):
        self.folder, self.entities = folder, entities
        self.fed: dict[str, pl.DataFrame] = {}
        self.problems: list[Problem] = []

    def run(self) -> None:
        files = {part.path: self._file(part) for parts in self.folder.tables.values() for part in parts}
        if self.problems:
            return
        frames = {name: [files[part.path] for part in parts] for name, parts in self.folder.tables.items()}
        for name in self.entities.keys() & frames.keys() - self.folder.selects.keys():
            self._feed_by_files(self.entities[name], [tables[""] for tables in frames[name]])
        if self.folder.selects or self.folder.views:
            self._feed_by_selects(dict(self._seen_by_selects(frames)))

    def _file(self, part: Part) -> dict[str, pl.DataFrame]:
        try:
            return read_part(part)
        except Problem as problem:
            self.problems.append(problem)
            return {}

    def _feed_by_files(self, entity: Entity, frames: list[pl.DataFrame]) -> None:
        parts = zip(frames, self.folder.tables[entity.name], strict=True)
        rows = [self._rows(entity, frame, part.path.name, False, part.format.decimal_mark) for frame, part in parts]
        # The same key in two files of a pattern is one record, exported twice: the later file has its newer state.
        self.fed[entity.name] = pl.concat(rows).unique(entity.key, keep="last", maintain_order=True)

    def _rows(self, entity: Entity, table: pl.DataFrame, name: str, is_select: bool, mark: str) -> pl.DataFrame:
        settings = self.folder.settings
        fed = feed(entity, table, Given(name, is_select, mark, settings.time_zone, settings.currency))
        self.problems += fed.problems
        if fed.foreign:
            self.folder.reported.append(f"{name}: not in the contract, so not loaded: {', '.join(fed.foreign)}.")
        return fed.rows

    def _seen_by_selects(self, frames: dict[str, list[dict[str, pl.DataFrame]]]) -> Iterator[tuple[str, pl.DataFrame]]:
        """The files of a pattern as one table, a workbook's further sheets as "book.sheet"."""
        for name, several in frames.items():
            for sheet in dict.fromkeys(sheet for tables in several for sheet in tables):
                parts = [tables[sheet] for tables in several if sheet in tables]
                try:
                    yield (f"{name}.{sheet}" if sheet else name), pl.concat(parts, how="diagonal_relaxed")
                except pl.exceptions.PolarsError:
                    what = "cannot be one table: a column has two types in these files"
                    self.problems.append(Problem(f"{name}_*", what, "Export them alike."))

    def _feed_by_selects(self, tables: dict[str, pl.DataFrame]) -> None:
        with locked(tables, self.folder.settings.time_zone) as connection:
            broken = make_views(connection, self.folder.views)
            self.problems += broken
            for name, path in {} if broken else self.folder.selects.items():
                try:
                    table = selected(connection, path, self.entities[name].key)
                except Problem as problem:
                    self.problems.append(problem)
                    continue
                mark = self.folder.settings.format.decimal_mark
                rows = self._rows(self.entities[name], table, path.name, True, mark)
                # A select's rows come in any order; sorted, the same input makes the same bytes.
                self.fed[name] = rows.sort(self.entities[name].key)


def _coverage(tables: dict[str, pl.DataFrame], fed: dict[str, pl.DataFrame], time_zone: str) -> pl.DataFrame:
    rows = [
        (name, name in fed, table.height, _since(table, time_zone), None if name in fed else "no_file")
        for name, table in tables.items()
    ]
    kinds = {"entity": pl.String, "is_fed": pl.Boolean, "rows": pl.Int64, "since": pl.Date, "reason": pl.String}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _since(table: pl.DataFrame, time_zone: str) -> date | None:
    """The first day of the entity's own events, as its system dates them."""
    ours = table.select(name for name, kind in table.schema.items() if kind.is_temporal() and not AHEAD.search(name))
    moments = pl.selectors.datetime().dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date()
    days = ours.with_columns(moments)
    return days.select(pl.min_horizontal(pl.all().min())).item() if days.width else None
