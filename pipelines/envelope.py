"""An answer's bytes into its records and the link to the next page, without building a Python object for a record."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec

from pipelines.failures import Broken
from pipelines.quarantine import parsed


@dataclass(frozen=True)
class Envelope:
    """Where a vendor's answer keeps its records and the link to the next page; a blank leads into an object."""

    records: str
    next: str
    done: str | None = None  # says that this was the last page, whatever the link says
    more: str | None = None  # says whether there is another page: without it the link means nothing
    good: str | None = None  # says whether this is an answer at all, whatever the status; then no records may be null
    param: str | None = None  # what `next` says is no link but goes here, to the same address
    count: str | None = None  # says how many records there are on all pages together
    skip: str | None = None  # where no link comes: goes here, to the same address, how many records have come
    single: bool = False  # `records` is a record, not a list of them
    otherwise: "Envelope | None" = None  # how the same vendor may answer as well


@dataclass(frozen=True)
class Page:
    """The records of one answer: raw JSON, or parsed where the answer holds what JSON does not allow."""

    records: list[Any]
    next: str | None = None
    count: int | None = None

    def parsed(self) -> list[dict[str, Any]]:
        return [record if isinstance(record, dict) else parsed(bytes(record)) for record in self.records]

    @cached_property
    def joined(self) -> bytes:
        """The records as JSON lines; empty when they had to be parsed."""
        raw = self.records and not isinstance(self.records[0], dict)
        return b"\n".join(self.records) if raw else b""

    @property
    def fingerprint(self) -> int:
        return hash(self.joined or repr(self.records))


@cache
def _shape(envelope: Envelope) -> type[msgspec.Struct]:
    records: Any = msgspec.Raw if envelope.single else list[msgspec.Raw]
    wanted: dict[str, tuple[Any, Any]] = {
        envelope.records: (records | None if envelope.good else records, msgspec.NODEFAULT),
        envelope.next: (str | int | None, None),
    }
    if envelope.count:
        wanted[envelope.count] = (str | int | None, None)
    said = {envelope.done: msgspec.NODEFAULT, envelope.more: False, envelope.good: msgspec.NODEFAULT}
    wanted |= {path: (bool, default) for path, default in said.items() if path}
    return _struct(wanted)


def _struct(wanted: dict[str, tuple[Any, Any]]) -> type[msgspec.Struct]:
    fields, deeper = [], {}
    for path, (kind, default) in wanted.items():
        name, _, rest = path.partition(" ")
        if rest:
            deeper.setdefault(name, {})[rest] = (kind, default)
        else:
            fields.append((_attribute(name), kind, msgspec.field(name=name, default=default)))
    for name, inner in deeper.items():
        # An object that holds what must be there must be there too.
        needed = any(default is msgspec.NODEFAULT for _, default in inner.values())
        kind, default = (_struct(inner), msgspec.NODEFAULT) if needed else (_struct(inner) | None, None)
        fields.append((_attribute(name), kind, msgspec.field(name=name, default=default)))
    return msgspec.defstruct("Answer", fields, kw_only=True)


def _at(answer: Any, path: str | None) -> Any:
    """What stands at a path of an answer, parsed or decoded; None where there is nothing."""
    for name in path.split(" ") if path else ("",):
        answer = answer.get(name) if isinstance(answer, dict) else getattr(answer, _attribute(name), None)
    return answer


def _attribute(name: str) -> str:
    return "of_" + re.sub(r"\W", "_", name)


def split(body: bytes, envelope: Envelope) -> Page:
    """The records of an answer. Broken when it is not JSON, or is not an answer at all but, say, an error."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return _page(msgspec.json.decode(body, type=_shape(envelope)), envelope)
    except msgspec.ValidationError as error:
        if envelope.otherwise:
            return split(body, envelope.otherwise)
        raise Broken(f"the answer is not a page ({error})") from error
    except msgspec.DecodeError:
        return _split_carefully(body, envelope)


def _split_carefully(body: bytes, envelope: Envelope) -> Page:
    """NaN and half surrogates make a body that is no JSON, and still every record in it can be read."""
    try:
        answer = parsed(body)
    except ValueError as error:
        raise Broken("the answer is not JSON") from error
    records = _at(answer, envelope.records)
    if envelope.single and isinstance(records, dict):
        records = [records]
    if envelope.otherwise and not isinstance(records, list):
        return _split_carefully(body, envelope.otherwise)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise Broken(f"the answer is not a page (no list of records in `{envelope.records}`)")
    if envelope.done and _at(answer, envelope.done) is None:
        raise Broken(f"the answer is not a page (no `{envelope.done}`)")
    return _page(answer, envelope)


def _page(answer: Any, envelope: Envelope) -> Page:
    if envelope.good and not _at(answer, envelope.good):
        raise Broken(f"the answer says that it is none (`{envelope.good}` is false)")
    link, done = _at(answer, envelope.next), _at(answer, envelope.done)
    if envelope.more:
        done = not _at(answer, envelope.more)
    if done is False and link in (None, ""):
        raise Broken("the answer says that there is more, and not where")
    records, count = _at(answer, envelope.records) or [], _at(answer, envelope.count)
    if envelope.single and not isinstance(answer, dict):
        if not bytes(records).lstrip().startswith(b"{"):
            raise Broken(f"the answer is not a page (no record in `{envelope.records}`)")
        records = [records]
    elif envelope.single:
        records = [records]
    return Page(records, None if done or link in (None, "") else str(link), _number(count))


def _number(given: Any) -> int | None:
    """Some vendors count in text."""
    return int(given) if str(given).isdecimal() else None
