"""What customers owe on a day, by how late it is: read from the stretches of days on which it stood unchanged."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from dashboards import facts, header, periods, warehouse
from dashboards.periods import Period
from dashboards.warehouse import Filter
from dashboards.worked_out import once

MART = "receivable_balances"
DOCUMENTS = ("invoice", "credit_note", "correction", "prepayment")
# The days past due at which each bucket begins and ends.
BUCKETS = {
    "not_due": (None, 0),
    "days_1_30": (1, 30),
    "days_31_60": (31, 60),
    "days_61_90": (61, 90),
    "over_90": (91, None),
}
LATE = tuple(BUCKETS)[1:]
# What is owed to the customer, and so stands below the line.
CREDITS = ("open_credit", "unapplied_cash")


@dataclass(frozen=True)
class Owed:
    """A part of what is owed: all of it, or a bucket, on a day; `of` whom."""

    day: date
    bucket: str | None = None
    of: tuple[Filter, ...] = ()

    @property
    def code(self) -> str:
        """How an address names it."""
        return f"{self.bucket}.{self.day.isoformat()}"

    def filters(self) -> list[Filter]:
        stands = [*self.of, *standing(self.day)]
        if self.bucket is None:
            return [*stands, Filter("kind", "in", DOCUMENTS)]
        if self.bucket == "unapplied_cash":
            return [*stands, Filter("kind", "=", "unapplied_cash")]
        if self.bucket == "open_credit":
            return [*stands, Filter("kind", "in", DOCUMENTS), Filter("open_amount", "<", 0)]
        return [*stands, *late(self.day, *BUCKETS[self.bucket])]


def named(code: str | None, day: date, of: tuple[Filter, ...] = ()) -> Owed:
    """What an address names; without a day it is that of the page, and what nobody knows is everything."""
    bucket, _, written = (code or "").partition(".")
    if bucket not in (*BUCKETS, *CREDITS):
        return Owed(day, of=of)
    try:
        return Owed(date.fromisoformat(written), bucket, of)
    except ValueError:
        return Owed(day, bucket, of)


def standing(day: date) -> list[Filter]:
    return [Filter("valid_from", "<=", day), Filter("valid_to", "> or null", day)]


def late(day: date, low: int | None = 1, high: int | None = None) -> list[Filter]:
    """Invoices so many days past due on a day."""
    filters = [Filter("kind", "in", DOCUMENTS), Filter("open_amount", ">", 0)]
    if low is not None:
        filters.append(Filter("due_date", "<=", day - timedelta(days=low)))
    if high is not None:
        filters.append(Filter("due_date", ">=", day - timedelta(days=high)))
    return filters


def overdue(day: date, of: tuple[Filter, ...] = ()) -> Decimal | None:
    """Nothing past due is 0 where something is owed, and nothing known where nothing is."""
    value = warehouse.figure("overdue_on_day", [*of, *standing(day), *late(day)])
    return Decimal(0) if value is None and warehouse.count(MART, Owed(day, of=of).filters()) else value


def by_month(period: Period, of: tuple[Filter, ...] = ()) -> pl.DataFrame:
    """What was owed at each month's end, one column a bucket; a month that runs stands at the day of the refresh."""
    names = [f"{name}_gross_amount" for name in (*BUCKETS, *CREDITS, "closing")]
    return warehouse.summed("receivables_by_month", names, {"day": "balance_date"}, [*of, *within(period)])


def within(period: Period) -> list[Filter]:
    return header.between("balance_date", period)


def span(period: Period) -> Period:
    """The month ends to draw: those of the period, and at least thirteen, so that a year can be seen."""
    start = min(period.start, periods.shifted(period.end.replace(day=1), -12))
    return Period(start, period.end, period.is_open)


@once
def customers(part: Owed) -> pl.DataFrame:
    """Who owes it, most first, with what of it is past due, how many documents it is and how they pay."""
    by = {"customer_key": "customer_key"}
    named = by | {"customer_name": "customer_name"}
    owes = warehouse.measure("receivables_with_credit", named, part.filters(), False, "documents_counted")
    owes = owes.rename({"receivables_with_credit": "owed_amount"})
    past = warehouse.measure("overdue_on_day", by, [*part.filters(), *late(part.day)], ordered=False)
    past = past.rename({"overdue_on_day": "overdue_amount"})
    pays = warehouse.rows("payment_behaviour", limit=100_000)
    pays = pays.select("customer_key", "median_days_late", "longest_overdue_days")
    if part.day != facts.as_of():
        # How late the oldest is, is known of the day of the refresh only.
        pays = pays.drop("longest_overdue_days")
    found = owes.join(past, on="customer_key", how="left").join(pays, on="customer_key", how="left")
    found = found.with_columns(pl.col("overdue_amount").fill_null(0))
    return found.sort(["owed_amount", "customer_key"], descending=[True, False], nulls_last=True)


def documents(part: Owed, customer: str, limit: int = 500) -> tuple[pl.DataFrame, int]:
    """The documents of a customer behind it, the oldest debt first."""
    filters = [*part.filters(), Filter("customer_key", "=", customer)]
    found = warehouse.rows(MART, filters, order="due_date", limit=limit, descending=False)
    days = pl.lit(part.day).sub(pl.col("due_date")).dt.total_days().clip(lower_bound=0)
    found = found.with_columns(
        days_overdue=pl.when(pl.col("open_amount") > 0).then(days).otherwise(None),
        document_amount="open_amount",
        owed_amount="open_reporting_amount",
    )
    return found, warehouse.count(MART, filters)
