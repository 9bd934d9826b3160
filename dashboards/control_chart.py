"""Is this week news, or the usual up and down? A chart of single values and their moving ranges (XmR).

The limits come from the values themselves: the middle of all of them, and 2.66 times the average step from one value
to the next. What lies within them is noise that nobody needs to explain.
"""

from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

# 3 standard deviations over d2 of two values (1.128): what turns an average moving range into limits.
FACTOR = 2.66
OUTSIDE, NEAR, RUN = "outside", "near", "run"
# Three of four values in a row closer to a limit than to the centre; eight in a row on one side of it.
NEAR_OF, NEAR_ENOUGH, RUN_LENGTH = 4, 3, 8


@dataclass(frozen=True)
class Limits:
    """The centre, the limits, and of each value what it signals. Days cannot be under 0: no lower limit then."""

    centre: float
    upper: float
    lower: float | None
    signals: list[str | None]


def limits(values: list[float], least: float = 0) -> Limits:
    """`values` in the order of time; at least two."""
    centre = mean(values)
    reach = FACTOR * mean(abs(after - before) for before, after in pairwise(values))
    lower = centre - reach if centre - reach > least else None
    found: list[str | None] = [None] * len(values)
    # The strongest rule is asked last and has the last word.
    for kind, hits in (
        (RUN, runs(values, centre)),
        (NEAR, near(values, centre, reach)),
        (OUTSIDE, outside(values, centre + reach, lower)),
    ):
        for at in hits:
            found[at] = kind
    return Limits(centre, centre + reach, lower, found)


def outside(values: list[float], upper: float, lower: float | None) -> set[int]:
    return {at for at, value in enumerate(values) if value > upper or (lower is not None and value < lower)}


def near(values: list[float], centre: float, reach: float) -> set[int]:
    """Values of which three of four in a row lie beyond half the way to the same limit."""
    sides = [_side(value - centre, reach / 2) for value in values]
    return _gathered(sides, NEAR_OF, NEAR_ENOUGH)


def runs(values: list[float], centre: float) -> set[int]:
    """Values of which eight in a row lie on the same side of the centre; one on the centre breaks the row."""
    sides = [_side(value - centre, 0) for value in values]
    return _gathered(sides, RUN_LENGTH, RUN_LENGTH)


def _side(distance: float, beyond: float) -> int:
    return 1 if distance > beyond else -1 if distance < -beyond else 0


def _gathered(sides: list[int], window: int, enough: int) -> set[int]:
    """The places in any window that has enough of one side."""
    found = set()
    for start in range(len(sides) - window + 1):
        for side in (1, -1):
            places = [at for at in range(start, start + window) if sides[at] == side]
            if len(places) >= enough:
                found.update(places)
    return found
