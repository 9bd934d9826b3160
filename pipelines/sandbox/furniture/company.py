"""The simulated firm `furniture`, a Polish maker of furniture to measure, as Pipedrive and Comarch ERP XL show it."""

from datetime import timedelta
from functools import cached_property
from typing import ClassVar

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods
from pipelines.sandbox.business.firm import Firm, Frames
from pipelines.sandbox.furniture import comarch_records, numbering, pipedrive_deals, pipedrive_records, truth
from pipelines.sandbox.furniture.manner import MANNER


class Furniture(Firm):
    manner = MANNER
    numbering = numbering
    tell: ClassVar = {"pipedrive": pipedrive_records.records, "comarch_xl": comarch_records.records}

    def truth(self) -> Frames:
        return truth.truth(self)

    def facts(self) -> Frames:
        return {}

    @cached_property
    def rates(self) -> pl.DataFrame:
        """The firm books at the rates of the National Bank."""
        return goods.published(self.as_of + timedelta(days=1500))

    def deal_ids(self, deals: np.ndarray) -> pl.Series:
        """The numbers by which the CRM knows these deals."""
        return pipedrive_deals.deal_ids(deals)

    @cached_property
    def known_values(self) -> pl.DataFrame:
        """Cost booked until today: with the invoice, and taken back with a correction."""
        known = self.value_entries.filter(pl.col("t_posted") <= self.now)
        wrong = self.invoices.filter(pl.col("t_undone") <= self.now).select("invoice")
        return known.join(wrong, on="invoice", how="anti", maintain_order="left")

    @cached_property
    def quote_orders(self) -> pl.DataFrame:
        """Deals whose quote names the order: Pipedrive has no quotes."""
        return self.deals.select("deal").clear()
