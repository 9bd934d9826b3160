"""What is read of Livespace, with every column and its type."""

from pipelines.extraction import Personal, Stream, columns

DEALS = "Deal/getAll"

STREAMS = [
    Stream(
        "companies",
        "Contact/getAll/company",
        swept=True,
        columns=columns(
            text="id name nip email phone www owner_id source_name url addresses[].street addresses[].city"
            " addresses[].postcode",
            timestamp="created modified",
        ),
        extra={"erp_reference": "erp_reference_field"},
        personal=Personal(
            names="name",
            contacts="nip email phone",
            private="www addresses_street addresses_city addresses_postcode",
            mentions="erp_reference",
        ),
    ),
    Stream(
        "deals",
        DEALS,
        cursor="modified",
        swept=True,
        commas=("value", "value_final", "probability"),
        columns=columns(
            text="id name status currency process_id stage_id buyer_id=company_id owner_id source_name lost_reason_name"
            " url",
            decimal="value value_final probability",
            date="date_end",
            timestamp="created modified status_change_date",
        ),
        extra={"order_reference": "order_reference_field"},
        personal=Personal(texts="name", mentions="lost_reason_name order_reference", belongs="buyer_id companies"),
    ),
    # Livespace keeps no history: what each load saw of a deal stays.
    Stream(
        "deal_versions",
        f"{DEALS}/versions",
        cursor="modified",
        columns=columns(text="id deal_id stage_id status", timestamp="modified"),
    ),
    Stream(
        "stages",
        "Deal/process_getList",
        swept=True,
        gone_means="archived",
        columns=columns(text="id name process_id process_name", int="place"),
    ),
    Stream(
        "users",
        "Default/User_getAll",
        swept=True,
        gone_means="archived",
        columns=columns(text="id name firstname lastname email"),
        personal=Personal(names="name firstname lastname", contacts="email"),
    ),
    Stream(
        "products",
        "Deal/product_getAll",
        swept=True,
        commas=("default_price",),
        columns=columns(text="id name sku", decimal="default_price"),
    ),
]
