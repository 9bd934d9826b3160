"""Salesforce, a CRM, over its REST query interface.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_queryall.htm
"""

import re
from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.about import About
from pipelines.extraction import (
    Absent,
    Broken,
    ClientCredentials,
    Envelope,
    Http,
    Options,
    Page,
    Personal,
    Reading,
    Scope,
    Since,
    Stream,
    Unavailable,
    UnknownField,
    columns,
    follow,
    parsed,
    resource,
)

NEEDS = ("BASE_URL", "CLIENT_ID", "CLIENT_SECRET")
ABOUT = About(
    name="Salesforce",
    kind="crm",
    interface="REST API v66.0 (Spring '26), SOQL by queryAll",
    user="an integration user (licence Salesforce Integration, profile Minimum Access - API Only Integrations) under"
    " Setup, Users; then Setup, External Client App Manager: a new app with OAuth, scope api and the client"
    " credentials flow, and that user under Policies, Run As",
    rights={
        "API Enabled": "the interface itself; the edition must have it (Enterprise, Unlimited, Developer)",
        "Accounts: Read, View All Records": "accounts",
        "Leads: Read, View All Records": "leads",
        "Opportunities: Read, View All Records": "opportunities, opportunity_history, opportunity_stages,"
        " opportunity_line_items",
        "Products: Read, View All Records": "products, opportunity_line_items",
        "Campaigns: Read, View All Records": "campaigns",
        "Quotes: Read, View All Records": "quotes",
        "Cases: Read, View All Records": "cases",
        "View All Users": "users",
        "View All Data, or Access Activities for what the user may see otherwise": "tasks, events",
        "Field-Level Security, Read Access": "every field of the lists above; a field without it is left empty",
    },
    settings={
        "BASE_URL": "the address of My Domain, e.g. https://example.my.salesforce.com",
        "CLIENT_ID": "Consumer Key of the External Client App",
        "CLIENT_SECRET": "Consumer Secret of the External Client App",
        "TOKEN_URL": "where tokens come from, if not BASE_URL/services/oauth2/token",
        "API_VERSION": "another version of the interface, e.g. 66",
        "TAX_ID_FIELD": "the firm's own field for the tax number of an account, e.g. TaxId__c",
        "LOST_REASON_FIELD": "its field for why a deal was lost, e.g. LossReason__c",
        "ORDER_REFERENCE_FIELD": "its field for the ERP's order number on a deal, e.g. OrderNumber__c",
        "QUOTE_ORDER_REFERENCE_FIELD": "the same on a quote, e.g. ErpOrder__c",
        "CASE_ORDER_REFERENCE_FIELD": "the same on a case, e.g. OrderNumber__c",
        "CASE_INVOICE_REFERENCE_FIELD": "the ERP's invoice number on a case, e.g. InvoiceNumber__c",
        "RECORD_URL": "where people open a record, e.g. https://example.lightning.force.com",
    },
    history="OpportunityHistory, which Salesforce keeps by itself: every stage since the deal was made",
    deletes="rows in the recycle bin say so for 15 days; after that, and for objects without a bin, all keys are"
    " compared every SWEEP_DAYS",
    limits=(
        "Formula fields and roll-ups change without touching SystemModstamp: such a change comes with the next one.",
        "The requests of 24 hours are one budget for all apps of the org; when it is spent the load goes on next time.",
        "Renaming a stage does not rewrite the history: old rows keep the old name.",
        "Queues own leads too: such an owner is no user.",
    ),
    page=2000,
    few={"Sforce-Query-Options": "batchSize=200"},
)
PAGE = Envelope(records="records", next="nextRecordsUrl", done="done")
LARGEST_PAGE = {"Sforce-Query-Options": "batchSize=2000"}


def _object(
    name: str,
    entity: str,
    *,
    extra: Any = None,
    binned: bool = True,
    optional: bool = False,
    personal: Personal | None = None,
    **fields: str,
) -> Stream:
    """An object; `binned` ones tell which of their rows are in the recycle bin."""
    text = "Id " + fields.pop("text", "")
    timestamp = fields.pop("timestamp", "") + " SystemModstamp"
    boolean = fields.pop("bool", "") + (" IsDeleted" if binned else "")
    return Stream(
        name=name,
        entity=entity,
        key="Id",
        cursor="SystemModstamp",
        swept=True,
        columns=columns(text=text, bool=boolean, timestamp=timestamp, **fields),
        extra=extra or {},
        optional=optional,
        personal=personal,
    )


