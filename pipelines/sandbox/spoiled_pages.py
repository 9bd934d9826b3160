"""Pages that lie. Only these are read and written again; all others pass as bytes."""

import json
from collections.abc import MutableMapping
from typing import Any

from pipelines.sandbox.cursor_pages import page_of
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.odata_pages import VerbosePage
from pipelines.sandbox.spoilers import SPOILERS, Page

Headers = MutableMapping[str, str]


def spoil(
    body: bytes, faults: list[tuple[int, Fault]], memory: list[dict[str, Any]], address: str, headers: Headers
) -> bytes:
    page = _page_of(json.loads(body), address, headers)
    for number, fault in faults:
        SPOILERS[fault.kind](page, fault, memory[number])
    text = json.dumps(page.answer)
    for marker, raw in page.raw.items():
        text = text.replace(json.dumps(marker), raw)
    return text.encode()


def _page_of(body: Any, address: str, headers: Headers) -> Page:
    return VerbosePage(body, address) if "d" in body else page_of(body, address, headers)


def watch(body: bytes, memory: dict[str, Any], address: str, headers: Headers) -> None:
    """Keeps a page for the fault that shows it again."""
    page = _page_of(json.loads(body), address, headers)
    memory["before"] = page.rows
