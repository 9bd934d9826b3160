"""Salesforce, a CRM, over its REST query interface.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_queryall.htm
"""

from pipelines.streams import Stream, columns


def _object(name: str, entity: str, **fields: str) -> Stream:
    text = "Id " + fields.pop("text", "")
    timestamp = fields.pop("timestamp", "") + " SystemModstamp"
    boolean = fields.pop("bool", "") + " IsDeleted"
    extra = fields.pop("extra", {})
    return Stream(
        name=name,
        entity=entity,
        key="Id",
        cursor="SystemModstamp",
        swept=True,
        columns=columns(text=text, bool=boolean, timestamp=timestamp, **fields),
        extra=extra,
    )


# IsDeleted is not on every object: see WITHOUT_IS_DELETED.
STREAMS = [
    _object(
        "accounts",
        "Account",
        text="Name AccountNumber ParentId MasterRecordId Type Industry BillingStreet BillingPostalCode BillingCity"
        " BillingState BillingCountry Phone Website OwnerId CurrencyIsoCode",
        timestamp="CreatedDate",
        extra={"tax_id": "tax_id_field"},
    ),
    _object(
        "leads",
        "Lead",
        text="Company Email LeadSource Status OwnerId ConvertedAccountId ConvertedOpportunityId MasterRecordId",
        bool="IsConverted",
        date="ConvertedDate",
        timestamp="CreatedDate",
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
    ),
    _object("products", "Product2", text="ProductCode Name Family QuantityUnitOfMeasure", bool="IsActive"),
    _object("users", "User", text="Name Department ManagerId", bool="IsActive"),
    _object(
        "campaigns",
        "Campaign",
        text="Name Type CurrencyIsoCode",
        decimal="ActualCost",
        date="StartDate EndDate",
    ),
    _object(
        "quotes",
        "Quote",
        text="QuoteNumber Status OpportunityId AccountId CurrencyIsoCode",
        decimal="TotalPrice GrandTotal",
        timestamp="CreatedDate",
        extra={"order_reference": "quote_order_reference_field"},
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
    _object("cases", "Case", text="AccountId Type Reason", timestamp="CreatedDate ClosedDate"),
]
WITHOUT_IS_DELETED = {"OpportunityStage", "User"}
