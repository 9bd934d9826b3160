"""A search that gives its first rows only, however many there are: asked again from where it stopped.

Rows come in the order of the time they changed. Where so many share one moment that the time alone leads no further,
that moment is read by the rows' ids.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from pipelines.envelope import Page
from pipelines.failures import SourceFailed
from pipelines.http import Http

EPOCH = datetime(1970, 1, 1)

# Pages of the rows that changed at a moment (milliseconds) or later, by time: (moment, None); of those that changed at
# just that moment, by id, after one: (moment, id). It ends by itself where the vendor gives no more.
Ask = Callable[[int, str | None], Iterator[Page]]


def milliseconds(moment: datetime) -> int:
    """Since 1970, of a moment in UTC without a zone."""
    return int((moment - EPOCH).total_seconds() * 1000)


def every_row(http: Http, entity: str, ask: Ask, since: int, cap: int, when: str) -> Iterator[Page]:
    """All pages from `since` on. `when` is the field that tells a row's moment; rows may come more than once."""
    while True:
        rows, last = 0, None
        for page in ask(since, None):
            rows += len(page.records)
            last = page if page.records else last
            yield page
        if rows < cap or last is None:
            return
        # The earliest moment of the last page, as the order is not to be trusted to the last row.
        reached = min(_moment(record[when]) for record in last.parsed())
        if reached > since:
            since = reached
            continue
        yield from _one_moment(http, entity, ask, since, cap)
        since += 1


def _one_moment(http: Http, entity: str, ask: Ask, moment: int, cap: int) -> Iterator[Page]:
    after = "0"
    while True:
        rows, before = 0, after
        for page in ask(moment, after):
            rows += len(page.records)
            # Ids are numbers spelled as text: "9" comes before "10".
            after = max([after, *(record["id"] for record in page.parsed())], key=int)
            yield page
        if rows < cap:
            return
        if after == before:
            raise SourceFailed(http.source, entity, "the search leads in a circle: it gives the same ids again")


def _moment(spelled: Any) -> int:
    return milliseconds(datetime.fromisoformat(spelled).astimezone(UTC).replace(tzinfo=None))
