"""The weeks and months that a forecast is made for: the one in progress, or beginning tomorrow, and those after it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipelines.forecasting import working_days

WEEKS = 13
MONTHS = 6
# The last day of the sixth month is never further away.
LONGEST = 190


@dataclass(frozen=True)
class Period:
    grain: str
    start: int
    end: int
    ahead: int

    def sum(self, amounts: np.ndarray, first: int) -> float:
        """Of amounts by day, where the first is of the day `first`."""
        return float(amounts[max(self.start - first, 0) : max(self.end + 1 - first, 0)].sum())


def coming(as_of: int) -> list[Period]:
    """`ahead` is 0 for a period of which something is over already."""
    found = []
    starts = [working_days.monday(as_of + 1) + working_days.WEEK * n for n in range(WEEKS + 1)]
    month = int(working_days.months(np.array([as_of + 1]))[0])
    firsts = [working_days.first_of_month(month + n) for n in range(MONTHS + 1)]
    for grain, bounds in (("week", starts), ("month", firsts)):
        begun = int(bounds[0] > as_of)
        found += [Period(grain, a, b - 1, n + begun) for n, (a, b) in enumerate(pairwise(bounds))]
    return found


def year_before(period: Period) -> Period:
    """The same month of last year; the week of the same weekdays 52 weeks ago."""
    if period.grain == "week":
        return Period("week", period.start - 52 * working_days.WEEK, period.end - 52 * working_days.WEEK, 0)
    month = int(working_days.months(np.array([period.start]))[0]) - 12
    return Period("month", working_days.first_of_month(month), working_days.first_of_month(month + 1) - 1, 0)
