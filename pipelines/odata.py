"""What servers of OData before V4 share: literals of a filter, and the lines of documents wherever they are kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from pipelines.envelope import Page
from pipelines.failures import Broken
from pipelines.nested import with_members

Holder = dict[str, msgspec.Raw]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def day(moment: datetime) -> str:
    return f"datetime'{moment:%Y-%m-%d}T00:00:00'"


def clock(moment: datetime) -> str:
    return f"datetime'{moment:%Y-%m-%dT%H:%M:%S}'"


def offset(moment: datetime) -> str:
    """A moment in UTC."""
    return f"datetimeoffset'{moment:%Y-%m-%dT%H:%M:%S}Z'"


def all_of(conditions: Iterable[str]) -> str:
    return " and ".join(condition for condition in conditions if condition)


def with_expanded(page: Page, name: str, path: str) -> Page:
    """The page, its records each with a list `name` of what a path of expanded navigations leads to.

    A list stands as itself or within `results`; where it was not expanded there is no list, and the page is Broken.
    """
    return with_members(page, name, (b"[" + b",".join(_along(record, path)) + b"]" for record in page.records))


def _along(record: Any, path: str) -> list[bytes]:
    found = [record]
    for step in path.split("/"):
        found = [line for one in found for line in _lines(one, step)]
    return [msgspec.json.encode(one) if isinstance(one, dict) else bytes(one) for one in found]


def _lines(record: Any, step: str) -> list[Any]:
    held = record if isinstance(record, dict) else msgspec.json.decode(record, type=Holder)
    lines = _decoded(held.get(step), Holder | list[msgspec.Raw] | None)
    if isinstance(lines, dict):
        lines = _decoded(lines.get("results"), list[msgspec.Raw] | None)
        if lines is None:
            raise Broken(f"the lines of a document did not come with it (`{step}`)")
    return lines or []


def _decoded(value: Any, kind: Any) -> Any:
    return msgspec.json.decode(value, type=kind) if isinstance(value, msgspec.Raw) else value
