"""S/4HANA as its clients see it: services of OData V2 behind a gateway, each with its entity sets.

https://api.sap.com/package/SAPS4HANACloud/odata
"""

import base64
from typing import Any
from urllib.parse import quote

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import odata_sets as sets
from pipelines.sandbox import s4hana_records
from pipelines.sandbox.answers import CLIENT_ID, CLIENT_SECRET, answer, page, token_request
from pipelines.sandbox.odata import BadFilter
from pipelines.sandbox.s4hana_errors import fault, not_active, refusal
from pipelines.sandbox.s4hana_records import CHILDREN, SYSTEM

PREFIX = "/s4hana/sap/opu/odata/sap"
SAP_CLIENT = "100"
API_KEY = "sandbox-key"
BAD = "005056A509B11EE1B9A8FEA8DE87F78E"
SERVICES = {
    "API_BUSINESS_PARTNER": "A_BusinessPartner A_BusinessPartnerAddress A_BusinessPartnerTaxNumber A_Customer"
    " A_CustomerSalesArea",
    "API_PRODUCT_SRV": "A_Product A_ProductDescription A_ProductValuation",
    "API_COMPANYCODE_SRV": "A_CompanyCode",
    "API_SALES_ORDER_SRV": "A_SalesOrder A_SalesOrderItem A_SalesOrderScheduleLine A_SalesOrderHeaderPartner",
    "API_OUTBOUND_DELIVERY_SRV;v=0002": "A_OutbDeliveryHeader A_OutbDeliveryItem",
    "API_BILLING_DOCUMENT_SRV": "A_BillingDocument A_BillingDocumentItem",
    "API_OPLACCTGDOCITEMCUBE_SRV": "A_OperationalAcctgDocItemCube",
    "API_MATERIAL_STOCK_SRV": "A_MatlStkInAcctMod",
}
KEYS = (
    "SalesOrder SalesOrderItem ScheduleLine",
    "SalesOrder SalesOrderItem",
    "SalesOrder PartnerFunction",
    "DeliveryDocument DeliveryDocumentItem",
    "BillingDocument BillingDocumentItem",
    "CompanyCode FiscalYear AccountingDocument AccountingDocumentItem",
    "BillingDocument",
    "SalesOrder",
    "DeliveryDocument",
    "Material Plant StorageLocation Batch InventoryStockType",
    "BusinessPartner BPTaxType",
    "BusinessPartner AddressID",
    "Customer SalesOrganization DistributionChannel Division",
    "BusinessPartner",
    "Customer",
    "Product ValuationArea",
    "Product Language",
    "Product",
    "CompanyCode",
)


def keys(frame: pl.DataFrame) -> list[str]:
    return next((key.split() for key in KEYS if set(key.split()) <= set(frame.columns)), [])


def settings(sandbox: Any) -> dict[str, str]:
    return {"base_url": f"{sandbox.url}/s4hana", "user": CLIENT_ID, "password": CLIENT_SECRET, "sap_client": SAP_CLIENT}


class S4Hana:
    fault = staticmethod(fault)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.inactive: set[str] = set()  # services that nobody has activated
        self.relative_links = False

    def routes(self) -> list[Route]:
        return [
            Route("/s4hana/oauth/token", self.token, methods=["POST"]),
            Route(PREFIX + "/{service}/{entity}", self.guarded),
            Route("/s4hana/{anything:path}", lambda _: fault("not_found")),
        ]

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this vendor."""
        return path.rsplit("/", 1)[-1] if path.startswith("/s4hana/") else None

    async def token(self, request: Request) -> Response:
        wrong = await token_request(request)
        if wrong:
            return answer({"error": "invalid_client" if wrong == "client" else "unsupported_grant_type"}, 401)
        return answer({"token_type": "Bearer", "access_token": self.sandbox.issue(SYSTEM), "expires_in": 3600})

    def known(self, request: Request) -> bool:
        told = request.headers.get("authorization", "")
        if request.headers.get("apikey") == API_KEY:
            return True
        if request.headers.get("sap-client", request.query_params.get("sap-client")) != SAP_CLIENT:
            return False
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        return told == f"Basic {basic}" or self.sandbox.knows(told, SYSTEM)

    def guarded(self, request: Request) -> Response:
        if not self.known(request):
            return fault("token_refused")
        service, entity = request.path_params["service"], request.path_params["entity"]
        if service not in SERVICES or service in self.inactive:
            return not_active(service)
        table = self.sandbox.records.table(SYSTEM, entity)
        if table is None or entity not in SERVICES[service].split():
            return fault("not_found")
        try:
            return self.answered(request, entity)
        except sets.UnknownProperty as unknown:
            return refusal(400, BAD, f"Property {unknown} not found in type {entity}Type")
        except (sets.BadRequest, BadFilter) as wrong:
            return refusal(400, BAD, str(wrong))

    def answered(self, request: Request, entity: str) -> Response:
        """A page, with a link to the next one only where this server gives fewer rows at once than were asked for."""
        records, options = self.sandbox.records, dict(request.query_params)
        table = records.table(SYSTEM, entity)
        expand = tuple(name for name in options.get("$expand", "").split(",") if name)
        shown = sets.chosen(table, options, expand)
        wanted = (SYSTEM, entity, options.get("$filter"), options.get("$orderby"))
        found = records.once(wanted, lambda: sets.rows(table, options))
        here = sets.cut(found, options, self.sandbox.page_rows)
        rows = s4hana_records.wired(here.select(table.fields))
        rows = s4hana_records.expanded(records, rows, entity, expand)
        columns = [*shown, *dict.fromkeys(path.partition("/")[0] for path in expand)]
        rows = self.told(request, rows, entity, table.key, columns, "$select" not in options)
        head = {"__count": str(found.height)} if options.get("$inlinecount") == "allpages" else {}
        tail = {}
        if self.sandbox.page_rows and here.height == self.sandbox.page_rows:
            tail = self.link(request, options, found.height, here.height)
        body = page(head, "results", rows, tail).body
        return Response(b'{"d":' + bytes(body) + b"}", media_type="application/json")

    def told(
        self, request: Request, rows: pl.DataFrame, entity: str, key: list[str], columns: list[str], whole: bool
    ) -> pl.DataFrame:
        """The rows with what they are called, and, where all of them is shown, with what they would lead to."""
        uri = f"{self.sandbox.url}{request.url.path}('" + pl.concat_str(key, separator="',") + "')"
        meta = pl.struct(uri.alias("id"), uri.alias("uri"), pl.lit(f"{entity}Type").alias("type")).alias("__metadata")
        ways = [way for owner, way in CHILDREN if owner == entity and whole and way not in columns]
        deferred = [pl.struct(pl.struct((uri + f"/{way}").alias("uri")).alias("__deferred")).alias(way) for way in ways]
        return rows.select(meta, *columns, *deferred)

    def link(self, request: Request, options: dict[str, str], height: int, given: int) -> dict[str, str]:
        start = max(int(options.get("$skiptoken", 0)), int(options.get("$skip", 0))) + given
        left = int(options["$top"]) - given if "$top" in options else height
        if start >= height or left <= 0:
            return {}
        kept = {name: value for name, value in options.items() if name not in ("$skiptoken", "$skip", "$top")}
        kept |= {"$top": str(left)} if "$top" in options else {}
        query = "".join(f"{name}={quote(value, safe='')}&" for name, value in kept.items())
        place = request.path_params["entity"] if self.relative_links else f"{self.sandbox.url}{request.url.path}"
        return {"__next": f"{place}?{query}$skiptoken={start}"}


VENDOR = S4Hana
