"""BG/NBD: customers buy at random at a rate of their own, and after each purchase may be gone for good."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, hyp2f1

from pipelines.lifetime.search import most_likely

# The expectation has no value at a = 1 itself, and a limit from both sides.
NEAR_ONE = 1e-7


@dataclass(frozen=True)
class Frequency:
    """Rates are gamma distributed (r, alpha in weeks), chances to be gone beta distributed (a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, repeats: np.ndarray, last: np.ndarray, age: np.ndarray) -> np.ndarray:
        """The chance that a customer still buys. Who bought once cannot have gone after a repeat purchase."""
        gone = np.log(self.a) - np.log(self.b + np.maximum(repeats, 1) - 1)
        gone = gone + (self.r + repeats) * (np.log(self.alpha + age) - np.log(self.alpha + last))
        return np.where(repeats > 0, expit(-gone), 1.0)

    def expected(self, weeks: float, repeats: np.ndarray, last: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Purchases expected in the coming weeks.

        The published formula after Euler's transformation, so that hundreds of purchases do not overflow. Where its
        series still does (everybody gone after one purchase), what holds is the lesser of the two bounds: nobody
        buys faster than his rate, and nobody more often than until he is gone.
        """
        a = 1 + NEAR_ONE if abs(self.a - 1) < NEAR_ONE else self.a
        passed = weeks / (self.alpha + age + weeks)
        room = a + self.b + repeats - 1
        most = (self.r + repeats) / (self.alpha + age) * weeks
        if a > 1:
            most = np.minimum(most, room / (a - 1))
        with np.errstate(all="ignore"):
            kept = np.power(1 - passed, a - 1) * hyp2f1(a + self.b - 1 - self.r, a - 1, room, passed)
            series = room / (a - 1) * (1 - kept)
        return np.where(np.isfinite(series), np.clip(series, 0, most), most) * self.alive(repeats, last, age)


def fitted(repeats: np.ndarray, last: np.ndarray, age: np.ndarray) -> Frequency:
    """The most likely parameters; one-time buyers are in. Time is scaled so that the search has one size for all."""
    scale = 10 / max(age.max(), 1.0)
    scaled = (repeats, last * scale, age * scale)

    def unlikelihood(parameters: np.ndarray) -> float:
        return -log_likelihood(parameters, *scaled).mean()

    r, alpha, a, b = most_likely(unlikelihood, [0.0, 0.0, 0.0, 0.0], [1.0, 1.0, -2.0, 1.0])
    return Frequency(*(round(float(value), 10) for value in (r, alpha / scale, a, b)))


def log_likelihood(parameters, repeats: np.ndarray, last: np.ndarray, age: np.ndarray) -> np.ndarray:
    r, alpha, a, b = parameters
    bought = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
    stayed = gammaln(a + b) + gammaln(b + repeats) - gammaln(b) - gammaln(a + b + repeats)
    alive = -(r + repeats) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(repeats, 1) - 1) - (r + repeats) * np.log(alpha + last)
    return bought + stayed + np.where(repeats > 0, np.logaddexp(alive, gone), alive)
