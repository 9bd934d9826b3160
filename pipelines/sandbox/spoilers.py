"""What each fault does to a page: its rows, its next link, its total."""

import random
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from pipelines.sandbox.faults import Fault

FRESH = count(1)


class Page:
    """A page of Salesforce or Business Central: its rows, its next link, its total."""

    def __init__(self, body: dict[str, Any], address: str) -> None:
        self.body = body
        self.address = address  # of the page itself
        self.is_salesforce = "records" in body
        self.raw: dict[str, str] = {}  # what stands in the body in place of a marker

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["records" if self.is_salesforce else "value"]

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        self.body["records" if self.is_salesforce else "value"] = rows

    @property
    def link(self) -> str | None:
        return self.body.get("nextRecordsUrl" if self.is_salesforce else "@odata.nextLink")

    def follow(self, link: str | None) -> None:
        """Says where the next page is, and that there is one."""
        name = "nextRecordsUrl" if self.is_salesforce else "@odata.nextLink"
        self.body.pop(name, None)
        if link is not None:
            self.body[name] = link
        if self.is_salesforce:
            self.body["done"] = link is None

    @property
    def here(self) -> str:
        """The link that leads to this page: relative for Salesforce, whole for Business Central."""
        parts = urlsplit(self.address)
        return f"{parts.path}?{parts.query}".rstrip("?") if self.is_salesforce else self.address

    def fresh(self, link: str) -> str:
        """The same place under an address that was not seen before."""
        return f"{link}{'&' if '?' in link else '?'}again={next(FRESH)}"

    @property
    def total(self) -> str:
        """The body's own word for how many rows there are."""
        return "totalSize" if self.is_salesforce else "@odata.count"

    def lead_to(self, host: str) -> None:
        """Says that the next page is on another host."""
        parts = urlsplit(self.link or self.here)
        self.follow(f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else ""))

    def beyond(self) -> str:
        """The link to a page after the last one."""
        return self.fresh(self.here) + "&$skip=1000000000"


def link_to_itself(page: Page, _fault: Fault, _memory: dict[str, Any]) -> None:
    page.follow(page.here)


def same_cursor(page: Page, _fault: Fault, memory: dict[str, Any]) -> None:
    page.follow(memory.setdefault("link", page.link or page.here))


def link_to_host(page: Page, fault: Fault, _memory: dict[str, Any]) -> None:
    page.lead_to(fault.value)


def page_repeated(page: Page, _fault: Fault, memory: dict[str, Any]) -> None:
    if "before" in memory:
        page.rows = memory["before"]
        page.follow(page.fresh(page.here))


def growing_total(page: Page, _fault: Fault, memory: dict[str, Any]) -> None:
    name = page.total
    memory["pages"] = memory.get("pages", 0) + 1
    page.body[name] = page.body.get(name, 0) + 1000 * memory["pages"]
    if memory.get("ended"):
        page.rows = []
    memory["ended"] = page.link is None
    page.follow(page.link or page.fresh(page.here))


def empty_page(page: Page, _fault: Fault, _memory: dict[str, Any]) -> None:
    page.rows = []
    page.follow(page.fresh(page.here))


def empty_last_page(page: Page, _fault: Fault, _memory: dict[str, Any]) -> None:
    if page.link is None and page.rows and not page.is_salesforce:
        page.follow(page.beyond())


def stray_next_link(page: Page, _fault: Fault, _memory: dict[str, Any]) -> None:
    if page.is_salesforce and page.link is None:
        base = urlsplit(page.address).path.split("/query")[0]
        page.body["nextRecordsUrl"] = f"{base}/query/0r8000000000000000-{len(page.rows)}"


def record_twice(page: Page, _fault: Fault, _memory: dict[str, Any]) -> None:
    page.rows = [*page.rows, *page.rows[:1]]


def record_on_two_pages(page: Page, fault: Fault, memory: dict[str, Any]) -> None:
    page.rows = [*({**row, **(fault.value or {})} for row in memory.get("before", [])[-1:]), *page.rows]


def older_version_last(page: Page, fault: Fault, _memory: dict[str, Any]) -> None:
    page.rows = [*page.rows, *({**row, **fault.value} for row in page.rows[:1])]


def shuffled(page: Page, fault: Fault, _memory: dict[str, Any]) -> None:
    random.Random(fault.value).shuffle(page.rows)


def fields(page: Page, fault: Fault, _memory: dict[str, Any]) -> None:
    change(page, page.rows[:1], fault.value)


def fields_of_all(page: Page, fault: Fault, _memory: dict[str, Any]) -> None:
    change(page, page.rows, fault.value)


def change(page: Page, rows: list[dict[str, Any]], values: dict[str, str | None]) -> None:
    for name, raw in values.items():
        lines, _, field = name.rpartition(".")  # "salesOrderLines.quantity": a field of the rows' lines
        marker = f"$raw:{len(page.raw)}"
        if raw is not None:
            page.raw[marker] = raw
        for place in [line for row in rows for line in row[lines]] if lines else rows:
            place = place if lines or field in place else place.get("properties", place)
            place.pop(field, None)
            if raw is not None:
                place[field] = marker


SPOILERS: dict[str, Callable[[Page, Fault, dict[str, Any]], None]] = {
    "link_to_itself": link_to_itself,
    "same_cursor": same_cursor,
    "link_to_host": link_to_host,
    "page_repeated": page_repeated,
    "growing_total": growing_total,
    "empty_page": empty_page,
    "empty_last_page": empty_last_page,
    "stray_next_link": stray_next_link,
    "record_twice": record_twice,
    "record_on_two_pages": record_on_two_pages,
    "older_version_last": older_version_last,
    "shuffled": shuffled,
    "fields": fields,
    "fields_of_all": fields_of_all,
}
WATCHED = {"page_repeated", "record_on_two_pages"}
