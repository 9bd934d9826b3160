"""Gamma-Gamma: what a purchase of a customer is worth, drawn towards all customers the fewer purchases he made."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from pipelines.lifetime.search import most_likely

# The mean of all customers is v p / (q - 1): q must not come so near to 1 that it loses all measure.
LEAST_Q = 1.05


@dataclass(frozen=True)
class Value:
    p: float
    q: float
    v: float

    def expected(self, repeats: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Value of a purchase; of customers without a repeat purchase of positive value what all together show."""
        known = (repeats > 0) & (mean > 0)
        counted, worth = np.where(known, repeats, 0.0), np.where(known, mean, 0.0)
        return self.p * (self.v + counted * worth) / (self.p * counted + self.q - 1)


def fitted(repeats: np.ndarray, mean: np.ndarray) -> Value:
    """From repeat purchases of positive value only."""
    known = (repeats > 0) & (mean > 0)
    counted, worth = repeats[known], mean[known]
    scale = worth.mean()

    def unlikelihood(parameters: np.ndarray) -> float:
        p, above, v = parameters
        return -log_likelihood((p, LEAST_Q + above, v), counted, worth / scale).mean()

    p, above, v = most_likely(unlikelihood, [0.0, 0.0, 0.0])
    return Value(*(round(float(value), 10) for value in (p, LEAST_Q + above, v * scale)))


def log_likelihood(parameters, repeats: np.ndarray, mean: np.ndarray) -> np.ndarray:
    p, q, v = parameters
    shape = p * repeats
    spread = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
    return spread + (shape - 1) * np.log(mean) + shape * np.log(repeats) - (shape + q) * np.log(repeats * mean + v)
