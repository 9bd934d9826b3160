"""An order's way: approved, confirmed, promised, shipped, invoiced, or called off, each at its time."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import FAR, WAVES
from pipelines.sandbox.clock import NEVER, at, day_of, working_day
from pipelines.sandbox.dice import Dice


class Hours:
    """At what hour of its day each order's step happens."""

    def __init__(self, dice: Dice, manner: Manner, order: np.ndarray):
        self.dice, self.manner, self.order = dice, manner, order

    def between(self, what: str, low: float, high: float) -> np.ndarray:
        return low + (high - low) * self.dice.share(self.order, what + ", hour")


def course(dice: Dice, manner: Manner, orders: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Every time in an order's life, the future included; what will not happen is in the far future."""
    hours = Hours(dice, manner, orders["order"].to_numpy())
    orders = orders.with_columns(currency=firms["currency"].gather(orders["firm"]))
    for step in (_released, _promised, _shipped, _called_off, _made, _invoiced, _told_of_the_rest):
        orders = orders.with_columns(**{name: pl.Series(values) for name, values in step(dice, orders, hours).items()})
    return orders


def _known_day(times: np.ndarray) -> np.ndarray:
    return np.minimum(day_of(times), NEVER)


def _released(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """Entered, approved where that is needed, sometimes only at the second try, and released."""
    order, day = orders["order"].to_numpy(), orders["day"].to_numpy()
    created = at(day, hours.between("created", 7, 13))
    needs_approval = dice.happens(order, "needs approval", hours.manner.needs_approval)
    is_stuck = dice.happens(order, "left as a draft", 0.004)
    is_rejected = needs_approval & dice.happens(order, "rejected first", 0.08)
    first_answer = working_day(day, dice.pick(order, "days to approve", 40, 25, 15, 10, 5, 5) * 2)
    last_answer = np.where(is_rejected, working_day(first_answer, 2), first_answer)
    decided = at(last_answer, hours.between("approved", 13.8, 14.8))
    unasked = created + dice.whole(order, "minutes to release", 5, 90) * 60
    submitted = created + dice.whole(order, "minutes to submit", 10, 40) * 60
    rejected = at(first_answer, hours.between("rejected", 14.5, 15.5))
    return {
        "t_created": created,
        "t_submitted": np.where(needs_approval, submitted, FAR),
        "t_rejected": np.where(is_rejected, rejected, FAR),
        "t_resubmitted": np.where(is_rejected, at(working_day(first_answer, 1), hours.between("again", 8, 9)), FAR),
        "t_decided": np.where(needs_approval & ~is_stuck, decided, FAR),
        "t_released": np.where(is_stuck, FAR, np.where(needs_approval, decided + 300, unasked)),
    }


def _promised(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """Confirmed with a day, which some days later may be another one. A few dates asked for are plainly wrong."""
    order, day, released = (orders[name].to_numpy() for name in ("order", "day", "t_released"))
    manner = hours.manner
    confirm_day = working_day(_known_day(released), dice.pick(order, "days to confirm", 70, 25, 5))
    is_confirmed = released < FAR
    asked = working_day(day, dice.whole(order, "days asked for", *manner.days_asked_for))
    asked = np.where(dice.happens(order, "asked for far ahead", 0.04), _far_ahead(dice, manner, order, day), asked)
    asked = np.where(dice.happens(order, "dates swapped", 0.006), day - 9, asked)
    has_none = dice.happens(order, "no date asked for", 0.05)
    lead = working_day(confirm_day, dice.whole(order, "days of delivery", *manner.days_of_delivery))
    slack = np.where(
        dice.happens(order, "not in stock", manner.out_of_stock),
        dice.whole(order, "days of waiting", *manner.days_of_waiting),
        0,
    )
    first = working_day(np.maximum(lead, np.where(has_none, 0, asked)), slack)
    again_day = working_day(confirm_day, 1)
    again = (
        dice.happens(order, "promised again", 0.12) & is_confirmed & (first - confirm_day >= 2) & (again_day < first)
    )
    return {
        "requested": np.where(has_none, NEVER, asked),
        "t_confirmed": np.where(is_confirmed, at(confirm_day, hours.between("confirmed", 15, 16)), FAR),
        "promised_first": first,
        "t_again": np.where(again, at(again_day, hours.between("promised again", 10, 11)), FAR),
        "promised_again": np.where(again, working_day(first, dice.whole(order, "days later", 3, 12)), first),
    }


def _far_ahead(dice: Dice, manner: Manner, order: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The customer wants it for the season, or for a building that does not stand yet."""
    return working_day(day, dice.whole(order, "days far ahead", *manner.days_far_ahead))


def _shipped(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """Up to three deliveries, the first about when it was promised last."""
    order, waves, promised = (orders[name].to_numpy() for name in ("order", "waves", "promised_again"))
    manner = hours.manner
    confirmed, again = orders["t_confirmed"].to_numpy(), orders["t_again"].to_numpy()
    late = np.where(dice.happens(order, "late", manner.late), dice.whole(order, "days late", *manner.days_late), 0)
    early = dice.happens(order, "a day early", 0.3) & (late == 0)
    earliest = working_day(_known_day(np.where(again < FAR, again, confirmed)), 1)
    day = np.maximum(working_day(np.where(early, promised - 1, promised), late), earliest)
    left = {}
    for wave in range(WAVES):
        if wave:
            day = working_day(day, dice.whole(order, f"days to delivery {wave}", *manner.days_between_deliveries))
        is_sent = (confirmed < FAR) & (waves > wave)
        left[f"t_left_{wave}"] = np.where(is_sent, at(day, hours.between(f"delivery {wave}", 9, 13)), FAR)
    return left


def _called_off(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """The whole order before anything left, or the rest after the first delivery was invoiced."""
    order, waves = orders["order"].to_numpy(), orders["waves"].to_numpy()
    left = [orders[f"t_left_{wave}"].to_numpy() for wave in range(WAVES)]
    first_left = _known_day(left[0])
    lag = dice.pick(order, "days to invoice", 70, 15, 10, 5)
    together = dice.happens(order, "one invoice for all", hours.manner.one_invoice) & (waves > 1)
    shortened = dice.happens(order, "rest called off", 0.06) & (waves > 1) & (left[0] < FAR) & ~together
    waits = first_left - _known_day(orders["t_confirmed"].to_numpy()) >= 2
    whole = dice.happens(order, "called off", 0.03) & (left[0] < FAR) & waits & (orders["t_again"].to_numpy() == FAR)
    cancelled = np.where(shortened, at(working_day(first_left, lag) + 1, 10), FAR)
    return {
        "lag": lag,
        "together": together,
        "t_cancelled": np.where(whole, at(first_left - 1, hours.between("called off", 11, 12)), cancelled),
        "t_left_0": np.where(whole, FAR, left[0]),
        **{f"t_left_{wave}": np.where(whole | shortened, FAR, left[wave]) for wave in range(1, WAVES)},
    }


def _made(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """What is made to order: begun some days after confirming it, ready the day before the last of it leaves."""
    order, confirmed = orders["order"].to_numpy(), _known_day(orders["t_confirmed"].to_numpy())
    left = [orders[f"t_left_{wave}"].to_numpy() for wave in range(WAVES)]
    last = np.max([np.where(time < FAR, time, 0) for time in left], axis=0)
    wait = hours.manner.days_to_production
    if wait is None:
        return {"t_started": np.full(len(order), FAR), "t_finished": np.full(len(order), FAR)}
    is_made = last > 0
    first = np.where(is_made, working_day(_known_day(left[0]), -1), NEVER)
    ready = np.where(is_made, working_day(_known_day(last), -1), NEVER)
    begun = np.minimum(working_day(confirmed, dice.whole(order, "days to production", *wait)), first)
    return {
        "t_started": np.where(is_made, at(begun, 6), FAR),
        "t_finished": np.where(is_made, at(ready, hours.between("ready", 14, 20)), FAR),
    }


def _invoiced(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """Each delivery, or all of them on the last; the first of several may have to be done again."""
    order, lag, together = (orders[name].to_numpy() for name in ("order", "lag", "together"))
    left = [orders[f"t_left_{wave}"].to_numpy() for wave in range(WAVES)]
    last = np.max([np.where(time < FAR, time, 0) for time in left], axis=0)
    times = []
    for time in left:
        day = working_day(_known_day(np.where(together & (time < FAR), last, time)), lag)
        times.append(np.where(time < FAR, at(day, hours.between("invoice", 15, 18)), FAR))
    redone = dice.happens(order, "first invoice was wrong", 0.08) & ~together & (left[1] < FAR)
    undone = at(working_day(_known_day(times[0]), 1), hours.between("undone", 9, 10))
    done = np.max([np.where(time < FAR, time, 0) for time in times], axis=0)
    is_done = (times[0] < FAR) & (orders["t_cancelled"].to_numpy() == FAR)
    return {
        **{f"t_invoiced_{wave}": time for wave, time in enumerate(times)},
        "t_undone": np.where(redone, undone, FAR),
        "t_done": np.where(is_done, done, FAR),
    }


def _told_of_the_rest(dice: Dice, orders: pl.DataFrame, hours: Hours) -> dict[str, np.ndarray]:
    """With the first delivery, some customers hear when the rest comes: not always right."""
    first, second = orders["t_left_0"].to_numpy(), orders["t_left_1"].to_numpy()
    tells = dice.happens(orders["order"].to_numpy(), "tells the new date of the rest", 0.6) & (second < FAR)
    promised = working_day(_known_day(np.where(second < FAR, second, 0)), -1)
    return {
        "t_rest": np.where(tells, first + 3600, FAR),
        "promised_rest": np.maximum(promised, working_day(_known_day(first), 2)),
    }
