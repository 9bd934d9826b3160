"""Livespace as its clients see it: calls signed with a session each, lists by offset, PHP's way of writing nothing.

https://api-docs.livespace.io
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox.answers import answer

SYSTEM = "livespace"
PREFIX = "/livespace/api/public/json"
TOKEN = f"{PREFIX}/_Api/auth_call/_api_method/getToken"
KEY, SECRET = "sandbox-key", "sandbox-key-secret"
STATUS = {"429": 429, "concurrent": 429, "budget_spent": 429, "408": 408, "500": 500, "503": 503}
RESULT = {"token_refused": 561, "forbidden": 540, "not_found": 515, "error_body": 500}
Given = dict[str, Any]


def keys(frame: pl.DataFrame) -> list[str]:
    return ["id"]


def settings(sandbox: Any) -> dict[str, str]:
    rows = {"page_rows": str(sandbox.page_rows)} if sandbox.page_rows else {}
    return {"base_url": f"{sandbox.url}/livespace", "api_key": KEY, "api_secret": SECRET} | rows


def fault(kind: str) -> Response:
    """Trouble has a status of HTTP only where it is not Livespace itself that answers."""
    return Response(b"", STATUS[kind]) if kind in STATUS else refusal(RESULT[kind])


def refusal(result: int) -> Response:
    return answer({"data": None, "error": "", "result": result, "status": False})


def given_back(data: str) -> Response:
    return Response(f'{{"data":{data},"error":null,"result":200,"status":true}}', media_type="application/json")


class Livespace:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.open: dict[str, str] = {}  # the token of each session that was not used yet
        self.calls: list[Given] = []

    def routes(self) -> list[Route]:
        posted = {"methods": ["POST"]}
        does: dict[str, Callable[[Given], Response]] = {
            "Contact/getAll": lambda given: self.listed(
                f"Contact/getAll/{given.get('type')}", str(given["type"]), given
            ),
            "Deal/getAll": self.deals,
            "Deal/process_getList": self.processes,
            "Default/User_getAll": self.users,
            "Deal/product_getAll": lambda _: self.listed("Deal/product_getAll", "product", {}),
        }
        routes = [Route(f"{PREFIX}/{path}", self.guard(one), **posted) for path, one in does.items()]
        nothing = Route("/livespace/{anything:path}", lambda _: refusal(515), **posted)
        return [Route(TOKEN, self.token, **posted), *routes, nothing]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        if not path.startswith("/livespace/"):
            return None
        return "token" if path == TOKEN else path.removeprefix(f"{PREFIX}/")

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        if form.get("_api_key") != [KEY]:
            return refusal(560)
        session, token = secrets.token_hex(8), secrets.token_hex(8)
        self.open[session] = token
        return given_back(json.dumps({"token": token, "session_id": session}))

    def guard(self, does: Callable[[Given], Response]) -> Callable[[Request], Any]:
        """A call behind the check of its signature; its session ends with it."""

        async def guarded(request: Request) -> Response:
            form = parse_qs((await request.body()).decode())
            given = json.loads(form.get("data", ["{}"])[0])
            token = self.open.pop(given.get("_api_session", ""), None)
            seal = hashlib.sha1(f"{KEY}{token}{SECRET}".encode()).hexdigest()
            if token is None or given.get("_api_sha") != seal:
                return refusal(561)
            self.calls.append({name: value for name, value in given.items() if not name.startswith("_api")})
            return does(given)

        return guarded

    def rows(self, entity: str) -> pl.DataFrame | None:
        table = self.sandbox.records.table(SYSTEM, entity)
        return None if table is None else table.frame.select(table.fields)

    def listed(self, entity: str, wrapper: str, given: Given) -> Response:
        rows = self.rows(entity)
        return refusal(515) if rows is None else self.page(rows, wrapper, given)

    def page(self, rows: pl.DataFrame, wrapper: str, given: Given) -> Response:
        """Of an empty list not even the wrapper is there."""
        here = rows.slice(int(given.get("offset", 0)), given.get("limit"))
        return given_back(f'{{"{wrapper}":{here.rechunk().write_json()}}}' if here.height else "[]")

    def deals(self, given: Given) -> Response:
        """The newest first. Without any condition the question is refused."""
        rows = self.rows("Deal/getAll")
        if rows is None:
            return refusal(515)
        if not {"status", "modified"} & given.keys():
            return refusal(420)
        if given.get("status", "all") != "all":
            rows = rows.filter(pl.col("status") == given["status"])
        if "modified" in given:
            rows = rows.filter(pl.col("modified").str.slice(0, 10) >= given["modified"][:10])
        return self.page(rows.sort("created", "id", descending=True), "deal", given)

    def processes(self, _given: Given) -> Response:
        """Maps by id, in the order in which they are shown; a stage's own steps are called stages too."""
        rows = self.rows("Deal/process_getList")
        if rows is None:
            return refusal(515)
        made: dict[str, Any] = {}
        for row in rows.sort("place").to_dicts():
            process = made.setdefault(row["process_id"], {"name": row["process_name"], "main_stages": {}})
            process["main_stages"][row["id"]] = {"name": row["name"], "stages": []}
        return given_back(json.dumps(made or []))

    def users(self, _given: Given) -> Response:
        rows = self.rows("Default/User_getAll")
        return refusal(515) if rows is None else given_back(rows.rechunk().write_json())


VENDOR = Livespace
