"""From page to page. Whatever leads in a circle is an error, never an endless load."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

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

    def ask(link: str | None) -> Page:
        here, given = address, params
        if link is not None and envelope.param:
            # Some cursors are told as they are spelled in an address.
            given = {**(params or {}), envelope.param: unquote(link)}
        elif link is not None:
            here, given = http.address(entity, link), None
        return http.get(entity, here, lambda body: split(body, envelope), params=given, headers=headers)

    return turned(http, entity, ask)


def turned(http: Http, entity: str, ask: Callable[[str | None], Page]) -> Iterator[Page]:
    """Every page that `ask` gives: for None the first one, then for what each page says of the next."""
    links: set[str] = set()
    seen: Counter[int] = Counter()
    empty = 0
    link = None
    for _ in range(int(http.limits.pages)):
        page = ask(link)
        seen[page.fingerprint] += bool(page.records)
        if seen[page.fingerprint] > SAME_PAGE:
            raise SourceFailed(http.source, entity, "the pages lead in a circle: the same records came three times")
        yield page
        if page.next is None:
            return
        link = page.next
        if link in links:
            raise SourceFailed(http.source, entity, "the pages lead in a circle: the same next link came twice")
        links.add(link)
        empty = 0 if page.records else empty + 1
        if empty > EMPTY_PAGES:
            raise SourceFailed(http.source, entity, f"more than {EMPTY_PAGES} pages without a record in a row")
    pages = int(http.limits.pages)
    raise SourceFailed(http.source, entity, f"there is no end after {pages} pages (HTTP__PAGES)")


def once(http: Http, entity: str, envelope: Envelope, address: str, **options: Any) -> list[dict[str, Any]]:
    """The records of a short list, as Python values."""
    return [record for page in follow(http, entity, envelope, address, **options) for record in page.parsed()]
