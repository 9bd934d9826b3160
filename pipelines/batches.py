"""Pages of one stream, gathered until they are worth a file, then handed to dlt as Arrow tables."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import dlt
import polars as pl

from pipelines.envelope import Page
from pipelines.pages import DOCUMENT, batch, empty
from pipelines.personal import of_stream
from pipelines.quarantine import Quarantined, shown
from pipelines.raw_tables import arrow, declared, hints, shaped
from pipelines.reading import Reading, Scope
from pipelines.streams import Column, Stream, snake
from pipelines.unpersoned import cleaned

ROWS = 50_000  # of a batch: memory stays bounded, and files stay few


class Table:
    """A raw table that rows are gathered for: a stream's own, or its lines'."""

    def __init__(self, reading: Reading, stream: Stream, leading: list[str], extra: Mapping[str, str | None]) -> None:
        self.reading, self.stream, self.extra = reading, stream, dict(extra)
        self.columns = declared(stream, leading, list(extra))
        self.hints = hints(stream, self.columns, leading)
        self.key = snake(stream.key) if stream.key else None
        self.cursor = snake(stream.cursor) if stream.cursor else None
        self.personal = of_stream(stream)

    def rows(self, frame: pl.DataFrame, odd: list[Quarantined], scope: Scope) -> pl.DataFrame:
        """Shaped rows; those without a key cannot be merged and are set aside whole."""
        made, unread = shaped(frame, self.stream, scope.leading, self.extra, self.reading.zone)
        odd += unread
        without = made[self.key].null_count() if self.key else 0
        if without:
            odd += [Quarantined(self.stream.name, "", self.key, "", "the row has no key and was left out")] * without
            made = made.filter(pl.col(self.key).is_not_null())
        self._settle(made, scope)
        return cleaned(made, self.personal, self.reading.source, self.reading.erased)

    def _settle(self, frame: pl.DataFrame, scope: Scope) -> None:
        """Rows that are in quarantine and came once more: what was set aside of them before is settled."""
        before = self.reading.odd_before.get(self.stream.name)
        if before and self.key:
            came = {placed(scope, shown(key)) for key in frame[self.key].cast(pl.String)}
            self.reading.read_again[self.stream.name] |= before & came

    def item(self, frame: pl.DataFrame) -> Any:
        return dlt.mark.with_hints(arrow(frame.select(list(self.columns))), self.hints, create_table_variant=True)


class Gathered:
    """The pages of a stream, its lines with them."""

    def __init__(self, reading: Reading, stream: Stream, leading: list[str]) -> None:
        named = {name: own_field(stream, reading.options.text(option)) for name, option in stream.extra.items()}
        extra = tuple(Column(field, "text") for field in named.values() if field)
        self.reading, self.stream, self.leading = reading, stream, leading
        self.asked = replace(stream, columns=(*stream.columns, *extra))  # with the firm's own fields
        self.own = Table(reading, stream, leading, named)
        self.lines = Table(reading, stream.lines, leading, {}) if stream.lines else None
        self.documents: list[pl.DataFrame] = []
        self.their_lines: list[pl.DataFrame] = []
        self.height = 0

    def add(self, page: Page, asked: Stream, scope: Scope) -> list[str]:
        """Take a page in. Told are the fields that no record of it had."""
        made = batch(page, asked, first=self.height)
        left_out = {column.field for column in self.asked.columns} - {column.field for column in asked.columns}
        given = made.rows.with_columns(pl.lit(None, pl.String).alias(name) for name in left_out)
        documents = self.own.rows(given, made.quarantined, scope)
        self.height += given.height
        if self.lines and made.lines is not None:
            lines = self.lines.rows(made.lines, made.quarantined, scope)
            self.their_lines.append(lines)
            self.height += lines.height
            self._without_lines(documents.filter(given[self.stream.lines.entity] == 0))
        self.documents.append(documents)
        self.reading.quarantined += [
            replace(one, row_key=placed(scope, one.row_key)) for one in self._without_erased(made.quarantined, scope)
        ]
        self.reading.rows[self.stream.name] += documents.height
        return made.missing

    @property
    def full(self) -> bool:
        return self.height >= ROWS

    def items(self) -> Iterator[Any]:
        """What was gathered, as tables; of a row that came twice the newest, with its own lines."""
        if self.documents:
            documents = pl.concat(self.documents)
            kept = newest(documents, self.own)
            yield self.own.item(kept)
            if self.lines:
                lines = pl.concat(self.their_lines)
                if kept.height < documents.height:
                    lines = lines.join(kept.select(DOCUMENT), on=DOCUMENT, how="semi", maintain_order="left")
                self.reading.rows[self.lines.stream.name] += lines.height
                yield self.lines.item(lines)
        self.documents, self.their_lines, self.height = [], [], 0

    def nothing(self) -> Iterator[Any]:
        """Its tables without a row."""
        nothing = empty(self.asked)
        scope = Scope(leading=dict.fromkeys(self.leading, ""), pages=no_pages, keys=no_pages)
        yield self.own.item(self.own.rows(nothing.rows, [], scope))
        if self.lines and nothing.lines is not None:
            yield self.lines.item(self.lines.rows(nothing.lines, [], scope))

    def _without_erased(self, odd: list[Quarantined], scope: Scope) -> list[Quarantined]:
        """What was set aside came past the columns that are cleaned."""
        source, erased = self.reading.source, self.reading.erased
        if not erased:
            return odd
        own = {key: erased.record(source, self.stream.name, scope.name, key) for key in {one.row_key for one in odd}}
        hidden = (own[one.row_key] or erased.named_in(one.value) for one in odd)
        return [replace(one, value="") if code else one for one, code in zip(odd, hidden, strict=True)]

    def _without_lines(self, documents: pl.DataFrame) -> None:
        """Documents that came with no line at all: lines that they had before are gone, and nothing else says so."""
        if documents.height and self.stream.lines:
            here = [*self.leading[:1], *own_key(self.stream)]
            there = [*self.leading[:1], *parent_key(self.stream)]
            named = documents.select(pl.col(name).alias(other) for name, other in zip(here, there, strict=True))
            self.reading.without_lines[self.stream.lines.name].append(named)


def newest(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """One row a key: the one with the latest cursor, of equals the one that came last."""
    if not table.key:
        return rows
    company = list(table.columns)[:1] if "company_id" in table.columns else []
    if not rows.select(pl.struct(*company, table.key).is_duplicated().any()).item():
        return rows
    ordered = rows.sort(table.cursor, nulls_last=False, maintain_order=True) if table.cursor else rows
    return ordered.unique([*company, table.key], keep="last", maintain_order=True)


def parent_key(stream: Stream) -> list[str]:
    """The columns of lines that name their document."""
    return [snake(field) for field in (stream.lines.parent or "").split()] if stream.lines else []


def own_key(stream: Stream) -> list[str]:
    """The columns of a document that its lines name, in the lines' order."""
    spelled = {"document_number": "number"}
    there = {column.name for column in stream.columns}
    key = snake(stream.key or "")
    return [spelled.get(name) or (name if name in there else key) for name in parent_key(stream)]


def own_field(stream: Stream, given: str) -> str | None:
    """A field that the firm made itself, with the object that holds it; None when no setting names one."""
    return f"{stream.extra_in}.{given}" if given and stream.extra_in else given or None


def placed(scope: Scope, key: str) -> str:
    return f"{scope.name}:{key}" if scope.name else key


def no_pages(*_: Any) -> Iterator[Page]:
    return iter(())
