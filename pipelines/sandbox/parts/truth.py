"""What the warehouse should find out about the simulated firm, known without looking at any interface."""

import polars as pl

from pipelines.sandbox.business import truth_deals, truth_lengths, truth_links, truth_money, truth_orders
from pipelines.sandbox.business.truth_accounts import accounts
from pipelines.sandbox.parts import (
    truth_accounts,
    truth_contribution,
    truth_cycle,
    truth_leads,
    truth_ledger,
    truth_open,
    truth_serving,
)


def truth(company) -> dict[str, pl.DataFrame]:
    return {
        "accounts": accounts(truth_accounts.in_crm(company), truth_accounts.in_erp(company)),
        "profitability": truth_money.profitability(company),
        "contribution": truth_contribution.by_period(company),
        "contribution_by_cohort": truth_contribution.by_cohort(company),
        "cost_pools": truth_serving.pools(company),
        "totals": truth_money.totals(truth_money.profitability(company)),
        "ledger": truth_ledger.ledger(company),
        "invoices": truth_money.invoices(company),
        "receivables": truth_money.receivables(company),
        "orders": truth_orders.orders(company),
        "order_promises": truth_orders.promises(company),
        "cycle": truth_cycle.cycle(company),
        "order_survival": truth_lengths.survival(company),
        "claims": truth_cycle.claims(company),
        "ageing": truth_open.ageing(company),
        **truth_open.forecast_inputs(company),
        "links": truth_links.links(company),
        "deals": truth_deals.deals(company),
        "leads": truth_leads.leads(company),
    }
