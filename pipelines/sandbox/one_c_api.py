"""1C as its clients see it: the standard interface of an infobase, catalogs, documents with their tables, registers.

https://its.1c.ru/db/metod8dev#content:5846
"""

import base64
from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import odata_sets as sets
from pipelines.sandbox.answers import CLIENT_ID, CLIENT_SECRET, answer, page
from pipelines.sandbox.odata import BadFilter

SYSTEM = "one_c"
PREFIX = "/one_c/odata/standard.odata/"
KEYS = ("Ref_Key", "Recorder Recorder_Type LineNumber", "Номенклатура_Key Склад_Key")
ERRORS = {  # the vendor's status, code and words for each fault
    "429": (429, "-1", "Превышено количество сеансов"),
    "concurrent": (429, "-1", "Превышено количество сеансов"),
    "budget_spent": (429, "-1", "Превышено количество сеансов"),
    "forbidden": (403, "21", "Недостаточно прав"),
    "not_found": (404, "8", "Сущность не найдена"),
    "408": (408, "-1", "Истекло время ожидания"),
    "500": (500, "-1", "Внутренняя ошибка"),
    "503": (503, "-1", "База заблокирована"),
    "error_body": (200, "-1", "Внутренняя ошибка"),
}
LOGIN = "<html><head><title>401 Unauthorized</title></head><body></body></html>"


def keys(frame: pl.DataFrame) -> list[str]:
    return next((key.split() for key in KEYS if set(key.split()) <= set(frame.columns)), [])


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": f"{sandbox.url}/one_c", "user": CLIENT_ID, "password": CLIENT_SECRET, "profile": "ut"}


def refusal(status: int, code: str, message: str) -> Response:
    return answer({"odata.error": {"code": code, "message": {"lang": "ru", "value": message}}}, status)


def fault(kind: str) -> Response:
    if kind == "token_refused":
        return Response(LOGIN, 401, media_type="text/html")
    return refusal(*ERRORS[kind])


class OneC:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.mark = b""  # a byte order mark, which some servers begin an answer with

    def routes(self) -> list[Route]:
        return [
            Route(PREFIX + "{entity:path}", self.guarded),
            Route("/one_c/{anything:path}", lambda _: fault("not_found")),
        ]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        return path.removeprefix(PREFIX).partition("(")[0] if path.startswith("/one_c/") else None

    def guarded(self, request: Request) -> Response:
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return fault("token_refused")
        entity = request.path_params["entity"].partition("(")[0]
        table = self.sandbox.records.table(SYSTEM, entity)
        if table is None:
            return fault("not_found")
        options = dict(request.query_params)
        try:
            wanted = (SYSTEM, entity, options.get("$filter"), options.get("$orderby"))
            found = self.sandbox.records.once(wanted, lambda: sets.rows(table, options))
            here = sets.cut(found, options, self.sandbox.page_rows if "$top" in options else None)
            shown = here.select(sets.chosen(table, options))
        except sets.UnknownProperty as unknown:
            return refusal(400, "14", f"Ошибка при разборе опции запроса: {unknown}")
        except (sets.BadRequest, BadFilter) as wrong:
            return refusal(400, "6", str(wrong))
        if "Контрагент_Key" in shown.columns:
            link = (
                pl.format(f"{entity}(guid'{{}}')/Контрагент", "Ref_Key") if "Ref_Key" in shown.columns else pl.lit("")
            )
            shown = shown.with_columns(link.alias("Контрагент@navigationLinkUrl"))
        head = {"odata.metadata": f"{self.sandbox.url}{PREFIX}$metadata#{entity}"}
        body = self.mark + bytes(page(head, "value", shown).body)
        return Response(body, media_type="application/json;odata=minimalmetadata;charset=utf-8")


VENDOR = OneC
