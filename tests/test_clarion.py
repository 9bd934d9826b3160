"""Days and moments of Clarion programs: what is none, what is nobody's, and the clock that is put back in autumn."""

from datetime import date, datetime

import polars as pl
import pytest

from pipelines import clarion

WARSAW = "Europe/Warsaw"


def days(*numbers: int | None) -> list[date | None]:
    return pl.select(clarion.day(pl.lit(pl.Series([*numbers], dtype=pl.Int64)))).to_series().to_list()


def moments(*numbers: int | None) -> list[datetime | None]:
    return pl.select(clarion.moment(pl.lit(pl.Series([*numbers], dtype=pl.Int64)), WARSAW)).to_series().to_list()


def test_days_count_from_28_december_1800_and_what_is_no_day_does_not_overflow():
    assert days(82_000, 69_035, 60_000) == [date(2025, 7, 1), date(1990, 1, 1), date(1965, 4, 7)]
    assert days(None, 0, 1, -5, 93_890, 109_211, 117_976, 150_483, 999_999, 1_908_212, 2**40) == [None] * 11


def test_moments_are_seconds_on_the_clock_of_the_server():
    # 28 June 2025, 23:06:40 in Warsaw.
    assert moments(1_120_000_000, 0, None, -1, 2**50) == [datetime(2025, 6, 28, 21, 6, 40), None, None, None, None]


def test_the_hour_an_autumn_night_shows_twice_is_the_first_and_the_one_spring_skips_is_nobodys():
    twice = int((datetime(2025, 10, 26, 2, 30) - datetime(1990, 1, 1)).total_seconds())
    skipped = int((datetime(2025, 3, 30, 2, 30) - datetime(1990, 1, 1)).total_seconds())
    assert moments(twice, skipped) == [datetime(2025, 10, 26, 0, 30), None]


@pytest.mark.parametrize("since", [datetime(2025, 10, 26, 0, 50), datetime(2025, 10, 25, 22)])
def test_what_was_changed_after_the_clock_was_put_back_is_not_below_where_reading_goes_on(since):
    changed = datetime(2025, 10, 26, 2, 5)  # by the clock, an hour after it first showed this
    bound = clarion.seconds(since, datetime(2025, 10, 26, 6), WARSAW)
    assert bound <= int((changed - datetime(1990, 1, 1)).total_seconds())


def test_on_other_days_reading_goes_on_where_the_clock_stood():
    assert clarion.clock(datetime(2025, 7, 1, 8), datetime(2025, 7, 2, 8), WARSAW) == datetime(2025, 7, 1, 10)
