"""Business Central, an ERP: API v2.0, its analytics and finance entities.

https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import dlt

from pipelines.about import About
from pipelines.extraction import (
    Absent,
    ClientCredentials,
    Envelope,
    Http,
    Options,
    Page,
    Personal,
    Reading,
    Scope,
    Since,
    SourceFailed,
    Stream,
    Unavailable,
    UnknownField,
    columns,
    follow,
    once,
    parsed,
    resource,
)

NEEDS = ("BASE_URL", "TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET")
ABOUT = About(
    name="Business Central",
    kind="erp",
    interface="API v2.0, the analytics API v1.0 and the finance reports API (beta)",
    user="an application, not a person: in Entra, App registrations, a new one with a client secret and, under API"
    " permissions, Dynamics 365 Business Central, the application permission API.ReadWrite.All with admin consent; then"
    " in Business Central the page Microsoft Entra Applications: its Client ID, State Enabled, and the permission sets"
    " below for every company that is read",
    rights={
        "D365 READ": "everything of the standard API and the ledgers: customers, items, locations, documents, entries",
        "a permission set with Read on Approval Entry and Posted Approval Entry": "approval_entries,"
        " posted_approval_entries (where D365 READ of the installation lacks them)",
    },
    settings={
        "BASE_URL": "https://api.businesscentral.dynamics.com/v2.0/<tenant>/<environment>",
        "TOKEN_URL": "https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token",
        "CLIENT_ID": "Application (client) ID of the app registration",
        "CLIENT_SECRET": "the value of its client secret; Entra shows it once, and it ends on a day chosen there",
        "SCOPE": "what the token is for, if not https://api.businesscentral.dynamics.com/.default",
        "COMPANIES": "only these companies, comma separated (default: all), e.g. CRONUS PL,CRONUS DE",
        "RECORD_URL": "where people open a record, e.g. https://businesscentral.dynamics.com/<tenant>/<environment>",
    },
    history="approval entries say when an order was sent, approved and rejected; the order archive keeps versions of"
    " orders. Statuses themselves have no history",
    deletes="all keys are compared every SWEEP_DAYS; an order that is invoiced is deleted by the vendor and stays here,"
    " completed from the archive",
    limits=(
        "No delivery date is told, and postings have days, not hours.",
        "Orders that were invoiced before the first load are known only where the installation has the order archive.",
        "The vendor allows 6,000 requests in five minutes to a user, and five at once.",
        "Settling an invoice does not always touch its modified date: open invoices are read again at each load.",
        "On premise it is read with tokens only: a user with a web service key is not spoken.",
        "Customer payments of the API are unposted journal lines; payments are read from the ledger instead.",
    ),
    page=20_000,
    few={"Prefer": "odata.maxpagesize=1"},
)
PAGE = Envelope(records="value", next="@odata.nextLink")
HEADERS = {"Prefer": "odata.maxpagesize=20000", "Data-Access-Intent": "ReadOnly"}
KEYS_AT_ONCE = 50
CLOUD = "https://api.businesscentral.dynamics.com"

STANDARD = "api/v2.0"
ANALYTICS = "api/microsoft/analytics/v1.0"
FINANCE = "api/microsoft/reportsFinance/beta"

MODIFIED = "lastModifiedDateTime"


def _document_lines(name: str, entity: str, **fields: str) -> Stream:
    text = "id documentId lineType lineObjectNumber description unitOfMeasureCode " + fields.pop("text", "")
    return Stream(
        name=name,
        entity=entity,
        parent="documentId",
        columns=columns(text=text, int="sequence", **fields),
        personal=Personal(mentions="description"),
    )


STREAMS = [
    Stream(
        "customers",
        "customers",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        columns=columns(
            text="id number displayName addressLine1 addressLine2 city state country postalCode phoneNumber email"
            " website taxRegistrationNumber currencyCode paymentTermsId blocked salespersonCode",
            decimal="creditLimit",
            timestamp="lastModifiedDateTime",
        ),
        personal=Personal(
            names="display_name",
            contacts="phone_number email tax_registration_number",
            private="website address_line1 address_line2 postal_code",
            mentions="salesperson_code",
        ),
    ),
    Stream(
        "payment_terms",
        "paymentTerms",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id code displayName dueDateCalculation", timestamp="lastModifiedDateTime"),
    ),
    # Inventory and cost of an item change without touching its modified date: all items are read each time.
    Stream(
        "items",
        "items",
        api=STANDARD,
        swept=True,
        columns=columns(
            text="id number displayName type itemCategoryCode baseUnitOfMeasureCode gtin",
            decimal="unitPrice unitCost inventory",
            bool="blocked",
            timestamp="lastModifiedDateTime",
        ),
    ),
    Stream(
        "locations",
        "locations",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id code displayName country", timestamp="lastModifiedDateTime"),
    ),
    Stream(
        "currency_exchange_rates",
        "currencyExchangeRates",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(
            text="id currencyCode relationalCurrencyCode",
            decimal="exchangeRateAmount relationalExchangeRateAmount",
            date="startingDate",
            timestamp="lastModifiedDateTime",
        ),
    ),
    # Fully invoiced orders are deleted from salesOrders: gone means archived, and the archive completes them.
    Stream(
        "sales_orders",
        "salesOrders",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        gone_means="archived",
        personal=Personal(mentions="external_document_number salesperson"),
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode salesperson status",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax",
            bool="fullyShipped",
            date="orderDate postingDate requestedDeliveryDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_order_lines",
            "salesOrderLines",
            text="itemId locationId",
            decimal="quantity unitPrice discountAmount netAmount shippedQuantity invoicedQuantity",
            date="shipmentDate",
        ),
    ),
    # One row a line of the open order book: the only place with the promised delivery date. No modified date.
    Stream(
        "sales_lines",
        "salesLines",
        api=ANALYTICS,
        key=None,
        columns=columns(
            text="documentType documentNo type itemNo locationCode",
            int="lineNo",
            decimal="outstandingQuantity quantityBase unitCostLCY",
            date="requestedDeliveryDate promisedDeliveryDate plannedDeliveryDate plannedShipmentDate shipmentDate",
        ),
    ),
    Stream(
        "sales_order_archives",
        "salesOrderArchives",
        api=STANDARD,
        cursor=MODIFIED,
        optional=True,
        personal=Personal(mentions="external_document_number salesperson_code"),
        columns=columns(
            text="id number sellToCustomerNumber billToCustomerNumber currencyCode salespersonCode locationCode"
            " externalDocumentNumber status",
            int="docNoOccurrence versionNumber",
            date="orderDate postingDate shipmentDate requestedDeliveryDate dateArchived",
            timestamp="lastModifiedDateTime",
        ),
        lines=Stream(
            "sales_order_archive_lines",
            "salesOrderArchiveLines",
            parent="documentNumber docNoOccurrence versionNumber",
            personal=Personal(mentions="description"),
            columns=columns(
                text="id documentNumber lineType lineObjectNumber description unitOfMeasureCode locationCode",
                int="docNoOccurrence versionNumber sequence",
                decimal="quantity unitPrice lineDiscountAmount lineAmount amount outstandingQuantity quantityShipped"
                " quantityInvoiced",
                date="shipmentDate",
            ),
        ),
    ),
    Stream(
        "sales_shipments",
        "salesShipments",
        api=STANDARD,
        cursor=MODIFIED,
        personal=Personal(mentions="external_document_number salesperson"),
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode orderNumber"
            " shipmentMethodCode salesperson",
            date="invoiceDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_shipment_lines", "salesShipmentLines", decimal="quantity unitPrice", date="shipmentDate"
        ),
    ),
    # A settlement does not always touch the modified date: what is not paid is read again.
    Stream(
        "sales_invoices",
        "salesInvoices",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        reread="status eq 'Draft' or status eq 'In Review' or status eq 'Open'",
        personal=Personal(mentions="external_document_number salesperson"),
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode orderNumber"
            " salesperson status",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax remainingAmount",
            date="invoiceDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_invoice_lines",
            "salesInvoiceLines",
            text="itemId",
            decimal="quantity unitPrice discountAmount netAmount",
            date="shipmentDate",
        ),
    ),
    Stream(
        "sales_credit_memos",
        "salesCreditMemos",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        reread="status eq 'Draft' or status eq 'In Review' or status eq 'Open'",
        personal=Personal(mentions="external_document_number salesperson"),
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode salesperson status"
            " invoiceNumber",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax",
            date="creditMemoDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_credit_memo_lines",
            "salesCreditMemoLines",
            text="itemId",
            decimal="quantity unitPrice discountAmount netAmount",
            date="shipmentDate",
        ),
    ),
    # Value entries are only ever added: a later cost adjustment is an entry of its own.
    Stream(
        "sales_value_entries",
        "salesValueEntries",
        api=ANALYTICS,
        key="entryNo",
        cursor="entryNo",
        columns=columns(
            text="itemLedgerEntryType entryType documentNo documentType customerNo itemNo locationCode",
            int="entryNo itemLedgerEntryNo",
            decimal="invoicedQuantity salesAmountActual costAmountActual costAmountNonInvtbl costPostedToGL",
            date="postingDate documentDate",
        ),
    ),
    Stream(
        "item_ledger_entries",
        "itemLedgerEntries",
        api=ANALYTICS,
        key="entryNo",
        cursor="entryNo",
        reread="open eq true",
        columns=columns(
            text="entryType documentType documentNo itemNo locationCode",
            int="entryNo",
            decimal="quantity remainingQuantity costAmountActual",
            bool="open",
            date="postingDate",
        ),
    ),
    # One row a detailed entry: the only set that says which payment settled which invoice, in local currency.
    Stream(
        "customer_ledger_entries",
        "customerLedgerEntries",
        api=ANALYTICS,
        key="dcleEntryNo",
        cursor="dcleEntryNo",
        reread="cleOpen eq true",
        columns=columns(
            text="dcleEntryType dcleDocumentType dcleDocumentNo dcleCustomerNo",
            int="cleEntryNo dcleEntryNo dcleApplicationNo dcleAppliedCustLedgerEntryNo",
            decimal="dcleAmountLCY",
            bool="cleOpen",
            date="cleDueDate clePostingDate cleDocumentDate cleClosedAtDate dclePostingDate",
        ),
    ),
    # The same entries in the document's currency.
    Stream(
        "detailed_customer_ledger_entries",
        "detailedCustomerLedgerEntries",
        api=FINANCE,
        key="entryNumber",
        cursor="entryNumber",
        optional=True,
        columns=columns(
            text="entryType customerNumber currencyCode",
            int="entryNumber",
            decimal="amount amountLocalCurrency",
            date="postingDate",
        ),
    ),
    Stream(
        "approval_entries",
        "approvalEntries",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        gone_means="archived",
        personal=Personal(mentions="sender_id approver_id"),
        columns=columns(
            text="id documentType documentNumber senderId approverId status",
            int="entryNumber sequenceNumber",
            timestamp="dateTimeSentForApproval lastDateTimeModified lastModifiedDateTime",
        ),
    ),
    Stream(
        "posted_approval_entries",
        "postedApprovalEntries",
        api=STANDARD,
        cursor=MODIFIED,
        personal=Personal(mentions="sender_id approver_id"),
        columns=columns(
            text="id documentNumber senderId approverId status",
            int="entryNumber sequenceNumber iterationNumber",
            timestamp="dateTimeSentForApproval lastDateTimeModified lastModifiedDateTime",
        ),
    ),
    Stream(
        "gl_accounts",
        "accounts",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id number displayName category subCategory", timestamp="lastModifiedDateTime"),
    ),
    Stream(
        "general_ledger_entries",
        "generalLedgerEntries",
        api=STANDARD,
        cursor="entryNumber",
        key="entryNumber",
        columns=columns(
            text="id accountNumber documentNumber documentType",
            int="entryNumber",
            decimal="debitAmount creditAmount",
            date="postingDate",
        ),
    ),
]
# GET /companies comes first; every stream is then read company by company.
COMPANIES = Stream("companies", "companies", api=STANDARD, columns=columns(text="id name displayName"))


@dlt.source(name="business_central", max_table_nesting=0)
def business_central(reading: Reading) -> Iterator[Any]:
    """Every stream of every company; equal document numbers of two companies are two documents."""
    http = connected(reading.options)
    scopes = [
        Scope(
            pages=partial(pages, http, company["id"]),
            keys=partial(keys, http, company["id"]),
            some=partial(some, http, company["id"]),
            leading={"company_id": company["id"], "company_name": company["name"]},
        )
        for company in companies(reading, http)
    ]
    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, scopes, http)


def companies(reading: Reading, http: Http) -> list[dict[str, Any]]:
    """The companies of the environment, or those that COMPANIES names."""
    try:
        found = once(http, COMPANIES.entity, PAGE, f"{http.base_url}/{STANDARD}/companies", headers=HEADERS)
    except Unavailable as reason:
        raise SourceFailed(reading.source, COMPANIES.entity, str(reason)) from None
    wanted = [name.strip() for name in reading.options.text("COMPANIES").split(",") if name.strip()]
    if unknown := set(wanted) - {company["name"] for company in found}:
        raise SourceFailed(reading.source, COMPANIES.entity, f"there is no company {', '.join(sorted(unknown))}")
    return [company for company in found if not wanted or company["name"] in wanted]


def pages(http: Http, company: str, stream: Stream, since: Since) -> Iterator[Page]:
    """What changed since; then, asked for apart, what changes without saying so.

    Business Central refuses `or` between two fields in a filter.
    """
    if since is None:
        yield from ask(http, company, stream, "")
        return
    from_here = since if isinstance(since, int) else f"{since:%Y-%m-%dT%H:%M:%S}.000Z"
    yield from ask(http, company, stream, f"{stream.cursor} ge {from_here}")
    if stream.reread:
        yield from ask(http, company, stream, stream.reread)


def keys(http: Http, company: str, stream: Stream) -> Iterator[Page]:
    return ask(http, company, stream, "", ",".join(column.field for column in stream.columns))


def some(http: Http, company: str, stream: Stream, wanted: list[Any]) -> Iterator[Page]:
    """The rows of these keys, as many to a question as an address holds; `or` over one field is allowed."""
    for first in range(0, len(wanted), KEYS_AT_ONCE):
        keys_here = wanted[first : first + KEYS_AT_ONCE]
        yield from ask(http, company, stream, " or ".join(f"{stream.key} eq {key}" for key in keys_here))


def ask(http: Http, company: str, stream: Stream, condition: str, fields: str = "") -> Iterator[Page]:
    lines = stream.lines.entity if stream.lines else ""
    options = {"$filter": condition, "$expand": lines, "$select": fields}
    given = {name: value for name, value in options.items() if value}
    address = f"{http.base_url}/{stream.api}/companies({company})/{stream.entity}"
    for page in follow(http, stream.entity, PAGE, address, given, HEADERS):
        if lines and f'"{lines}@odata.nextLink"'.encode() in page.joined:
            raise SourceFailed(http.source, stream.entity, "the lines of a document come in pages of their own")
        yield page


def connected(options: Options) -> Http:
    """The environment's address, and Entra's for tokens; both are settings, for on-premise and for rehearsals."""
    base = options.text("BASE_URL")
    if not base:
        base = f"{CLOUD}/v2.0/{options.required('TENANT_ID')}/{options.required('ENVIRONMENT')}"
    address = options.text("TOKEN_URL")
    if not address:
        address = f"https://login.microsoftonline.com/{options.required('TENANT_ID')}/oauth2/v2.0/token"
    # 6,000 requests in five minutes are allowed.
    limits = options.limits(requests_per_second=15)
    form = {
        "grant_type": "client_credentials",
        "client_id": options.secret("CLIENT_ID"),
        "client_secret": options.secret("CLIENT_SECRET"),
        "scope": options.text("SCOPE", f"{CLOUD}/.default"),
    }
    tokens = ClientCredentials(options.source, address, limits, form)
    return Http(options.source, base, limits, refused, tokens)


def refused(status: int, body: bytes) -> Exception | str | None:
    """What Business Central means by an error: a code and a message."""
    code, message = _error(body)
    if status == 403:
        return Unavailable(f"not available: no right to read it ({code or status})")
    if code == "Internal_CompanyNotFound":
        return "the company is gone (Internal_CompanyNotFound)"
    if status == 404:
        return Absent("not available: this installation has no such entity")
    if status == 400 and (field := re.search(r"Could not find a property named '([^']+)'", message)):
        return UnknownField(field[1])
    if status in (400, 413):
        return f"the question is refused ({code}: {message[:200]})"
    return None


def _error(body: bytes) -> tuple[str, str]:
    try:
        answer = parsed(body)
    except ValueError:
        return "", ""
    error = answer.get("error") if isinstance(answer, dict) else None
    error = error if isinstance(error, dict) else {}
    return str(error.get("code", "")), str(error.get("message", ""))
