"""What is read of a HubSpot portal: its tables, their columns, and what in them tells of a person."""

from typing import Any

from pipelines.extraction import Personal, Stream, columns

BESIDE = ("id", "createdAt", "updatedAt", "archived")
LATE_MINUTES = 60  # the index that a search asks lags, at times by many minutes


def _object(entity: str, optional: bool = False, **declared: Any) -> Stream:
    """A CRM object: a few fields of the record itself, and the properties that are asked for, all of them text."""
    extra, personal = declared.pop("extra", {}), declared.pop("personal", None)
    text = "id " + declared.pop("text", "")
    timestamp = "createdAt updatedAt " + declared.pop("timestamp", "")
    boolean = "archived " + declared.pop("bool", "")
    return Stream(
        name=entity,
        entity=entity,
        cursor="updatedAt",
        deleted="archived",
        swept=True,
        inside="properties",
        beside=BESIDE,
        late_minutes=LATE_MINUTES,
        columns=columns(text=text, bool=boolean, timestamp=timestamp, **declared),
        extra=extra,
        optional=optional,
        personal=personal,
    )


def _associations(name: str, parent: str, other: str, optional: bool = False) -> Stream:
    """Which records belong together. That they came together or apart changes neither of them: read in full daily."""
    return Stream(
        name=name,
        entity=f"{parent}/{other}",
        cursor="updatedAt",
        parent="fromId",
        swept=True,
        in_full_daily=True,
        late_minutes=LATE_MINUTES,
        columns=columns(text="id fromId toId typeIds", bool="isPrimary", timestamp="updatedAt"),
        optional=optional,
    )


def _pipelines(name: str, entity: str, optional: bool = False) -> Stream:
    return Stream(
        name=name,
        entity=f"pipelines/{entity}",
        swept=True,
        gone_means="archived",
        columns=columns(text="id label", int="displayOrder", bool="archived"),
        optional=optional,
    )


def _stages(name: str, entity: str, optional: bool = False) -> Stream:
    return Stream(
        name=name,
        entity=f"stages/{entity}",
        swept=True,
        gone_means="archived",
        inside="metadata",
        beside=("id", "pipelineId", "label", "displayOrder", "archived"),
        columns=columns(
            text="id pipelineId label",
            int="displayOrder",
            fraction="probability",
            bool="archived isClosed",
        ),
        optional=optional,
    )


def _activities(entity: str, **declared: str) -> list[Stream]:
    """What people did, and for whom; not what was said: that is nobody's business here."""
    text = f"{declared.pop('text', '')} hubspot_owner_id"
    timestamp = f"hs_timestamp {declared.pop('timestamp', '')}"
    one = entity.removesuffix("s")
    return [
        _object(entity, optional=True, text=text, timestamp=timestamp, **declared),
        _associations(f"{one}_deals", entity, "deals", optional=True),
        _associations(f"{one}_companies", entity, "companies", optional=True),
    ]


SOURCES = "hs_analytics_source hs_latest_source"
OWNER = "hubspot_owner_id"