STREAMS = [
    _object(
        "accounts",
        "Account",
        text="Name AccountNumber ParentId MasterRecordId Type Industry BillingStreet BillingPostalCode BillingCity"
        " BillingState BillingCountry Phone Website OwnerId CurrencyIsoCode",
        timestamp="CreatedDate",
        extra={"tax_id": "tax_id_field"},
        personal=Personal(names="name", contacts="phone tax_id", private="website billing_street billing_postal_code"),
    ),
    _object(
        "leads",
        "Lead",
        text="Company Email LeadSource Status OwnerId ConvertedAccountId ConvertedOpportunityId MasterRecordId",
        bool="IsConverted",
        date="ConvertedDate",
        timestamp="CreatedDate",
        personal=Personal(contacts="email", texts="company", belongs="converted_account_id accounts"),
    ),
    _object(
        "opportunities",
        "Opportunity",
        text="AccountId Name StageName LeadSource CampaignId OwnerId RecordTypeId CurrencyIsoCode",
        decimal="Amount ExpectedRevenue Probability",
        bool="IsClosed IsWon",
        date="CloseDate",
        timestamp="CreatedDate",
        extra={"lost_reason": "lost_reason_field", "order_reference": "order_reference_field"},
        personal=Personal(texts="name", mentions="lost_reason order_reference", belongs="account_id accounts"),
    ),
    _object(
        "opportunity_history",
        "OpportunityHistory",
        text="OpportunityId StageName",
        decimal="Amount Probability",
        date="CloseDate",
        timestamp="CreatedDate",
    ),
    _object(
        "opportunity_stages",
        "OpportunityStage",
        binned=False,
        text="MasterLabel",
        int="SortOrder",
        decimal="DefaultProbability",
        bool="IsActive IsClosed IsWon",
    ),
    _object(
        "opportunity_line_items",
        "OpportunityLineItem",
        text="OpportunityId Product2Id Description",
        decimal="Quantity UnitPrice TotalPrice",
        personal=Personal(mentions="description"),
    ),
    _object("products", "Product2", text="ProductCode Name Family QuantityUnitOfMeasure", bool="IsActive"),
    _object(
        "users",
        "User",
        binned=False,
        text="Name Department ManagerId",
        bool="IsActive",
        personal=Personal(names="name", mentions="department"),
    ),
    _object(
        "campaigns",
        "Campaign",
        optional=True,
        text="Name Type CurrencyIsoCode",
        personal=Personal(mentions="name"),
        decimal="ActualCost",
        date="StartDate EndDate",
    ),
    _object(
        "quotes",
        "Quote",
        optional=True,
        text="QuoteNumber Status OpportunityId AccountId CurrencyIsoCode",
        decimal="TotalPrice GrandTotal",
        timestamp="CreatedDate",
        extra={"order_reference": "quote_order_reference_field"},
        personal=Personal(mentions="order_reference"),
    ),
    _object(
        "tasks",
        "Task",
        text="WhatId AccountId OwnerId TaskSubtype",
        int="CallDurationInSeconds",
        date="ActivityDate",
        timestamp="CreatedDate",
    ),
    _object(
        "events",
        "Event",
        text="WhatId AccountId OwnerId Type",
        int="DurationInMinutes",
        timestamp="StartDateTime",
    ),
    _object(
        "cases",
        "Case",
        optional=True,
        text="AccountId Type Reason",
        timestamp="CreatedDate ClosedDate",
        personal=Personal(mentions="reason order_reference invoice_reference"),
        extra={"order_reference": "case_order_reference_field", "invoice_reference": "case_invoice_reference_field"},
    ),
]


@dlt.source(name="salesforce", max_table_nesting=0)
def salesforce(reading: Reading) -> Iterator[Any]:
    """Every stream of one org. queryAll also gives what is in the recycle bin, and activities that were archived."""
    options = reading.options
    http = connected(options)
    query = f"/services/data/v{options.number('API_VERSION', 66):.1f}/queryAll"

    def pages(stream: Stream, since: Since) -> Iterator[Page]:
        where = f" WHERE SystemModstamp >= {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
        return ask(stream, f"{where} ORDER BY SystemModstamp, Id")

    def keys(stream: Stream) -> Iterator[Page]:
        return ask(stream, "")

    def ask(stream: Stream, rest: str) -> Iterator[Page]:
        fields = ", ".join(column.field for column in stream.columns)
        soql = {"q": f"SELECT {fields} FROM {stream.entity}{rest}"}  # noqa: S608 (of declared names)
        return follow(http, stream.entity, PAGE, query, soql, LARGEST_PAGE)

    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(pages, keys)], http)


def connected(options: Options) -> Http:
    base = options.required("BASE_URL")
    limits = options.limits(requests_per_second=10)
    form = {
        "grant_type": "client_credentials",
        "client_id": options.secret("CLIENT_ID"),
        "client_secret": options.secret("CLIENT_SECRET"),
    }
    address = options.text("TOKEN_URL", f"{base.rstrip('/')}/services/oauth2/token")
    tokens = ClientCredentials(options.source, address, limits, form)
    return Http(options.source, base, limits, refused, tokens)


def refused(status: int, body: bytes) -> Exception | str | None:
    """What Salesforce means by an error: a list of codes and messages."""
    code, message = _first_error(body)
    if code == "REQUEST_LIMIT_EXCEEDED":
        if status == 429 or "Concurrent" in message:
            return Broken("too many requests at once")
        return "the requests of the last 24 hours are spent (REQUEST_LIMIT_EXCEEDED); the next load goes on from here"
    if code == "INVALID_FIELD" and (field := re.search(r"No such column '([^']+)'", message)):
        return UnknownField(field[1])
    if code == "QUERY_TIMEOUT":
        return Broken("the query took too long")
    if code in ("INVALID_TYPE", "NOT_FOUND"):
        return Absent("not available: this org has no such object, or this user may not see it")
    if code == "API_DISABLED_FOR_ORG":
        return "this org's edition has no API access (API_DISABLED_FOR_ORG)"
    if status == 403:
        return Unavailable(f"not available: no right to read it ({code or status})")
    if status == 400:
        return f"the question is refused ({code}: {message[:200]})"
    return None


def _first_error(body: bytes) -> tuple[str, str]:
    try:
        errors = parsed(body)
    except ValueError:
        return "", ""
    error = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return str(error.get("errorCode", "")), str(error.get("message", ""))
