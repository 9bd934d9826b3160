"""Tryton as its clients see it: records of a model by domain, fields and range; revisions of opportunities.

https://docs.tryton.org/latest/server/topics/rest.html
"""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import tryton_records as records
from pipelines.sandbox.tryton_records import SYSTEM, Unknown

KEY = "sandbox-key"
DATABASE = "sandbox"
PREFIX = f"/tryton/{DATABASE}/rest/model/"
OPPORTUNITY = "sale.opportunity"
COMPANY = pl.DataFrame({"id": [1], "party.id": [1], "party.name": ["Sandbox"], "currency.code": ["PLN"]})
PAGE = "<!doctype html>\n<html lang=en>\n<title>{0} {1}</title>\n<h1>{1}</h1>\n<p>{2}</p>\n"
NAMES = {401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}
NAMES |= {408: "Request Timeout", 503: "Service Unavailable"}


def keys(frame: pl.DataFrame) -> list[str]:
    return ["id"] if "id" in frame.columns else []


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": f"{sandbox.url}/tryton", "database": DATABASE, "key": KEY}


def in_html(status: int, words: str = "") -> Response:
    return Response(PAGE.format(status, NAMES[status], words), status, media_type="text/html")


class Tryton:
    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox

    def routes(self) -> list[Route]:
        return [
            Route(f"{PREFIX}{OPPORTUNITY}/history_revisions", self.guard(self.revisions), methods=["POST"]),
            Route(f"{PREFIX}{{model}}", self.guard(self.found), methods=["GET"]),
            Route("/tryton/{anything:path}", lambda _: in_html(404)),
        ]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        return path.removeprefix(PREFIX) if path.startswith("/tryton/") else None

    @staticmethod
    def fault(kind: str) -> Response:
        """How Tryton says that it will not: a page of HTML, or JSON where it is a rule of its own that refuses."""
        if kind == "forbidden":
            words = 'You are not allowed to access "Party".'
            told = {"status": 400, "message": words, "description": "Within groups: "}
            return Response(json.dumps(told), 400, media_type="application/json")
        if kind == "error_body":
            return Response(json.dumps({"error": ["UserError", ["No.", ""]]}), media_type="application/json")
        status = {"token_refused": 401, "not_found": 404, "concurrent": 429, "budget_spent": 429}
        return in_html(status.get(kind) or int(kind))

    def guard(self, does: Callable[[Request, bytes], Response]) -> Callable[[Request], Any]:
        async def guarded(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer {KEY}":
                return in_html(401)
            try:
                return does(request, await request.body())
            except Unknown as unknown:
                return in_html(500, f"&#39;{unknown}&#39;")

        return guarded

    def table(self, model: str) -> pl.DataFrame:
        found = self.sandbox.records.table(SYSTEM, model)
        if found is None and model == "company.company":
            return COMPANY
        if found is None:
            raise Unknown(model)
        return found.frame.select(found.fields)

    def found(self, request: Request, _body: bytes) -> Response:
        """Records in the order of their numbers; a range is of the records asked for, its end not in it."""
        model, asked = request.path_params["model"], request.query_params
        context = given(request.headers.get("x-tryton-context"), {})
        rows = self.table(model)
        if model == OPPORTUNITY and "_datetime" in context:
            rows = records.as_it_was(rows, self.table("sale.opportunity/history"), context["_datetime"])
        rows = rows.filter(records.fits(rows, given(asked.get("d"), []), model)).sort("id")
        here, told = rows, {}
        if span := re.fullmatch(r"records=(\d+)-(\d+)", request.headers.get("range", "")):
            first, last = int(span[1]), int(span[2])
            here = rows[first : first + min(last - first, self.sandbox.page_rows or last)]
            told = {"Content-Range": f"records {first}-{first + here.height}/{rows.height}"}
            if not here.height and first:
                return Response("Requested Range Not Satisfiable", 416, media_type="text/html")
        made = [records.spelled(row, model, asked.getlist("f")) for row in here.iter_rows(named=True)]
        return Response(json.dumps(made), 200, told, media_type="application/json")

    def revisions(self, _request: Request, body: bytes) -> Response:
        """When each was written and by whom, the last time first."""
        history = self.table("sale.opportunity/history")
        wanted = history.filter(pl.col("id").is_in(json.loads(body)["ids"])).sort("at", "id", descending=True)
        told = [[records.value(at), number, None] for number, at in wanted.select("id", "at").iter_rows()]
        return Response(json.dumps(told), media_type="application/json")


def given(text: str | None, otherwise: Any) -> Any:
    return json.loads(base64.urlsafe_b64decode(text)) if text else otherwise


VENDOR = Tryton
