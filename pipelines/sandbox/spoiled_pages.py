"""Pages that lie. Only these are read and written again; all others pass as bytes."""

import json
from typing import Any

from pipelines.sandbox.cursor_pages import page_of
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.odata_pages import VerbosePage
from pipelines.sandbox.spoilers import SPOILERS, Page


def spoil(body: bytes, faults: list[tuple[int, Fault]], memory: list[dict[str, Any]], address: str) -> bytes:
    page = _page_of(json.loads(body), address)
    for number, fault in faults:
        SPOILERS[fault.kind](page, fault, memory[number])
    text = json.dumps(page.body)
    for marker, raw in page.raw.items():
        text = text.replace(json.dumps(marker), raw)
    return text.encode()


def _page_of(body: dict[str, Any], address: str) -> Page:
    return VerbosePage(body, address) if "d" in body else page_of(body, address)


def watch(body: bytes, memory: dict[str, Any], address: str) -> None:
    """Keeps a page for the fault that shows it again."""
    page = _page_of(json.loads(body), address)
    memory["before"] = page.rows