STREAMS = [
    Stream(
        "account",
        "account",
        key="portalId",
        columns=columns(text="portalId uiDomain timeZone companyCurrency"),
        optional=True,
    ),
    Stream(
        "owners",
        "owners",
        swept=True,
        gone_means="archived",
        columns=columns(text="id email firstName lastName userId team", bool="archived", timestamp="updatedAt"),
        personal=Personal(names="first_name last_name", contacts="email", mentions="team"),
    ),
    _pipelines("deal_pipelines", "deals"),
    _stages("deal_stages", "deals"),
    _pipelines("lead_pipelines", "leads", optional=True),
    _stages("lead_stages", "leads", optional=True),
    _object(
        "companies",
        text=f"name domain website phone address city state zip country industry type lifecyclestage hs_lead_status"
        f" hs_parent_company_id hs_merged_object_ids {OWNER} {SOURCES}",
        timestamp="createdate",
        extra={"tax_id": "tax_id_field", "erp_reference": "erp_reference_field"},
        personal=Personal(
            names="name", contacts="phone tax_id", private="domain website address zip city", mentions="erp_reference"
        ),
    ),
    _object(
        "contacts",
        text=f"email firstname lastname company phone country associatedcompanyid lifecyclestage hs_lead_status"
        f" hs_merged_object_ids {OWNER} {SOURCES}",
        timestamp="createdate hs_lifecyclestage_lead_date hs_lifecyclestage_marketingqualifiedlead_date"
        " hs_lifecyclestage_salesqualifiedlead_date hs_lifecyclestage_opportunity_date"
        " hs_lifecyclestage_customer_date",
        personal=Personal(
            names="firstname lastname",
            contacts="email phone",
            texts="company",
            belongs="associatedcompanyid companies",
        ),
    ),
    _object(
        "deals",
        text=f"dealname dealstage pipeline dealtype deal_currency_code closed_lost_reason hs_merged_object_ids"
        f" {OWNER} {SOURCES}",
        decimal="amount amount_in_home_currency hs_projected_amount",
        fraction="hs_deal_stage_probability",
        bool="hs_is_closed hs_is_closed_won",
        timestamp="createdate closedate",
        extra={"order_reference": "order_reference_field"},
        personal=Personal(texts="dealname", mentions="closed_lost_reason order_reference"),
    ),
    Stream(
        "deal_stage_history",
        "deals/history",
        cursor="updatedAt",
        late_minutes=LATE_MINUTES,
        columns=columns(text="id dealId property value sourceType", timestamp="timestamp updatedAt"),
    ),
    _associations("deal_companies", "deals", "companies"),
    _associations("deal_contacts", "deals", "contacts"),
    _object("products", text="name hs_sku hs_product_type", decimal="price hs_cost_of_goods_sold"),
    _object(
        "line_items",
        text="hs_product_id hs_sku name description hs_line_item_currency_code",
        decimal="quantity price amount discount",
        personal=Personal(mentions="name description"),
    ),
    _associations("line_item_deals", "line_items", "deals"),
    _object(
        "quotes",
        optional=True,
        text="hs_title hs_quote_number hs_status hs_currency",
        decimal="hs_quote_amount",
        timestamp="hs_createdate hs_accepted_date hs_expiration_date hs_esign_date",
        extra={"order_reference": "quote_order_reference_field"},
        personal=Personal(texts="hs_title", mentions="order_reference"),
    ),
    _associations("quote_deals", "quotes", "deals", optional=True),
    _object(
        "leads",
        optional=True,
        text=f"hs_lead_name hs_lead_type hs_lead_label hs_pipeline hs_pipeline_stage {OWNER}",
        timestamp="hs_createdate",
        personal=Personal(texts="hs_lead_name"),
    ),
    _associations("lead_contacts", "leads", "contacts", optional=True),
    _associations("lead_companies", "leads", "companies", optional=True),
    _associations("lead_deals", "leads", "deals", optional=True),
    _object(
        "tickets",
        optional=True,
        text=f"subject hs_pipeline hs_pipeline_stage hs_ticket_category source_type hs_merged_object_ids {OWNER}",
        timestamp="createdate closed_date",
        extra={
            "order_reference": "ticket_order_reference_field",
            "invoice_reference": "ticket_invoice_reference_field",
        },
        personal=Personal(texts="subject", mentions="order_reference invoice_reference"),
    ),
    _associations("ticket_companies", "tickets", "companies", optional=True),
    *_activities("calls", text="hs_call_direction", int="hs_call_duration"),
    *_activities("emails", text="hs_email_direction"),
    *_activities("meetings", text="hs_meeting_outcome", timestamp="hs_meeting_start_time hs_meeting_end_time"),
    *_activities("notes"),
    *_activities("tasks", text="hs_task_type hs_task_status"),
    Stream(
        "campaigns",
        "campaigns",
        swept=True,
        gone_means="archived",
        inside="properties",
        beside=("id",),
        optional=True,
        columns=columns(
            text="id hs_name hs_utm hs_campaign_status hs_currency_code",
            decimal="hs_spend_items_sum_amount",
            date="hs_start_date hs_end_date",
        ),
        personal=Personal(mentions="hs_name"),
    ),
]
