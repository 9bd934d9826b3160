"""One load of one source: what it was told, and what it found on the way."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.envelope import Page
from pipelines.erased import Erased
from pipelines.failures import SourceFailed
from pipelines.quarantine import Quarantined
from pipelines.source_options import Options
from pipelines.streams import Stream

Since = datetime | int | None


class Conversation(Protocol):
    """With a vendor's interface, or with a database."""

    requests: int

    @property
    def asked(self) -> int: ...


@dataclass(frozen=True)
class Scope:
    """A part of a source that is read by itself: a company of an ERP, or the whole of a CRM."""

    pages: Callable[[Stream, Since], Iterator[Page]]
    keys: Callable[[Stream], Iterator[Page]]
    some: Callable[[Stream, list[Any]], Iterator[Page]] | None = None  # the rows of these keys
    leading: Mapping[str, str] = field(default_factory=dict)  # columns of every row; the first tells scopes apart
    # How far a cursor may go: what is beyond was perhaps written while older rows were being read, and is read again.
    upto: Callable[[Stream], int | None] = lambda _: None

    @property
    def name(self) -> str:
        return next(iter(self.leading.values()), "")


@dataclass(frozen=True)
class Keys:
    """Every key a stream has at its source, in one scope."""

    stream: Stream
    scope: str
    frame: pl.DataFrame  # key, is_deleted, cursor
    reached: Since  # what is newer comes with the next load


@dataclass
class Reading:
    options: Options
    now: datetime  # UTC, without a zone
    zone: str
    progress: Callable[[str, int, int], None] | None = None  # hears of stream, its rows, all requests so far
    in_full: frozenset[str] = frozenset()  # streams to read from the beginning; the others are left alone
    open_before: Mapping[str, dict[str, set[Any]]] = field(default_factory=dict)  # keys by table and scope: see reread
    odd_before: Mapping[str, set[str]] = field(default_factory=dict)  # rows in quarantine, by table

    erased: Erased = field(default_factory=Erased)  # who must not come in again

    sample: bool = False  # asked is only whether each stream can be read: its first page is the last one
    clock: datetime | None = None  # the source's own, UTC without a zone, where it tells it otherwise than by HTTP

    http: Conversation | None = None
    rows: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    skipped: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)  # of what was skipped: the codes of failures.py
    quarantined: list[Quarantined] = field(default_factory=list)
    read_again: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # of odd_before
    keys: list[Keys] = field(default_factory=list)
    without_rows: list[tuple[Stream, str]] = field(default_factory=list)  # a set without keys, empty in this scope
    without_lines: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))

    @property
    def source(self) -> str:
        return self.options.source

    @property
    def today(self) -> date:
        return self.now.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).date()

    def wants(self, stream: Stream) -> bool:
        return not self.in_full or stream.name in self.in_full

    def note(self, stream: Stream, words: str) -> None:
        if words not in self.notes[stream.name]:
            self.notes[stream.name].append(words)

    def failed(self, stream: Stream, words: str) -> SourceFailed:
        return SourceFailed(self.source, stream.entity, words)

    @property
    def asked(self) -> int:
        """Every request of this load, those for tokens too."""
        return self.http.asked if self.http else 0

    def tell(self, stream: Stream) -> None:
        if self.progress:
            self.progress(stream.name, self.rows[stream.name], self.asked)
