"""Leads and deals: who asks for what, how a deal moves from stage to stage, how it ends."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import names
from pipelines.sandbox.business.firms import count
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.clock import DAY, NEVER, at, working_day, working_days
from pipelines.sandbox.dice import Dice

WON, LOST = 5, 6
# Ways through the stages. A stage twice in a row: only the amount or the close date was changed.
WAYS_TO_WIN = [
    [0, 1, 2, 3, 4, 5],
    [0, 2, 3, 5],
    [1, 3, 4, 5],
    [0, 1, 3, 2, 3, 4, 5],
    [0, 1, 1, 3, 3, 4, 5],
    [0, 1, 3, 6, 3, 5],
]
WAYS_TO_LOSE = [[0, 1, 6], [0, 1, 2, 3, 6], [0, 1, 2, 3, 4, 6], [0, 6], [1, 3, 2, 6]]
WAYS_TO_NOWHERE = [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4], [1, 3, 1]]
LONGEST = 7


def _ways() -> np.ndarray:
    every = WAYS_TO_WIN + WAYS_TO_LOSE + WAYS_TO_NOWHERE
    table = np.full((len(every), LONGEST), -1)
    for row, way in enumerate(every):
        table[row, : len(way)] = way
    return table


def deals(dice: Dice, manner: Manner, scale: float, months: list[tuple[int, int]], firms: pl.DataFrame) -> pl.DataFrame:
    """One row per deal, each stage's time in a column of its own (`t0` … `t6`), stages in `s0` … `s6`."""
    keys, firm_of, is_founding = [], [], []
    born, in_crm = firms["born"].to_numpy(), firms["in_crm"].to_numpy()
    for month in range(len(months)):
        key = (month << 24) + np.arange(count(scale, manner.deals, month))
        known = np.flatnonzero(in_crm & (born <= month - 2))
        new = np.flatnonzero(in_crm & (born == month))[: len(key)]
        weight = np.cumsum(np.sqrt(firms["weight"].to_numpy()[known]))
        chosen = known[np.searchsorted(weight, dice.share(key, "firm of the deal") * weight[-1], side="right")]
        chosen[: len(new)] = new
        keys.append(key)
        firm_of.append(chosen)
        is_founding.append(np.arange(len(key)) < len(new))
    key, firm, founding = np.concatenate(keys), np.concatenate(firm_of), np.concatenate(is_founding)
    month = key >> 24
    started = day_in(dice, key, "first contact", month, months)
    has_lead = dice.happens(key, "from a lead", np.where(founding, 0.7, 0.15))
    lead_time = at(started, 7.5 + 8 * dice.share(key, "hour of the lead"))
    first = np.where(has_lead, working_day(started, dice.whole(key, "days of a lead", 1, 20)), started)
    return pl.DataFrame(
        {
            "deal": key,
            "firm": firm,
            "is_founding": founding,
            "has_lead": has_lead,
            "t_lead": np.where(has_lead, lead_time, NEVER * DAY),
            **_stages(dice, manner, key, first),
            "source": dice.pick(key, "lead source", 30, 20, 15, 15, 10, 5, 5),
            "junk": np.where(
                dice.happens(key, "junk deal", 0.008), dice.whole(key, "junk word", 0, len(names.JUNK) - 1), -1
            ),
            "lost_reason": dice.whole(key, "why lost", 0, len(manner.words.LOST_REASONS) - 1),
            "quotes": dice.pick(key, "number of quotes", 15, 70, 15),
            "to_second_account": dice.happens(key, "on the other account", 0.4),
        }
    ).with_columns(_ends(dice, manner, key))


def day_in(dice: Dice, keys: np.ndarray, what: str, month: np.ndarray, months: list[tuple[int, int]]) -> np.ndarray:
    """A working day of the month."""
    days = [working_days(first, last) for first, last in months]
    starts = np.cumsum([0] + [len(there) for there in days])
    many = np.diff(starts)[month]
    return np.concatenate(days)[starts[month] + np.floor(dice.share(keys, what) * many).astype(np.int64)]


