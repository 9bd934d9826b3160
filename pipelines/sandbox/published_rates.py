"""The tables of rates that three central banks publish: the same world, each bank's own days, money and units."""

from datetime import date, timedelta
from functools import cache
from math import sin
from typing import Any

import holidays

BANKS = {"nbp": "PLN", "cbr": "RUB", "ecb": "EUR"}
FIRST = date(2019, 12, 1)
# Zloty for one unit, and for how many units the Bank of Russia quotes it.
WORTH = {
    "EUR": (4.30, 1),
    "USD": (3.95, 1),
    "GBP": (5.02, 1),
    "CHF": (4.52, 1),
    "CZK": (0.172, 10),
    "HUF": (0.0109, 100),
    "UAH": (0.095, 10),
    "RUB": (0.046, 1),
    "PLN": (1.0, 1),
}
# Currencies a bank has no rate of.
UNQUOTED = {"nbp": {"RUB"}, "cbr": set(), "ecb": {"RUB", "UAH"}}


@cache
def _closed(bank: str) -> Any:
    if bank == "ecb":
        return holidays.financial_holidays("XECB")
    return holidays.country_holidays("PL" if bank == "nbp" else "RU")


def is_published(bank: str, day: date) -> bool:
    """No table on a weekend or a holiday. The Bank of Russia sets a rate on a working day for the day after it."""
    worked = day - timedelta(days=1) if bank == "cbr" else day
    return worked.weekday() < 5 and worked not in _closed(bank)


def worth(currency: str, day: date) -> float:
    """In zloty: swings slowly about its level, each currency in its own time."""
    if currency == "PLN":
        return 1.0
    level, _ = WORTH[currency]
    return level * (1 + 0.03 * sin(day.toordinal() / (31 + len(currency) + ord(currency[0]) % 17)))


def units(bank: str, currency: str) -> int:
    return WORTH[currency][1] if bank == "cbr" else 1


def quoted(bank: str, day: date) -> dict[str, str]:
    """Rate by currency as the bank spells it: in its own money for its units, of the ECB the other way round."""
    home = worth(BANKS[bank], day)
    found = {}
    for currency in WORTH:
        if currency == BANKS[bank] or currency in UNQUOTED[bank]:
            continue
        if bank == "ecb":
            found[currency] = f"{home / worth(currency, day):.4f}"
        else:
            digits = 6 if WORTH[currency][0] < 0.05 else 4
            found[currency] = f"{units(bank, currency) * worth(currency, day) / home:.{digits}f}"
    return found


@cache
def tables(bank: str, last: date) -> dict[date, dict[str, str]]:
    """Every table until a day."""
    days = (FIRST + timedelta(days=number) for number in range((last - FIRST).days + 1))
    return {day: quoted(bank, day) for day in days if is_published(bank, day)}
