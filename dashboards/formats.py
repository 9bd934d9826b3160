"""Numbers as text, the way the reader's language writes them. Only text comes out of here; sums are done before."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_decimal_symbol

from dashboards import words

Number = int | float | Decimal
NONE = "–"


def number(value: Number | None, digits: int = 0) -> str:
    if value is None:
        return NONE
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _decimal(value, pattern, words.locale())


def money(value: Number | None, currency: str, digits: int = 0) -> str:
    return NONE if value is None else f"{number(value, digits)} {currency}".rstrip()


def short_money(value: Number | None, currency: str) -> str:
    if value is None:
        return NONE
    if abs(value) < 1000:
        return money(value, currency)
    short = _compact(value, words.locale())
    return f"{short} {currency}".rstrip()


def percent(value: Number | None, digits: int = 1) -> str:
    if value is None:
        return NONE
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return _share(value, pattern, words.locale())


def days(value: Number | None) -> str:
    if value is None:
        return NONE
    if float(value) == int(value):
        return words.text("format.days", n=int(value), value=number(value))
    return words.text("format.days_and_part", value=number(value, 1))


def part_days(value: Number | None) -> str:
    """Days as a number on a bar: with a tenth where they are not whole, as the sentence above says them."""
    if value is None:
        return NONE
    rounded = round(float(value), 1)
    return number(rounded, 0 if rounded.is_integer() else 1)


def day(value: date | None) -> str:
    return NONE if value is None else format_date(value, "d MMM y", locale=words.locale())


def short_day(value: date | None) -> str:
    """A day among its neighbours, whose year goes without saying."""
    return NONE if value is None else format_date(value, "d MMM", locale=words.locale())


def moment(value: datetime | None) -> str:
    return NONE if value is None else format_datetime(value, "d MMM y HH:mm", locale=words.locale())


def month(value: date | None) -> str:
    return NONE if value is None else format_date(value, "LLL y", locale=words.locale())


def has_decimal_comma() -> bool:
    return get_decimal_symbol(words.locale()) == ","


# A rerun writes the same numbers again, and Babel takes its time over each.
@lru_cache(maxsize=8192)
def _decimal(value: Number, pattern: str, locale: str) -> str:
    return format_decimal(value, pattern, locale=locale)


@lru_cache(maxsize=8192)
def _share(value: Number, pattern: str, locale: str) -> str:
    return format_percent(value, pattern, locale=locale)


@lru_cache(maxsize=8192)
def _compact(value: Number, locale: str) -> str:
    return format_compact_decimal(value, locale=locale, fraction_digits=2)


def figure(value: Number | None, unit: str, currency: str = "") -> str:
    """A measure's value by its unit, short enough for a tile."""
    match unit:
        case "money":
            return short_money(value, currency)
        case "percent":
            return percent(value)
        case "days":
            return days(value)
        case _:
            return number(value)


def exact(value: Number | None, unit: str, currency: str = "") -> str:
    """The same value with nothing rounded away that a reader could miss."""
    return money(value, currency, 2) if unit == "money" else figure(value, unit, currency)


def change(value: Number | None, before: Number | None, unit: str) -> str | None:
    """How far a value moved: percent for sums and counts, points for shares, days for days."""
    if value is None or before is None:
        return None
    difference = float(value) - float(before)
    if unit == "percent":
        return words.text("format.points", value=signed(difference * 100, 1))
    if unit == "days":
        return words.text("format.days_change", value=signed(difference, 1))
    if not before:
        return None
    share = difference / abs(float(before)) * 100
    if abs(share) >= 1000:
        # Beside next to nothing everything is a thousandfold: the difference says more.
        return ("-" if difference < 0 else "+") + short_money(abs(difference), "")
    return signed(share, 1) + "%"


def signed(value: float, digits: int) -> str:
    text = number(abs(value), digits)
    rounded = round(value, digits)
    return text if rounded == 0 else ("-" if rounded < 0 else "+") + text
