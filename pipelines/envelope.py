"""An answer's bytes into its records and the link to the next page, without building a Python object for a record."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec

from pipelines.failures import Broken
from pipelines.quarantine import parsed


@dataclass(frozen=True)
class Envelope:
    """Where a vendor's answer keeps its records and the link to the next page."""

    records: str
    next: str  # a blank leads into an object: "paging next after"
    done: str | None = None  # says that this was the last page, whatever the link says


@dataclass(frozen=True)
class Page:
    """The records of one answer: raw JSON, or parsed where the answer holds what JSON does not allow."""

    records: list[Any]
    next: str | None = None

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
    outer, *within = envelope.next.split(" ")
    link: Any = str | None
    for name in reversed(within):
        link = msgspec.defstruct("Within", [("next", link, msgspec.field(name=name, default=None))]) | None
    fields = [
        ("records", list[msgspec.Raw], msgspec.field(name=envelope.records)),
        ("next", link, msgspec.field(name=outer, default=None)),
    ]
    if envelope.done:
        fields.append(("done", bool, msgspec.field(name=envelope.done)))
    return msgspec.defstruct("Answer", fields, kw_only=True)


def split(body: bytes, envelope: Envelope) -> Page:
    """The records of an answer. Broken when it is not JSON, or is not an answer at all but, say, an error."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        answer: Any = msgspec.json.decode(body, type=_shape(envelope))
        return _page(answer.records, _link(answer.next), answer.done if envelope.done else None)
    except msgspec.ValidationError as error:
        raise Broken(f"the answer is not a page ({error})") from error
    except msgspec.DecodeError:
        return _split_carefully(body, envelope)


def _link(given: Any) -> str | None:
    while isinstance(given, msgspec.Struct):
        given = given.next
    return given


def _split_carefully(body: bytes, envelope: Envelope) -> Page:
    """NaN and half surrogates make a body that is no JSON, and still every record in it can be read."""
    try:
        answer = parsed(body)
    except ValueError as error:
        raise Broken("the answer is not JSON") from error
    records = answer.get(envelope.records) if isinstance(answer, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise Broken(f"the answer is not a page (no list of records in `{envelope.records}`)")
    if envelope.done and envelope.done not in answer:
        raise Broken(f"the answer is not a page (no `{envelope.done}`)")
    link: Any = answer
    for name in envelope.next.split(" "):
        link = link.get(name) if isinstance(link, dict) else None
    return _page(records, link, answer[envelope.done] if envelope.done else None)


def _page(records: list[Any], link: str | None, done: bool | None) -> Page:
    if done is False and not link:
        raise Broken("the answer says that there is more, and not where")
    return Page(records, None if done else link or None)
