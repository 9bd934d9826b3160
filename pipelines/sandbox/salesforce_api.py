"""Salesforce REST as its clients see it: versions, token, query, queryAll, describe, deleted, limits.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
"""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox.answers import CREDENTIALS, answer, page, token_request
from pipelines.sandbox.conditions import moment
from pipelines.sandbox.salesforce_errors import fault, refusal
from pipelines.sandbox.salesforce_query import SYSTEM, TYPES, InvalidQuery, Locators, result

VERSIONS = {66: "Spring '26", 67: "Summer '26", 68: "Winter '27"}
DAILY_REQUESTS = 15_000
BATCHES = (200, 2000)  # the fewest and the most rows a client may ask for; the most is the default
URI_LIMIT = 16_384
Endpoint = Callable[[Request], Response]


def keys(frame: pl.DataFrame) -> list[str]:
    return ["Id"] if "Id" in frame.columns else []


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": sandbox.salesforce_url, **CREDENTIALS}


def base(request: Request) -> str:
    return f"/services/data/v{request.path_params['version']}.0"


class Salesforce:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.used = 0
        self.locators = Locators()

    def routes(self) -> list[Route]:
        guarded = {
            "limits": self.limits,
            "query": self.query,
            "queryAll": self.query,
            "query/{locator}": self.more,
            "queryAll/{locator}": self.more,
            "sobjects": self.objects,
            "sobjects/{entity}/describe": self.describe,
            "sobjects/{entity}/deleted": self.deleted,
            "sobjects/{entity}/deleted/": self.deleted,
        }
        return [
            Route("/services/data", self.versions),
            Route("/services/oauth2/token", self.token, methods=["POST"]),
            *(Route("/services/data/v{version:int}.0/" + path, self.guard(does)) for path, does in guarded.items()),
            Route("/services/{anything:path}", lambda _: fault("not_found")),
        ]

    def asked(self, path: str, query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        if not path.startswith("/services/"):
            return None
        if path.rstrip("/") == "/services/data":
            return "versions"
        if found := re.search(r"/sobjects/(\w+/(?:describe|deleted))", path):
            return found[1]
        if found := re.search(r"/query(?:All)?/([\w-]+)", path):
            return self.locators.entity(found[1])
        if found := re.search(r"\bfrom\s+(\w+)", query, re.IGNORECASE):
            return found[1]
        return path.rstrip("/").rsplit("/", 1)[-1]

    def guard(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the token check, with the vendor's count of requests on every answer."""

        def guarded(request: Request) -> Response:
            self.used += 1
            found = self.refused(request) or endpoint(request)
            found.headers["sforce-limit-info"] = f"api-usage={self.used}/{DAILY_REQUESTS}"
            return found

        return guarded

    def refused(self, request: Request) -> Response | None:
        if len(str(request.url)) > URI_LIMIT:
            return answer([], 414)
        if request.path_params["version"] not in VERSIONS:
            return fault("not_found")
        known = self.sandbox.knows(request.headers.get("authorization", ""), SYSTEM)
        return None if known else fault("token_refused")

    def versions(self, _request: Request) -> Response:
        return answer(
            [{"label": name, "url": f"/services/data/v{n}.0", "version": f"{n}.0"} for n, name in VERSIONS.items()]
        )

    async def token(self, request: Request) -> Response:
        wrong = await token_request(request)
        if wrong == "grant":
            return answer({"error": "unsupported_grant_type", "error_description": "grant type not supported"}, 400)
        if wrong:
            return answer({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        return answer(
            {
                "access_token": self.sandbox.issue(SYSTEM),
                "signature": secrets.token_hex(16),
                "scope": "api",
                "instance_url": self.sandbox.salesforce_url,
                "id": f"{self.sandbox.salesforce_url}/id/00D000000000001EAA/005000000000001AAA",
                "token_type": "Bearer",
                "issued_at": str(time.time_ns() // 1_000_000),
            }
        )

    def limits(self, _request: Request) -> Response:
        return answer({"DailyApiRequests": {"Max": DAILY_REQUESTS, "Remaining": max(0, DAILY_REQUESTS - self.used)}})

    def query(self, request: Request) -> Response:
        text, with_deleted = request.query_params.get("q", ""), request.url.path.endswith("/queryAll")
        try:
            query, rows = result(self.sandbox.records, text, with_deleted)
        except InvalidQuery as wrong:
            return refusal(400, *wrong.args)
        if not query.fields:
            return answer({"totalSize": rows.height, "done": True, "records": []})
        asked = re.search(r"batchSize=(\d+)", request.headers.get("sforce-query-options", ""))
        fewest, most = BATCHES
        size = min(most, max(fewest, int(asked[1]))) if asked else most
        return self.locators.first(base(request), query.entity, rows, min(size, self.sandbox.page_rows or size))

    def more(self, request: Request) -> Response:
        return self.locators.following(base(request), request.path_params["locator"]) or fault("locator")

    def objects(self, _request: Request) -> Response:
        names = self.sandbox.records.frames(SYSTEM)
        return answer({"sobjects": [{"name": name, "queryable": True} for name in names]})

    def describe(self, request: Request) -> Response:
        entity = request.path_params["entity"]
        table = self.sandbox.records.table(SYSTEM, entity)
        if table is None:
            return fault("not_found")
        fields = [
            {"name": name, "label": name, "custom": name.endswith("__c"), "filterable": True, "nillable": name != "Id"}
            | {"type": "id" if name == "Id" else "reference" if name.endswith("Id") else TYPES[table.kinds[name]]}
            for name in table.fields
        ]
        return answer({"name": entity, "label": entity, "queryable": True, "fields": fields})

    def deleted(self, request: Request) -> Response:
        table = self.sandbox.records.table(SYSTEM, request.path_params["entity"])
        if table is None or "IsDeleted" not in table.fields:
            return fault("not_found")
        start, end = (moment(request.query_params[name].replace(" ", "+")) for name in ("start", "end"))
        moments = table.comparable("SystemModstamp")
        gone = table.frame.filter(table.comparable("IsDeleted") & (moments >= start) & (moments < end))
        head = {"earliestDateAvailable": table.frame["SystemModstamp"].min(), "latestDateCovered": end.isoformat()}
        return page(head, "deletedRecords", gone.select(id="Id", deletedDate="SystemModstamp"))


VENDOR = Salesforce
