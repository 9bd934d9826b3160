"""A simulated firm: what really happened, up to a day. Who it is, its manner says; who tells of it, its own class."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import polars as pl
import polars.selectors as cs

from pipelines.sandbox.business import (
    costs,
    credits,
    deal_items,
    deliveries,
    firms,
    freight,
    goods,
    invoicing,
    known_as,
    known_deals,
    open_amounts,
    order_course,
    order_lines,
    orders,
    payments,
    sales,
    settlements,
)
from pipelines.sandbox.business import numbering as numbers
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.clock import DAY, months_until, number
from pipelines.sandbox.dice import Dice

Frames = dict[str, pl.DataFrame]


class Firm(ABC):
    """The firm on the evening of a day. Every fact has a time; the day only decides which of them are known."""

    manner: ClassVar[Manner]
    numbering: ClassVar[ModuleType]  # by which numbers its ERP knows what there is
    tell: ClassVar[dict[str, Callable[[Any], Frames]]]  # each vendor's system, and what it shows of the firm
    # What the firm's people export into a folder by hand: beside its tables lie the selects that make entities of them.
    exports: ClassVar[dict[str, Path]] = {}

    def __init__(self, as_of: date, scale: float = 1, seed: int = 7, known_to: Callable | None = None):
        """`known_to` is the group the firm belongs to: it says who of its customers buys from another member too."""
        self.as_of, self.scale, self.seed, self._known_to = as_of, scale, seed, known_to
        self.dice = Dice(seed)
        self.months = months_until(as_of)
        self.now = (number(as_of) + 1) * DAY - 1
        # Who says what a euro is worth where no document does: a group reports at one rate.
        self.reporting: Firm = self

    def records(self, system: str) -> Frames:
        """What a vendor's interface would show, by object or entity set, in the vendor's own words."""
        if system not in self._told:
            # Polars divides by a number as if it multiplied: 15614 / 100 is 156.14000000000001 until it is rounded.
            frames = self.tell[system](self).items()
            self._told[system] = {name: frame.with_columns(cs.float().round(4)) for name, frame in frames}
        return self._told[system]

    @abstractmethod
    def truth(self) -> Frames:
        """What the warehouse should find out."""

    @abstractmethod
    def facts(self) -> Frames:
        """What the firm knows of itself and no system tells, by the name of the seed that holds it."""

    @cached_property
    def _told(self) -> dict:
        return {}

    @cached_property
    def firms(self) -> pl.DataFrame:
        alone = firms.roster(self.dice, self.manner, self.scale, len(self.months))
        return self._known_to(alone) if self._known_to else alone

    @cached_property
    def items(self) -> pl.DataFrame:
        return goods.items(self.dice, self.manner, self.scale)

    @cached_property
    def rates(self) -> pl.DataFrame:
        return goods.rates(self.dice, number(self.as_of) + 1500)

    def rate_of(self, days: np.ndarray) -> np.ndarray:
        """Zloty for a euro, in ten-thousandths, on days of which no document tells a rate."""
        return goods.rate_on(self.rates, days)

    @cached_property
    def deals(self) -> pl.DataFrame:
        return sales.deals(self.dice, self.manner, self.scale, self.months, self.firms)

    @cached_property
    def loose_leads(self) -> pl.DataFrame:
        return sales.loose_leads(self.dice, self.manner, self.scale, self.months)

    @cached_property
    def _deal_orders(self) -> pl.DataFrame:
        return orders.from_deals(self.dice, self.manner, self.deals)

    @cached_property
    def eligible(self) -> np.ndarray:
        """By firm: the first month in which it may order without a deal."""
        first = self._deal_orders.filter(pl.col("is_founding") & (pl.col("call") == 0))
        ends = np.array([last for _, last in self.months])
        month = np.searchsorted(ends, first["day"].to_numpy()) + 1
        return sales.first_customers(self.firms, first.with_columns(month=pl.Series(month, dtype=pl.Int64)))

    @cached_property
    def orders(self) -> pl.DataFrame:
        alone = orders.of_themselves(self.dice, self.manner, self.scale, self.months, self.firms, self.eligible)
        every = pl.concat([alone, self._deal_orders.select(alone.columns)])
        key = every["order"].to_numpy()
        home = self.firms["warehouse"].to_numpy()[every["firm"].to_numpy()]
        away = self.dice.happens(key, "order from elsewhere", 0.12)
        every = every.with_columns(
            waves=pl.Series(1 + self.dice.pick(key, "deliveries", *self.manner.deliveries)),
            warehouse=pl.Series(np.where(away, self.dice.whole(key, "warehouse", 0, self.manner.warehouses - 1), home)),
            customer=self._customer(key, every["firm"].to_numpy()),
        )
        return order_course.course(self.dice, self.manner, every, self.firms)

    def _customer(self, keys: np.ndarray, firm: np.ndarray) -> pl.Series:
        """The ERP number a document was booked on: some firms have two."""
        has_second = self.firms["has_second_number"].to_numpy()[firm]
        return pl.Series(firm * 2 + (has_second & self.dice.happens(keys, "on the second number", 0.35)))

    @cached_property
    def lines(self) -> pl.DataFrame:
        return order_lines.lines(self.dice, self.manner, self.orders, self.firms, self.items)

    @cached_property
    def deliveries(self) -> pl.DataFrame:
        return deliveries.deliveries(self.lines, self.orders, self.items, self.dice)

    @cached_property
    def invoiced(self) -> pl.DataFrame:
        """Pieces billed."""
        return invoicing.invoiced(
            self.dice, self.manner, self.scale, self.months, self.firms, self.eligible, self.items, self.deliveries
        )

    @cached_property
    def invoices(self) -> pl.DataFrame:
        frame = invoicing.headers(self.dice, self.invoiced, self.firms, self.rates)
        own = self._customer(frame["invoice"].to_numpy(), frame["firm"].to_numpy())
        frame = frame.join(
            self.orders.select("order", "customer", "deal"), on="order", how="left", maintain_order="left"
        )
        terms = self.firms["terms"].gather(frame["firm"])
        return frame.with_columns(customer=pl.col("customer").fill_null(own), terms=terms)

    @cached_property
    def credited(self) -> pl.DataFrame:
        """Pieces given back or allowed for."""
        return credits.credited(self.dice, self.manner, self.invoices, self.invoiced, self.items)

    @cached_property
    def notes(self) -> pl.DataFrame:
        frame = credits.note_headers(self.credited, self.invoices, self.firms, self.rates)
        customers = self.invoices.select(note="invoice", customer="customer", terms="terms")
        return frame.join(customers, on="note", how="left", maintain_order="left")

    @cached_property
    def value_entries(self) -> pl.DataFrame:
        return costs.value_entries(self.dice, self.manner, self.invoiced, self.credited, self.items)

    @cached_property
    def freight(self) -> pl.DataFrame:
        """What carriers are paid."""
        return freight.freight(self.dice, self.manner, self.deliveries, self.firms)

    @cached_property
    def plans(self) -> pl.DataFrame:
        return payments.plans(self.dice, self.manner, self.invoices, self.notes, self.firms, self.orders)

    @cached_property
    def paid(self) -> pl.DataFrame:
        return payments.payments(self.dice, self.manner, self.plans)

    @cached_property
    def refunds(self) -> pl.DataFrame:
        return payments.refunds(self.dice, self.manner, self.notes, self.plans)

    @cached_property
    def entries(self) -> pl.DataFrame:
        return settlements.entries(self.manner, self.invoices, self.notes, self.paid, self.refunds, self.rates)

    @cached_property
    def settlements(self) -> pl.DataFrame:
        return settlements.settlements(self.paid, self.plans, self.notes, self.entries)

    @cached_property
    def known_settlements(self) -> pl.DataFrame:
        return self.settlements.filter(pl.col("t") <= self.now)

    @cached_property
    def open_amounts(self) -> pl.DataFrame:
        return open_amounts.open_amounts(self)

    @cached_property
    def known_freight(self) -> pl.DataFrame:
        return freight.known(self)

    @cached_property
    def term_days(self) -> dict[int, int]:
        return {place: days for place, (_, days, _) in enumerate(self.manner.words.TERMS)}

    @cached_property
    def crm_accounts(self) -> pl.DataFrame:
        return known_as.accounts(self)

    @cached_property
    def known_deals(self) -> pl.DataFrame:
        return known_deals.known_deals(self)

    @cached_property
    def deal_items(self) -> pl.DataFrame:
        return deal_items.deal_items(self)

    @cached_property
    def customers(self) -> pl.DataFrame:
        """ERP customers known today."""
        return numbers.customers(self, *self.numbering.CUSTOMERS)

    @cached_property
    def known_orders(self) -> pl.DataFrame:
        return self.numbering.orders(self)

    @cached_property
    def known_deliveries(self) -> pl.DataFrame:
        return self.numbering.deliveries(self)

    @cached_property
    def known_invoices(self) -> pl.DataFrame:
        return self.numbering.invoices(self)

    @cached_property
    def known_notes(self) -> pl.DataFrame:
        return self.numbering.notes(self)

    @cached_property
    def known_entries(self) -> pl.DataFrame:
        return self.numbering.entries(self)
