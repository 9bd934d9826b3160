"""The most likely parameters: all of them are positive, and their logarithms are looked for."""

from collections.abc import Callable

import numpy as np

# Further away nothing changes but the rounding.
FURTHEST = 9.0


def most_likely(unlikelihood: Callable[[np.ndarray], float], *starts: list[float]) -> np.ndarray:
    """The best of what is found from each start; no chance in it, so the same input gives the same bytes."""
    # Imported where it is needed, once a quarter: it takes longer than everything else in a usual refresh.
    from scipy.optimize import minimize

    bounds = [(-FURTHEST, FURTHEST)] * len(starts[0])
    options = {"method": "L-BFGS-B", "bounds": bounds, "tol": 1e-10}
    found = [minimize(lambda logarithms: unlikelihood(np.exp(logarithms)), start, **options) for start in starts]
    return np.exp(min(found, key=lambda one: one.fun).x)
