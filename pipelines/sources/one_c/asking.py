"""How 1C is asked: page by page without links, documents by their own day, and what comes in the streams' words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from pipelines.extraction import Absent, Envelope, Http, Options, Page, Since, Stream, follow, parsed
from pipelines.odata import clock
from pipelines.sources.one_c.profiles import Source

# There is never a link: an empty page is the end. Asked for a count, some platforms forget where a page was to begin.
PAGE = Envelope("value", "odata.nextLink", skip="$skip")
HEADERS = {"Accept": "application/json"}
SERVICE = "odata/standard.odata"
BALANCE = "/Balance"
NOTHING = msgspec.Raw(b"null")
Record = dict[str, Any]


@dataclass(frozen=True)
class Questions:
    """The questions of one load; every method answers with pages."""

    http: Http
    options: Options
    zone: str
    sources: dict[str, Source]

    def changed(self, stream: Stream, since: Since) -> Iterator[Page]:
        """Whatever is dated within the window before the last one that was seen: changes do not say when they were."""
        if not isinstance(since, datetime):
            return self.whole(stream)
        window = timedelta(days=self.options.number("WINDOW_DAYS", 400))
        here = since.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)) - window
        return self._ask(stream, f"{stream.cursor} ge {clock(here)}")

    def whole(self, stream: Stream) -> Iterator[Page]:
        return self._ask(stream, "")

    def keys(self, stream: Stream) -> Iterator[Page]:
        """The fields by which rows are compared, and no tables of documents."""
        theirs = self.sources[stream.name].fields
        wanted = [column.field for column in stream.columns if not column.of]
        return self._ask(stream, "", ",".join(theirs.get(name, name) for name in wanted))

    def _ask(self, stream: Stream, condition: str, fields: str = "") -> Iterator[Page]:
        source = self.sources[stream.name]
        if not source.entity:
            raise Absent("not available: this configuration has no such set")
        given = {"$format": "json", "allowedOnly": "true", "$filter": condition, "$select": fields}
        path = f"{self.http.base_url}/{SERVICE}/{source.entity}"
        if source.entity.endswith(BALANCE):
            # A balance comes whole: it has no key to be ordered by.
            dimensions = ",".join(source.fields.get(name, name) for name in stream.key_parts)
            path += f"(Dimensions='{dimensions.replace('_Key', '')}')"
            pages = self._once(stream, path, given)
        else:
            order = ",".join([*([stream.cursor] if stream.cursor else []), *stream.parts(stream.key or "")])
            given |= {"$orderby": order, "$top": f"{self.options.number('PAGE_ROWS', 1000):.0f}"}
            pages = follow(self.http, stream.entity, PAGE, path, _without_nothing(given), HEADERS)
        for page in pages:
            yield told(page, stream, source)

    def _once(self, stream: Stream, path: str, given: dict[str, str]) -> Iterator[Page]:
        whole = Envelope("value", "odata.nextLink")
        return follow(self.http, stream.entity, whole, path, _without_nothing(given), HEADERS)


def _without_nothing(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def told(page: Page, stream: Stream, source: Source) -> Page:
    """The page in the streams' words: fields under our names, the tables of a document as its lines."""
    return Page([_record(record, stream, source) for record in page.records], page.next)


def _record(record: Any, stream: Stream, source: Source) -> Any:
    held = _decoded(record)
    ours = _renamed(held, stream, source)
    if stream.lines:
        ours[stream.lines.entity] = [
            _renamed(_decoded(line), stream.lines, source) | {"Ref_Key": held.get("Ref_Key", NOTHING), "Section": table}
            for table in source.tables
            for line in _decoded(held.get(table, []), list[msgspec.Raw])
        ]
    return ours if isinstance(record, dict) else msgspec.Raw(msgspec.json.encode(ours))


def _renamed(held: Record, stream: Stream, source: Source) -> Record:
    """What is declared and there; a field of another name in this configuration is looked for under it first."""
    wanted = ((column.field, source.fields.get(column.field, column.field)) for column in stream.columns)
    named = {name: theirs if theirs in held else name for name, theirs in wanted}
    return {name: held[theirs] for name, theirs in named.items() if theirs in held}


def _decoded(value: Any, kind: Any = dict[str, msgspec.Raw]) -> Any:
    return msgspec.json.decode(value, type=kind) if isinstance(value, (msgspec.Raw, bytes)) else value


def error(body: bytes) -> tuple[str, str]:
    """What 1C means by an error: a code and a message, where the web server before it did not answer itself."""
    try:
        answer = parsed(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        return "", ""
    told = answer.get("odata.error") if isinstance(answer, dict) else None
    told = told if isinstance(told, dict) else {}
    message = told.get("message")
    return str(told.get("code", "")), str(message.get("value", "") if isinstance(message, dict) else message or "")
