"""A HubSpot portal as one asks it: lists, searches and batches of records, each in its own limits.

https://developers.hubspot.com/docs/api-reference/search/guide
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from pipelines.capped_search import every_row, milliseconds
from pipelines.envelope import Envelope, Page, split
from pipelines.failures import Absent, Broken, Unavailable
from pipelines.http import Http, Pace
from pipelines.paging import follow, turned
from pipelines.quarantine import parsed
from pipelines.source_options import Options
from pipelines.streams import Stream

ADDRESS = "https://api.hubapi.com"
ANSWER = Envelope(records="results", next="paging next after", param="after")
LARGEST_LIST = 100
LARGEST_SEARCH = 200
WITH_HISTORY = 50  # rows of a list or a batch that come with the history of a property
LARGEST_ASSOCIATIONS = 1000
SEARCH_CAP = 10_000
CHANGED = {"contacts": "lastmodifieddate"}  # and hs_lastmodifieddate of everything else


class Portal:
    def __init__(self, options: Options) -> None:
        self.version = options.text("API_VERSION", "v3")
        limits = options.limits(requests_per_second=10)
        signature = {"Authorization": f"Bearer {options.secret('ACCESS_TOKEN').strip()}"}
        explain = partial(refused, options.variable("ACCESS_TOKEN"))
        self.http = Http(options.source, options.text("BASE_URL", ADDRESS), limits, explain, signature=signature)
        # Searches are counted by themselves, second by second, whoever asks them.
        self.searches = Pace(options.number("SEARCHES_PER_SECOND", 4), burst_seconds=0)

    def address(self, room: str, what: str, rest: str = "") -> str:
        """Versions by number come before what is asked for, those by date after it."""
        order = (self.version, what) if self.version.startswith("v") else (what, self.version)
        return self.http.base_url + "/" + "/".join([room, *order, *filter(None, [rest])])

    def listed(self, entity: str, address: str, limit: int = LARGEST_LIST, **params: str) -> Iterator[Page]:
        """Every page of a list. The vendor's link to the next one is left alone: what it says comes after is enough."""
        return follow(self.http, entity, ANSWER, address, params | {"limit": str(limit)})

    def objects(self, entity: str, fields: list[str], archived: bool = False, history: str = "") -> Iterator[Page]:
        """Records as the portal has them now; the archived ones are a list of their own."""
        params = {"archived": str(archived).lower(), "properties": ",".join(fields)}
        params |= {"propertiesWithHistory": history} if history else {}
        limit = WITH_HISTORY if history else LARGEST_LIST
        kind = entity.split("/")[0]
        return self.listed(entity, self.address("crm", "objects", kind), limit, **params)

    def changed(self, entity: str, fields: list[str], since: datetime) -> Iterator[Page]:
        """Records that changed at a moment or later, as far as the index of the search knows."""
        kind = entity.split("/")[0]
        when = CHANGED.get(kind, "hs_lastmodifieddate")

        def ask(moment: int, after_id: str | None) -> Iterator[Page]:
            filters = [{"propertyName": when, "operator": "GTE" if after_id is None else "EQ", "value": str(moment)}]
            if after_id is not None:
                filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": after_id})
            sort = {"propertyName": when if after_id is None else "hs_object_id", "direction": "ASCENDING"}
            body = {"filterGroups": [{"filters": filters}], "sorts": [sort], "properties": fields}
            return self._found(entity, self.address("crm", "objects", f"{kind}/search"), body)

        return every_row(self.http, entity, ask, milliseconds(since), SEARCH_CAP, "updatedAt")

    def _found(self, entity: str, address: str, body: dict[str, Any]) -> Iterator[Page]:
        """The pages of one search; beyond the cap it would be refused."""

        def ask(after: str | None) -> Page:
            asked = body | {"limit": LARGEST_SEARCH} | ({"after": after} if after else {})
            page = self.http.ask(entity, "POST", address, page_of, json=asked, pace=self.searches)
            ended = (page.next or "").isdigit() and int(page.next or 0) >= SEARCH_CAP
            return Page(page.records) if ended else page

        return turned(self.http, entity, ask)

    def batch(self, stream: Stream, address: str, body: dict[str, Any]) -> bytes:
        """The answer to a batch. What it could not give is among its errors: rows that went meanwhile."""
        return self.http.ask(stream.entity, "POST", address, whole, json=body)

    def once(self, entity: str, address: str) -> dict[str, Any]:
        return self.http.ask(entity, "GET", address, lambda body: parsed(whole(body)))


def page_of(body: bytes) -> Page:
    return split(body, ANSWER)


def whole(body: bytes) -> bytes:
    """A body that is a JSON object and no error told with status 200."""
    try:
        found = parsed(body)
    except ValueError as error:
        raise Broken("the answer is not JSON") from error
    if not isinstance(found, dict) or found.get("status") == "error":
        raise Broken("the answer is not what was asked for")
    return body


def refused(variable: str, status: int, body: bytes) -> Exception | str | None:
    """What HubSpot means by an error: an object with a message, mostly a category."""
    if status == 401:
        return f"the token is refused (401): was it withdrawn, or has it ended? {variable} needs a new one"
    error = _told(body)
    message, category = str(error.get("message", "")), str(error.get("category", ""))
    if status == 429:
        return _too_many(message, str(error.get("policyName", "")))
    if status == 403:
        return Unavailable(f"not available: no right to read it ({_missing_right(error) or category or status})")
    if status == 404 or "Unable to infer object type" in message:
        return Absent("not available: this portal has no such object")
    if status in (423, 477):
        return Broken(f"the portal is locked for the moment ({status})")
    if status == 400:
        return f"the question is refused ({category or status}: {message[:200]})"
    return None


def _too_many(message: str, policy: str) -> str | None:
    if policy == "DAILY" or "daily limit" in message:
        return "the requests of this day are spent (DAILY); the next load goes on from here"
    return None


def _missing_right(error: dict[str, Any]) -> str:
    context = error.get("context")
    scopes = context.get("requiredGranularScopes") if isinstance(context, dict) else None
    return f"the token lacks the scope {' or '.join(map(str, scopes))}" if isinstance(scopes, list) and scopes else ""


def _told(body: bytes) -> dict[str, Any]:
    try:
        found = parsed(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
