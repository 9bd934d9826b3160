"""The group: all simulated firms at once, as after their mergers, with the customers that buy from more than one.

The first member is who it is alone. Another one rolls dice of its own and its customers have tax ids and telephones of
their own: no two firms are the same by accident. But some of its oldest customers are firms of the first member.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.sandbox.business.firm import Firm, Frames
from pipelines.sandbox.business.firms import phones, tax_ids
from pipelines.sandbox.business.truth_accounts import put_together
from pipelines.sandbox.business.truth_money import customer

# More firms than a member ever has: so far apart lie the numbers of tax ids and telephones of two members' customers.
NUMBERS = 700_000
SEEDS_APART = 1_000
# What part of a member's opening customers buys from the first member, too.
SHARED = 0.25
IDENTITY = (
    "country", "currency", "core_name", "tax_id", "place", "town", "area", "dialling", "street", "postcode", "phone",
    "domain", "has_domain", "free_mail",
)  # fmt: skip
# These figures of a customer, or of a month, are the group's; everything else is told company by company.
SUMMED = {"profitability": ["customer", "month"], "totals": ["month"]}


class Group:
    def __init__(self, firms: Mapping[str, type[Firm]], as_of: date, scale: float = 1, seed: int = 7):
        self.as_of, self.scale, self.seed = as_of, scale, seed
        self.members: dict[str, Firm] = {}
        for place, (name, made) in enumerate(firms.items()):
            known_to = partial(self._known, name, place) if place else None
            self.members[name] = made(as_of, scale, seed + place * SEEDS_APART, known_to)
            self.members[name].reporting = self.home
        self.tell = {system: name for name, member in self.members.items() for system in member.tell}

    @property
    def home(self) -> Firm:
        return next(iter(self.members.values()))

    def records(self, system: str) -> Frames:
        return self.members[self.tell[system]].records(system) if system in self.tell else {}

    @property
    def exports(self) -> dict[str, Path]:
        """What the people of each company export by hand."""
        return {folder: place for member in self.members.values() for folder, place in member.exports.items()}

    def facts(self) -> Frames:
        """What each company knows of itself, and which systems are whose."""
        told = [_of(name, member.facts()) for name, member in self.members.items()]
        for facts in told:
            # What one company of several aims at is no target of the group.
            facts.pop("targets", None)
        systems = [(system, name, "It keeps this company's records") for system, name in self.tell.items()]
        companies = pl.DataFrame(systems, schema=["source", "company", "reason"], orient="row")
        return _stacked(told) | {"companies": companies}

    def truth(self) -> Frames:
        """The members' truths, one under the other, with the customers of the group."""
        told = [
            _of(name, {fact: self._renamed(name, rows) for fact, rows in member.truth().items()})
            for name, member in self.members.items()
        ]
        every = _stacked(told)
        for fact, by in SUMMED.items():
            every[fact] = every[fact].drop("company").group_by(by).sum().sort(by)
        return every | {"accounts": put_together(every["accounts"])}

    def shared(self, name: str) -> pl.DataFrame:
        """The customers of a member that are the first one's, too: `firm` there is `home_firm` here."""
        return self._pairs(name, self.members[name].firms)

    @cached_property
    def _customers(self) -> dict[str, pl.DataFrame]:
        """By member: what its own truth calls a customer, and what the group does."""
        first, *others = self.members
        named = {first: self.home.firms.select("firm", owner=pl.lit(first), known="firm")}
        for name in others:
            rows = self.members[name].firms.select("firm").join(self.shared(name), on="firm", how="left")
            owner = pl.when(pl.col("home_firm").is_null()).then(pl.lit(name)).otherwise(pl.lit(first))
            named[name] = rows.select("firm", owner=owner, known=pl.col("home_firm").fill_null(pl.col("firm")))
        return {
            name: rows.select(
                customer=customer(pl.col("firm")),
                customer_of_group=pl.concat_str("owner", customer(pl.col("known")), separator=" "),
            )
            for name, rows in named.items()
        }

    def _renamed(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        if "customer" not in rows.columns:
            return rows
        rows = rows.join(self._customers[name], on="customer", how="left", maintain_order="left")
        own = pl.concat_str(pl.lit(name), "customer", separator=" ")
        return rows.with_columns(customer=pl.col("customer_of_group").fill_null(own)).drop("customer_of_group")

    def _known(self, name: str, place: int, alone: pl.DataFrame) -> pl.DataFrame:
        """A member's customers as they are in the group."""
        own = alone.with_columns(tax_ids(alone, place * NUMBERS), phone=phones(alone, place * NUMBERS))
        at_home = self.home.firms.select("warehouse", *IDENTITY, home_firm="firm")
        rows = own.join(self._pairs(name, own), on="firm", how="left", maintain_order="left")
        rows = rows.join(at_home, on="home_firm", how="left", maintain_order="left", suffix="_at_home")
        is_shared = pl.col("home_firm").is_not_null()
        same = {field: pl.when(is_shared).then(f"{field}_at_home").otherwise(field) for field in IDENTITY}
        nearest = pl.col("warehouse_at_home") % self.members[name].manner.warehouses
        same["warehouse"] = pl.when(is_shared).then(nearest).otherwise("warehouse")
        return rows.with_columns(**same).select(own.columns)

    def _pairs(self, name: str, own: pl.DataFrame) -> pl.DataFrame:
        """Who is who is decided here and nowhere else. Firms that share their name with another one stay apart."""
        drawn = [self._drawn(rows, f"{whose} shared by {name}") for whose, rows in self._opening(own).items()]
        many = min(len(drawn[0]), len(drawn[1]), int(np.ceil(SHARED * len(drawn[0]))))
        return pl.DataFrame({"firm": drawn[0][:many], "home_firm": drawn[1][:many]}, schema_overrides=WHOLE)

    def _opening(self, own: pl.DataFrame) -> dict[str, np.ndarray]:
        return {
            whose: rows.filter(pl.col("is_opening") & (pl.col("firm") % 50 < 48))["firm"].to_numpy()
            for whose, rows in (("customers", own), ("customers of the first", self.home.firms))
        }

    def _drawn(self, firms: np.ndarray, what: str) -> np.ndarray:
        return firms[np.argsort(self.home.dice.share(firms, what), kind="stable")]


WHOLE = {"firm": pl.Int64, "home_firm": pl.Int64}


def _of(company: str, frames: Frames) -> Frames:
    return {fact: rows.with_columns(company=pl.lit(company)) for fact, rows in frames.items()}


def _stacked(told: list[Frames]) -> Frames:
    """Each fact of all who tell of it; columns that one of them lacks are null."""
    names = list(dict.fromkeys(fact for frames in told for fact in frames))
    return {
        fact: pl.concat([frames[fact] for frames in told if fact in frames], how="diagonal_relaxed") for fact in names
    }
