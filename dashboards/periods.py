"""Which days a page is about, and which days they are compared with."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

PERIODS = ("last_month", "last_quarter", "year_to_date", "last_12_months", "this_month", "all", "custom")
COMPARISONS = ("previous", "last_year", "budget", "none")


@dataclass(frozen=True)
class Period:
    """Days from start to end, both included. An open one is not over yet: its figures are 'to date'."""

    start: date
    end: date
    is_open: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end == month_end(self.end)

    @property
    def months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1


def resolve(code: str, as_of: date, chosen: tuple[date, ...] = (), first: date | None = None) -> Period:
    """The days behind a choice. The last month is over only once its last day is: that day itself still moves."""
    this_month = as_of.replace(day=1)
    closed = this_month - timedelta(days=1)
    match code:
        case "last_quarter":
            start = date(this_month.year, (this_month.month - 1) // 3 * 3 + 1, 1)
            return Period(shifted(start, -3), start - timedelta(days=1))
        case "year_to_date":
            return Period(date(closed.year, 1, 1), closed)
        case "last_12_months":
            return Period(shifted(this_month, -12), closed)
        case "this_month":
            return Period(this_month, as_of, is_open=True)
        case "all":
            return Period(min(first or as_of, as_of), as_of, is_open=True)
        case "custom" if len(chosen) == 2:
            return Period(chosen[0], chosen[1], is_open=chosen[1] >= as_of)
        case _:
            return Period(closed.replace(day=1), closed)


def compared(period: Period, code: str) -> Period | None:
    """The days to compare with: whole months with whole months, days to date with as many days.

    A budget is of the same days, and so no other ones.
    """
    if code in ("none", "budget"):
        return None
    if code == "last_year":
        return moved(period, -12)
    if period.is_whole_months or (period.is_open and period.start.day == 1 and period.months == 1):
        return moved(period, -period.months)
    return Period(period.start - timedelta(days=period.days), period.start - timedelta(days=1))


def moved(period: Period, months: int) -> Period:
    end = shifted(period.end, months)
    return Period(shifted(period.start, months), month_end(end) if period.is_whole_months else end)


def by_months(period: Period) -> Period:
    """The whole months a period touches; one that is not over keeps its last day."""
    end = period.end if period.is_open else month_end(period.end)
    return Period(period.start.replace(day=1), end, period.is_open)


def shifted(day: date, months: int) -> date:
    """The same day some months away, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
