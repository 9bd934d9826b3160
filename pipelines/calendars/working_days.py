"""Weekends, public holidays and the firm's own exceptions, as one row per country and day."""

from datetime import date

import holidays
import polars as pl

EMPTY = pl.DataFrame(schema={"country_code": pl.String, "day": pl.Date, "kind": pl.String})
SATURDAY = 6


def calendar(countries: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """The days of every country between its first and its last date; a country nobody knows holidays of has none."""
    of_each = [
        _days(row["country_code"], row["first_date"], row["last_date"]) for row in countries.iter_rows(named=True)
    ]
    days = pl.concat([EMPTY, *of_each])
    own = exceptions.select("country_code", "day", "is_working").unique(["country_code", "day"], keep="last")
    return (
        days.join(own, on=["country_code", "day"], how="left")
        .with_columns(
            is_working_day=pl.coalesce("is_working", pl.col("kind") == "working"),
            kind=pl.when(pl.col("is_working").is_null()).then("kind").otherwise(pl.lit("exception")),
        )
        .sort("country_code", "day")
        .with_columns(working_days=pl.col("is_working_day").cast(pl.Int64).cum_sum().over("country_code"))
        .select("country_code", "day", "kind", "is_working_day", "working_days")
    )


def _days(country: str, first: date, last: date) -> pl.DataFrame:
    public = public_holidays(country, range(first.year, last.year + 1))
    if public is None:
        return EMPTY
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    kind = (
        pl.when(pl.col("day").is_in(public))
        .then(pl.lit("holiday"))
        .when(pl.col("day").dt.weekday() >= SATURDAY)
        .then(pl.lit("weekend"))
        .otherwise(pl.lit("working"))
    )
    return days.select(country_code=pl.lit(country), day="day", kind=kind)


def public_holidays(country: str, years: range) -> list[date] | None:
    """The holidays of a country, first one first; None where nobody knows them."""
    try:
        return sorted(holidays.country_holidays(country, years=years))
    except NotImplementedError:  # the library's word for a country it does not know
        return None
