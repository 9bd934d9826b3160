"""What is sold: items with prices and costs that change, and the rates of the day."""

from datetime import date

import numpy as np
import polars as pl

from pipelines.sandbox import published_rates
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.clock import START, number, working_days
from pipelines.sandbox.dice import Dice

FIRST_RATE = 4.45
# Day of a new price list, and by how much prices and costs rise. From 2026 on every March.
PRICE_LISTS = [("2024-03-04", 0.04, 0.03), ("2025-02-03", 0.03, 0.05), ("2025-09-01", -0.01, 0.02)]


def price_lists(last: int) -> list[tuple[int, float, float]]:
    later = [(number(date(year, 3, 2)), 0.04, 0.04) for year in range(2026, 2051)]
    return [
        rise for rise in [(number(date.fromisoformat(d)), p, c) for d, p, c in PRICE_LISTS] + later if rise[0] <= last
    ]


def items(dice: Dice, manner: Manner, scale: float) -> pl.DataFrame:
    """One row per item of the ERP; the last ones are services."""
    words, most = manner.words, manner.items
    is_work = not manner.ships
    count = int(most * max(1, min(scale, 10) ** 0.5)) if scale >= 1 else max(60, int(most * scale))
    item = np.arange(count)
    family = item % len(words.FAMILIES)
    low = np.array([row[3] for row in words.FAMILIES])[family]
    high = np.array([row[4] for row in words.FAMILIES])[family]
    price = np.round((low + (high - low) * dice.share(item, "list price") ** 2) * 100).astype(np.int64)
    goods = pl.DataFrame(
        {
            "item": item,
            "number": np.char.add(
                np.array([row[1] for row in words.FAMILIES])[family], np.char.add("-", (1000 + item).astype(str))
            ),
            "name": np.char.add(
                np.array([row[2] for row in words.FAMILIES])[family], np.char.add(" ", (1000 + item).astype(str))
            ),
            "family": np.array([row[0] for row in words.FAMILIES])[family],
            "price": price,
            "cost": np.round(price * (0.55 + 0.35 * dice.share(item, "cost share"))).astype(np.int64),
            "changes_price": dice.happens(item, "follows the price list", 0.8),
            # Nobody entered a cost; or it comes a month late.
            "cost_kind": dice.pick(item, "cost known", *manner.cost_known),
            "is_service": np.full(count, is_work),
        }
    )
    services = pl.DataFrame(
        {
            "item": np.arange(count, count + len(words.SERVICES)),
            "number": [row[0] for row in words.SERVICES],
            "name": [row[1] for row in words.SERVICES],
            "family": ["SERVICES"] * len(words.SERVICES),
            "price": [row[2] for row in words.SERVICES],
            "cost": [row[3] for row in words.SERVICES],
            "changes_price": [False] * len(words.SERVICES),
            "cost_kind": [0] * len(words.SERVICES),
            "is_service": [True] * len(words.SERVICES),
        }
    )
    return pl.concat([goods, services.cast(dict(goods.schema))])


def sold(items: pl.DataFrame, manner: Manner) -> int:
    """How many items of the catalogue are what the firm lives by: the services behind them only go with it."""
    return items.height - len(manner.words.SERVICES)


def on_day(goods: pl.DataFrame, item: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List price and unit cost in hundredths of a zloty on that day."""
    follows = goods["changes_price"].to_numpy()[item]
    price, cost = goods["price"].to_numpy()[item].astype(float), goods["cost"].to_numpy()[item].astype(float)
    for day, price_rise, cost_rise in price_lists(int(np.max(days, initial=0))):
        rises = follows & (days >= day)
        price, cost = np.where(rises, price * (1 + price_rise), price), np.where(rises, cost * (1 + cost_rise), cost)
    cost = np.where(goods["cost_kind"].to_numpy()[item] == 1, 0, cost)
    return np.round(price).astype(np.int64), np.round(cost).astype(np.int64)


def rates(dice: Dice, last: int) -> pl.DataFrame:
    """Zloty for a euro in ten-thousandths: published on working days, slowly wandering about."""
    days = working_days(number(START) - 40, last)
    steps = dice.normal(days, "rate of the day") * 0.006
    level = np.empty(len(days))
    rate = FIRST_RATE
    for place, step in enumerate(steps):
        rate += step + (4.35 - rate) * 0.01
        level[place] = rate
    return pl.DataFrame({"day": days, "rate": np.round(level * 10_000).astype(np.int64)})


def published(until: date) -> pl.DataFrame:
    """Zloty for a euro in ten-thousandths, as the National Bank of Poland publishes them."""
    told = published_rates.tables("nbp", until)
    rows = [(number(day), round(float(rates["EUR"]) * 10_000)) for day, rates in told.items()]
    return pl.DataFrame(rows, schema={"day": pl.Int64, "rate": pl.Int64}, orient="row").sort("day")


def rate_on(table: pl.DataFrame, days: np.ndarray) -> np.ndarray:
    """The last published rate on or before the day."""
    place = np.searchsorted(table["day"].to_numpy(), days, side="right") - 1
    return table["rate"].to_numpy()[np.clip(place, 0, len(table) - 1)]
