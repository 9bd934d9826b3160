"""What leaves the house for an order, and what it cost."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.orders import FAR, WAVES
from pipelines.sandbox.clock import day_of
from pipelines.sandbox.dice import Dice


def _pieces(lines: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per order line and delivery, the discount shared so that the parts sum to the whole."""
    times = orders.select(
        "order", "together", "t_undone", *[f"t_{what}_{w}" for what in ("left", "invoiced") for w in range(WAVES)]
    )
    known = lines.join(times, on="order", how="left", maintain_order="left")
    parts, before = [], pl.lit(0)
    for wave in range(WAVES):
        after = before + pl.col(f"q{wave}")
        share = [(pl.col("discount") * 2 * q + pl.col("quantity")) // (2 * pl.col("quantity")) for q in (before, after)]
        parts.append(
            known.filter((pl.col(f"q{wave}") > 0) & (pl.col(f"t_left_{wave}") < FAR)).select(
                "order",
                "line",
                "line_key",
                "firm",
                "item",
                "is_service",
                "price",
                "warehouse",
                "together",
                "t_undone",
                wave=pl.lit(wave),
                pieces=pl.col(f"q{wave}"),
                discount=share[1] - share[0],
                t_left=pl.col(f"t_left_{wave}"),
                t_invoiced=pl.col(f"t_invoiced_{wave}"),
            )
        )
        before = after
    return pl.concat(parts)


def deliveries(lines: pl.DataFrame, orders: pl.DataFrame, items: pl.DataFrame, dice: Dice) -> pl.DataFrame:
    """One row per line of a delivery, with the cost of the day it left (hundredths of a zloty)."""
    rows = _pieces(lines, orders)
    delivery = rows["order"].to_numpy() * 4 + rows["wave"].to_numpy()
    _, unit = catalogue.on_day(items, rows["item"].to_numpy(), day_of(rows["t_left"].to_numpy()))
    unit = unit * (0.97 + 0.06 * dice.share(rows["line_key"].to_numpy(), "cost of the day"))
    # All deliveries on one invoice carry the key of the first.
    wave = np.where(rows["together"].to_numpy(), 0, rows["wave"].to_numpy())
    return rows.with_columns(
        delivery=pl.Series(delivery),
        piece=pl.col("line_key") * 4 + pl.col("wave"),
        cost=pl.Series(np.round(unit * rows["pieces"].to_numpy()).astype(np.int64)),
        net=pl.col("pieces") * pl.col("price") - pl.col("discount"),
        invoice=pl.col("order") * 16 + pl.Series(wave),
    )
