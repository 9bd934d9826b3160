"""Who is who: the firms that exist, apart from what either system calls them."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.dice import Dice


def count(scale: float, a_month: float, month: int) -> int:
    """A steady number a month; what is below one is carried on to the next month."""
    return int(scale * a_month * (month + 1)) - int(scale * a_month * month)


def roster(dice: Dice, manner: Manner, scale: float, months: int) -> pl.DataFrame:
    """One row per firm, numbered in the order they come: the opening ones, then month by month."""
    opening = int(manner.opening_customers * scale) or 1
    prospects = int(manner.opening_prospects * scale)
    arrivals = [count(scale, manner.new_firms, month) for month in range(months)]
    born = np.concatenate([np.full(opening + prospects, -9), np.repeat(np.arange(months), arrivals)])
    firm = np.arange(len(born))
    is_opening = firm < opening
    in_erp_only = dice.happens(firm, "known to the ERP only", np.where(born < 0, 0.14, 0.2))
    in_crm = ~in_erp_only | (~is_opening & (born < 0))
    country = np.array(["PL", "DE", "LT", "CZ"])[dice.pick(firm, "country", 88, 6, 3, 3)]
    # Every fiftieth firm is called like the one before it, but is another, elsewhere.
    is_twin = (firm % 50 == 49) & (country == "PL") & (np.roll(country, 1) == "PL")
    terms = dice.pick(firm, "payment terms", *[share for *_, share in manner.words.TERMS])
    frame = pl.DataFrame(
        {
            "firm": firm,
            "born": born,
            "is_opening": is_opening,
            "in_crm": in_crm,
            "country": country,
            "currency": np.where(country == "PL", "PLN", "EUR"),
            "is_twin": is_twin,
            "weight": np.minimum((1 - dice.share(firm, "size")) ** -0.8, 40),
            "segment": dice.pick(firm, "segment", 50, 25, 15, 10),
            "seller": dice.whole(firm, "seller", 0, len(manner.words.SELLERS) - 1),
            "terms": terms,
            # A few firms have old agreements nobody has looked at since: they may cost more than they bring.
            "agreed_discount": np.where(
                dice.happens(firm, "old agreement", 0.08), dice.whole(firm, "percent", 20, 32), 0
            ),
            "days_late": dice.skewed(firm, "habit of paying late", 6, 1.0) - 4,
            "pays_together": dice.happens(firm, "pays several invoices at once", 0.2),
            "prepays": dice.happens(firm, "pays first", manner.advances),
            "has_second_number": dice.happens(firm, "two ERP numbers", 0.05),
        }
    )
    return frame.with_columns(_names(manner, frame), tax_ids(frame)).pipe(_addresses, dice, manner)


def _names(manner: Manner, firms: pl.DataFrame) -> pl.Series:
    """A name of its own for every firm but the twins."""
    number = firms["firm"].to_numpy() - firms["is_twin"].to_numpy()
    trades, surnames = len(manner.words.TRADES), len(names.SURNAMES)
    trade = np.array(manner.words.TRADES)[number % trades]
    surname = np.array(names.SURNAMES)[(number // trades + number) % surnames]
    round_of_names = number // (trades * surnames)
    suffix = np.where(round_of_names == 0, "", np.char.add(" ", (round_of_names + 1).astype(str)))
    core = np.char.add(np.char.add(np.char.add(trade, " "), surname), suffix)
    for country, there in manner.words.FOREIGN.items():
        is_there = firms["country"].to_numpy() == country
        foreign = np.char.add(np.array(there)[number % len(there)], np.char.add(" ", (number // 5 + 1).astype(str)))
        core = np.where(is_there, foreign, core)
    return pl.Series("core_name", core)


def tax_ids(firms: pl.DataFrame, first: int = 0) -> pl.Expr:
    """A tax id for each firm; `first` is the place of the first one among all that are given out."""
    number = firms["firm"].to_numpy() + first
    states = {"PL": identifiers.polish, "DE": identifiers.german, "LT": identifiers.lithuanian, "CZ": identifiers.czech}
    chosen = pl.lit(None, pl.String)
    for country, issue in states.items():
        chosen = pl.when(pl.col("country") == country).then(issue(number)).otherwise(chosen)
    return chosen.alias("tax_id")


def phones(firms: pl.DataFrame, first: int = 0) -> pl.Expr:
    number = firms["firm"].to_numpy() + first
    return pl.col("dialling") + pl.Series(1_000_000 + number * 73 % 8_999_999).cast(pl.String)


def _addresses(firms: pl.DataFrame, dice: Dice, manner: Manner) -> pl.DataFrame:
    firm = firms["firm"].to_numpy()
    towns = pl.DataFrame(
        [
            (country, place, *town, nearest % manner.warehouses)
            for country, there in names.TOWNS.items()
            for place, (*town, nearest) in enumerate(there)
        ],
        schema=["country", "place", "town", "area", "dialling", "warehouse"],
        orient="row",
    )
    many = firms["country"].replace_strict({country: len(there) for country, there in names.TOWNS.items()}).to_numpy()
    # Twins live one town further than the firm whose name they share.
    twin = firms["is_twin"].to_numpy()
    place = (np.where(twin, 1, 0) + dice.bits(firm - twin, "town").astype(np.int64) % many + many) % many
    plain = (
        pl.col("core_name")
        .str.replace_many(["ł", "Ł"], ["l", "L"])
        .str.normalize("NFKD")
        .str.replace_all(r"[^A-Za-z0-9]", "")
        .str.to_lowercase()
    )
    return (
        firms.with_columns(place=place)
        .join(towns, on=["country", "place"], how="left", maintain_order="left")
        .with_columns(
            street=pl.Series(np.array(names.STREETS)[dice.whole(firm, "street", 0, len(names.STREETS) - 1)])
            + pl.Series(dice.whole(firm, "house", 1, 180)).cast(pl.String).str.replace("^", " "),
            postcode=pl.col("area") + "-" + pl.Series(100 + firm * 7 % 900).cast(pl.String),
            phone=phones(firms),
            domain=plain
            + pl.when(pl.col("is_twin")).then(pl.lit("2")).otherwise(pl.lit(""))
            + "."
            + pl.col("country").str.to_lowercase(),
            free_mail=pl.Series(np.array(names.FREE_MAIL)[dice.whole(firm, "free mail", 0, 3)]),
            has_domain=pl.Series(dice.happens(firm, "own domain", 0.75)) & ~pl.col("is_twin"),
        )
    )
