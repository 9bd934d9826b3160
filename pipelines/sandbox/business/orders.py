"""Which orders come, and when: of themselves, or because a deal was won."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.firms import count
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.sales import day_in
from pipelines.sandbox.clock import DAY, NEVER, day_of, working_day
from pipelines.sandbox.dice import Dice

FROM_DEALS = 1 << 50
FAR = NEVER * DAY
EURO = 4.35  # what the price list takes a euro for
WAVES = 3  # an order leaves the house in so many deliveries at most


def from_deals(dice: Dice, manner: Manner, deals: pl.DataFrame) -> pl.DataFrame:
    """Orders that follow won deals: the first within days, call-offs later."""
    rows = deals.filter(pl.col("orders") > 0).select("deal", "firm", "t_won", "orders", "is_founding")
    rows = rows.with_columns(call=pl.int_ranges(0, pl.col("orders"))).explode("call")
    deal, call = rows["deal"].to_numpy(), rows["call"].to_numpy()
    key = FROM_DEALS + deal * 8 + call
    first = dice.whole(deal, "days from won to order", *manner.days_to_order)
    later = np.cumsum([dice.whole(deal, f"days to call-off {place}", 12, 35) for place in range(5)], axis=0)
    wait = first + np.where(call > 0, later[np.maximum(call - 1, 0), np.arange(len(call))], 0)
    day = np.maximum(working_day(day_of(rows["t_won"].to_numpy()), wait), day_of(rows["t_won"].to_numpy()) + 1)
    day = working_day(day)
    return rows.select("deal", "firm", "call", "is_founding").with_columns(
        order=pl.Series(key), day=pl.Series(day, dtype=pl.Int64)
    )


def of_themselves(
    dice: Dice,
    manner: Manner,
    scale: float,
    months: list[tuple[int, int]],
    firms: pl.DataFrame,
    eligible: np.ndarray,
) -> pl.DataFrame:
    """Orders of firms that simply order."""
    keys, firm_of = [], []
    for month in range(len(months)):
        key = (month << 24) + np.arange(count(scale, manner.orders, month))
        known = np.flatnonzero(eligible <= month)
        weight = np.cumsum(firms["weight"].to_numpy()[known])
        keys.append(key)
        firm_of.append(known[np.searchsorted(weight, dice.share(key, "firm of the order") * weight[-1], side="right")])
    key = np.concatenate(keys)
    return pl.DataFrame(
        {
            "order": key,
            "firm": np.concatenate(firm_of),
            "deal": np.full(len(key), -1),
            "call": np.zeros(len(key), np.int64),
            "day": day_in(dice, key, "day of the order", key >> 24, months),
        }
    )
