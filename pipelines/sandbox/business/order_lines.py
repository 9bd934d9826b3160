"""What an order is for: its lines, and how much of each leaves with which delivery."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import EURO
from pipelines.sandbox.dice import Dice


def lines(dice: Dice, manner: Manner, orders: pl.DataFrame, firms: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One row per order line, amounts in hundredths of the order's currency."""
    order = orders["order"].to_numpy()
    many = 1 + np.minimum(dice.skewed(order, "number of lines", *manner.lines), 7).astype(np.int64)
    has_transport = dice.happens(order, "with transport", manner.transport)
    frame = orders.select("order", "day", "firm", "waves", "warehouse").with_columns(
        line=pl.int_ranges(0, pl.Series(many + has_transport)), goods_lines=pl.Series(many)
    )
    frame = frame.explode("line")
    key = frame["order"].to_numpy() * 16 + frame["line"].to_numpy()
    goods_count = catalogue.sold(items, manner)
    is_extra = (frame["line"] == frame["goods_lines"]).to_numpy()
    # Neighbours in the catalogue, so that no item stands twice in one order.
    first = np.floor(dice.share(frame["order"].to_numpy(), "first item") ** 1.5 * goods_count).astype(np.int64)
    stride = goods_count // 11
    item = np.where(is_extra, goods_count, (first + frame["line"].to_numpy() * stride) % goods_count)
    quantity = np.where(is_extra, 1, dice.skewed(key, "quantity", *manner.quantity).astype(np.int64) + 1)
    first_of_several = (frame["line"] == 0).to_numpy() & (frame["waves"] > 1).to_numpy()
    quantity = np.where(first_of_several, np.maximum(quantity, manner.several_pieces), quantity)
    is_euro = (firms["currency"] == "EUR").to_numpy()[frame["firm"].to_numpy()]
    price, _ = catalogue.on_day(items, item, frame["day"].to_numpy())
    price = np.maximum(np.where(is_euro, np.round(price / EURO), price), 1).astype(np.int64)
    percent = np.array([0, 5, 10, 15])[dice.pick(key, "discount", 55, 20, 15, 10)]
    percent = np.maximum(percent, firms["agreed_discount"].to_numpy()[frame["firm"].to_numpy()])
    percent = np.where(is_extra, 0, percent)
    elsewhere = dice.happens(key, "from another warehouse", 0.08)
    warehouse = np.where(
        elsewhere, dice.whole(key, "which warehouse", 0, manner.warehouses - 1), frame["warehouse"].to_numpy()
    )
    discount = (quantity * price * percent + 50) // 100
    return frame.select("order", "line", "firm").with_columns(
        line_key=pl.Series(key),
        item=pl.Series(item),
        is_service=pl.Series(is_extra | (not manner.ships)),
        quantity=pl.Series(quantity),
        price=pl.Series(price),
        discount=pl.Series(discount),
        net=pl.Series(quantity * price - discount),
        warehouse=pl.Series(warehouse),
        **_split(dice, frame, key, quantity, is_extra),
    )


def _split(dice: Dice, frame: pl.DataFrame, key: np.ndarray, quantity: np.ndarray, is_extra: np.ndarray) -> dict:
    """How much of a line leaves with each delivery: q0, q1, q2."""
    waves = frame["waves"].to_numpy()
    manner = dice.pick(key, "manner of delivery", 40, 30, 30)
    manner = np.where(is_extra, 0, np.where((frame["line"] == 0).to_numpy(), 1, manner))
    part = np.where(manner == 0, quantity, np.where(manner == 1, (quantity + 1) // 2, 0))
    q0 = np.where(waves == 1, quantity, part)
    rest = quantity - q0
    q1 = np.where(waves == 2, rest, np.where(waves == 3, (rest + 1) // 2, 0))
    return {"q0": pl.Series(q0), "q1": pl.Series(q1), "q2": pl.Series(rest - q1)}
