"""Pages of a vendor whose answers say by a cursor or by a count, not by a link, what follows: how faults spoil them."""

import base64
import json
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipelines.sandbox.spoilers import FRESH, Page

LAST = ["9999-12-31T23:59:59", 2**62]  # no row is behind it


class CursorPage(Page):
    """A page of Pipedrive's v2. A cursor stands for the place it leads to; it may hold more, which nobody minds."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["data"] or []

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["data"] = rows

    @property
    def link(self) -> str | None:
        return (self.body.get("additional_data") or {}).get("next_cursor")

    def follow(self, link: str | None) -> None:
        self.body["additional_data"] = {"next_cursor": link}

    @property
    def here(self) -> str:
        """The cursor that leads to this page; to the first one leads a cursor without a place."""
        return parse_qs(urlsplit(self.address).query).get("cursor", [""])[0] or _cursor({})

    def fresh(self, link: str) -> str:
        return _cursor(json.loads(base64.urlsafe_b64decode(link)) | {"again": next(FRESH)})

    @property
    def total(self) -> str:
        return "total"

    def lead_to(self, _host: str) -> None:
        """A cursor leads nowhere else."""

    def beyond(self) -> str:
        return _cursor({"after": LAST})


class ListPage(Page):
    """A page of Tryton's: a bare list, and in a header how many records there are from its first one on."""

    def __init__(self, rows: list[dict[str, Any]], address: str, headers: MutableMapping[str, str]) -> None:
        super().__init__({"rows": rows, "total": 0}, address)
        self.headers = headers

    @property
    def answer(self) -> Any:
        return self.body["rows"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["rows"]

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["rows"] = rows

    @property
    def link(self) -> str | None:
        """Nothing leads on but the count: more were found than are here."""
        shown, _, found = self.headers.get("content-range", "records 0-0/0").rpartition("/")
        return None if shown.endswith(f"-{found}") else "more"

    def follow(self, link: str | None) -> None:
        here = len(self.rows)
        self.headers["content-range"] = f"records 0-{here}/{here if link is None else here + 1}"

    def fresh(self, link: str) -> str:
        return link

    @property
    def here(self) -> str:
        return "more"

    @property
    def total(self) -> str:
        return "total"

    def lead_to(self, _host: str) -> None:
        """A count leads nowhere else."""

    def beyond(self) -> str:
        return "more"


def page_of(body: Any, address: str, headers: MutableMapping[str, str]) -> Page:
    if isinstance(body, list):
        return ListPage(body, address, headers)
    return (CursorPage if "data" in body else Page)(body, address)


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
