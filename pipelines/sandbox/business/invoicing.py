"""What is billed: deliveries of orders, some of them twice after an error, and sales without an order."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.firms import count
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import EURO, FAR
from pipelines.sandbox.business.sales import day_in
from pipelines.sandbox.clock import at, day_of, working_day
from pipelines.sandbox.dice import Dice

# Kinds of invoice key: one of an order's deliveries, its first one again after an error, one without an order.
AGAIN, DIRECT = 7, 8
VAT = 23


def _direct(
    dice: Dice,
    manner: Manner,
    scale: float,
    months: list,
    firms: pl.DataFrame,
    eligible: np.ndarray,
    items: pl.DataFrame,
) -> pl.DataFrame:
    """Lines of invoices without an order: services and goods over the counter."""
    keys, firm_of = [], []
    for month in range(len(months)):
        key = (month << 24) + np.arange(count(scale, manner.direct_invoices, month))
        known = np.flatnonzero(eligible <= month)
        keys.append(key)
        firm_of.append(known[np.floor(dice.share(key, "firm of the direct invoice") * len(known)).astype(np.int64)])
    key, firm = np.concatenate(keys), np.concatenate(firm_of)
    drafted = at(
        day_in(dice, key, "day of the direct invoice", key >> 24, months), 8 + 5 * dice.share(key, "draft hour")
    )
    posted = at(
        working_day(day_of(drafted), dice.whole(key, "days a draft", 0, 3)), 14 + 4 * dice.share(key, "posting hour")
    )
    dropped = dice.happens(key, "draft dropped", 0.04)
    undone = dice.happens(key, "direct invoice was wrong", 0.12) & ~dropped
    frame = pl.DataFrame(
        {
            "key": key,
            "firm": firm,
            "t_drafted": drafted,
            "t_dropped": np.where(dropped, posted, FAR),
            "t_left": np.where(dropped, FAR, posted),
            "t_undone": np.where(undone, at(working_day(day_of(posted), 2), 9 + dice.share(key, "undone hour")), FAR),
            "line": np.zeros(len(key), np.int64),
        }
    )
    second = frame.filter(pl.Series(dice.happens(key, "a second line", 0.4))).with_columns(line=pl.lit(1, pl.Int64))
    rows = pl.concat([frame, second])
    line_key = rows["key"].to_numpy() * 16 + rows["line"].to_numpy() + (1 << 58)
    services = catalogue.sold(items, manner)
    is_extra = (rows["line"] == 0).to_numpy() & dice.happens(rows["key"].to_numpy(), "is a service", 0.6)
    item = np.where(
        is_extra, services + dice.whole(line_key, "service", 1, 3), dice.whole(line_key, "item", 0, services - 1)
    )
    price, unit = catalogue.on_day(items, item, day_of(np.minimum(rows["t_left"].to_numpy(), FAR)))
    is_euro = (firms["currency"] == "EUR").to_numpy()[rows["firm"].to_numpy()]
    price = np.maximum(np.where(is_euro, np.round(price / EURO), price), 1).astype(np.int64)
    pieces = np.where(is_extra, 1, dice.whole(line_key, "quantity", 1, 6))
    return rows.select("firm", "line", "t_left", "t_drafted", "t_dropped", "t_undone").with_columns(
        order=pl.lit(-1, pl.Int64),
        line_key=pl.Series(line_key),
        item=pl.Series(item),
        is_service=pl.Series(is_extra | (not manner.ships)),
        price=pl.Series(price),
        warehouse=firms["warehouse"].gather(rows["firm"]),
        wave=pl.lit(0, pl.Int32),
        pieces=pl.Series(pieces),
        discount=pl.lit(0, pl.Int64),
        t_invoiced=pl.col("t_left"),
        delivery=pl.lit(-1, pl.Int64),
        piece=pl.Series(line_key * 4),
        cost=pl.Series(np.where(pieces > 0, unit * pieces, 0)),
        net=pl.Series(pieces * price),
        invoice=rows["key"] * 16 + (1 << 60) + DIRECT,
    )


def invoiced(
    dice: Dice,
    manner: Manner,
    scale: float,
    months: list,
    firms: pl.DataFrame,
    eligible: np.ndarray,
    items: pl.DataFrame,
    left: pl.DataFrame,
) -> pl.DataFrame:
    """One row per piece that an invoice bills; a piece billed again after an error has two."""
    ordered = left.select(
        "invoice",
        "order",
        "line",
        "line_key",
        "piece",
        "firm",
        "item",
        "is_service",
        "price",
        "warehouse",
        "pieces",
        "discount",
        "net",
        "cost",
        "delivery",
        "t_invoiced",
        "t_left",
        t_drafted=pl.lit(FAR),
        t_dropped=pl.lit(FAR),
        t_undone=pl.when(pl.col("wave") == 0).then(pl.col("t_undone")).otherwise(FAR),
    )
    again = ordered.filter(pl.col("t_undone") < FAR).with_columns(
        invoice=pl.col("invoice") + AGAIN, t_invoiced=pl.col("t_undone") + 1800, t_undone=pl.lit(FAR)
    )
    direct = _direct(dice, manner, scale, months, firms, eligible, items).select(ordered.columns)
    return pl.concat([ordered, again, direct.cast(dict(ordered.schema))])


def headers(dice: Dice, pieces: pl.DataFrame, firms: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice, booked in zloty at the rate of its posting day."""
    frame = pieces.group_by("invoice", maintain_order=True).agg(
        pl.col("order").first(),
        pl.col("firm").first(),
        pl.col("t_invoiced").max().alias("t_posted"),
        pl.col("t_undone").min(),
        pl.col("t_drafted").first(),
        pl.col("t_dropped").first(),
        pl.col("net").sum(),
    )
    return booked(frame, firms, catalogue.rate_on(rates, day_of(frame["t_posted"].to_numpy())))


def booked(documents: pl.DataFrame, firms: pl.DataFrame, rate: np.ndarray) -> pl.DataFrame:
    """Tax, gross and the zloty amounts of documents with `firm` and `net`."""
    currency = firms["currency"].gather(documents["firm"])
    is_euro = (currency == "EUR").to_numpy()
    net = documents["net"].to_numpy()
    tax = np.where(is_euro, 0, (net * VAT * 2 + 100) // 200)
    in_zloty = np.where(is_euro, (net * rate * 2 + 10_000) // 20_000, net)
    return documents.with_columns(
        currency=currency,
        rate=pl.Series(np.where(is_euro, rate, 10_000)),
        tax=pl.Series(tax),
        gross=pl.Series(net + tax),
        net_zloty=pl.Series(in_zloty),
        gross_zloty=pl.Series(in_zloty + tax),
    )
