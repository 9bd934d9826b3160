"""The firm as Business Central shows it: one frame per entity set."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.parts import business_central_customer_ledger as receivables
from pipelines.sandbox.parts import business_central_general_ledger as books
from pipelines.sandbox.parts import business_central_invoices as billing
from pipelines.sandbox.parts import business_central_master as master
from pipelines.sandbox.parts import business_central_orders as ordering
from pipelines.sandbox.parts import business_central_stock as stock
from pipelines.sandbox.parts.business_central_approvals import approvals
from pipelines.sandbox.parts.business_central_archives import archives
from pipelines.sandbox.parts.business_central_shipments import shipments

COMPANY_NAME = "Parts"


def records(company) -> dict[str, pl.DataFrame]:
    companies = pl.DataFrame(
        {"id": identifiers.guids("company", [1]), "name": [COMPANY_NAME], "displayName": ["Parts sp. z o.o."]}
    )
    return {
        "companies": companies,
        "customers": master.customers(company),
        "paymentTerms": master.payment_terms(company),
        "items": master.items(company),
        "locations": master.locations(company),
        "currencyExchangeRates": master.exchange_rates(company),
        **ordering.sales_orders(company),
        **archives(company),
        **shipments(company),
        **billing.invoices(company),
        **billing.credit_memos(company),
        "salesValueEntries": stock.values(company),
        "itemLedgerEntries": stock.item_movements(company),
        **receivables.customer_entries(company),
        **approvals(company),
        "accounts": master.accounts(company),
        "generalLedgerEntries": books.general_ledger(company),
    }
