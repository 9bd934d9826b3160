"""How a Livespace account is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="Livespace",
    kind="crm",
    interface="public JSON API (api/public/json), calls signed by key and secret",
    user="an administrator, or a user who sees every company and deal: under My account, API, that user's key and"
    " secret",
    rights={
        "Contacts: view all": "companies",
        "Deals: view all": "deals, deal_versions, stages, products",
        "any user": "users",
    },
    settings={
        "BASE_URL": "the account's own address, e.g. https://example.livespace.io",
        "API_KEY": "that user's API key",
        "API_SECRET": "that user's API secret",
        "PAGE_ROWS": "rows of a page (default: 100; a deal is some 13 KB, and 200 of them take up to 20 seconds)",
        "ERP_REFERENCE_FIELD": "the field that holds a company's number in the ERP, as the interface calls it",
        "ORDER_REFERENCE_FIELD": "the field that holds the ERP's order number of a deal, as the interface calls it",
    },
    history="Livespace keeps none: it begins with the first load, and of several moves between two loads the last is"
    " seen",
    deletes="the vendor gives no sign: deals are compared every SWEEP_DAYS, companies, users and products at each load",
    limits=(
        "Who was in which stage before the first load cannot be known.",
        "Companies cannot be asked for by their change: all of them are read at each load.",
        "What is gone and what the user may not see look the same: a key with fewer rights reads fewer rows.",
        "Every call is two requests, for a session is good for one call only.",
    ),
    page=100,
    # Two for a call, and each page begins ten rows before the last one ended. What was seen of deals comes with them.
    requests={"companies": 24, "deals": 24, "deal_versions": 0, "stages": 2, "users": 2, "products": 2},
    few={"PAGE_ROWS": "1"},
)
