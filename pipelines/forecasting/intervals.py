"""How sure a forecast is: by how much the same method was wrong at earlier days, each with what was known then.

An error is measured in the root of what was expected times a usual period, as chance grows: so the rest of a week
in progress and whole weeks tell of each other.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from pipelines.forecasting import outlook, periods

EVERY = 14
ORIGINS = 39
# Half a year of history before the first forecast that is judged.
BEFORE = 182
FEWEST = 10
# Errors of periods about as far ahead count together.
NEAR = {"week": 3, "month": 1}


@dataclass(frozen=True)
class Expected:
    figure: str
    period: periods.Period
    rest: float
    usual: float

    @property
    def scale(self) -> float:
        return float(np.sqrt(max(self.rest, 0) * max(self.usual, 0)))


def expected(history: outlook.History, origin: int) -> list[Expected]:
    """What is still to come in each period, and what a whole period of its kind usually brings."""
    found = []
    coming = periods.coming(origin)
    for figure, components in outlook.at(history, origin).items():
        by_day = sum(components.values())
        for grain in ("week", "month"):
            rests = [(period, period.sum(by_day, origin + 1)) for period in coming if period.grain == grain]
            usual = float(np.mean([rest for period, rest in rests if period.ahead > 0]))
            found += [Expected(figure, period, rest, usual) for period, rest in rests]
    return found


def errors(history: outlook.History) -> dict[tuple[str, str, int], list[float]]:
    """By figure, grain and periods ahead."""
    found = defaultdict(list)
    for back in range(1, ORIGINS + 1):
        origin = history.last - EVERY * back
        if origin < history.first + BEFORE:
            break
        # Working days tell nothing of how far into free days it is: amid them, what is still to come would be known.
        while history.is_amid_free_days(origin):
            origin += 1
        for forecast in expected(history, origin):
            period = forecast.period
            begun = history.begin(forecast.figure) if forecast.figure in history.days else history.last
            if period.end > history.last or forecast.scale <= 0 or origin < begun + BEFORE:
                continue
            came = periods.Period(period.grain, max(period.start, origin + 1), period.end, period.ahead)
            actual = came.sum(history.days[forecast.figure], history.first)
            found[forecast.figure, period.grain, period.ahead].append((actual - forecast.rest) / forecast.scale)
    return found


def bounds(errors: dict, forecast: Expected, part: float) -> tuple[float, float, int] | None:
    """The rest of the period, from and to, and how many earlier errors say so; none where they are too few."""
    period = forecast.period
    near = [
        error
        for ahead in range(period.ahead - NEAR[period.grain], period.ahead + NEAR[period.grain] + 1)
        for error in errors.get((forecast.figure, period.grain, ahead), [])
    ]
    if len(near) < FEWEST:
        return None
    ordered, outside = np.sort(near), (1 - part) / 2
    # The ranks between which the next one of as many falls with this probability.
    low = max(int(np.floor(round((ordered.size + 1) * outside, 9))) - 1, 0)
    high = ordered.size - 1 - low
    return forecast.rest + ordered[low] * forecast.scale, forecast.rest + ordered[high] * forecast.scale, len(near)
