"""The simulated firm `parts`, a Polish distributor of car parts, as Salesforce and Business Central show it."""

from functools import cached_property
from typing import ClassVar

import numpy as np
import polars as pl

from pipelines.sandbox.business.firm import Firm, Frames
from pipelines.sandbox.parts import (
    business_central_customer_ledger,
    business_central_records,
    business_central_stock,
    facts,
    numbering,
    salesforce_accounts,
    salesforce_deals,
    salesforce_quotes,
    salesforce_records,
    truth,
)
from pipelines.sandbox.parts.manner import MANNER


class Company(Firm):
    manner = MANNER
    numbering = numbering
    tell: ClassVar = {"salesforce": salesforce_records.records, "business_central": business_central_records.records}

    def truth(self) -> Frames:
        return truth.truth(self)

    def facts(self) -> Frames:
        return facts.facts(self)

    def deal_ids(self, deals: np.ndarray) -> pl.Series:
        """The ids by which the CRM knows these deals."""
        return salesforce_deals.deal_ids(deals)

    @cached_property
    def known_values(self) -> pl.DataFrame:
        return business_central_stock.known_values(self)

    @cached_property
    def stock(self) -> pl.DataFrame:
        return business_central_stock.stock_movements(self)

    @cached_property
    def details(self) -> pl.DataFrame:
        return business_central_customer_ledger.details(self)

    @cached_property
    def crm_account_ids(self) -> pl.Series:
        return salesforce_accounts.account_ids(self.crm_accounts["account"].to_numpy())

    @cached_property
    def quote_orders(self) -> pl.DataFrame:
        """Deals whose accepted quote names the order."""
        return salesforce_quotes.quotes_with_orders(self)
