"""Pages of OData V2, which keep everything within `d`: how faults spoil them."""

from typing import Any

from pipelines.sandbox.spoilers import Page


class VerbosePage(Page):
    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["d"]["results"]

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["d"]["results"] = rows

    @property
    def link(self) -> str | None:
        return self.body["d"].get("__next")

    def follow(self, link: str | None) -> None:
        self.body["d"].pop("__next", None)
        if link is not None:
            self.body["d"]["__next"] = link
