"""The forecast of one day: what the coming days bring, by figure and component, from what was known then."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.forecasting import chances, runoff, season, working_days
from pipelines.forecasting.periods import LONGEST

# Orders run off by working days, and what is done on free days goes with the working day before them; seen from that
# day, where the free days are still to come, with the one after them.
BEFORE_FREE_DAYS = "order_to_invoice, before free days"
FLOWS = {"order_to_invoice": 120, "invoice_to_cash": 180, "won_to_order": 120, "deal_to_won": 365}
QUARTER = 91
# What is older tells nothing of today, and a date mistyped by a century makes no century of days.
KEPT = 5 * 365


@dataclass
class History:
    """All that happened, by day, from the day `first` on; figures nobody feeds are missing."""

    first: int
    last: int
    is_worked: np.ndarray
    days: dict[str, np.ndarray]
    flows: dict[str, runoff.Flow]
    deals: "Deals"

    def until(self, figure: str, origin: int) -> np.ndarray:
        return self.days[figure][: origin + 1 - self.first]

    def is_amid_free_days(self, day: int) -> bool:
        return not self.is_worked[day - self.first : day + 2 - self.first].any()

    def begin(self, figure: str) -> int:
        """The first day on which anything came."""
        return self.first + int(np.argmax(self.days[figure] != 0))


@dataclass
class Deals:
    """Deals that count, numbered; `chance` is the CRM's own, where it says one."""

    passes: chances.Passes
    amount: np.ndarray
    chance: np.ndarray
    minimum: int


def history(
    days: pl.DataFrame, events: pl.DataFrame, deals: Deals, as_of: int, country: str | None,
    exceptions: pl.DataFrame | None = None,
) -> History:  # fmt: skip
    since = working_days.day(as_of - KEPT)
    days, events = days.filter(pl.col("day") >= since), events.filter(pl.col("started_date") >= since)
    known = [number for number in (days["day"].min(), events["started_date"].min()) if number is not None]
    first = min([working_days.number(day) for day in known], default=as_of)
    every = np.arange(first, as_of + 1 + LONGEST)
    is_worked = working_days.worked(every, country, exceptions)
    past = every[: as_of + 1 - first]
    sums = {name: _by_day(days.filter(figure=name), "day", past) for name in days["figure"].unique().sort()}
    ordered = events.filter(flow="order_to_invoice", event="started")
    created = events.filter(flow="deal_to_won", event="started")
    sums |= {"ordered": _by_day(ordered, "started_date", past), "created": _by_day(created, "started_date", past)}
    by_work = np.cumsum(is_worked[: past.size])
    flows = {
        name: runoff.flow(events, name, past, by_work if name == "order_to_invoice" else past - first, longest)
        for name, longest in FLOWS.items()
    }
    flows[BEFORE_FREE_DAYS] = runoff.flow(
        events, "order_to_invoice", past, by_work + ~is_worked[: past.size], FLOWS["order_to_invoice"]
    )
    return History(first, as_of, is_worked, sums, flows, deals)


def _by_day(rows: pl.DataFrame, day: str, past: np.ndarray) -> np.ndarray:
    ordered = rows.sort(day)
    place = ordered[day].cast(pl.Int32).to_numpy() - past[0]
    return np.bincount(place, ordered["amount"].to_numpy(), past.size)


def at(history: History, origin: int) -> dict[str, dict[str, np.ndarray]]:
    """By figure and component, the expected amounts of the coming days; the first is the day after `origin`."""
    won = _won(history, origin)
    found = {"won": won} if "won" in history.days or won["pipeline"].any() else {}
    if "revenue" in history.days:
        found["revenue"] = _revenue(history, origin, won["pipeline"])
    if "cash" in history.days:
        found["cash"] = _cash(history, origin, found.get("revenue", {}))
    return found


def _won(history: History, origin: int) -> dict[str, np.ndarray]:
    pace, _ = runoff.known(history.flows["deal_to_won"], origin)
    new = runoff.run(pace, None, _level(history, "created", origin), LONGEST)
    found = {"pipeline": pipeline(history.deals, origin), "later_deals": new}
    is_worked = history.is_worked[origin + 1 - history.first :]
    return {name: _on_next_worked(amounts, is_worked) for name, amounts in found.items()}


