"""A table as pages: batch after batch by key, only the columns that are declared, only the rows that may have changed.

dlt's `sql_database` was weighed and left: it would drop the boundary rows of a cursor or keep them twice, end the load
at the first table or column that a version lacks, and know nothing of quarantine, key sweeps and erased persons. What
it gives, typed Arrow tables a batch at a time, comes here from the extraction that all sources share. A batch is a
question of its own that begins after the last key: no table is ever held in memory, a connection that breaks costs
one batch, and no cursor stays open in the firm's database.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipelines.envelope import Page
from pipelines.failures import SourceFailed, UnknownField
from pipelines.reading import Reading, Scope, Since
from pipelines.sql.database import Database
from pipelines.sql.dialects import quoted
from pipelines.sql.values import since_bound, typed_page
from pipelines.streams import Stream

ROWS = 10_000


def scope(database: Database, reading: Reading) -> Scope:
    return Scope(
        pages=lambda stream, since: pages(database, reading, stream, since),
        keys=lambda stream: pages(database, reading, stream, None),
        upto=lambda stream: database.written(stream.entity) if _version(stream) else None,
    )


def _version(stream: Stream) -> str | None:
    """The column, as it is declared, that the database itself raises."""
    return next((column.field for column in stream.columns if column.type == "rowversion"), None)


def pages(database: Database, reading: Reading, stream: Stream, since: Since) -> Iterator[Page]:
    rows = int(reading.options.number("ROWS_AT_ONCE", ROWS))
    question = Question(database, reading, stream, since)
    last: tuple | None = None
    while True:
        found = question.batch(last, rows)
        if reading.sample and reading.clock is None:
            reading.clock = database.time()
        if found:
            yield typed_page(found, question.fields, stream)
        if len(found) < rows:
            return
        before, last = last, question.key_of(found[-1])
        if last == before:
            raise SourceFailed(reading.source, stream.entity, "the table leads in a circle: the same key came twice")


class Question:
    def __init__(self, database: Database, reading: Reading, stream: Stream, since: Since) -> None:
        self.database, self.reading, self.stream = database, reading, stream
        self.there = database.columns(stream.entity)
        self.mark = database.dialect.mark
        self.declared_version = _version(stream)
        self.version = database.version(stream.entity) if self.declared_version else None
        declared = {column.field: column for column in stream.columns}
        self.key = stream.parts(stream.key or "")
        if self.there:
            self._refuse_unknown(declared)
        wanted = [field for column in stream.columns for field in (column.of or (column.field,))]
        self.fields = [field for field in dict.fromkeys([*self.key, *wanted]) if self._has(field)]
        self.conditions: list[str] = [stream.where] if stream.where else []
        self.given: list[Any] = []
        self._of_headers()
        if since is not None:
            self._changed(since)
        if self.declared_version and not self.version:
            reading.note(stream, "read in full each time: no column of its table is a rowversion")

    def _has(self, field: str) -> bool:
        if field == self.declared_version:
            return self.version is not None
        return not self.there or field.casefold() in self.there

    def _refuse_unknown(self, declared: dict[str, Any]) -> None:
        """What a version of the system lacks. What is made of several is there as long as the key is whole."""
        for name in (*self.key, *(name for name, column in declared.items() if not column.of)):
            if name != self.declared_version and not self._has(name):
                raise UnknownField(self.stream.key if name in self.key and name not in declared else name)

    def _name(self, field: str) -> str:
        if self.version and field == self.declared_version:
            return self.database.dialect.number(quoted(self.version))
        return quoted(self.there.get(field.casefold(), field))

    def _of_headers(self) -> None:
        header = self.stream.header
        if header and header.where:
            self.conditions.append(self._in_headers(header.where))

    def _in_headers(self, condition: str) -> str:
        header = self.stream.header
        table = self.database.dialect.table(self.database.login.schema, header.table)
        return f"{self._name(header.field)} in (select {quoted(header.key)} from {table} where {condition})"  # noqa: S608

    def _changed(self, since: datetime | int) -> None:
        """Changed itself, or its document was. What says of no column when it changed is read in full."""
        times = tuple(field for field in self.stream.parts(self.stream.cursor or "") if self._has(field))
        if not times:
            return
        bound = self._bound(since)
        either = [f"{self._name(field)} >= {self.mark}" for field in times]
        if self.stream.header and self.stream.header.cursor:
            either.append(self._in_headers(f"{quoted(self.stream.header.cursor)} >= {self.mark}"))
        self.conditions.append(f"({' or '.join(either)})")
        self.given += [bound] * len(either)

    def _bound(self, since: datetime | int) -> Any:
        if isinstance(since, int):
            return since
        kind = next(column.type for column in self.stream.columns if column.field == self.stream.cursor)
        return since_bound(kind, since, self.reading)

    def batch(self, last: tuple | None, rows: int) -> list[tuple]:
        conditions, given = [*self.conditions], [*self.given]
        if last is not None:
            condition, values = self._after(last)
            conditions.append(condition)
            given += values
        names = [self._name(field) for field in self.fields]
        table = self.database.dialect.table(self.database.login.schema, self.stream.entity)
        where = f"where {' and '.join(conditions)} " if conditions else ""
        order = ", ".join(self._name(field) for field in self.key)
        rest = f"from {table} {where}order by {order}"
        question = self.database.dialect.select(", ".join(names), rest, rows)
        return self.database.ask(self.stream.entity, question, given)

    def _after(self, last: tuple) -> tuple[str, list[Any]]:
        """The rows after a key in several parts: a greater first part, or the same and a greater second, and so on."""
        ways, given = [], []
        for position, field in enumerate(self.key):
            same = [f"{self._name(other)} = {self.mark}" for other in self.key[:position]]
            ways.append(" and ".join([*same, f"{self._name(field)} > {self.mark}"]))
            given += last[: position + 1]
        return f"({' or '.join(f'({way})' for way in ways)})", given

    def key_of(self, row: tuple) -> tuple:
        return tuple(row[self.fields.index(field)] for field in self.key)
