"""Working days of the country a site is in."""

from datetime import date

import polars as pl
import pytest

from pipelines.calendars.working_days import calendar

pytestmark = pytest.mark.figure("milestones")
NO_EXCEPTIONS = pl.DataFrame(schema={"country_code": pl.String, "day": pl.Date, "is_working": pl.Boolean})


NOWHERE = pl.DataFrame(schema={"country_code": pl.String, "first_date": pl.Date, "last_date": pl.Date})


def days(country: str, first: date, last: date, exceptions: pl.DataFrame = NO_EXCEPTIONS) -> pl.DataFrame:
    countries = pl.DataFrame({"country_code": [country], "first_date": [first], "last_date": [last]})
    return calendar(countries, exceptions)


def between(found: pl.DataFrame, first: date, last: date) -> int:
    counted = dict(found.select("day", "working_days").iter_rows())
    return counted[last] - counted[first]


@pytest.mark.parametrize(("country", "holiday"), [("PL", date(2026, 11, 11)), ("RU", date(2026, 11, 4))])
def test_a_public_holiday_of_the_country_is_no_working_day(country, holiday):
    found = days(country, date(2026, 11, 1), date(2026, 11, 30))
    assert found.filter(pl.col("day") == holiday)["kind"].to_list() == ["holiday"]
    # Wednesday between Tuesday and Thursday.
    assert between(found, holiday.replace(day=holiday.day - 1), holiday.replace(day=holiday.day + 1)) == 1


def test_poland_works_on_the_russian_holiday_and_russia_on_the_polish_one():
    first, last = date(2026, 11, 2), date(2026, 11, 13)
    poland, russia = days("PL", first, last), days("RU", first, last)
    assert poland.filter(pl.col("day") == date(2026, 11, 4))["is_working_day"].item()
    assert russia.filter(pl.col("day") == date(2026, 11, 11))["is_working_day"].item()
    assert between(poland, first, last) == between(russia, first, last) == 8


def test_from_friday_to_monday_is_one_working_day_and_back_is_minus_one():
    found = days("PL", date(2026, 10, 1), date(2026, 10, 31))
    assert between(found, date(2026, 10, 2), date(2026, 10, 5)) == 1
    assert between(found, date(2026, 10, 5), date(2026, 10, 2)) == -1


def test_what_the_firm_says_goes_before_holiday_and_weekend():
    own = pl.DataFrame(
        {
            "country_code": ["PL", "PL", "RU"],
            "day": [date(2026, 11, 11), date(2026, 11, 12), date(2026, 11, 13)],
            "is_working": [True, False, False],
        }
    )
    found = days("PL", date(2026, 11, 10), date(2026, 11, 13), own)
    assert found["is_working_day"].to_list() == [True, True, False, True]
    assert found["kind"].to_list() == ["working", "exception", "exception", "working"]
    assert found["working_days"].to_list() == [1, 2, 2, 3]


def test_a_country_nobody_knows_has_no_calendar_and_no_country_none_at_all():
    assert days("XX", date(2026, 1, 1), date(2026, 1, 31)).is_empty()
    assert calendar(NOWHERE, NO_EXCEPTIONS).is_empty()
