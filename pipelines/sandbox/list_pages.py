"""Pages of a vendor that answers with a bare list and says in a header how much there is: how faults spoil them."""

from collections.abc import MutableMapping
from typing import Any

from pipelines.sandbox.spoilers import Page


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
