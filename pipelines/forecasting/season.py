"""How much comes on a working day, and how the months of the year differ, as far as the years agree on it."""

import numpy as np

from pipelines.forecasting import working_days

HALF_LIFE = 182
MONTHS_NEEDED = 24


def expected(amounts: np.ndarray, first: int, is_worked: np.ndarray, coming: int) -> np.ndarray:
    """By coming day, from the amounts by day until now; `is_worked` goes on over the coming days."""
    count = amounts.size
    if count == 0:
        return np.zeros(coming)
    days = first + np.arange(count + coming)
    factor = factors(amounts, days[:count], is_worked[:count])[working_days.months(days) % 12]
    weight = 0.5 ** (np.arange(count)[::-1] / HALF_LIFE)
    worked = (weight * is_worked[:count]).sum()
    level = (weight * amounts / factor[:count]).sum() / worked if worked else 0.0
    return level * factor[count:] * is_worked[count : count + coming]


def factors(amounts: np.ndarray, days: np.ndarray, is_worked: np.ndarray) -> np.ndarray:
    """January to December, 1 where there are too few months. What the years disagree on is taken for chance."""
    month = working_days.months(days)
    whole = np.unique(month)[1:-1]
    rate = np.array([_rate(amounts, is_worked, month == m) for m in whole])
    if whole.size < MONTHS_NEEDED or (rate <= 0).any():
        return np.ones(12)
    log = np.log(rate)
    log -= np.polyval(np.polyfit(whole, log, 1), whole)
    of_year = whole % 12
    counts = np.bincount(of_year, minlength=12)
    means = np.bincount(of_year, log, 12) / counts
    chance = ((log - means[of_year]) ** 2).sum() / (log.size - 12)
    spread = means.var(ddof=1)
    kept = max(0.0, 1 - (chance / counts).mean() / spread) if spread > 0 else 0.0
    found = np.exp(kept * (means - means.mean()))
    return found / found.mean()


def _rate(amounts: np.ndarray, is_worked: np.ndarray, chosen: np.ndarray) -> float:
    worked = is_worked[chosen].sum()
    return amounts[chosen].sum() / worked if worked else 0.0
