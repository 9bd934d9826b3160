"""Chance without order: the same thing always rolls the same number, whatever else the company holds.

A roll depends on the seed, on the thing's key (which contains its month) and on what is asked, never on
earlier rolls. So later months, other scales of a day and new fields leave the past as it was.
"""

import hashlib

import numpy as np

Ints = np.ndarray


def _mixed(numbers: Ints) -> Ints:
    """Splitmix64: neighbouring keys give unrelated bits."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


class Dice:
    def __init__(self, seed: int):
        self.seed = seed

    def bits(self, keys: Ints, what: str) -> Ints:
        digest = hashlib.blake2b(f"{self.seed}:{what}".encode(), digest_size=8).digest()
        salt = np.uint64(int.from_bytes(digest, "little"))
        return _mixed(_mixed(np.asarray(keys).astype(np.uint64) + salt) ^ salt)

    def share(self, keys: Ints, what: str) -> np.ndarray:
        """From 0 to 1, without 1."""
        return (self.bits(keys, what) >> np.uint64(11)).astype(np.float64) / 2.0**53

    def happens(self, keys: Ints, what: str, chance: float | np.ndarray) -> np.ndarray:
        return self.share(keys, what) < chance

    def whole(self, keys: Ints, what: str, low: int, high: int | np.ndarray) -> Ints:
        """Whole numbers from low to high, both possible."""
        return low + np.floor(self.share(keys, what) * (high - low + 1)).astype(np.int64)

    def pick(self, keys: Ints, what: str, *weights: float) -> Ints:
        """The place of one of the weights, the heavier the likelier."""
        edges = np.cumsum(weights) / np.sum(weights)
        return np.searchsorted(edges[:-1], self.share(keys, what), side="right")

    def normal(self, keys: Ints, what: str) -> np.ndarray:
        radius = np.sqrt(-2 * np.log(1 - self.share(keys, what)))
        return radius * np.cos(2 * np.pi * self.share(keys, what + ", angle"))

    def skewed(self, keys: Ints, what: str, median: float, spread: float) -> np.ndarray:
        """Lognormal: half of the values below the median, few of them far above."""
        return median * np.exp(spread * self.normal(keys, what))
