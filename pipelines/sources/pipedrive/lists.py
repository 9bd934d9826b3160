"""Pipedrive's lists, page by page: in use and archived, by cursor in v2 and from a start on in v1."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from pipelines.extraction import Absent, Envelope, Http, Page, Since, Stream, follow
from pipelines.nested import with_members
from pipelines.sources.pipedrive.streams import V1, V2

LARGEST_PAGE = {"limit": "500"}
DEALS_AT_ONCE = 100
PAGES = {
    V2: Envelope("data", "additional_data next_cursor", good="success", param="cursor"),
    V1: Envelope(
        "data",
        "additional_data pagination next_start",
        more="additional_data pagination more_items_in_collection",
        good="success",
        param="start",
    ),
}
# Deals and leads that were archived are in lists of their own.
ARCHIVED = {"deals": "deals/archived", "leads": "leads/archived"}
# Deleted deals stay in the list for thirty days, when they are asked for.
COUNTED = {"include_fields": "products_count"}
OPTIONS = {"deals": {"status": "open,won,lost,deleted"} | COUNTED, "deals/archived": COUNTED}


def lists(http: Http, stream: Stream, since: Since) -> Iterator[Page]:
    """What is in use; then what is archived, each told apart from the other."""
    given, archived = _order(stream) | _since(since), ARCHIVED.get(stream.entity)
    for page in asked(http, stream.api, stream.entity, given):
        yield _told(page, b"false") if archived else page
    if archived:
        with suppress(Absent):  # not every plan can archive
            for page in asked(http, stream.api, archived, given):
                yield _told(page, b"true")


def _order(stream: Stream) -> dict[str, str]:
    """An order in which nothing slips past: by cursor the newest come last, by number nothing moves forward."""
    if stream.cursor is None:
        return LARGEST_PAGE if stream.api == V2 else {}
    if stream.api == V1:
        return LARGEST_PAGE | {"start": "0", "sort": "add_time ASC,id ASC"}
    return LARGEST_PAGE | {"sort_by": "update_time", "sort_direction": "asc"}


def _since(since: Since) -> dict[str, str]:
    """Exactly this form: with a fraction or a space the question is refused."""
    return {"updated_since": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else {}


def _told(page: Page, archived: bytes) -> Page:
    """Whether its records are archived, where they do not say it themselves."""
    for record in page.records[:1]:
        if "is_archived" in record if isinstance(record, dict) else b'"is_archived"' in bytes(record):
            return page
    return with_members(page, "is_archived", [archived] * len(page.records))


def asked(http: Http, api: str, path: str, given: Mapping[str, str]) -> Iterator[Page]:
    return follow(http, path, PAGES[api], address(http, api, path), {**OPTIONS.get(path, {}), **given})


def address(http: Http, api: str, path: str) -> str:
    """On the address that is common to all companies, v1 has no `api` before it."""
    common = api == V1 and http.base_url.endswith("//api.pipedrive.com")
    return f"{http.base_url}/{'' if common else 'api/'}{api}/{path}"


def some(ids: list[int]) -> Iterator[str]:
    for first in range(0, len(ids), DEALS_AT_ONCE):
        yield ",".join(map(str, ids[first : first + DEALS_AT_ONCE]))
