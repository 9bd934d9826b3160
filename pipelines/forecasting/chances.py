"""How likely an open deal is won, and when: from each stage, what deals did next, by how long they had been there.

Within a stage, leaving for another stage, being won and being lost compete (Aalen and Johansen); deals still in it are
censored. A deal's chance is that of leaving for each stage, times the chance from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

WON, LOST, OPEN = -1, -2, -3
# Longer passes count as this long.
LONGEST = 730
ROUNDS = 500
NEVER = np.iinfo(np.int64).max


@dataclass
class Passes:
    """One entry per pass of a deal through a stage. Stages and deals are numbered; `outcome` is the next stage's
    number, WON, LOST or OPEN. Days are numbers, NEVER while it has not happened; `closed` is when the deal was closed.
    """

    deal: np.ndarray
    stage: np.ndarray
    entered: np.ndarray
    exited: np.ndarray
    outcome: np.ndarray
    closed: np.ndarray
    stages: int

    def at(self, origin: int) -> "Passes":
        """As they were known at the end of a day."""
        seen = self.entered <= origin
        after = self.exited[seen] > origin
        return Passes(
            self.deal[seen], self.stage[seen], self.entered[seen],
            np.where(after, origin, self.exited[seen]), np.where(after, OPEN, self.outcome[seen]),
            np.where(self.closed[seen] > origin, NEVER, self.closed[seen]), self.stages,
        )  # fmt: skip

    @property
    def days(self) -> np.ndarray:
        return np.clip(self.exited - self.entered, 0, LONGEST)


@dataclass
class Chances:
    """`rate[stage, outcome, age]`: the part of those there at that age that leaves then, for there.
    `won[stage, age]`: the chance of a deal that was not gone before that age."""

    rate: np.ndarray
    won: np.ndarray


def learned(passes: Passes) -> Chances:
    stages = passes.stages
    counts = np.zeros((stages, stages + 2, LONGEST + 1))
    ended, lasted = passes.outcome != OPEN, passes.days
    np.add.at(counts, (passes.stage[ended], passes.outcome[ended], lasted[ended]), 1)
    total = np.zeros((stages, LONGEST + 1))
    np.add.at(total, (passes.stage, lasted), 1)
    exposed = _from_here(total)[:, None, :]
    rate = np.divide(counts, exposed, out=np.zeros_like(counts), where=exposed > 0)
    stays = np.cumprod(1 - rate.sum(axis=1), axis=1)
    before = np.concatenate([np.ones((stages, 1)), stays[:, :-1]], axis=1)[:, None, :]
    onward = np.divide(_from_here(rate * before), before, out=np.zeros_like(rate), where=before > 0)
    chance = np.zeros(stages)
    for _ in range(ROUNDS):
        chance = onward[:, WON, 0] + onward[:, :stages, 0] @ chance
    won = onward[:, WON] + np.einsum("srk,r->sk", onward[:, :stages], chance)
    return Chances(rate, np.clip(won, 0, 1))


def closed(passes: Passes) -> np.ndarray:
    """By stage and age, how many closed deals were in the stage until that age or longer."""
    known = passes.closed < NEVER
    lasted = passes.days
    order = np.lexsort((-lasted[known], passes.deal[known], passes.stage[known]))
    stage, deal, age = (column[known][order] for column in (passes.stage, passes.deal, lasted))
    longest = np.ones(stage.size, bool)
    longest[1:] = (stage[1:] != stage[:-1]) | (deal[1:] != deal[:-1])
    counts = np.zeros((passes.stages, LONGEST + 1))
    np.add.at(counts, (stage[longest], age[longest]), 1)
    return _from_here(counts)


def ended_by(model: Chances, outcomes: tuple[int, ...], days: int) -> Iterator[np.ndarray]:
    """For each coming day (the first is tomorrow), by stage and age, the chance that a deal has ended so by then."""
    stages = model.won.shape[0]
    ending = model.rate[:, outcomes].sum(axis=1)
    moving, leaving = np.ascontiguousarray(model.rate[:, :stages].transpose(0, 2, 1)), model.rate.sum(axis=1)
    tomorrow = np.minimum(np.arange(LONGEST + 1) + 1, LONGEST)
    sooner = np.zeros_like(ending)
    for _ in range(days):
        later = np.concatenate([sooner[:, 1:], sooner[:, -1:]], axis=1)
        sooner = ending + moving @ sooner[:, 0] + (1 - leaving) * later
        yield sooner[:, tomorrow]


def _from_here(amounts: np.ndarray) -> np.ndarray:
    """Sums over this age and all later ones."""
    return np.cumsum(amounts[..., ::-1], axis=-1)[..., ::-1]
