"""From page to page. Whatever leads in a circle is an error, never an endless load."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from pipelines.envelope import Envelope, Page, split
from pipelines.failures import SourceFailed
from pipelines.http import Http

# A page served twice is forgiven, for rows are merged by key; a third time nobody is turning pages any more.
SAME_PAGE = 2
EMPTY_PAGES = 20


def follow(
    http: Http,
    entity: str,
    envelope: Envelope,
    address: str,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Page]:
    """Every page, from an address on."""
    links: set[str] = set()
    seen: Counter[int] = Counter()
    empty, came = 0, 0
    first, given = address, dict(params or {})
    for _ in range(int(http.limits.pages)):
        page: Page = http.get(entity, address, lambda body: split(body, envelope), params=params, headers=headers)
        seen[page.fingerprint] += bool(page.records)
        if seen[page.fingerprint] > SAME_PAGE:
            raise SourceFailed(http.source, entity, "the pages lead in a circle: the same records came three times")
        yield page
        came += len(page.records)
        if page.next is None:
            if not envelope.skip or not page.records or (page.count is not None and came >= page.count):
                return
            # A page shorter than was asked for may be the server's own limit, so it is no end.
            address, params = first, given | {envelope.skip: str(came)}
            continue
        if page.next in links:
            raise SourceFailed(http.source, entity, "the pages lead in a circle: the same next link came twice")
        links.add(page.next)
        if envelope.param:
            params = {**(params or {}), envelope.param: page.next}
        else:
            address, params = http.address(entity, urljoin(address, page.next)), None
        empty = 0 if page.records else empty + 1
        if empty > EMPTY_PAGES:
            raise SourceFailed(http.source, entity, f"more than {EMPTY_PAGES} pages without a record in a row")
    pages = int(http.limits.pages)
    raise SourceFailed(http.source, entity, f"there is no end after {pages} pages (HTTP__PAGES)")


def once(http: Http, entity: str, envelope: Envelope, address: str, **options: Any) -> list[dict[str, Any]]:
    """The records of a short list, as Python values."""
    return [record for page in follow(http, entity, envelope, address, **options) for record in page.parsed()]
