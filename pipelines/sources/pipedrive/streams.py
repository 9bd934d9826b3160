"""What is read of Pipedrive, with every column and its type."""

from typing import Any

from pipelines.extraction import Personal, Stream, columns

V1, V2 = "v1", "v2"


def _changing(name: str, entity: str, api: str = V2, *, timestamp: str = "", **declared: Any) -> Stream:
    """Records that tell when they changed; most that are deleted leave the list without a sign."""
    told = {kind: declared.pop(kind) for kind in ("text", "int", "decimal", "bool", "date") if kind in declared}
    return Stream(
        name=name,
        entity=entity,
        api=api,
        cursor="update_time",
        swept=True,
        deleted="is_deleted",
        extra_in="custom_fields" if api == V2 else "",
        columns=columns(timestamp=f"add_time update_time {timestamp}", **told),
        **declared,
    )


def _whole(name: str, entity: str, api: str = V2, **declared: Any) -> Stream:
    """A short list, read in full each time."""
    settings = {name: declared.pop(name) for name in ("key", "personal") if name in declared}
    return Stream(
        name=name, entity=entity, api=api, swept=True, deleted="is_deleted", columns=columns(**declared), **settings
    )


STREAMS = [
    _changing(
        "organizations",
        "organizations",
        text="name address.value address.route address.street_number address.postal_code address.locality"
        " address.admin_area_level_1 address.country",
        int="id owner_id",
        bool="is_deleted",
        extra={
            "tax_id": "tax_id_field",
            "website": "website_field",
            "industry": "industry_field",
            "erp_reference": "erp_reference_field",
        },
        personal=Personal(
            names="name",
            contacts="tax_id",
            private="website address_value address_route address_street_number address_postal_code",
        ),
    ),
    _changing(
        "persons",
        "persons",
        text="name emails[primary].value phones[primary].value",
        int="id owner_id org_id",
        bool="is_deleted",
        personal=Personal(
            names="name", contacts="emails_primary_value phones_primary_value", belongs="org_id organizations"
        ),
    ),
    _changing(
        "deals",
        "deals",
        text="title currency status lost_reason origin origin_id channel_id",
        int="id owner_id person_id org_id pipeline_id stage_id channel",
        decimal="value probability",
        bool="is_deleted is_archived",
        date="expected_close_date",
        timestamp="stage_change_time close_time won_time lost_time",
        extra={"order_reference": "order_reference_field"},
        personal=Personal(
            texts="title", mentions="lost_reason origin_id channel_id order_reference", belongs="person_id persons"
        ),
        lines=Stream(
            "deal_products",
            "products",
            parent="deal_id",
            columns=columns(
                text="name currency discount_type comments",
                int="id deal_id product_id",
                decimal="item_price quantity discount sum",
                bool="is_enabled",
            ),
            personal=Personal(mentions="name comments"),
        ),
    ),
    # Read by stage_history.py, which keeps itself what it has read.
    Stream(
        "deal_stages",
        "deals/flow",
        parent="deal_id",
        narrowed_by="HISTORY",
        columns=columns(
            text="id stage_name change_source method",
            int="deal_id position stage_id changed_by",
            timestamp="entered_at",
        ),
    ),
    _changing(
        "products",
        "products",
        text="name code unit category prices[].currency",
        int="id owner_id",
        decimal="tax prices[].price prices[].cost",
        bool="is_deleted",
    ),
    # A lead that was made into a deal leaves both lists, and stays as it was last seen.
    _changing(
        "leads",
        "leads",
        V1,
        text="id title source_name origin origin_id channel_id value.currency",
        int="owner_id person_id organization_id channel",
        decimal="value.amount",
        bool="is_archived",
        date="expected_close_date",
        gone_means="archived",
        optional=True,
        personal=Personal(texts="title", mentions="origin_id channel_id", belongs="person_id persons"),
    ),
    _changing(
        "activities",
        "activities",
        text="type lead_id due_time duration",
        int="id owner_id deal_id person_id org_id",
        bool="done is_deleted",
        date="due_date",
        timestamp="marked_as_done_time",
    ),
    _whole("pipelines", "pipelines", text="name", int="id order_nr", bool="is_deleted"),
    _whole("stages", "stages", text="name", int="id order_nr pipeline_id deal_probability", bool="is_deleted"),
    _whole(
        "users",
        "users",
        V1,
        text="name email",
        int="id role_id",
        bool="active_flag",
        personal=Personal(names="name", contacts="email"),
    ),
    _whole("lead_sources", "leadSources", V1, key="name", text="name"),
    _whole("currencies", "currencies", V1, text="code name", int="id decimal_points", bool="active_flag"),
    # What the numbers in a deal's channel and in the firm's own fields of choices stand for.
    _whole("field_options", "fields", text="id object field_code field_name option_id label"),
]
