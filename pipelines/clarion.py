"""Days and moments as Clarion programs keep them: days since 28 December 1800, seconds since 1990 on the local clock.

Comarch ERP XL does. 0 is "none"; a few days far ahead are its ways to say "no end" and "not yet"; any other day that
no document of a firm can have is a slip of the hand (1908212 is 1 July 7025) and nobody's day.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

DAY_ZERO = date(1800, 12, 28)
SECOND_ZERO = datetime(1990, 1, 1)
FIRST_DAY, LAST_DAY = 60_000, 109_210  # 7 April 1965 to 30 December 2099
NO_DAY = (0, 93_890, 109_211, 117_976, 150_483, 999_999)
LAST_SECOND = int((datetime(2100, 1, 1) - SECOND_ZERO).total_seconds())


def is_none(value: pl.Expr, kind: str) -> pl.Expr:
    """Whether the number says that there is no day, or no moment."""
    return value.is_in(NO_DAY) if kind == "clarion_date" else value == 0


def day(value: pl.Expr) -> pl.Expr:
    """Days; null where the number is none, or is not the day of a document."""
    days = value.cast(pl.Int64)
    plausible = pl.when(days.is_between(FIRST_DAY, LAST_DAY) & ~days.is_in(NO_DAY)).then(days)
    return pl.lit(DAY_ZERO) + pl.duration(days=plausible)


def moment(value: pl.Expr, zone: str) -> pl.Expr:
    """Moments in UTC. In the hour that an autumn night shows twice it is the first; an hour it skips is nobody's."""
    seconds = value.cast(pl.Int64)
    plausible = pl.when(seconds.is_between(1, LAST_SECOND)).then(seconds)
    local = pl.lit(SECOND_ZERO, pl.Datetime("us")) + pl.duration(seconds=plausible)
    there = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def clock(since: datetime, now: datetime, zone: str) -> datetime:
    """What the local clock showed at a moment, or an hour less where it was put back since: no later change is below.

    Both moments are in UTC, without a zone.
    """
    there = ZoneInfo(zone)
    ahead = [one.replace(tzinfo=UTC).astimezone(there).utcoffset() or timedelta() for one in (since, now)]
    return since + min(ahead)


def seconds(since: datetime, now: datetime, zone: str) -> int:
    """The Clarion timestamp of `clock`."""
    return int((clock(since, now, zone) - SECOND_ZERO).total_seconds())
