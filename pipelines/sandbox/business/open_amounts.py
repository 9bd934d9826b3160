"""What is open of every document, and when it was settled."""

import polars as pl

from pipelines.sandbox.business.settlements import INVOICE, NOTE


def open_amounts(company) -> pl.DataFrame:
    """What each posted document still has open today, in its currency: credit is negative."""
    entries = company.known_entries.select("kind", "key", "number", "currency", "customer", "amount", "t")
    taken = company.known_settlements
    used = (
        taken.filter(pl.col("what") == "Application")
        .group_by("kind", "key")
        .agg(back=pl.col("amount").sum(), t_used=pl.col("t").max())
    )
    settled = (
        taken.group_by(key="invoice")
        .agg(off=pl.col("amount").sum(), t_off=pl.col("t").max())
        .with_columns(kind=pl.lit(INVOICE))
    )
    refunded = company.refunds.filter(pl.col("t_refund") <= company.now)
    paid_back = pl.concat(
        [
            refunded.select(kind=pl.lit(kind), key="note", sent=pl.col("gross"), t_sent="t_refund")
            for kind in (NOTE, NOTE + 2)
        ]
    )
    frame = entries
    for other in (used, settled, paid_back):
        frame = frame.join(other, on=["kind", "key"], how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("back", "off", "sent").fill_null(0))
    left = pl.col("amount").abs() - pl.col("back") - pl.col("off") - pl.col("sent")
    return frame.select(
        "kind",
        "key",
        "number",
        "currency",
        "customer",
        "t",
        "amount",
        left=left * pl.col("amount").sign(),
        t_settled=pl.max_horizontal("t_used", "t_off", "t_sent"),
    )
