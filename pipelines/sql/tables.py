"""How a source declares the tables it reads: a stream each, in the table's own name and with its columns' names."""

from typing import Any

from pipelines.streams import Column, Header, Stream, columns, parts, snake

__all__ = ["latest", "lines_of", "parts", "table"]


def latest(name: str, fields: str) -> Column:
    """The latest of several moments at which a row is said to have changed; those a version lacks do not count."""
    return Column(name, "clarion_timestamp", of=tuple(fields.split()))


def lines_of(field: str, table: str, key: str, cursor: str, where: str = "") -> Header:
    return Header(field, table, key, cursor, where)


def table(entity: str, *, key: str | Column, cursor: str | Column | None = None, **declared: Any) -> Stream:
    """A stream of one table; whatever is not an option of Stream names columns, by type."""
    made = tuple(column for column in (key, cursor) if isinstance(column, Column))
    options = {name: value for name, value in declared.items() if name in Stream.__dataclass_fields__}
    fields = {name: value for name, value in declared.items() if name not in options}
    return Stream(
        snake(entity),
        entity,
        columns=(*made, *columns(**fields)),
        key=key.field if isinstance(key, Column) else key,
        cursor=cursor.field if isinstance(cursor, Column) else cursor,
        **options,
    )
