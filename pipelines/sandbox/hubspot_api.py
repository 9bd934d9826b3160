"""HubSpot as its clients see it: lists, search, batches, associations, pipelines, owners, campaigns.

https://developers.hubspot.com/docs/api-reference/crm-objects/guide
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import hubspot_records as records
from pipelines.sandbox.answers import answer, page
from pipelines.sandbox.hubspot_errors import fault, invalid, refusal, several
from pipelines.sandbox.tables import Table

SYSTEM = "hubspot"
LARGEST = {"list": 100, "history": 50, "search": 200, "batch": 100, "associations": 1000}
ASSOCIATIONS_EACH = 500  # of one record in one answer; it says where the rest goes on
DEFAULT = 10
SEARCH_CAP = 10_000
OPERATORS: dict[str, Callable[[pl.Series, int], pl.Series]] = {
    "GTE": lambda values, given: values >= given,
    "GT": lambda values, given: values > given,
    "EQ": lambda values, given: values == given,
    "LT": lambda values, given: values < given,
}
Endpoint = Callable[[Request], Awaitable[Response]]


def keys(frame: pl.DataFrame) -> list[str]:
    moves = {"property", "timestamp"} <= set(frame.columns)
    return ["id"] if "id" in frame.columns and not moves else []


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": f"{sandbox.url}/hubspot", "access_token": sandbox.issue(SYSTEM)}


class HubSpot:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.searches: list[dict[str, Any]] = []  # the bodies that were searched with
        self.unindexed: set[str] = set()  # ids that no search shows yet: its index lags
        self.search_cap = SEARCH_CAP

    def routes(self) -> list[Route]:
        posted = {"methods": ["POST"]}
        return [
            *self.both("crm", "objects", "/{kind}", self.listed),
            *self.both("crm", "objects", "/{kind}/search", self.search, **posted),
            *self.both("crm", "objects", "/{kind}/batch/read", self.batch, **posted),
            *self.both("crm", "pipelines", "/{kind}", self.pipelines),
            *self.both("crm", "owners", "", self.owners),
            *self.both("marketing", "campaigns", "", self.campaigns),
            *(Route(f"/hubspot/account-info/{one}/details", self.guard(self.account)) for one in ("v3", "2026-03")),
            Route("/hubspot/crm/v4/associations/{kind}/{other}/batch/read", self.guard(self.associations), **posted),
            Route("/hubspot/{anything:path}", lambda _: fault("not_found")),
        ]

    def both(self, room: str, what: str, rest: str, does: Endpoint, **options: Any) -> list[Route]:
        """An address by the version's number and, since 2026, by its date."""
        paths = [f"/hubspot/{room}/v3/{what}{rest}", f"/hubspot/{room}/{what}/2026-03{rest}"]
        return [Route(path, self.guard(does), **options) for path in paths]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        if not path.startswith("/hubspot/"):
            return None
        if found := re.search(r"/associations/(\w+/\w+)/", path):
            return found[1]
        if found := re.search(r"/pipelines/(?:2026-03/)?(\w+)", path):
            return f"pipelines/{found[1]}"
        if found := re.search(r"/objects/(?:2026-03/)?(\w+)(/search|/batch)?", path):
            return found[1] + (found[2] or "")
        if "/account-info/" in path:
            return "account"
        return path.removesuffix("/2026-03").rsplit("/", 1)[-1]

    def guard(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            if not self.sandbox.knows(request.headers.get("authorization", ""), SYSTEM):
                return fault("token_refused")
            return await endpoint(request)

        return guarded

    def table(self, entity: str) -> Table | None:
        return self.sandbox.records.table(SYSTEM, entity)

    def frame(self, entity: str) -> pl.DataFrame | None:
        table = self.table(entity)
        return None if table is None else table.frame.select(table.fields)

    async def listed(self, request: Request) -> Response:
        kind, given = request.path_params["kind"], request.query_params
        table = self.table(kind)
        if table is None:
            return refusal(400, message=f"Unable to infer object type from: {kind}")
        past = [name for name in given.get("propertiesWithHistory", "").split(",") if name]
        limit, most = int(given.get("limit", DEFAULT)), LARGEST["history" if past else "list"]
        if limit > most:
            return invalid(f"limit must not be greater than {most}")
        wanted = given.get("archived", "false") == "true"
        rows = self.sandbox.records.once((SYSTEM, kind, wanted), lambda: _archived(table.frame, wanted))
        history = self.histories(kind, past)
        fields = given.get("properties", "").split(",")
        return self.cut(request, rows, limit, lambda some: records.shown(some, kind, fields, history))

    def histories(self, kind: str, names: list[str]) -> pl.DataFrame | None:
        if not names:
            return None
        key = (SYSTEM, kind, "history", *names)
        return self.sandbox.records.once(key, lambda: records.histories(self.table(f"{kind}/history"), names))

    def cut(
        self, request: Request, rows: pl.DataFrame, limit: int, show: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> Response:
        """One page of a list; the last one has no `paging` at all."""
        start = _number(request.query_params.get("after"))
        size = min(limit, self.sandbox.page_rows or limit)
        tail = {}
        if start + size < rows.height:
            after = self.after(request, start + size)
            tail = {"paging": {"next": {"after": after, "link": f"https://api.hubapi.com/next?after={after}"}}}
        return page({}, "results", show(rows.slice(start, size)), tail)

    def after(self, request: Request, start: int) -> str:
        """Campaigns say it as it stands in an address already."""
        return quote(f"{start}==", safe="") if "/campaigns" in request.url.path else str(start)

    async def search(self, request: Request) -> Response:
        kind, body = request.path_params["kind"], await request.json()
        self.searches.append({"kind": kind} | body)
        table = self.table(kind)
        if table is None:
            return refusal(400, message=f"Unable to infer object type from: {kind}")
        limit, start = int(body.get("limit", DEFAULT)), _number(body.get("after"))
        if limit > LARGEST["search"]:
            return invalid(f"limit must not be greater than {LARGEST['search']}")
        if start >= self.search_cap:
            return invalid(f"The result window is too large: {start} must be below {self.search_cap}")
        filters = [one for group in body.get("filterGroups", []) for one in group["filters"]]
        if any(one["operator"] == "GTE" and one["value"] == "0" for one in filters):
            return fault("500")  # a search from the very beginning was answered so
        rows = self.found(table, kind, filters, body.get("sorts", []))
        size = min(limit, self.sandbox.page_rows or limit, self.search_cap - start)
        tail = {"paging": {"next": {"after": str(start + size)}}} if start + size < rows.height else {}
        shown = records.shown(rows.slice(start, size), kind, body.get("properties", []))
        return page({"total": rows.height}, "results", shown, tail)

    def found(self, table: Table, kind: str, filters: list[dict[str, str]], sorts: list[dict[str, str]]) -> Any:
        """No archived rows, none that the index does not know yet."""
        if not table.frame.height:
            return table.frame
        comparable = {
            records.changed_field(kind): table.comparable("updatedAt").dt.epoch("ms"),
            "hs_object_id": table.frame["id"].cast(pl.Int64),
        }
        kept = ~table.frame["archived"] & ~table.frame["id"].is_in(list(self.unindexed))
        for one in filters:
            kept = kept & OPERATORS[one["operator"]](comparable[one["propertyName"]], int(one["value"]))
        order = comparable[sorts[0]["propertyName"]] if sorts else comparable["hs_object_id"]
        return table.frame.with_columns(order.alias("$order")).filter(kept).sort("$order", maintain_order=True)

    async def batch(self, request: Request) -> Response:
        kind, body = request.path_params["kind"], await request.json()
        table, past = self.table(kind), body.get("propertiesWithHistory", [])
        ids = [one["id"] for one in body["inputs"]]
        if table is None:
            return refusal(400, message=f"Unable to infer object type from: {kind}")
        if len(ids) > LARGEST["history" if past else "batch"]:
            return invalid(f"too many inputs: {len(ids)}")
        rows = _archived(table.frame, False).filter(pl.col("id").is_in(ids))
        found = page({"status": "COMPLETE"}, "results", self.shown(rows, kind, body, past))
        return several(found, [one for one in ids if one not in rows["id"]])

    def shown(self, rows: pl.DataFrame, kind: str, body: dict[str, Any], past: list[str]) -> pl.DataFrame:
        return records.shown(rows, kind, body.get("properties", []), self.histories(kind, past))

    async def associations(self, request: Request) -> Response:
        kind, other = request.path_params["kind"], request.path_params["other"]
        inputs = (await request.json())["inputs"]
        ids = [one["id"] for one in inputs]
        if len(ids) > LARGEST["associations"]:
            return invalid(f"too many inputs: {len(ids)}")
        table = self.table(f"{kind}/{other}")
        if table is None:
            return several(page({"status": "COMPLETE"}, "results", pl.DataFrame()), ids)
        after = pl.DataFrame({"id": ids, "after": [_number(one.get("after")) for one in inputs]})
        found = records.associated(table, after, self.sandbox.page_rows or ASSOCIATIONS_EACH)
        known = set(found["from"].struct.field("id")) if found.height else set()
        return several(page({"status": "COMPLETE"}, "results", found), [one for one in ids if one not in known])

    async def pipelines(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        found, stages = self.frame(f"pipelines/{kind}"), self.frame(f"stages/{kind}")
        if found is None or stages is None:
            return fault("not_found")
        return answer({"results": records.pipelines(found, stages)})

    async def owners(self, request: Request) -> Response:
        owners = self.frame("owners")
        if owners is None:
            return fault("not_found")
        rows = _archived(owners, request.query_params.get("archived", "false") == "true")
        teams = pl.concat_list(pl.struct(pl.lit("1").alias("id"), pl.col("team").alias("name"), primary=True))
        return self.cut(request, rows, _limit(request), lambda some: some.select(pl.exclude("team"), teams=teams))

    async def campaigns(self, request: Request) -> Response:
        rows = self.frame("campaigns")
        if rows is None:
            return fault("not_found")
        asked = [name for name in request.query_params.get("properties", "").split(",") if name in rows.columns]
        times = ("createdAt", "updatedAt")
        return self.cut(
            request, rows, _limit(request), lambda some: some.select("id", pl.struct(asked).alias("properties"), *times)
        )

    async def account(self, _request: Request) -> Response:
        found = self.frame("account")
        return fault("not_found") if found is None else answer(next(found.iter_rows(named=True), {}))


def _archived(frame: pl.DataFrame, wanted: bool) -> pl.DataFrame:
    return frame.filter(pl.col("archived") == wanted)


def _limit(request: Request) -> int:
    return min(int(request.query_params.get("limit", DEFAULT)), LARGEST["list"])


def _number(after: str | None) -> int:
    found = re.match(r"\d+", after or "")
    return int(found[0]) if found else 0


VENDOR = HubSpot
