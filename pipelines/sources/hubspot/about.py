"""How a HubSpot portal is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="HubSpot",
    kind="crm",
    interface="CRM API v3 (objects, search), Associations v4, Marketing campaigns v3",
    user="no user of its own: a service key under Development, Keys, Service Keys, made by a super admin; the token of"
    " a private app made before October 2026 goes on working",
    rights={
        "crm.objects.owners.read": "owners",
        "crm.objects.companies.read": "companies, and by it deal_companies, lead_companies, ticket_companies",
        "crm.objects.contacts.read": "contacts, deal_contacts, lead_contacts; calls, meetings, notes, tasks with their"
        " call_deals, call_companies, meeting_deals, meeting_companies, note_deals, note_companies, task_deals,"
        " task_companies",
        "sales-email-read": "emails, email_deals, email_companies",
        "crm.objects.deals.read": "deals, deal_stage_history, deal_pipelines, deal_stages, deal_companies,"
        " deal_contacts",
        "crm.objects.line_items.read": "line_items, line_item_deals",
        "crm.objects.products.read": "products",
        "crm.objects.quotes.read": "quotes, quote_deals",
        "crm.objects.leads.read": "leads, lead_pipelines, lead_stages, lead_contacts, lead_companies, lead_deals (Sales"
        " Hub Professional and above)",
        "tickets": "tickets, ticket_companies",
        "marketing.campaigns.read": "campaigns (Marketing Hub Professional and above)",
        "any of them": "account: the portal's time zone and currency",
    },
    settings={
        "ACCESS_TOKEN": "the service key, or the private app's token, e.g. pat-eu1-…",
        "BASE_URL": "another address than https://api.hubapi.com",
        "API_VERSION": "another version of the interface, by number or by date, e.g. 2026-03",
        "SEARCHES_PER_SECOND": "how often the search may be asked; the vendor allows 5 for all apps of a portal",
        "TAX_ID_FIELD": "the firm's own property for the tax number of a company, e.g. vat_number",
        "ERP_REFERENCE_FIELD": "its property for the company's number in the ERP, e.g. erp_number",
        "ORDER_REFERENCE_FIELD": "its property for the ERP's order number on a deal, e.g. order_number",
        "QUOTE_ORDER_REFERENCE_FIELD": "the same on a quote, e.g. order_number",
        "TICKET_ORDER_REFERENCE_FIELD": "the same on a ticket, e.g. order_number",
        "TICKET_INVOICE_REFERENCE_FIELD": "the ERP's invoice number on a ticket, e.g. invoice_number",
        "RECORD_URL": "where people open a record, with the portal's number, e.g."
        " https://app-eu1.hubspot.com/contacts/4711",
    },
    history="the history that HubSpot keeps of a deal's stage and pipeline, since the deal was made: returns to a stage"
    " too, and deals that were archived",
    deletes="archived records are a list of their own for some 90 days; after that, for merged records and for what is"
    " erased for good, all ids are compared every SWEEP_DAYS",
    limits=(
        "Records that come together or apart change neither of them: associations are read in full once a day.",
        "The search behind a load of changes lags by minutes: the last hour is asked for again each time.",
        "A quote has one value, with its taxes where the quote has them: net and gross are not told apart.",
        "The calls of a day are one budget for the whole portal; when it is spent the load goes on next time.",
    ),
)
