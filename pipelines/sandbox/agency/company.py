"""The simulated firm `agency`, a Polish marketing agency, as HubSpot, enova365 and its time sheets show it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl

from pipelines.sandbox.agency import enova_records, hours, hubspot_deals, hubspot_records, numbering, time_sheets, truth
from pipelines.sandbox.agency.manner import MANNER
from pipelines.sandbox.business import goods
from pipelines.sandbox.business.firm import Firm, Frames


class Agency(Firm):
    manner = MANNER
    numbering = numbering
    tell: ClassVar = {
        "hubspot": hubspot_records.records,
        "enova365": enova_records.records,
        "timesheets": time_sheets.records,
    }
    exports: ClassVar = {"timesheets": Path(__file__).parent / "timesheets"}

    def truth(self) -> Frames:
        return truth.truth(self)

    def facts(self) -> Frames:
        """Its office has no country in the ERP: by which calendar it works, the firm says itself."""
        calendars = [(None, "PL", "The office in Warsaw")]
        return {"work_calendars": pl.DataFrame(calendars, schema=["warehouse", "country_code", "reason"], orient="row")}

    @cached_property
    def rates(self) -> pl.DataFrame:
        """The firm books at the rates of the National Bank."""
        return goods.published(self.as_of + timedelta(days=1500))

    def rate_of(self, days: np.ndarray) -> np.ndarray:
        """Art. 31a: the rate of the last working day before."""
        return goods.rate_on(self.rates, days - 1)

    def deal_ids(self, deals: np.ndarray) -> pl.Series:
        """The numbers by which the CRM knows these deals."""
        return hubspot_deals.deal_ids(deals)

    @cached_property
    def hours(self) -> pl.DataFrame:
        """What was worked until today, by whom, for whom, and what it cost."""
        return hours.entries(self)

    @cached_property
    def known_values(self) -> pl.DataFrame:
        """Cost booked with invoices until today: of services none is."""
        return self.value_entries.filter((pl.col("t_posted") <= self.now) & (pl.col("cost") != 0))

    @cached_property
    def quote_orders(self) -> pl.DataFrame:
        """Deals whose quote names the order: HubSpot's quotes name none."""
        return self.deals.select("deal").clear()
