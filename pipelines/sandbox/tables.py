"""The records a sandbox serves, in a form that is quick to search: native polars all the way, parsed once."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from threading import RLock
from typing import Any

import polars as pl

PATTERNS = {
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"),
    "date": re.compile(r"\d{4}-\d\d-\d\d$"),
    "guid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
}
ROW = "$row"  # stands in for the key of a set that has none; columns with $ are never shown
RESULTS_KEPT = 32


def kind_of(values: pl.Series) -> str:
    """text, timestamp, date, guid, number, bool; unknown when there is no value to tell it from."""
    if values.dtype == pl.Boolean:
        return "bool"
    if values.dtype.is_numeric():
        return "number"
    if values.dtype.is_temporal():
        return "timestamp"
    present = values.drop_nulls()
    if present.is_empty() or values.dtype != pl.String:
        return "unknown"
    return next((kind for kind, pattern in PATTERNS.items() if pattern.match(present[0])), "text")


class Table:
    """One object or entity set, sorted by its key."""

    def __init__(self, frame: pl.DataFrame, key: list[str]) -> None:
        if not key:
            frame, key = frame.with_row_index(ROW), [ROW]
        self.key = key
        self.frame = frame.sort(key)
        self._comparable: dict[str, pl.Series] = {}

    @cached_property
    def fields(self) -> list[str]:
        return [name for name in self.frame.columns if not name.startswith("$")]

    @cached_property
    def kinds(self) -> dict[str, str]:
        return {name: kind_of(self.frame[name]) for name in self.frame.columns}

    def comparable(self, field: str) -> pl.Series:
        """The field's values as they compare: vendors write one moment with two or with three digits of a second."""
        if field not in self._comparable:
            values = self.frame[field]
            if self.kinds[field] == "timestamp" and values.dtype == pl.String:
                told = values.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False)
                # Without a zone it is the server's own clock, which is compared with itself.
                local = values.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
                values = told.fill_null(local.dt.replace_time_zone("UTC")) if local.is_not_null().any() else told
            self._comparable[field] = values
        return self._comparable[field]

    def select(self, mask: pl.Series | None, order: Iterable[tuple[str, bool]]) -> pl.DataFrame:
        """The rows that are wanted, in the order that is wanted: (field, descending), the key last."""
        frame, order = self.frame, list(order)
        if order:
            names = [f"$order{number}" for number in range(len(order))]
            frame = frame.with_columns(
                self.comparable(field).alias(name) for name, (field, _) in zip(names, order, strict=True)
            )
        if mask is not None:
            frame = frame.filter(mask)
        if order:
            frame = frame.sort(names, descending=[down for _, down in order], nulls_last=False, maintain_order=True)
        return frame


class Records:
    """Tables of both vendors, made when first asked for, and the results that following pages are cut from."""

    def __init__(self, source: Any, keys: Mapping[str, Callable[[pl.DataFrame], list[str]]]) -> None:
        self.source = source
        self.keys = keys
        self.lock = RLock()
        self._frames: dict[str, dict[str, pl.DataFrame]] = {}
        self._tables: dict[tuple[str, str], Table] = {}
        self._made: OrderedDict[Any, Any] = OrderedDict()

    def frames(self, system: str) -> dict[str, pl.DataFrame]:
        """Every entity of a vendor. A company works them out only now, so that serving starts at once."""
        with self.lock:
            if system not in self._frames:
                source = self.source
                given = source.records(system) if hasattr(source, "records") else source.get(system, {})
                self._frames[system] = dict(given)
            return self._frames[system]

    def table(self, system: str, entity: str) -> Table | None:
        with self.lock:
            frame = self.frames(system).get(entity)
            if frame is None:
                return None
            if (system, entity) not in self._tables:
                self._tables[system, entity] = Table(frame, self.keys[system](frame))
            return self._tables[system, entity]

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for this key before, or is made now; the least used is forgotten."""
        with self.lock:
            if key not in self._made:
                self._made[key] = make()
            self._made.move_to_end(key)
            while len(self._made) > RESULTS_KEPT:
                self._made.popitem(last=False)
            return self._made[key]

    def without(self, system: str, entity: str, key: Any) -> None:
        """The row with this key is gone from now on."""
        with self.lock:
            table = self.table(system, entity)
            self.frames(system)[entity] = table.frame.filter(pl.col(table.key[0]).ne_missing(key)).select(table.fields)
            del self._tables[system, entity]
            self._made.clear()
