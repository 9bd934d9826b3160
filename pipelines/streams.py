"""How a source declares what it reads: streams, their columns and types, what a missing row means."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

# A fraction is a number that its vendor computed, with more digits than anybody meant: nine decimals of it are kept. A
# Clarion date or timestamp is a number of days or seconds, as clarion.py says; in raw it is a date or a timestamp. A
# rowversion is the number that a database itself raises whenever a row is written.
Type = Literal[
    "text", "bool", "int", "decimal", "fraction", "date", "timestamp", "clarion_date", "clarion_timestamp", "rowversion"
]


LATIN = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya".replace("-", "").split(" "),
    strict=True,
))  # fmt: skip
LATIN = str.maketrans(LATIN | {letter.upper(): latin.capitalize() for letter, latin in LATIN.items()})


def snake(name: str) -> str:
    """The ASCII column name raw uses for a vendor's field name.

    dcleAmountLCY becomes dcle_amount_lcy, and СуммаДокумента summa_dokumenta.
    """
    latin = name.translate(LATIN)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", latin)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


KEY_PARTS = "/"  # between the fields that make a key
# The record's own field that holds a value; in a list, the flag of the object meant; in an object, the member.
Place = tuple[str, str | None, str]
NESTED = re.compile(r"(?P<holder>\w+)(?P<list>\[(?P<flag>\w*)\])?\.(?P<member>\w+)")


@cache
def place(field: str) -> Place:
    found = NESTED.fullmatch(field)
    return (found["holder"], found["flag"], found["member"]) if found else (field, None, "")


@dataclass(frozen=True)
class Column:
    field: str  # as the vendor spells it; what it nests is spelled as nested.py says
    type: Type
    of: tuple[str, ...] = ()  # made of these fields of its row: a key in several parts, the latest of several moments
    called: str = ""  # in raw, where the vendor's own word means something else there: company_id is a firm of ours

    @property
    def name(self) -> str:
        return self.called or snake(self.field)


def columns(**fields: str) -> tuple[Column, ...]:
    """columns(text="Id Name buyer_id=company_id"): the fields that staging reads, by type; some called otherwise."""
    return tuple(_column(name, kind) for kind, names in fields.items() for name in names.split())


def _column(name: str, kind: str) -> Column:
    called, _, field = name.rpartition("=")
    return Column(field, kind, called=called)


def parts(name: str, fields: str) -> Column:
    """A key in several parts, as one text: 17/2."""
    return Column(name, "text", of=tuple(fields.split()))


@dataclass(frozen=True)
class Personal:
    """Raw columns that tell of a person, and what becomes of them when that person is erased."""

    names: str = ""  # who it is: a code takes its place
    contacts: str = ""  # whoever else has it is the same person: emptied
    private: str = ""  # tells of the person only together with the rest: emptied with its row
    texts: str = ""  # what people type about the row: a code takes its place too, and wherever it names the person
    mentions: str = ""  # what may name a person by the way: a code takes its place only where it does
    belongs: str = ""  # the column that names another row, and that row's table: erased with it


@dataclass(frozen=True)
class Header:
    """The table of documents whose lines a table holds: a line is read again when its document has changed."""

    field: str  # of the line: which document it belongs to
    table: str
    key: str
    cursor: str = ""  # none where lines tell themselves when they changed
    where: str = ""  # which documents: the others' lines are not read


@dataclass(frozen=True)
class Stream:
    name: str  # the raw table
    entity: str  # the vendor's object or entity set
    columns: tuple[Column, ...]
    key: str | None = "id"  # the vendor's field; None: the whole set is read each time
    cursor: str | None = None  # None: read in full
    api: str = ""  # which of the vendor's interfaces, where there are several
    gone_means: Literal["deleted", "archived"] = "deleted"
    swept: bool = False  # keys are compared with the source's at an interval, to find what was deleted
    where: str = ""  # which rows of a table are read: the vendor's filter
    header: Header | None = None
    reread: str | None = None  # rows read again at each load, whatever their cursor says: the vendor's filter
    lines: "Stream | None" = None  # rows nested in this stream's rows, delivered with them
    parent: str | None = None  # the field that names a row's parent: the rows of one parent are replaced together
    inside: str = ""  # the object of a record that holds its fields, each value as text; `beside` are those not in it
    beside: tuple[str, ...] = ()
    commas: tuple[str, ...] = ()  # numbers that come as text with a decimal comma: "1 234,50"
    deleted: str = "IsDeleted"  # the field that says that a row is gone
    late_minutes: float = 10  # so long after a change the source may not show it yet: read again at each load
    in_full_daily: bool = False  # rows change without a sign: once a day all of them are read
    optional: bool = False  # older installations lack it: absent is reported, not an error
    narrowed_by: str = ""  # settings that decide which rows are asked for: changed, all are read again
    personal: Personal | None = None  # raw columns, by their names in raw
    extra: dict[str, str] = field(default_factory=dict)  # raw column -> the setting that names the vendor's field
    extra_in: str = ""  # the object of a record that holds the firm's own fields; empty: the record itself

    def parts(self, field: str) -> tuple[str, ...]:
        """The vendor's fields that a column is made of: itself, unless several make it."""
        return next((column.of for column in self.columns if column.field == field), ()) or (field,)

    @property
    def key_parts(self) -> tuple[str, ...]:
        """The vendor's fields that are joined to make the key; none where a field is one by itself."""
        found = self.parts(self.key) if self.key else ()
        return () if found == (self.key,) else found

    def place(self, field: str) -> Place:
        """Where a record of it has the field."""
        return (self.inside, None, field) if self.inside and field not in self.beside else place(field)