def _stages(dice: Dice, manner: Manner, key: np.ndarray, first: np.ndarray) -> dict[str, np.ndarray]:
    way = _ways()[dice.pick(key, "way", *manner.ways)]
    columns, day = {}, first
    for step in range(LONGEST):
        if step:
            wait = 1 + np.minimum(dice.skewed(key, f"wait {step}", 6, 0.9), 90).astype(np.int64)
            day = working_day(day, wait)
        there = way[:, step] >= 0
        columns[f"s{step}"] = way[:, step]
        columns[f"t{step}"] = np.where(there, at(day, 8 + 9 * dice.share(key, f"hour {step}")), NEVER * DAY)
    return columns


def _ends(dice: Dice, manner: Manner, key: np.ndarray) -> list[pl.Expr]:
    """When it was won for good, how many orders follow, when it was deleted."""
    won_at, last = pl.lit(NEVER * DAY), pl.col("t0")
    for step in range(LONGEST):
        won_at = pl.when(pl.col(f"s{step}") == WON).then(pl.col(f"t{step}")).otherwise(won_at)
        last = pl.when(pl.col(f"s{step}") >= 0).then(pl.col(f"t{step}")).otherwise(last)
    orders = dice.pick(key, "orders of the deal", *manner.orders_of_deal)
    is_real = pl.col("junk") < 0
    orders_of = pl.when((won_at < NEVER * DAY) & is_real).then(pl.Series(orders)).otherwise(0)
    is_dropped = pl.Series(dice.happens(key, "deleted", 0.012)) | (
        ~is_real & pl.Series(dice.happens(key, "junk goes", 0.4))
    )
    deleted = pl.when(is_dropped & (orders_of == 0)).then(last + 9 * DAY).otherwise(NEVER * DAY)
    return [won_at.alias("t_won"), orders_of.alias("orders"), deleted.alias("t_deleted")]


def loose_leads(dice: Dice, manner: Manner, scale: float, months: list[tuple[int, int]]) -> pl.DataFrame:
    """One row per lead that never became a deal."""
    key = np.concatenate(
        [(month << 24) + np.arange(count(scale, manner.loose_leads, month)) for month in range(len(months))]
    )
    day = day_in(dice, key, "day of a loose lead", key >> 24, months)
    created = at(day, 7 + 10 * dice.share(key, "hour of a loose lead"))
    refused = created + DAY * dice.whole(key, "days to refuse", 1, 30)
    never = NEVER * DAY
    return pl.DataFrame(
        {
            "lead": key,
            "t_lead": created,
            "t_worked": np.where(dice.happens(key, "worked on", 0.8), created + DAY, never),
            "t_refused": np.where(dice.happens(key, "refused", 0.7), refused, never),
            "t_deleted": np.where(dice.happens(key, "lead deleted", 0.01), refused + 5 * DAY, never),
            "junk": np.where(
                dice.happens(key, "junk lead", 0.04), dice.whole(key, "junk word", 0, len(names.JUNK) - 1), -1
            ),
            "source": dice.pick(key, "lead source", 30, 20, 15, 15, 10, 5, 5),
            "seller": dice.whole(key, "seller", 0, len(manner.words.SELLERS) - 1),
            "name": dice.whole(key, "lead name", 0, len(names.SURNAMES) - 1),
        }
    )


def first_customers(firms: pl.DataFrame, founding: pl.DataFrame) -> np.ndarray:
    """The first month in which a firm may order of itself: a new one only after its first deal brought an order."""
    born, in_crm = firms["born"].to_numpy(), firms["in_crm"].to_numpy()
    eligible = np.where(firms["is_opening"].to_numpy(), 0, np.where(~in_crm, born + 1, NEVER))
    eligible[founding["firm"].to_numpy()] = founding["month"].to_numpy()
    return eligible
