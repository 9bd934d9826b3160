"""Values as Tryton's JSON spells them (a date is an object of its parts) and as the rest of us do."""

import base64
import json
import re
from datetime import datetime
from typing import Any

# A quotation mark within a text is escaped: only a value can begin with {"__class__".
DECIMAL = re.compile(rb'\{"__class__": ?"Decimal", ?"decimal": ?"([^"]*)"\}')
DATE = re.compile(rb'\{"__class__": ?"date", ?"year": ?(\d+), ?"month": ?(\d+), ?"day": ?(\d+)\}')
DATETIME = re.compile(
    rb'\{"__class__": ?"datetime", ?"year": ?(\d+), ?"month": ?(\d+), ?"day": ?(\d+), ?"hour": ?(\d+),'
    rb' ?"minute": ?(\d+), ?"second": ?(\d+), ?"microsecond": ?(\d+)\}'
)


def plain(body: bytes, flags: tuple[str, ...] = ()) -> bytes:
    """The JSON with numbers as numbers, days and moments (UTC, as the server keeps them) as ISO text.

    `flags` are members that are true or false: a value worked out by SQLite comes as 1 or 0.
    """
    body = DECIMAL.sub(rb"\1", body)
    body = DATE.sub(lambda found: b'"%04d-%02d-%02d"' % tuple(map(int, found.groups())), body)
    body = DATETIME.sub(lambda found: b'"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ"' % tuple(map(int, found.groups())), body)
    if flags:
        names = "|".join(map(re.escape, flags)).encode()
        body = re.sub(rb'"(%b)": ?([01])(?=[,}])' % names, _flag, body)
    return body


def _flag(found: re.Match[bytes]) -> bytes:
    return b'"%b": %b' % (found[1], b"true" if found[2] == b"1" else b"false")


def moment(at: datetime) -> dict[str, Any]:
    """A moment (UTC, without a zone) as Tryton takes it in a domain or a context."""
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {part: getattr(at, part) for part in parts}


def encoded(value: Any) -> str:
    """A domain, an order or a context as it goes into an address or a header."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
