"""How Tryton is asked: its own REST interface, record by record behind the last one, and what its refusals mean."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec

from pipelines.envelope import split
from pipelines.extraction import (
    Absent,
    Envelope,
    Http,
    Options,
    Page,
    Since,
    Stream,
    Unavailable,
    UnknownField,
    parsed,
)
from pipelines.http import retry_after
from pipelines.nested import with_members
from pipelines.paging import turned
from pipelines.sources.tryton.streams import CHANGED, COMPANY_OF, NARROWED, STREAMS
from pipelines.sources.tryton.values import encoded, moment, plain

ROWS_AT_ONCE = 1000
KEYS_AT_ONCE = 200  # of an address: many servers before a Tryton take 4,000 characters
MODELS = {stream.entity for stream in STREAMS}
BARE_LIST = Envelope("records", "next")
RANGE = re.compile(r"records \d+-\d+/(\d+|\*)")
# An error of the server itself: for a field or a model that it does not know, only its name.
NAME = re.compile(rb"<p>(?:&#39;|')([\w.]+)(?:&#39;|')</p>")


class Row(msgspec.Struct):
    id: int
    create_date: str | None = None
    write_date: str | None = None


class Ranges:
    """What the headers of the last answer said: how many records there were from where it was asked on."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.is_told = False

    def asks(self, headers: Mapping[str, str]) -> float | None:
        found = RANGE.fullmatch(headers.get("Content-Range", ""))
        self.is_told = found is not None
        self.total = int(found[1]) if found and found[1] != "*" else None
        return retry_after(headers)

    def more(self, rows: int) -> bool:
        """Whether there are more than these; where nobody says, until a page comes without any."""
        if not self.is_told:
            return rows > 0
        return self.total is None or self.total > rows


class Company:
    """One company of a Tryton, and the conversation with the server about it."""

    def __init__(self, http: Http, ranges: Ranges, number: int) -> None:
        self.http, self.ranges, self.number = http, ranges, number

    def pages(self, stream: Stream, since: Since) -> Iterator[Page]:
        return self.ask(stream, written(since) if since else [])

    def keys(self, stream: Stream) -> Iterator[Page]:
        return self.ask(stream, [])

    def some(self, stream: Stream, wanted: list[Any]) -> Iterator[Page]:
        for first in range(0, len(wanted), KEYS_AT_ONCE):
            yield from self.ask(stream, [["id", "in", wanted[first : first + KEYS_AT_ONCE]]])

    def ask(self, stream: Stream, condition: list[Any], context: Mapping[str, Any] | None = None) -> Iterator[Page]:
        """By number, each page behind the last record of the one before: nothing slips past while records change."""
        domain = [*NARROWED.get(stream.entity, []), *condition]
        if way := COMPANY_OF.get(stream.entity):
            domain.append([way, "=", self.number])
        reader = Reader(self.ranges, stream, domain)
        fields = sorted({spelled for column in stream.columns for spelled in asked(column.field)})

        def page(behind: str | None) -> Page:
            params = {"f": fields, "d": behind or reader.behind(0), "o": encoded([["id", "ASC"]])}
            return self.http.get(stream.entity, stream.entity, reader.read, params, self.headers(context))

        try:
            yield from turned(self.http, stream.entity, page)
        except UnknownField as unknown:
            found = [column.field for column in stream.columns if unknown.field in column.field.split(".")]
            raise UnknownField(found[0] if found else unknown.field) from None

    def headers(self, context: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Prices and costs are a company's; records out of use are read with the others; messages come in English."""
        told = {"active_test": False, **({"company": self.number} if self.number else {}), **(context or {})}
        return {
            "X-Tryton-Context": encoded(told),
            "Range": f"records=0-{ROWS_AT_ONCE}",
            "Accept-Language": "en",
        }


class Reader:
    """The pages of one question: a page's records, and the question that leads to the next one."""

    def __init__(self, ranges: Ranges, stream: Stream, domain: list[Any]) -> None:
        self.ranges, self.domain, self.last = ranges, domain, 0
        self.flags = tuple(column.field.rpartition(".")[2] for column in stream.columns if column.type == "bool")
        self.dated = CHANGED in {column.field for column in stream.columns}

    def behind(self, number: int) -> str:
        return encoded([*self.domain, ["id", ">", number]])

    def read(self, body: bytes) -> Page:
        page = split(b'{"records":%b}' % plain(body.strip() or b"null", self.flags), BARE_LIST)
        rows = [row(record) for record in page.records]
        self.last = max([self.last, *(one.id for one in rows)])
        if self.dated:
            page = with_members(page, CHANGED, (shown(one.write_date or one.create_date) for one in rows))
        return replace(page, next=self.behind(self.last) if self.ranges.more(len(rows)) else None)


def row(record: Any) -> Row:
    """What of a record leads on; an odd record is told from the good ones later."""
    if not isinstance(record, dict):
        with suppress(msgspec.ValidationError):
            return msgspec.json.decode(record, type=Row)
        record = parsed(bytes(record))
    number = record.get("id")
    dates = {name: value for name in ("create_date", "write_date") if isinstance(value := record.get(name), str)}
    return Row(int(number) if str(number).isdecimal() else 0, **dates)


def shown(date: str | None) -> bytes:
    return msgspec.json.encode(date)


def asked(field: str) -> Iterable[str]:
    return ("create_date", "write_date") if field == CHANGED else (field,)


def written(since: Any) -> list[Any]:
    """Records written since, or made since and never written again."""
    at = moment(since)
    never = [["write_date", "=", None], ["create_date", ">=", at]]
    return [["OR", ["write_date", ">=", at], never]]


def connected(options: Options, ranges: Ranges) -> Http:
    address = f"{options.required('BASE_URL').rstrip('/')}/{options.required('DATABASE')}/rest/model"
    limits = options.limits(requests_per_second=20)
    signature = {"Authorization": f"Bearer {options.secret('KEY').strip()}"}
    return Http(options.source, address, limits, refused, signature=signature, asks=ranges.asks)


def refused(status: int, body: bytes) -> Exception | str | None:
    """What Tryton means by an error."""
    if status == 401:
        return "the key is refused (401): it is to be validated, for the application REST"
    if status == 400:
        message = _message(body)
        if "not allowed to access" in message:
            return Unavailable(f"not available: no right to read it ({message})")
        return f"the question is refused ({message[:200]})"
    if status == 403:
        return Unavailable("not available: no right to read it (403)")
    if status == 404:
        return "there is no such address or database (404)"
    if status == 500 and (found := NAME.search(body)):
        name = found[1].decode()
        return Absent("not available: the module is not activated") if name in MODELS else UnknownField(name)
    return None


def _message(body: bytes) -> str:
    try:
        answer = parsed(body)
    except ValueError:
        return ""
    return str(answer.get("message") or "") if isinstance(answer, dict) else ""
