"""Days are whole numbers here, counted as NumPy counts them. Which of them are worked on, by country."""

from datetime import date

import numpy as np
import polars as pl

from pipelines.calendars.working_days import public_holidays

SATURDAY = 5
WEEK = 7
# Day 0 was a Thursday.
FIRST_WEEKDAY = 3


def number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def day(number: int) -> date:
    return np.datetime64(int(number), "D").astype(date)


def months(days: np.ndarray) -> np.ndarray:
    """Months since January 1970, by day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_of_month(month: int) -> int:
    return int(np.datetime64(int(month), "M").astype("datetime64[D]").astype(np.int64))


def monday(day: int) -> int:
    return day - (day + FIRST_WEEKDAY) % WEEK


def worked(days: np.ndarray, country: str | None, exceptions: pl.DataFrame | None = None) -> np.ndarray:
    """Whether each day is a working day: not a weekend, and no public holiday where the country is known.

    What the firm says of a day of that country goes before both."""
    is_worked = (days + FIRST_WEEKDAY) % WEEK < SATURDAY
    if country:
        years = range(day(days[0]).year, day(days[-1]).year + 1)
        is_worked &= ~np.isin(days, [number(found) for found in public_holidays(country, years) or ()])
    if country and exceptions is not None:
        for row in exceptions.filter(pl.col("country_code").str.to_uppercase() == country).iter_rows(named=True):
            is_worked[days == number(row["day"])] = row["is_working"]
    return is_worked
