"""How what has begun comes to its end: orders are invoiced, invoices are paid, deals are won.

For each age, the part of what is still open at that age and ends then. What leaves otherwise (cancelled, credited,
lost) competes. Learned from what began in the last year; kinds of different pace are classes of their own.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

YEAR = 365
# The pace of all classes counts in each as this part of what all had open, so that a class seen rarely is not silent.
SHARED = 0.01


@dataclass
class Flow:
    """Amounts by class, day of the beginning and age: what was open before that age, what was done at it, what ended.
    Ages are counted in steps, days or working days; `steps` says how many there were until each day."""

    first: int
    steps: np.ndarray
    started: np.ndarray
    before: np.ndarray
    done: np.ndarray
    ended: np.ndarray

    @property
    def longest(self) -> int:
        return self.done.shape[2]


@dataclass
class Pace:
    """By class and age: the part of the open that is done, and that ends at all; by class, its part of what begins."""

    done: np.ndarray
    ended: np.ndarray
    shares: np.ndarray


def flow(events: pl.DataFrame, name: str, days: np.ndarray, steps: np.ndarray, longest: int) -> Flow:
    found = events.filter(flow=name).sort("class", "started_date", "event", "event_date")
    kinds = int(found["class"].max() or 0) + 1
    first = int(days[0])
    start = found["started_date"].cast(pl.Int32).to_numpy() - first
    age = steps[found["event_date"].cast(pl.Int32).to_numpy() - first] - steps[start]
    kind, amount, event = found["class"].to_numpy(), found["amount"].to_numpy(), found["event"].to_numpy()

    def sums(chosen: np.ndarray) -> np.ndarray:
        result = np.zeros((kinds, days.size, longest))
        np.add.at(result, (kind[chosen], start[chosen], age[chosen]), amount[chosen])
        return result

    started = sums((event == "started") & (age < longest))[:, :, 0]
    done, gone = (sums((event == ending) & (age < longest)) for ending in ("done", "gone"))
    ended = done + gone
    left = np.maximum(started[:, :, None] - np.cumsum(ended, axis=2), 0)
    before = np.concatenate([started[:, :, None], left[:, :, :-1]], axis=2)
    return Flow(first, steps, started, before, done, ended)


def known(flow: Flow, origin: int) -> tuple[Pace, np.ndarray]:
    """The pace, and what is open by class and age, as both were known at the end of the day `origin`."""
    last = origin - flow.first
    begin = max(0, int(np.searchsorted(flow.steps, flow.steps[last] - flow.longest)) - YEAR)
    age = flow.steps[last] - flow.steps[begin : last + 1]
    seen = (np.arange(flow.longest)[None, :] <= age[:, None]).astype(float)
    sums = [np.einsum("csk,sk->ck", of[:, begin : last + 1], seen) for of in (flow.before, flow.done, flow.ended)]
    exposed, done, ended = sums
    shares = _shares(flow.started[:, max(begin, last + 1 - YEAR) : last + 1].sum(axis=1))
    place = np.flatnonzero(age < flow.longest)
    at = age[place]
    left = np.maximum(flow.before[:, begin + place, at] - flow.ended[:, begin + place, at], 0)
    still = np.zeros_like(exposed)
    np.add.at(still, (slice(None), at), left)
    return Pace(_part(done, exposed), _part(ended, exposed), shares), still


def _part(ended: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    together = _divided(ended.sum(axis=0), exposed.sum(axis=0))
    weight = SHARED * exposed.sum(axis=0)
    return np.clip(_divided(ended + weight * together, exposed + weight), 0, 1)


def _shares(amounts: np.ndarray) -> np.ndarray:
    return _divided(amounts, np.broadcast_to(amounts.sum(), amounts.shape))


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0)


def run(pace: Pace, still: np.ndarray | None, entering: np.ndarray | None, steps: int) -> np.ndarray:
    """What is done in each of the coming steps: of what is open now, and of what enters in each step."""
    stays = np.cumprod(1 - pace.ended, axis=1)
    ends = np.concatenate([np.ones((stays.shape[0], 1)), stays[:, :-1]], axis=1) * pace.done
    result = np.zeros(steps)
    for number, end in enumerate(ends):
        if entering is not None:
            result += np.convolve(entering[:steps] * pace.shares[number], end)[:steps]
        if still is not None:
            begun = _divided(still[number], stays[number])
            later = np.convolve(end, begun[::-1])[begun.size :]
            result[: later.size] += later[:steps]
    return result
