"""What the firm knows of itself and no system tells: pools of cost, interest, commission, rebates, targets.

One frame per seed of that name, with its columns. Nothing here depends on what happened, only on the day and the size.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.numbering import opening
from pipelines.sandbox.parts import numbering, words
from pipelines.sandbox.parts.business_central_master import seller_code
from pipelines.sandbox.parts.salesforce_accounts import user_ids

# pool, length of its periods in months, driver, zloty or euro a month at size 1, currency, units a month at size 1,
# unit_time (None: 1), why.
POOLS = [
    ("Order desk", 1, "order_lines", 21_000, "PLN", 5_600, 6, "Two people, minutes at the desk"),
    ("Warehouse", 1, "deliveries", 38_000, "PLN", 7_400, 18, "Picking and packing, minutes"),
    ("Small orders", 1, "small_orders", 2_400, "PLN", 12, None, "Half a day a week"),
    ("Changed orders", 1, "order_changes", 5_200, "PLN", 1_300, 15, "Dispatching, minutes"),
    ("Customer service", 1, "tickets", 9_000, "PLN", 34, None, "One person, cases"),
    ("Field sales", 1, "visits", 4_100, "EUR", 70, None, "Cars and travel, visits"),
    ("Complaints", 3, "returns", 6_000, "PLN", 19, None, "Inspection and restocking"),
    ("Inside sales", 12, "activity_minutes", 17_500, "PLN", 5_400, None, "Telephone and meetings, minutes"),
]
RISE = 1.05  # a year
INTEREST = [("2023-01-01", "0.085"), ("2025-05-08", "0.0775"), ("2026-03-05", "0.0625")]
# day, place among the sellers (None: everybody), rate, basis
COMMISSIONS = [
    ("2023-01-01", None, "0.01", "revenue"),
    ("2025-07-01", None, "0.012", "revenue"),
    ("2023-01-01", 0, "0.015", "revenue"),
    ("2024-06-01", 1, "0.05", "cm1"),
    ("2025-01-01", 2, "0.005", "revenue"),
    ("2026-01-01", 2, "0.04", "cm1"),
]
# first day, last day, place among the opening firms by weight (or the segment), rate, threshold
REBATES = [
    ("2024-01-01", "2024-12-31", 0, "0.02", None),
    ("2025-01-01", "2025-12-31", 0, "0.03", 60_000),
    ("2025-01-01", "2026-12-31", 1, "0.025", None),
    ("2026-01-01", "2026-12-31", 2, "0.04", 10_000_000),
    ("2025-01-01", "2025-12-31", "Wholesaler", "0.015", 20_000),
    ("2026-01-01", "2026-12-31", "Wholesaler", "0.01", None),
    ("2026-01-01", "2026-12-31", "Fleet", "0.02", 25_000),
]
REVENUE_A_MONTH, WON_A_MONTH, WON_A_SELLER = 1_450_000, 430_000, 30_000
MONTHS_AHEAD = 2


def facts(company) -> dict[str, pl.DataFrame]:
    return {
        "cost_pools": _pools(company),
        "interest_rates": _frame("valid_from annual_rate reason", [(*row, "The bank's overdraft") for row in INTEREST]),
        "commission_rates": _commissions(),
        "rebate_agreements": _rebates(company),
        "targets": _targets(company),
    }


def company_key() -> str:
    return f"business_central:{identifiers.guids('company', np.array([1]))[0]}"


def seller_keys() -> list[str]:
    return [f"{company_key()}:{code}" for code in seller_code()]


def _frame(names: str, rows: list[tuple]) -> pl.DataFrame:
    """Numbers as they are written in a file."""
    texts = [[None if value is None else str(value) for value in row] for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(names.split(), pl.String), orient="row")


def _periods(company, months: int) -> list[tuple[str, int]]:
    """The periods in which the firm has lived, each with its year."""
    days = [date(1970, 1, 1) + timedelta(days=first) for first, _ in company.months]
    spelled = {
        1: lambda day: f"{day:%Y-%m}",
        3: lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
        12: lambda day: str(day.year),
    }
    return list(dict.fromkeys((spelled[months](day), day.year) for day in days))


def _pools(company) -> pl.DataFrame:
    rows = []
    for place, (pool, months, driver, amount, currency, units, unit_time, reason) in enumerate(POOLS):
        periods = _periods(company, months)
        keys = np.array([sum(period.encode()) * 97 + int(year) * 16 + place for period, year in periods])
        moved = 0.94 + 0.12 * company.dice.share(keys, "cost of a pool")
        for (period, year), share in zip(periods, moved, strict=True):
            cost = company.scale * months * amount * RISE ** (year - 2024) * share
            capacity = max(company.scale * months * units, 1)
            rows.append((pool, period, f"{cost:.2f}", currency, driver, f"{capacity:.2f}", unit_time, reason))
    return _frame("pool period amount currency driver practical_capacity unit_time reason", rows)


def _commissions() -> pl.DataFrame:
    keys = seller_keys()
    rows = [
        (day, None if place is None else keys[place], rate, basis, "Agreement" if place is None else "Own agreement")
        for day, place, rate, basis in COMMISSIONS
    ]
    return _frame("valid_from person_key rate basis reason", rows)


def favoured(company) -> list[int]:
    """The opening firms that order most."""
    opening = company.firms.filter("is_opening").sort("weight", "firm", descending=[True, False])
    return opening["firm"].head(3).to_list()


def _rebates(company) -> pl.DataFrame:
    firms = favoured(company)
    numbers = dict(opening(company, *numbering.CUSTOMERS).select("customer", "number").iter_rows())
    rows = []
    for first, last, who, rate, threshold in REBATES:
        if isinstance(who, str):
            rows.append((None, who, first, last, rate, threshold, "Price list for the segment"))
        elif who < len(firms):
            account = f"{company_key()}:{numbers[firms[who] * 2]}"
            rows.append((account, None, first, last, rate, threshold, "Yearly contract"))
    return _frame("account_key segment valid_from valid_to rate threshold_amount reason", rows)


def _targets(company) -> pl.DataFrame:
    this = company.as_of.year * 12 + company.as_of.month - 1
    ahead = [divmod(this + later, 12) for later in range(1, MONTHS_AHEAD + 1)]
    months = [period for period, _ in _periods(company, 1)] + [f"{year}-{month + 1:02d}" for year, month in ahead]
    sellers = user_ids()[: len(words.SELLERS)]
    rows = []
    for place, period in enumerate(months):
        growth = company.scale * 1.006**place
        rows.append((period, "revenue", None, f"{REVENUE_A_MONTH * growth:.2f}", "PLN", "Budget"))
        rows.append((period, "won", None, f"{WON_A_MONTH * growth:.2f}", "PLN", "Budget"))
        if place >= len(months) - 12 - MONTHS_AHEAD:
            rows += [
                (period, "won", f"salesforce:{seller}", f"{WON_A_SELLER * growth:.2f}", "PLN", "Talk of the year")
                for seller in sellers
            ]
    return _frame("period measure owner_key amount currency reason", rows)
