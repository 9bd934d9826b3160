"""Business Central as its clients see it: Entra token, companies, entity sets of API v2.0, of analytics and of finance.

https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import business_central_sets as sets
from pipelines.sandbox.answers import CREDENTIALS, answer, page, token_request
from pipelines.sandbox.business_central_errors import fault, incompatible, refusal
from pipelines.sandbox.business_central_sets import SYSTEM
from pipelines.sandbox.conditions import WrongType
from pipelines.sandbox.odata import BadFilter

ONLY_COMPANY = {"id": "00000000-0000-4000-8000-000000000001", "name": "Parts", "displayName": "Parts"}
KEYS = ("id", "dcleEntryNo", "entryNo", "entryNumber")
STANDARD = "api/v2.0"
ELSEWHERE = dict.fromkeys(
    ("salesLines", "salesValueEntries", "itemLedgerEntries", "customerLedgerEntries"), "api/microsoft/analytics/v1.0"
) | {"detailedCustomerLedgerEntries": "api/microsoft/reportsFinance/beta"}
TEMPORARY = {"salesOrderLines", "salesInvoiceLines", "salesCreditMemoLines"}  # only ever read with their document
Endpoint = Callable[[Request], Response]


def keys(frame: pl.DataFrame) -> list[str]:
    return next(([key] for key in KEYS if key in frame.columns), [])


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": sandbox.business_central_url, "token_url": sandbox.token_url, **CREDENTIALS}


class BusinessCentral:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox

    def routes(self) -> list[Route]:
        companies = "/v2.0/{tenant}/{environment}/{api:path}/companies"
        return [
            Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
            Route(companies, self.guard(self.companies)),
            Route(companies + "({company})/{entity}", self.guard(self.entities)),
            Route(companies + "({company})/{parent}({key})/{entity}", self.guard(self.entities)),
            Route("/v2.0/{anything:path}", lambda _: fault("not_found")),
        ]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        if path.endswith("/oauth2/v2.0/token"):
            return "token"
        return re.sub(r"\(.*", "", path.rsplit("/", 1)[-1]) if path.startswith("/v2.0/") else None

    async def token(self, request: Request) -> Response:
        wrong = await token_request(request)
        if wrong == "grant":
            return answer({"error": "unsupported_grant_type", "error_description": "AADSTS70003"}, 400)
        if wrong:
            text = "AADSTS7000215: Invalid client secret provided."
            return answer({"error": "invalid_client", "error_description": text}, 401)
        life = {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599}
        return answer(life | {"access_token": self.sandbox.issue(SYSTEM)})

    def guard(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the token check, with the vendor's words for what it does not understand."""

        def guarded(request: Request) -> Response:
            if not self.sandbox.knows(request.headers.get("authorization", ""), SYSTEM):
                return fault("token_refused")
            try:
                return endpoint(request)
            except (sets.BadRequest, BadFilter) as wrong:
                return refusal(400, "BadRequest", str(wrong))
            except WrongType as wrong:
                name, kind, literal = wrong.args
                return incompatible(name, kind, literal.kind)

        return guarded

    def company_list(self) -> pl.DataFrame:
        frame = self.sandbox.records.frames(SYSTEM).get("companies")
        return pl.DataFrame([ONLY_COMPANY]) if frame is None else frame

    def companies(self, request: Request) -> Response:
        return page({"@odata.context": self.context(request, "companies")}, "value", self.company_list())

    def context(self, request: Request, what: str) -> str:
        return f"{self.sandbox.url}{request.url.path.split('/companies', 1)[0]}/$metadata#{what}"

    def entities(self, request: Request) -> Response:
        given, records = request.path_params, self.sandbox.records
        entity, company, parent = given["entity"], given["company"], given.get("key", "")
        if company not in self.company_list()["id"]:
            return fault("no_company")
        table = records.table(SYSTEM, entity)
        if table is None or given["api"] != ELSEWHERE.get(entity, STANDARD):
            return fault("not_found")
        options = dict(request.query_params)
        if entity in TEMPORARY and not parent and not re.search(r"\b(documentId|id) eq ", options.get("$filter", "")):
            return fault("lines")
        wanted = (SYSTEM, entity, company, parent, options.get("$filter"), options.get("$orderby"))
        found = records.once(wanted, lambda: sets.rows(table, entity, company, parent, options))
        return self.cut(request, found, options)

    def cut(self, request: Request, found: pl.DataFrame, options: dict[str, str]) -> Response:
        """One page. With $top there is never a next link, even where $top is more than a page."""
        entity, records = request.path_params["entity"], self.sandbox.records
        table = records.table(SYSTEM, entity)
        size = sets.page_size(request.headers.get("prefer", ""), self.sandbox.page_rows)
        start = sets.start(found, table.key[0], options) + int(options.get("$skip", 0))
        rows = found.slice(start, min(size, int(options.get("$top", size))))
        company = request.path_params["company"]
        head: dict[str, Any] = {"@odata.context": self.context(request, f"companies({company})/{entity}")}
        if options.get("$count") == "true":
            head["@odata.count"] = found.height
        tail = {}
        if "$top" not in options and start + size < found.height:
            tail["@odata.nextLink"] = self.link(request, sets.token(rows, table.key[0], options))
        return page(head, "value", sets.shown(records, table, entity, rows, options), tail)

    def link(self, request: Request, token: str) -> str:
        kept = [(n, v) for n, v in request.query_params.multi_items() if n not in ("$skiptoken", "aid", "$skip")]
        options = "".join(f"{name}={quote(value, safe='')}&" for name, value in kept)
        return f"{self.sandbox.url}{request.url.path}?{options}aid=FIN&$skiptoken={token}"


VENDOR = BusinessCentral
