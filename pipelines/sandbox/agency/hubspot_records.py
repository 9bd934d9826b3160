"""The firm as HubSpot shows it: one frame per object, one for each two objects that belong together, and histories."""

import polars as pl

from pipelines.sandbox.agency import hubspot_accounts as accounts
from pipelines.sandbox.agency import hubspot_activities as activities
from pipelines.sandbox.agency import hubspot_deals as deals
from pipelines.sandbox.agency import hubspot_leads as leads
from pipelines.sandbox.agency import hubspot_tickets as tickets
from pipelines.sandbox.agency.hubspot_words import short_lists


def records(company) -> dict[str, pl.DataFrame]:
    return {
        **short_lists(company),
        "companies": accounts.companies(company),
        "contacts": pl.concat([accounts.people(company), leads.askers(company)]).sort("id"),
        "deals": deals.deals(company),
        "deals/history": deals.history(company),
        "products": deals.products(company),
        "line_items": deals.lines(company),
        **deals.pairs(company),
        "leads": leads.leads(company),
        **leads.pairs(company),
        **tickets.records(company),
        **activities.records(company),
    }