def pipeline(deals: Deals, origin: int) -> np.ndarray:
    """Value of open deals by the day they may be won, weighted.

    A deal that has been in its stage longer than enough closed deals were still counts by what the few others did, and
    for nothing after the last of them: counted at the CRM's default, earlier forecasts were further off. Where a stage
    as a whole has too few, the CRM's chance is spread evenly over a quarter.
    """
    passes = deals.passes.at(origin)
    here = passes.outcome == chances.OPEN
    stage, deal, age = passes.stage[here], passes.deal[here], passes.days[here]
    amount = np.nan_to_num(deals.amount[deal])
    known = chances.closed(passes)[stage, 0] >= deals.minimum
    model = chances.learned(passes)
    there = np.zeros(model.won.shape)
    np.add.at(there, (stage[known], age[known]), amount[known])
    by_then = [float((there * won).sum()) for won in chances.ended_by(model, (chances.WON,), LONGEST)]
    result = np.diff(by_then, prepend=0)
    result[:QUARTER] += (amount * np.nan_to_num(deals.chance[deal]))[~known].sum() / QUARTER
    return result


def _revenue(history: History, origin: int, pipeline: np.ndarray) -> dict[str, np.ndarray]:
    free_days_come = history.is_worked[origin - history.first] and not history.is_worked[origin + 1 - history.first]
    by_work = BEFORE_FREE_DAYS if free_days_come else "order_to_invoice"
    pace, still = runoff.known(history.flows[by_work], origin)
    to_order, won = runoff.known(history.flows["won_to_order"], origin)
    due = _on_worked_days(history, origin, pace, still, None)
    regular = _on_worked_days(history, origin, pace, None, _level(history, "ordered", origin))
    ordered = [runoff.run(to_order, *from_deals, LONGEST) for from_deals in ((won, None), (None, pipeline))]
    not_ordered, weighted = (_on_worked_days(history, origin, pace, None, orders) for orders in ordered)
    without = _level(history, "revenue_without_order", origin)
    repeat = regular * _left(origin, regular, not_ordered + weighted) + without
    return {
        "ordered_not_invoiced": due, "won_not_ordered": not_ordered, "pipeline": weighted, "repeat": repeat,
    }  # fmt: skip


def _left(origin: int, regular: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """The part of each month's regular orders that deals do not stand for already, by day."""
    month = working_days.months(origin + 1 + np.arange(regular.size))
    month -= month[0]
    whole, known = np.bincount(month, regular), np.bincount(month, covered)
    part = np.divide(known, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.maximum(1 - part, 0)[month]


def _cash(history: History, origin: int, revenue: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    flow = history.flows["invoice_to_cash"]
    pace, still = runoff.known(flow, origin)
    coming = sum(revenue.values(), np.zeros(LONGEST))
    last = origin + 1 - history.first
    invoiced = flow.started[:, max(0, last - runoff.YEAR) : last].sum()
    posted = history.until("revenue", origin)[-runoff.YEAR :].sum() if "revenue" in history.days else 0
    with_tax = invoiced / posted if posted > 0 else 0
    found = {"receivables": (still, None), "later_invoices": (None, coming * with_tax)}
    is_worked = history.is_worked[origin + 1 - history.first :]
    return {name: _on_next_worked(runoff.run(pace, *of, LONGEST), is_worked) for name, of in found.items()}


def _on_next_worked(amounts: np.ndarray, is_worked: np.ndarray) -> np.ndarray:
    """What would come on a free day comes on the next one that is none."""
    worked = np.append(is_worked[: amounts.size], True)
    day = np.flatnonzero(worked)
    return np.bincount(day[np.searchsorted(day, np.arange(amounts.size))], amounts, amounts.size + 1)[:-1]


def _level(history: History, figure: str, origin: int) -> np.ndarray:
    if figure not in history.days:
        return np.zeros(LONGEST)
    begin = history.begin(figure)
    worked = history.is_worked[begin - history.first :]
    return season.expected(history.until(figure, origin)[begin - history.first :], begin, worked, LONGEST)


def _on_worked_days(history: History, origin: int, pace, still, entering) -> np.ndarray:
    """A run whose steps are working days; what enters on a free day is taken up on the next one worked."""
    worked = history.is_worked[origin + 1 - history.first :][:LONGEST]
    step = np.cumsum(worked) - worked
    count = int(worked.sum())
    taken = None
    if entering is not None:
        taken = np.bincount(np.minimum(step, count), entering, count + 1)[:count]
    result = np.zeros(LONGEST)
    result[worked] = runoff.run(pace, still, taken, count)
    return result
