"""How a Pipedrive company is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="Pipedrive",
    kind="crm",
    interface="API v2, and API v1 for leads, users, lead sources and the changes of a deal",
    user="an admin under Company settings, Manage users; then, signed in as that user, Personal preferences, API: the"
    " token sees what its user sees, and no more",
    rights={
        "Deals admin, visibility of all items": "organizations, persons, deals, deal_products, deal_stages, activities,"
        " products, pipelines, stages, field_options, users, lead_sources, currencies",
        "Leads switched on for the company": "leads",
    },
    settings={
        "BASE_URL": "the company's own address, e.g. https://example.pipedrive.com",
        "API_TOKEN": "the personal API token of that user",
        "HISTORY": "flow (default: reaches back to when a deal was added) or changelog (half the tokens)",
        "HISTORY_DEALS": "of so many deals, at most, the changes are read in one load",
        "HISTORY_RESERVE_PERCENT": "the part of the day's tokens that histories leave to others (default: 25)",
        "TAX_ID_FIELD": "key of the firm's own field for the tax number of an organization, 40 characters",
        "WEBSITE_FIELD": "key of its field for the website of an organization",
        "INDUSTRY_FIELD": "key of its field for the industry of an organization",
        "ERP_REFERENCE_FIELD": "key of its field for the organization's number in the ERP",
        "ORDER_REFERENCE_FIELD": "key of its field for the ERP's order number on a deal",
        "RECORD_URL": "where people open a record, e.g. https://example.pipedrive.com",
    },
    history="the feed of each deal's changes (flow, or the changelog), asked for deals whose stage changed: one request"
    " a deal, so that a first load may take some days of tokens; deals not reached yet start from where they stand",
    deletes="deleted deals are listed for 30 days; everything else leaves its list without a sign, and all keys are"
    " compared every SWEEP_DAYS",
    limits=(
        "Pipedrive has no quotes and no campaigns: a deal's products say what was offered.",
        "The tokens of a day are one budget for the whole company; when it is spent the load goes on next time.",
        "A lead that was made into a deal leaves the list of leads and stays as it was last seen.",
        "A token whose user does not see all records reads fewer of them, and nothing says so.",
    ),
)
