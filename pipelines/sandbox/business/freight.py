"""What the carrier is paid for a delivery, on an invoice that comes days after it."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.clock import DAY, at, day_of, working_day
from pipelines.sandbox.dice import Dice

CARRIERS = 3


def freight(dice: Dice, manner: Manner, left: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """One row per delivery that a carrier took, in hundredths of a zloty; some customers fetch their goods."""
    goods = left.filter(~pl.col("is_service")).sort("delivery", "line")
    rows = goods.group_by("delivery", maintain_order=True).agg(
        pl.col("order", "firm", "piece", "item", "warehouse", "t_left").first(), pl.col("pieces").sum()
    )
    key = rows["delivery"].to_numpy()
    is_abroad = (firms["country"] != "PL").to_numpy()[rows["firm"].to_numpy()]
    base = dice.skewed(key, "price of the carriage", manner.carriage, 0.35) * np.where(is_abroad, 2.6, 1)
    amount = np.round(base + 90 * rows["pieces"].to_numpy()).astype(np.int64)
    day = working_day(day_of(rows["t_left"].to_numpy()), dice.whole(key, "days to the carrier's invoice", 2, 18))
    rows = rows.with_columns(
        freight=pl.Series(amount),
        carrier=pl.Series(dice.whole(key, "carrier", 1, CARRIERS)),
        t_posted=pl.Series(at(day, 12 + dice.share(key, "hour of the carrier's invoice"))),
    )
    return rows.filter(pl.Series(~dice.happens(key, "fetched by the customer", 0.12)))


def known(company) -> pl.DataFrame:
    """Freight booked until today; each carrier sends one invoice a day, which charges its deliveries one by one."""
    day = pl.col("t_posted") // DAY
    number = pl.format("FR-{}-{}", day.cast(pl.Int32).cast(pl.Date).dt.strftime("%y%m%d"), pl.col("carrier"))
    rows = company.freight.filter(pl.col("t_posted") <= company.now)
    return rows.with_columns(document=number, vendor=pl.format("V200{}0", pl.col("carrier")))
