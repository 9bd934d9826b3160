"""Which accounts hang together: connected components, over arrays."""

import numpy as np


def components(count: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest member of each one's component. Labels jump to their label's label, so long chains are short."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        lower = label.copy()
        np.minimum.at(lower, label[a], low)
        np.minimum.at(lower, label[b], low)
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower
