"""What is given back: returns, allowances, and invoices undone in full."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.invoicing import booked
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import NEVER, at, day_of, working_day
from pipelines.sandbox.dice import Dice

ALLOWANCE_LINE = 15


def credited(
    dice: Dice, manner: Manner, invoices: pl.DataFrame, pieces: pl.DataFrame, items: pl.DataFrame
) -> pl.DataFrame:
    """One row per piece a credit note gives back: returns, allowances, and invoices undone in full."""
    key = invoices["invoice"].to_numpy()
    posted = invoices["t_posted"].to_numpy()
    fate = dice.pick(key, "credited", 93, 5, 2)
    fate = np.where((invoices["t_undone"] < FAR).to_numpy(), 3, np.where(posted < FAR, fate, 0))
    later = working_day(np.minimum(day_of(posted), NEVER) + dice.whole(key, "days to the credit note", 12, 45))
    when = np.where(fate == 3, invoices["t_undone"].to_numpy(), at(later, 10 + 4 * dice.share(key, "credit hour")))
    notes = invoices.select("invoice", currency="currency").with_columns(
        fate=pl.Series(fate),
        t_posted=pl.Series(when),
        is_linked=pl.Series((fate > 1) | dice.happens(key, "names its invoice", manner.names_invoice)),
    )
    rows = pieces.join(notes.filter(pl.col("fate") > 0), on="invoice", how="inner", maintain_order="left")
    undone = rows.filter(pl.col("fate") == 3)
    first = rows.filter((pl.col("fate") < 3) & (pl.col("line") == pl.col("line").min().over("invoice"))).unique(
        "invoice", keep="first", maintain_order=True
    )
    many = dice.whole(first["invoice"].to_numpy(), "pieces returned", 1, first["pieces"].to_numpy())
    returned = (
        first.with_columns(back=pl.Series(many))
        .filter(pl.col("fate") == 1)
        .with_columns(
            discount=(pl.col("discount") * 2 * pl.col("back") + pl.col("pieces")) // (2 * pl.col("pieces")),
            cost=(pl.col("cost") * 2 * pl.col("back") + pl.col("pieces")) // (2 * pl.col("pieces")),
        )
    )
    # A third of what comes back is scrap and gives no cost back. A note on goods of unknown cost names its invoice.
    has_cost = pl.Series((items["cost_kind"] == 0).to_numpy()[returned["item"].to_numpy()])
    scrapped = pl.Series(dice.happens(returned["invoice"].to_numpy(), "scrapped", manner.scrapped)) & has_cost
    returned = returned.with_columns(
        pieces=pl.col("back"),
        net=pl.col("back") * pl.col("price") - pl.col("discount"),
        is_linked=pl.col("is_linked") | ~has_cost,
        cost=pl.when(scrapped).then(0).otherwise("cost"),
    )
    allowed = first.filter(pl.col("fate") == 2).with_columns(
        price=(pl.col("net") // 10).clip(1),
        net=(pl.col("net") // 10).clip(1),
        pieces=pl.lit(1, pl.Int64),
        cost=pl.lit(0, pl.Int64),
        discount=pl.lit(0, pl.Int64),
        item=pl.lit(-1, pl.Int64),
        line=pl.lit(ALLOWANCE_LINE, pl.Int64),
        is_service=pl.lit(True),
    )
    every = pl.concat([undone, returned.select(undone.columns), allowed.select(undone.columns)])
    return every.with_columns(note=pl.col("invoice"))


def note_headers(rows: pl.DataFrame, invoices: pl.DataFrame, firms: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """One row per credit note. One that names its invoice keeps that invoice's rate."""
    frame = rows.group_by("note", maintain_order=True).agg(
        pl.col("order", "firm", "t_posted", "fate", "is_linked").first(), pl.col("net").sum()
    )
    original = frame.join(invoices.select(note="invoice", old="rate"), on="note", how="left", maintain_order="left")[
        "old"
    ]
    own = catalogue.rate_on(rates, day_of(frame["t_posted"].to_numpy()))
    return booked(frame, firms, np.where(frame["is_linked"].to_numpy(), original.to_numpy(), own))
