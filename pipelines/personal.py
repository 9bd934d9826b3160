"""Which raw columns tell of persons: what the sources declare, and for files the contract."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from pipelines.files.contract import Entity, read_contract
from pipelines.streams import Personal, Stream, snake

KINDS = ("names", "contacts", "private", "texts", "mentions")


@dataclass(frozen=True)
class Table:
    """One raw table with personal columns, by kind."""

    name: str
    key: str | None
    names: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    belongs: tuple[str, str] | None = None  # a column, and the table whose key it holds

    @property
    def of_persons(self) -> bool:
        """Whether a row of it can be somebody."""
        return bool(self.key and (self.names or self.contacts or self.private))

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.names, *self.contacts, *self.private, *self.texts, *self.mentions)


def of_stream(stream: Stream) -> Table:
    told = stream.personal or Personal()
    column, _, other = told.belongs.partition(" ")
    return Table(
        stream.name,
        snake(stream.key) if stream.key else None,
        **{kind: tuple(getattr(told, kind).split()) for kind in KINDS},
        belongs=(column, other) if column else None,
    )


@cache
def tables(system: str) -> dict[str, Table]:
    """The tables of a system that hold personal columns, by name."""
    if system == "files":
        found = [of_entity(entity) for entity in read_contract().values()]
    else:
        streams = import_module(f"pipelines.sources.{system}").STREAMS
        found = [of_stream(table) for stream in streams for table in filter(None, (stream, stream.lines))]
    return {table.name: table for table in found if table.columns}


def of_entity(entity: Entity) -> Table:
    told = [(field.name, *field.personal.partition(" ")[::2]) for field in entity.fields]
    belonging = [(name, other) for name, kind, other in told if kind == "belongs"]
    return Table(
        entity.name,
        entity.key,
        **{kind: tuple(name for name, given, _ in told if given == kind) for kind in KINDS},
        belongs=belonging[0] if belonging else None,
    )
