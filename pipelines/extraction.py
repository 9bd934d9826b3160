"""What every source shares: a stream's pages become typed tables for dlt, from where the last load ended.

A source says where its first page is and how its vendor spells a refusal. Its cursor, the keys that are due to be
compared, the fields it once had: all that is dlt's state of the resource, and so travels in the landing file.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import dlt
import polars as pl

from pipelines.batches import Gathered
from pipelines.envelope import Envelope, Page, split
from pipelines.failures import Absent, Broken, NotBought, SourceFailed, Unavailable, UnknownField
from pipelines.fields import Fields
from pipelines.http import Http, Pace
from pipelines.pages import batch
from pipelines.paging import follow, once, turned
from pipelines.quarantine import parsed
from pipelines.raw_tables import names, shaped
from pipelines.reading import Conversation, Keys, Reading, Scope, Since
from pipelines.source_options import Options
from pipelines.streams import Column, Personal, Stream, columns, parts
from pipelines.tokens import ClientCredentials

__all__ = [
    "Absent", "Broken", "ClientCredentials", "Envelope", "Http", "NotBought", "Options", "Pace", "Page", "Personal",
    "Reading", "Scope", "Since", "SourceFailed", "Stream", "Unavailable", "UnknownField", "columns", "follow", "once",
    "parsed", "parts", "resource", "split", "turned",
]  # fmt: skip


# Beyond so many, reading a set in full is fewer requests than asking for its rows by key.
MANY_KEYS = 1000


def resource(reading: Reading, stream: Stream, scopes: list[Scope], http: Conversation) -> Any:
    """A stream, and its lines, as a dlt resource of Arrow tables."""
    try:
        names([*stream.columns, *(Column(name, "text") for name in stream.extra)])
        names(stream.lines.columns if stream.lines else ())
    except ValueError as error:
        raise reading.failed(stream, str(error)) from None

    reading.http = http

    def rows() -> Iterator[Any]:
        extraction = Extraction(reading, stream, scopes, dlt.current.resource_state())
        before = http.requests
        yield from extraction.tables(lambda: http.requests - before)

    return dlt.resource(rows, name=stream.name)


class Extraction:
    """One stream in one load."""

    def __init__(self, reading: Reading, stream: Stream, scopes: list[Scope], state: dict[str, Any]) -> None:
        self.reading, self.stream, self.scopes, self.state = reading, stream, scopes, state
        self.gathered = Gathered(reading, stream, list(scopes[0].leading) if scopes else [])
        asked = sorted(column.field for column in self.gathered.asked.columns)
        asked += [f"{name}={reading.options.text(name)}" for name in stream.narrowed_by.split()]
        # Fields nobody asked for before are missing from every row that is there: all are read again.
        if stream.name in reading.in_full or state.get("asked") not in (None, asked):
            state.clear()
        state["asked"] = asked
        self.cursors: dict[str, Any] = state.setdefault("cursors", {})
        self.swept: dict[str, str] = state.setdefault("swept", {})

    def tables(self, requests: Callable[[], int]) -> Iterator[Any]:
        for scope in self.scopes:
            try:
                for item in self._scope(scope):
                    yield item
                    self._tell(requests())
            except Unavailable as reason:
                if isinstance(reason, Absent) and not self.stream.optional:
                    raise self.reading.failed(self.stream, str(reason)) from None
                self.reading.skipped[self.stream.name] = str(reason)
                self.reading.reasons[self.stream.name] = reason.reason
                self.reading.note(self.stream, str(reason))
        # With empty tables every declared table exists, and every column, whatever came.
        if self.state.get("made") != self.state["asked"]:
            yield from self.gathered.nothing()
            self.state["made"] = self.state["asked"]
        self._tell(requests())

    def _tell(self, requests: int) -> None:
        self.reading.requests[self.stream.name] = requests
        self.reading.tell(self.stream)

    def _scope(self, scope: Scope) -> Iterator[Any]:
        reached = self.cursors.get(scope.name)
        since = None if self.stream.in_full_daily and self._sweep_is_due(scope) else self._since(reached)
        upto = scope.upto(self.stream)
        fields = Fields(self.reading, self.gathered.asked, self.state, scope.name)
        waiting = (
            set() if since is None else set(self.reading.open_before.get(self.stream.name, {}).get(scope.name, ()))
        )
        keys = []
        for page in self._every_page(scope, since, fields, waiting):
            missing = self.gathered.add(page, fields.asked(), scope)
            if page.records:
                fields.answered(missing)
            documents = self.gathered.documents[-1]
            reached = self._later(reached, documents, upto)
            if self.gathered.own.key:
                keys.append(documents.select(self.gathered.own.key, "is_deleted"))
                waiting -= set(keys[-1][self.gathered.own.key]) if waiting else set()
            elif documents.height:
                keys.append(documents.select("is_deleted"))
            if self.gathered.full:
                yield from self.gathered.items()
        yield from self.gathered.items()
        if reached is not None:
            self.cursors[scope.name] = reached
        if self.stream.key is None and not keys:
            self.reading.without_rows.append((self.stream, scope.name))
        self._sweep(scope, pl.concat(keys) if since is None and keys else None)

    def _every_page(self, scope: Scope, since: Since, fields: Fields, waiting: set[Any]) -> Iterator[Page]:
        """What changed; then the rows that were open when last seen and, by now, are not among the open ones.

        `waiting` loses the keys of each page as it is taken in, before the next one is asked for.
        """
        yield from self._pages(scope, since, fields)
        if len(waiting) > MANY_KEYS:
            yield from self._pages(scope, None, fields)
        elif waiting and scope.some:
            yield from scope.some(fields.asked(), sorted(waiting))

    def _pages(self, scope: Scope, since: Since, fields: Fields) -> Iterator[Page]:
        """Pages, asked for anew without a field that the source does not have, or in full for one that it now has."""
        while True:
            try:
                for page in scope.pages(fields.asked(), since):
                    yield page
                    if self.reading.sample:
                        return
                    if fields.appeared and since is not None:
                        break
                else:
                    return
                since = None
            except UnknownField as unknown:
                fields.unknown(unknown.field)

    def _since(self, reached: Any) -> Since:
        """Where to read on: the last cursor less an overlap, for what was written late. None: from the beginning."""
        if reached is None or self.stream.cursor is None:
            return None
        if isinstance(reached, int):
            return max(0, reached - int(self.reading.options.number("OVERLAP_ENTRIES", 100)))
        overlap = timedelta(minutes=self.reading.options.number("OVERLAP_MINUTES", self.stream.late_minutes))
        # A clock that was set back must not hide what the source changes now.
        return min(datetime.fromisoformat(reached), self.reading.now) - overlap

    def _later(self, reached: Any, documents: pl.DataFrame, upto: int | None) -> Any:
        """The cursor after these rows. A date in the future counts as now: it must not hide later changes."""
        if self.stream.cursor is None or not documents.height:
            return reached
        last = documents[self.gathered.own.cursor].max()
        if isinstance(last, datetime):
            last = min(last, self.reading.now).isoformat()
        elif isinstance(last, int) and upto is not None:
            last = min(last, upto)
        elif isinstance(last, date):
            last = min(last, self.reading.today).isoformat()
        return max((value for value in (reached, last) if value is not None), default=None)

    def _sweep(self, scope: Scope, in_full: pl.DataFrame | None) -> None:
        """Now and then every key is asked for: it is how a vanished row, or one that was missed, is noticed."""
        if not self.stream.swept:
            return
        if in_full is not None:
            self.reading.keys.append(Keys(self.stream, scope.name, in_full, None))
        elif self._sweep_is_due(scope):
            self.reading.keys.append(self._keys(scope))
        else:
            return
        self.swept[scope.name] = self.reading.today.isoformat()

    def _sweep_is_due(self, scope: Scope) -> bool:
        last = self.swept.get(scope.name)
        every = max(1, int(self.reading.options.number("SWEEP_DAYS", 1)))
        return not last or (self.reading.today - date.fromisoformat(last)).days >= every

    def _keys(self, scope: Scope) -> Keys:
        kept = {self.stream.key, *self.stream.key_parts, self.stream.cursor, self.stream.deleted}
        narrow = replace(
            self.stream, lines=None, extra={}, columns=tuple(one for one in self.stream.columns if one.field in kept)
        )
        frames = [batch(page, narrow).rows for page in [Page([]), *scope.keys(narrow)]]
        rows, _ = shaped(pl.concat(frames), narrow, {}, {}, self.reading.zone)
        return Keys(self.stream, scope.name, rows, self._since(self.cursors.get(scope.name)))
