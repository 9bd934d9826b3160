"""Pages of a vendor whose answers say by a cursor, not by a link, where the next page is: how faults spoil them."""

import base64
import json
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


class NumberedPage(Page):
    """A page of HubSpot: what comes after it is a number, and a link that nobody needs."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["results"]

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["results"] = rows

    @property
    def link(self) -> str | None:
        return self.body.get("paging", {}).get("next", {}).get("after")

    def follow(self, link: str | None) -> None:
        self.body.pop("paging", None)
        if link is not None:
            self.body["paging"] = {"next": {"after": link}}

    @property
    def here(self) -> str:
        return parse_qs(urlsplit(self.address).query).get("after", ["0"])[0]

    @property
    def total(self) -> str:
        return "total"

    def lead_to(self, host: str) -> None:
        self.follow(self.link)
        self.body.setdefault("paging", {}).setdefault("next", {})["link"] = host + urlsplit(self.address).path

    def beyond(self) -> str:
        return "1000000000"


class OffsetPage(Page):
    """A page of Livespace, which says nothing of any other: what spoils links leaves it alone."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        return next(iter(self.body["data"].values())) if self.body["data"] else []

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["data"] = {name: rows for name in self.body["data"]}

    @property
    def link(self) -> str | None:
        return None

    @property
    def here(self) -> str:
        return ""

    def follow(self, link: str | None) -> None:
        """There is nowhere to say it."""


def page_of(body: dict[str, Any], address: str) -> Page:
    kinds = {"result": OffsetPage, "data": CursorPage, "results": NumberedPage}
    return next((kind for name, kind in kinds.items() if name in body), Page)(body, address)


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
