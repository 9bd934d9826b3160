"""Faults on request: what goes wrong, where, and from which request on.

    with serve(records, faults=[Fault("429", entity="customers", on=2, value=1)]) as sandbox: ...
    sandbox.faults = [Fault("token_refused", on=3, times=None)]     # in mid-run; counting starts again

A fault hits the matching requests number `on`, `on + 1` … `on + times - 1`; `times=None` means for ever. `entity` is
the vendor's word for what is asked: "Account", "salesOrders", "companies", "token", "versions", "Account/describe";
empty means any. Following pages count as their entity too, and so does every retry. KINDS says what each kind does,
and what its `value` is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

KINDS = {
    # instead of the answer
    "429": "too many requests; value: Retry-After as seconds (0, 2, 3600), as text (an HTTP date), None: no header",
    "500": "the vendor's internal error",
    "503": "the vendor's service unavailable; value: Retry-After as for 429",
    "408": "the operation took too long",
    "forbidden": "403: no right to this entity",
    "not_found": "404: this installation has no such entity",
    "concurrent": "Salesforce's 403 REQUEST_LIMIT_EXCEEDED of too many at once, worth a retry; elsewhere as 429",
    "budget_spent": "the vendor's words for a spent day: Salesforce's 403, HubSpot's 429 DAILY; elsewhere as 429",
    "html": "an HTML page; value: its status, 200 if None",
    "error_body": "the vendor's error body, with status 200",
    "empty_body": "status 200 and no body",
    "timeout": "no answer for value seconds (default 5), then a cut connection",
    "reset": "the connection is reset before an answer",
    "token_refused": "401, whatever the token",
    # before the answer
    "token_expired": "every token given out so far ends; a new one works",
    "locator_expired": "Salesforce forgets its query locators: 400 INVALID_QUERY_LOCATOR on the next page",
    "row_deleted": "the row with the key in value leaves the entity, before this request is answered",
    "meanwhile": "value(sandbox) is called before this request is answered",
    # the bytes of the answer
    "truncated": "the body ends half-way, short of its Content-Length",
    "broken_json": "the body ends half-way, its Content-Length says so",
    # where the next page is
    "link_to_itself": "the next link leads to the page just read",
    "same_cursor": "every next link is the first one that was given",
    "link_to_host": "the next link leads to another host; value: its address",
    "page_repeated": "the page before is given once more, with a fresh next link; times=None: for ever",
    "growing_total": "the total grows with each page, and there is always one more page",
    "empty_page": "a page with no rows and a next link; the rows follow",
    "empty_last_page": "the last page has a next link, and after it comes an empty page (Business Central does it)",
    "stray_next_link": "done is true and yet there is a nextRecordsUrl (Salesforce does it)",
    # the rows of a page
    "record_twice": "the first row comes once more at the end of its page",
    "record_on_two_pages": "the last row of the page before comes first; value: the fields it changes, if any",
    "older_version_last": "after the rows comes an older version of the first; value: the fields it changes",
    "shuffled": "the rows of the page come in another order; value: seed",
    "fields": "other values in the first row; value: {field: JSON text as it stands in the body, None: gone}, such as"
    " {'Amount': '1E+20', 'Name': '\"\\\\ud800\"', 'Rate': 'NaN', 'Deep': '{}', 'salesOrderLines.quantity': '9e9'}",
    "fields_of_all": "as fields, on every row: a column that is gone, new, nested or of another type",
}


@dataclass(frozen=True)
class Fault:
    kind: str
    entity: str = ""
    system: str = ""  # "salesforce" or "business_central"; empty means both
    on: int = 1
    times: int | None = 1
    value: Any = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are: {', '.join(KINDS)}")

    def at(self, entity: str) -> "Fault":
        """The same fault, there."""
        return replace(self, entity=entity)

    def matches(self, system: str, entity: str) -> bool:
        return bool(system) and self.system in ("", system) and self.entity in ("", entity)

    def hits(self, request: int) -> bool:
        return request >= self.on and (self.times is None or request < self.on + self.times)


class Faults:
    """The faults of one sandbox, and how many requests each has seen."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = list(faults)
        self.seen = [0] * len(self.faults)
        self.memory: list[dict[str, Any]] = [{} for _ in self.faults]  # what a fault keeps from one page to the next

    def matching(self, system: str, entity: str) -> list[tuple[int, Fault]]:
        """The faults that look at this kind of request, each with its number."""
        return [(number, fault) for number, fault in enumerate(self.faults) if fault.matches(system, entity)]

    def due(self, system: str, entity: str) -> list[tuple[int, Fault]]:
        """The faults that hit this request; asking counts the request."""
        found = self.matching(system, entity)
        for number, _ in found:
            self.seen[number] += 1
        return [(number, fault) for number, fault in found if fault.hits(self.seen[number])]
