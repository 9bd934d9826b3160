"""Pages of a vendor whose answers say by a cursor, not by a link, where the next page is: how faults spoil them."""

import base64
import json
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

FRESH = count(1)


class CursorPage:
    """A page of Pipedrive's v2. A cursor stands for the place it leads to; it may hold more, which nobody minds."""

    is_salesforce = False

    def __init__(self, body: dict[str, Any], address: str) -> None:
        self.body = body
        self.address = address
        self.raw: dict[str, str] = {}

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


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
