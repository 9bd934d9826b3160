"""Pipedrive as its clients see it: lists of v2 and v1, products and changes of deals, its limits in every header.

https://developers.pipedrive.com/docs/api/v1 · https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting
"""

import re
import time
from collections.abc import Callable
from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import pipedrive_lists as lists
from pipelines.sandbox.answers import page
from pipelines.sandbox.pipedrive_errors import fault, refusal
from pipelines.sandbox.pipedrive_lists import SYSTEM, Refused

PREFIX = "/pipedrive/api"
TOKEN = "sandbox-token"
DAILY_TOKENS = 150_000
BURST = 100_000  # requests in a window; the vendor allows 20 to 120, by plan, and the demo is not to wait
WINDOW_SECONDS = 2
# Tokens that a request costs.
COSTS = {"pipelines": 5, "stages": 5, "leadSources": 2, "deals/archived": 20, "leads": 20, "leads/archived": 40}
COSTS |= {"users": 20, "currencies": 20, "deals/changelog": 20, "deals/flow": 40}
V2 = ("organizations", "persons", "deals", "products", "activities", "pipelines", "stages")
V2 += ("dealFields", "organizationFields", "productFields")
WHOLE = ("users", "leadSources", "currencies")
DEALS_AT_ONCE = 100
Endpoint = Callable[[Request], Response]


def keys(frame: pl.DataFrame) -> list[str]:
    return ["id"] if "id" in frame.columns else []


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": f"{sandbox.url}/pipedrive", "api_token": TOKEN}


class Pipedrive:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.left = DAILY_TOKENS
        self.burst = BURST
        self.window = (0.0, 0)

    def routes(self) -> list[Route]:
        guarded: dict[str, Endpoint] = {
            "v2/deals/archived": lambda request: self.listed(request, "deals", True),
            "v2/deals/products": self.products,
            **{f"v2/{entity}": self.list_of(entity) for entity in V2},
            "v1/leads/archived": lambda request: self.started(request, "leads", True),
            "v1/leads": lambda request: self.started(request, "leads", False),
            **{f"v1/{entity}": self.whole(entity) for entity in WHOLE},
            "v1/deals/{deal:int}/flow": self.flow,
            "v1/deals/{deal:int}/changelog": self.changelog,
        }
        routes = [Route(f"{PREFIX}/{path}", self.guard(does)) for path, does in guarded.items()]
        return [*routes, Route("/pipedrive/{anything:path}", lambda _: fault("not_found"))]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        if not path.startswith("/pipedrive/"):
            return None
        return re.sub(r"/\d+/", "/", path.removeprefix(f"{PREFIX}/")).partition("/")[2]

    def guard(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the check of the token and of the limits."""

        def guarded(request: Request) -> Response:
            found = self.refused(request)
            if found is None:
                try:
                    found = endpoint(request)
                except Refused as refused:
                    found = refusal(400, str(refused))
            count = self.window[1]
            found.headers.setdefault("x-ratelimit-remaining", str(max(0, self.burst - count)))
            found.headers["x-ratelimit-limit"] = str(self.burst)
            found.headers["x-ratelimit-reset"] = str(WINDOW_SECONDS)
            found.headers["x-daily-ratelimit-token-limit"] = str(DAILY_TOKENS)
            found.headers["x-daily-ratelimit-token-remaining"] = str(max(0, self.left))
            return found

        return guarded

    def refused(self, request: Request) -> Response | None:
        if request.headers.get("x-api-token") != TOKEN:
            return fault("token_refused")
        if self.left <= 0:
            return fault("budget_spent")
        began, count = self.window
        now = time.monotonic()
        self.window = (now, 1) if now - began >= WINDOW_SECONDS else (began, count + 1)
        if self.window[1] > self.burst:
            return fault("429")
        self.left -= COSTS.get(self.asked(request.url.path, "") or "", 10)
        return None

    def list_of(self, entity: str) -> Endpoint:
        return lambda request: self.listed(request, entity, False)

    def listed(self, request: Request, entity: str, archived: bool) -> Response:
        records = self.sandbox.records
        if records.table(SYSTEM, entity) is None:
            return fault("not_found")
        return lists.by_cursor(records, entity, archived, request.query_params, self.sandbox.page_rows)

    def started(self, request: Request, entity: str, archived: bool) -> Response:
        records = self.sandbox.records
        if records.table(SYSTEM, entity) is None:
            return fault("feature")
        return lists.by_start(records, entity, archived, request.query_params, self.sandbox.page_rows)

    def whole(self, entity: str) -> Endpoint:
        def served(_request: Request) -> Response:
            table = self.sandbox.records.table(SYSTEM, entity)
            return fault("not_found") if table is None else page({"success": True}, "data", shown(table))

        return served

    def products(self, request: Request) -> Response:
        """The products of as many deals as are named, at most a hundred."""
        deals = [int(one) for one in request.query_params.get("deal_ids", "").split(",") if one]
        if not 0 < len(deals) <= DEALS_AT_ONCE:
            raise Refused("Parameter 'deal_ids' takes up to 100 ids")
        table = self.sandbox.records.table(SYSTEM, "dealProducts")
        rows = shown(table).filter(pl.col("deal_id").is_in(deals)) if table else pl.DataFrame()
        return by_number(rows, request, self.sandbox.page_rows)

    def changes(self, request: Request) -> pl.DataFrame | None:
        deals = self.sandbox.records.table(SYSTEM, "deals")
        deal = request.path_params["deal"]
        if deals is None or deal not in deals.frame["id"]:
            return None
        table = self.sandbox.records.table(SYSTEM, "dealFlow")
        if table is None:
            return pl.DataFrame()
        by_deal = self.sandbox.records.once(
            (SYSTEM, "dealFlow", id(table)),
            lambda: shown(table).partition_by("deal_id", as_dict=True, include_key=False, maintain_order=True),
        )
        return by_deal.get((deal,), shown(table).clear().drop("deal_id"))

    def flow(self, request: Request) -> Response:
        """Changes, in no order; where nothing more is told of one, an empty list stands for the empty object."""
        rows = self.changes(request)
        if rows is None:
            return fault("not_found")
        found = lists.from_start(rows, request.query_params, self.sandbox.page_rows)
        body = found.body.replace(b'"additional_data":null,"change_source"', b'"additional_data":[],"change_source"')
        return Response(body, media_type="application/json")

    def changelog(self, request: Request) -> Response:
        """The same changes, the newest first and without a number."""
        rows = self.changes(request)
        if rows is None:
            return fault("not_found")
        rows = rows.filter(pl.col("object") == "dealChange") if rows.width else rows
        if not rows.height:
            return page({"success": True}, "data", pl.DataFrame())
        data = pl.col("data").struct
        told = rows.sort("timestamp", data.field("id").cast(pl.Int64), descending=True).select(
            data.field("field_key"),
            data.field("old_value"),
            data.field("new_value"),
            actor_user_id=data.field("user_id"),
            time="timestamp",
            change_source=data.field("change_source"),
            is_bulk_update_flag=pl.lit(False),
        )
        return by_number(told, request, self.sandbox.page_rows)


def by_number(rows: pl.DataFrame, request: Request, most: int | None) -> Response:
    """Pages whose cursor counts rows."""
    start, limit = int(request.query_params.get("cursor", 0)), lists.size(request.query_params, most)
    cursor = str(start + limit) if start + limit < rows.height else None
    told = {"additional_data": {"next_cursor": cursor}}
    return page({"success": True}, "data", rows.slice(start, limit), told)


def shown(table: Any) -> pl.DataFrame:
    return table.frame.select(table.fields)


VENDOR = Pipedrive
