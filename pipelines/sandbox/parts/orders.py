"""Orders and their lines: when they came, were approved, confirmed, promised, shipped, invoiced or called off."""

import numpy as np
import polars as pl

from pipelines.sandbox.clock import DAY, NEVER, at, day_of, working_day
from pipelines.sandbox.dice import Dice
from pipelines.sandbox.parts import goods as catalogue
from pipelines.sandbox.parts.firms import count
from pipelines.sandbox.parts.sales import day_in

ORDERS_A_MONTH = 292
FROM_DEALS = 1 << 50
FAR = NEVER * DAY
EURO = 4.35  # what the price list takes a euro for
WAVES = 3  # an order leaves the house in so many deliveries at most


def from_deals(dice: Dice, deals: pl.DataFrame) -> pl.DataFrame:
    """Orders that follow won deals: the first within days, call-offs later."""
    rows = deals.filter(pl.col("orders") > 0).select("deal", "firm", "t_won", "orders", "is_founding")
    rows = rows.with_columns(call=pl.int_ranges(0, pl.col("orders"))).explode("call")
    deal, call = rows["deal"].to_numpy(), rows["call"].to_numpy()
    key = FROM_DEALS + deal * 8 + call
    first = dice.whole(deal, "days from won to order", 0, 8)
    later = np.cumsum([dice.whole(deal, f"days to call-off {place}", 12, 35) for place in range(5)], axis=0)
    wait = first + np.where(call > 0, later[np.maximum(call - 1, 0), np.arange(len(call))], 0)
    day = np.maximum(working_day(day_of(rows["t_won"].to_numpy()), wait), day_of(rows["t_won"].to_numpy()) + 1)
    day = working_day(day)
    return rows.select("deal", "firm", "call", "is_founding").with_columns(
        order=pl.Series(key), day=pl.Series(day, dtype=pl.Int64)
    )


def of_themselves(
    dice: Dice, scale: float, months: list[tuple[int, int]], firms: pl.DataFrame, eligible: np.ndarray
) -> pl.DataFrame:
    """Orders of firms that simply order."""
    keys, firm_of = [], []
    for month in range(len(months)):
        key = (month << 24) + np.arange(count(scale, ORDERS_A_MONTH, month))
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


