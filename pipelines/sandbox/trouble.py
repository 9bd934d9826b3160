"""Stands before the vendors' interfaces: logs every request, and lets the faults that are due spoil the answer."""

import asyncio
from typing import Any
from urllib.parse import unquote_plus

from starlette.responses import Response

from pipelines.sandbox import connections
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.spoiled_pages import spoil, watch
from pipelines.sandbox.spoilers import SPOILERS, WATCHED

HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We'll be back soon</h1></body></html>"
VENDORS_OWN = {"429", "500", "503", "408", "forbidden", "not_found", "token_refused", "error_body"}
VENDORS_OWN |= {"concurrent", "budget_spent"}
Due = list[tuple[int, Fault]]


class Trouble:
    def __init__(self, app: Any, sandbox: Any) -> None:
        self.app = app
        self.sandbox = sandbox

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        target = scope["path"] + (f"?{unquote_plus(query)}" if query else "")
        system, entity = self.sandbox.asked(scope["path"], unquote_plus(query))
        due = self.sandbox.faults.due(system, entity)
        kinds = {fault.kind: fault for _, fault in due}
        self.before(due, system, entity)
        if {"timeout", "reset"} & set(kinds):
            self.sandbox.requests.append((scope["method"], target, 0))
            if "timeout" in kinds:
                await asyncio.sleep(kinds["timeout"].value or 5)
            await connections.reset(scope["client"])
            return
        found = self.instead(due, system) or await self.spoiled(due, scope, receive, (system, entity))
        self.sandbox.requests.append((scope["method"], target, found.status_code))
        if "broken_json" in kinds:
            found = remade(found, found.body[: len(found.body) // 2])
        if "truncated" in kinds:
            await send({"type": "http.response.start", "status": found.status_code, "headers": found.raw_headers})
            half = found.body[: len(found.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await connections.hang_up(scope["client"])
            return
        await found(scope, receive, send)

    def before(self, due: Due, system: str, entity: str) -> None:
        for _, fault in due:
            if fault.kind == "token_expired":
                self.sandbox.expire_tokens()
            elif fault.kind == "locator_expired":
                self.sandbox.vendors[system].locators.kept.clear()
            elif fault.kind == "row_deleted":
                self.sandbox.records.without(system, entity, fault.value)
            elif fault.kind == "meanwhile":
                fault.value(self.sandbox)

    def instead(self, due: Due, system: str) -> Response | None:
        """The answer of a vendor in trouble, if one is due."""
        for _, fault in due:
            if fault.kind == "html":
                return Response(HTML, fault.value or 200, media_type="text/html")
            if fault.kind == "empty_body":
                return Response(b"", media_type="application/json")
            if fault.kind in VENDORS_OWN:
                found = self.sandbox.vendors[system].fault(fault.kind)
                if fault.kind in ("429", "503") and fault.value is not None:
                    found.headers["Retry-After"] = str(fault.value)
                return found
        return None

    async def spoiled(self, due: Due, scope: Any, receive: Any, asked: tuple[str, str]) -> Response:
        found = await self.answered(scope, receive)
        spoilers = [(number, fault) for number, fault in due if fault.kind in SPOILERS]
        watched = [n for n, fault in self.sandbox.faults.matching(*asked) if fault.kind in WATCHED]
        if found.status_code != 200 or not (spoilers or watched):
            return found
        query = scope["query_string"].decode()
        address = self.sandbox.url + scope["path"] + (f"?{query}" if query else "")
        memory, undisturbed = self.sandbox.faults.memory, found.body
        if spoilers:
            found = remade(found, spoil(found.body, spoilers, memory, address, found.headers))
        for number in set(watched) - {number for number, _ in spoilers}:
            watch(undisturbed, memory[number], address, found.headers)
        return found

    async def answered(self, scope: Any, receive: Any) -> Response:
        """The undisturbed answer, caught whole."""
        heard: list[Any] = []

        async def listen(message: Any) -> None:
            heard.append(message)

        await self.app(scope, receive, listen)
        found = Response(b"".join(message.get("body", b"") for message in heard[1:]), heard[0]["status"])
        found.raw_headers = list(heard[0]["headers"])
        return found


def remade(found: Response, body: bytes) -> Response:
    kept = {name: value for name, value in found.headers.items() if name != "content-length"}
    return Response(body, found.status_code, kept)
