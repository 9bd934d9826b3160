"""How a source declares the tables it reads: a stream each, in the table's own name and with its columns' names."""

from typing import Any

from pipelines.reading import Reading
from pipelines.streams import Column, Header, Stream, columns, parts, snake

__all__ = ["changed", "latest", "lines_of", "named", "one_of", "parts", "table"]


def latest(name: str, fields: str) -> Column:
    """The latest of several moments at which a row is said to have changed; those a version lacks do not count."""
    return Column(name, "clarion_timestamp", of=tuple(fields.split()))


def changed() -> Column:
    """The number a database gives a row anew at each change, under whatever name the table has it, if it has one."""
    return Column("Stamp", "rowversion")


def lines_of(field: str, table: str, key: str, cursor: str = "", where: str = "") -> Header:
    return Header(field, table, key, cursor, where)


def one_of(field: str, values: tuple[int, ...]) -> str:
    return f"{field} IN ({', '.join(map(str, values))})"


def named(reading: Reading, stream: Stream, setting: str) -> str:
    """What a setting names, as a text in SQL; nothing where it names nothing."""
    name = reading.options.text(setting).replace("'", "''")
    if "%" in name:  # the driver takes it for a parameter
        raise reading.failed(stream, f"{reading.options.variable(setting)} must not have a % in it")
    return f"'{name}'" if name else ""


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