def lines(dice: Dice, orders: pl.DataFrame, firms: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One row per order line, amounts in hundredths of the order's currency."""
    order = orders["order"].to_numpy()
    many = 1 + np.minimum(dice.skewed(order, "number of lines", 1.6, 0.8), 7).astype(np.int64)
    has_transport = dice.happens(order, "with transport", 0.15)
    frame = orders.select("order", "day", "firm", "waves", "warehouse").with_columns(
        line=pl.int_ranges(0, pl.Series(many + has_transport)), goods_lines=pl.Series(many)
    )
    frame = frame.explode("line")
    key = frame["order"].to_numpy() * 16 + frame["line"].to_numpy()
    goods_count = int((~items["is_service"]).sum())
    is_service = (frame["line"] == frame["goods_lines"]).to_numpy()
    # Neighbours in the catalogue, so that no item stands twice in one order.
    first = np.floor(dice.share(frame["order"].to_numpy(), "first item") ** 1.5 * goods_count).astype(np.int64)
    stride = goods_count // 11
    item = np.where(is_service, goods_count, (first + frame["line"].to_numpy() * stride) % goods_count)
    quantity = np.where(is_service, 1, dice.skewed(key, "quantity", 4, 0.9).astype(np.int64) + 1)
    first_of_several = (frame["line"] == 0).to_numpy() & (frame["waves"] > 1).to_numpy()
    quantity = np.where(first_of_several, np.maximum(quantity, 6), quantity)
    is_euro = (firms["currency"] == "EUR").to_numpy()[frame["firm"].to_numpy()]
    price, _ = catalogue.on_day(items, item, frame["day"].to_numpy())
    price = np.maximum(np.where(is_euro, np.round(price / EURO), price), 1).astype(np.int64)
    percent = np.where(is_service, 0, np.array([0, 5, 10, 15])[dice.pick(key, "discount", 55, 20, 15, 10)])
    elsewhere = dice.happens(key, "from another warehouse", 0.08)
    warehouse = np.where(elsewhere, dice.whole(key, "which warehouse", 0, 4), frame["warehouse"].to_numpy())
    discount = (quantity * price * percent + 50) // 100
    return frame.select("order", "line", "firm").with_columns(
        line_key=pl.Series(key),
        item=pl.Series(item),
        is_service=pl.Series(is_service),
        quantity=pl.Series(quantity),
        price=pl.Series(price),
        discount=pl.Series(discount),
        net=pl.Series(quantity * price - discount),
        warehouse=pl.Series(warehouse),
        **_split(dice, frame, key, quantity, is_service),
    )


def _split(dice: Dice, frame: pl.DataFrame, key: np.ndarray, quantity: np.ndarray, is_service: np.ndarray) -> dict:
    """How much of a line leaves with each delivery: q0, q1, q2."""
    waves = frame["waves"].to_numpy()
    manner = dice.pick(key, "manner of delivery", 40, 30, 30)
    manner = np.where(is_service, 0, np.where((frame["line"] == 0).to_numpy(), 1, manner))
    part = np.where(manner == 0, quantity, np.where(manner == 1, (quantity + 1) // 2, 0))
    q0 = np.where(waves == 1, quantity, part)
    rest = quantity - q0
    q1 = np.where(waves == 2, rest, np.where(waves == 3, (rest + 1) // 2, 0))
    return {"q0": pl.Series(q0), "q1": pl.Series(q1), "q2": pl.Series(rest - q1)}


def course(dice: Dice, orders: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Every time in an order's life, the future included; what will not happen is in the far future."""
    order, day = orders["order"].to_numpy(), orders["day"].to_numpy()
    firm = orders["firm"].to_numpy()

    def hour(what: str, low: float, high: float) -> np.ndarray:
        return low + (high - low) * dice.share(order, what + ", hour")

    created = at(day, hour("created", 7, 13))
    needs_approval = dice.happens(order, "needs approval", 0.1)
    submitted = np.where(needs_approval, created + dice.whole(order, "minutes to submit", 10, 40) * 60, FAR)
    rejected = needs_approval & dice.happens(order, "rejected first", 0.08)
    thinking = dice.pick(order, "days to approve", 40, 25, 15, 10, 5, 5) * 2
    decided_day = working_day(day, thinking)
    rejected_at = np.where(rejected, at(decided_day, hour("rejected", 14.5, 15.5)), FAR)
    resubmitted = np.where(rejected, at(working_day(decided_day, 1), hour("resubmitted", 8, 9)), FAR)
    decided_day = np.where(rejected, working_day(decided_day, 2), decided_day)
    decided = np.where(needs_approval, at(decided_day, hour("approved", 13.8, 14.8)), FAR)
    is_stuck = dice.happens(order, "left as a draft", 0.004)
    decided = np.where(is_stuck, FAR, decided)
    released = np.where(needs_approval, decided + 300, created + dice.whole(order, "minutes to release", 5, 90) * 60)
    released = np.where(is_stuck, FAR, released)
    release_day = np.minimum(day_of(released), NEVER)
    confirm_day = working_day(release_day, dice.pick(order, "days to confirm", 70, 25, 5))
    confirmed = np.where(is_stuck, FAR, at(confirm_day, hour("confirmed", 15, 16)))

    asked = working_day(day, dice.whole(order, "days asked for", 3, 14))
    swapped = dice.happens(order, "dates swapped", 0.006)
    requested = np.where(dice.happens(order, "no date asked for", 0.05), NEVER, np.where(swapped, day - 9, asked))
    lead = working_day(confirm_day, dice.whole(order, "days of delivery", 1, 4))
    slack = np.where(dice.happens(order, "not in stock", 0.12), dice.whole(order, "days of waiting", 2, 10), 0)
    promised = working_day(np.maximum(lead, np.where(requested == NEVER, 0, requested)), slack)
    frame = orders.with_columns(
        t_created=pl.Series(created),
        t_submitted=pl.Series(submitted),
        t_rejected=pl.Series(rejected_at),
        t_resubmitted=pl.Series(resubmitted),
        t_decided=pl.Series(decided),
        t_released=pl.Series(released),
        t_confirmed=pl.Series(confirmed),
        requested=pl.Series(requested),
        promised_first=pl.Series(promised),
        currency=firms["currency"].gather(firm),
    )
    return frame.with_columns(**_deliveries(dice, frame, hour))


def _deliveries(dice: Dice, orders: pl.DataFrame, hour) -> dict[str, pl.Series]:
    order, waves = orders["order"].to_numpy(), orders["waves"].to_numpy()
    confirmed, first = orders["t_confirmed"].to_numpy(), orders["promised_first"].to_numpy()
    confirm_day = np.minimum(day_of(confirmed), NEVER)
    # A new promise before anything left; it is made between the confirmation and the old promise.
    room = np.maximum(first - confirm_day, 0)
    again = dice.happens(order, "promised again", 0.12) & (room >= 2) & (confirmed < FAR)
    again_day = working_day(confirm_day, 1)
    again &= again_day < first
    t_again = np.where(again, at(again_day, hour("promised again", 10, 11)), FAR)
    promised = np.where(again, working_day(first, dice.whole(order, "days later", 3, 12)), first)
    late = np.where(dice.happens(order, "late", 0.11), dice.whole(order, "days late", 1, 8), 0)
    early = dice.happens(order, "a day early", 0.3) & (late == 0)
    left_day = working_day(np.where(early, promised - 1, promised), late)
    left_day = np.maximum(left_day, working_day(confirm_day, 1))
    left_day = np.where(again, np.maximum(left_day, working_day(again_day, 1)), left_day)
    left = [np.where(confirmed < FAR, at(left_day, hour("first delivery", 9, 13)), FAR)]
    for wave in range(1, WAVES):
        left_day = working_day(left_day, dice.whole(order, f"days to delivery {wave}", 4, 12))
        left.append(np.where((waves > wave) & (confirmed < FAR), at(left_day, hour(f"delivery {wave}", 9, 13)), FAR))
    promises = {"t_again": pl.Series(t_again), "promised_again": pl.Series(promised)}
    return promises | _rest(dice, orders.with_columns(**promises), left, hour)


def _rest(dice: Dice, orders: pl.DataFrame, left: list[np.ndarray], hour) -> dict[str, pl.Series]:
    """Backorder promise, invoices, cancellation."""
    order, waves = orders["order"].to_numpy(), orders["waves"].to_numpy()
    first_left = np.minimum(day_of(left[0]), NEVER)
    lag = dice.pick(order, "days to invoice", 70, 15, 10, 5)
    together = dice.happens(order, "one invoice for all", 0.3) & (waves > 1)
    # The rest is called off after the first delivery was invoiced; or the whole before anything left.
    t_invoice_1 = at(working_day(first_left, lag), hour("invoice", 15, 18))
    shortened = dice.happens(order, "rest called off", 0.06) & (waves > 1) & (left[0] < FAR) & ~together
    confirmed_day = np.minimum(day_of(orders["t_confirmed"].to_numpy()), NEVER)
    called_off = dice.happens(order, "called off", 0.03) & (left[0] < FAR) & (first_left - confirmed_day >= 2)
    called_off &= orders["t_again"].to_numpy() == FAR
    cancelled = np.where(shortened, day_of(t_invoice_1) * DAY + DAY * 1 + 36_000, FAR)
    cancelled = np.where(called_off, at(first_left - 1, hour("called off", 11, 12)), cancelled)
    left = [np.where(called_off, FAR, left[0])] + [np.where(called_off | shortened, FAR, wave) for wave in left[1:]]
    last = np.max([np.where(wave < FAR, wave, 0) for wave in left], axis=0)
    invoiced = []
    for wave in left:
        source = np.where(together & (wave < FAR), last, wave)
        day = working_day(np.minimum(day_of(source), NEVER), lag)
        invoiced.append(np.where(wave < FAR, at(day, hour("invoice", 15, 18)), FAR))
    redone = dice.happens(order, "first invoice was wrong", 0.08) & ~together & (left[1] < FAR)
    t_undone = np.where(redone, at(working_day(day_of(np.minimum(invoiced[0], FAR)), 1), hour("undone", 9, 10)), FAR)
    rest_promise = working_day(np.minimum(day_of(np.where(left[1] < FAR, left[1], 0)), NEVER), -1)
    rest_promise = np.maximum(rest_promise, working_day(first_left, 2))
    tells = dice.happens(order, "tells the new date of the rest", 0.6) & (left[1] < FAR)
    done = np.max([np.where(time < FAR, time, 0) for time in invoiced], axis=0)
    is_done = (invoiced[0] < FAR) & (cancelled == FAR)
    return {
        **{f"t_left_{wave}": pl.Series(left[wave]) for wave in range(WAVES)},
        **{f"t_invoiced_{wave}": pl.Series(invoiced[wave]) for wave in range(WAVES)},
        "together": pl.Series(together),
        "t_undone": pl.Series(t_undone),
        "t_rest": pl.Series(np.where(tells, left[0] + 3600, FAR)),
        "promised_rest": pl.Series(rest_promise),
        "t_cancelled": pl.Series(cancelled),
        "t_done": pl.Series(np.where(is_done, done, FAR)),
    }
