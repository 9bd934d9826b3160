"""When the cost of what was sold is booked, and what is corrected later."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, day_of
from pipelines.sandbox.dice import Dice


def value_entries(
    dice: Dice, manner: Manner, pieces: pl.DataFrame, notes: pl.DataFrame, items: pl.DataFrame
) -> pl.DataFrame:
    """One row per posting of cost: with the invoice, later as an adjustment, back with a return."""
    comes_late = items["cost_kind"].to_numpy() == 2
    sold = pieces.filter(pl.col("t_invoiced") < FAR)
    sold = sold.with_columns(late=pl.Series(comes_late[sold["item"].to_numpy()]))
    columns = ["invoice", "piece", "firm", "item", "warehouse"]
    sale = sold.select(
        *columns,
        "pieces",
        "net",
        is_note=pl.lit(False),
        is_adjustment=pl.lit(False),
        cost=pl.when("late").then(0).otherwise("cost"),
        t_posted=pl.col("t_invoiced"),
    )
    back = notes.filter(pl.col("item") >= 0)
    never_known = pl.Series(comes_late[back["item"].to_numpy()]) & (pl.col("fate") == 3)
    back = back.select(
        *columns,
        pieces=-pl.col("pieces"),
        net=-pl.col("net"),
        is_note=pl.lit(True),
        is_adjustment=pl.lit(False),
        cost=pl.when(never_known).then(0).otherwise(-pl.col("cost")),
        t_posted="t_posted",
    )
    every = pl.concat([sale, _adjustments(dice, manner, sold, columns), back])
    return every.sort("t_posted", "is_note", "invoice", "piece", "is_adjustment")


def _adjustments(dice: Dice, manner: Manner, sold: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The purchase invoice came a month later, and with it the true cost."""
    piece, cost = sold["piece"].to_numpy(), sold["cost"].to_numpy()
    drift = np.round(cost * (dice.share(piece, "by how much") - 0.3) * 0.2).astype(np.int64)
    drift = np.where(dice.happens(piece, "cost adjusted", manner.cost_adjusted), drift, 0)
    day = day_of(sold["t_invoiced"].to_numpy()) + dice.whole(piece, "days to adjust", 26, 44)
    rows = sold.with_columns(
        delta=pl.when("late").then("cost").otherwise(pl.Series(drift)), when=pl.Series(day * DAY + 19 * 3600)
    )
    return rows.filter((pl.col("delta") != 0) & (pl.col("t_undone") >= FAR)).select(
        *columns,
        pieces=pl.lit(0, pl.Int64),
        net=pl.lit(0, pl.Int64),
        is_note=pl.lit(False),
        is_adjustment=pl.lit(True),
        cost="delta",
        t_posted="when",
    )
