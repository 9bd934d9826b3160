"""Days and times of the firm: whole days and local seconds since 1970, working days, the vendors' time texts."""

from datetime import date, timedelta

import numpy as np
import polars as pl

START = date(2023, 11, 1)
TIME_ZONE = "Europe/Warsaw"
NEVER = 1_000_000  # a day in the year 4707: what has not happened and will not
DAY = 86_400
BLANK_DATE = "0001-01-01"


def number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _easter(year: int) -> date:
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday)


def _holidays() -> list[date]:
    fixed = ["01-01", "01-06", "05-01", "05-03", "08-15", "11-01", "11-11", "12-25", "12-26"]
    days = []
    for year in range(2015, 2051):
        days += [date.fromisoformat(f"{year}-{day}") for day in fixed]
        days += [_easter(year) + timedelta(days=1), _easter(year) + timedelta(days=60)]
    return days


CALENDAR = np.busdaycalendar(holidays=_holidays())
# Christmas Eve is a public holiday since 2025. The firm's people work on it all the same.
PUBLIC_CALENDAR = np.busdaycalendar(holidays=[*_holidays(), *(date(year, 12, 24) for year in range(2025, 2051))])


def working_day(days: np.ndarray, later: int | np.ndarray = 0) -> np.ndarray:
    """So many working days later; a Sunday counts as the Monday after it."""
    moved = np.busday_offset(np.asarray(days).astype("datetime64[D]"), later, roll="forward", busdaycal=CALENDAR)
    return moved.astype(np.int64)


def working_days(first: int, last: int) -> np.ndarray:
    days = np.arange(first, last + 1)
    return days[np.is_busday(days.astype("datetime64[D]"), busdaycal=CALENDAR)]


def at(days: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Local seconds of that day and hour (8.5 is half past eight)."""
    return np.asarray(days) * DAY + np.floor(np.asarray(hours) * 3600).astype(np.int64)


def day_of(times: np.ndarray) -> np.ndarray:
    return times // DAY


def months_until(as_of: date) -> list[tuple[int, int]]:
    """First and last day of each month from the start to the month of that day; the first one always."""
    months, first = [], START
    while first <= max(as_of, START):
        following = (first + timedelta(days=32)).replace(day=1)
        months.append((number(first), number(following) - 1))
        first = following
    return months


def utc(seconds: pl.Expr) -> pl.Expr:
    local = (seconds * 1_000_000).cast(pl.Datetime("us"))
    return local.dt.replace_time_zone(TIME_ZONE, ambiguous="earliest").dt.convert_time_zone("UTC")


def salesforce_time(seconds: pl.Expr) -> pl.Expr:
    return utc(seconds).dt.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def pipedrive_time(seconds: pl.Expr, thousandths: bool = False) -> pl.Expr:
    return utc(seconds).dt.strftime("%Y-%m-%dT%H:%M:%S.000Z" if thousandths else "%Y-%m-%dT%H:%M:%SZ")


def business_central_time(seconds: pl.Expr) -> pl.Expr:
    """Fractions of two or three digits, as the vendor sends them: a last zero is dropped."""
    thousandths = (seconds * 7919) % 899 + 1
    thousandths = pl.when(thousandths % 100 == 0).then(thousandths + 7).otherwise(thousandths)
    fraction = thousandths.cast(pl.String).str.zfill(3).str.strip_suffix("0")
    return utc(seconds).dt.strftime("%Y-%m-%dT%H:%M:%S.") + fraction + "Z"


def day_text(days: pl.Expr) -> pl.Expr:
    """The date, or the vendor's blank date for what has not happened."""
    known = pl.when(days < NEVER).then(days)
    return known.cast(pl.Int32).cast(pl.Date).cast(pl.String).fill_null(BLANK_DATE)
