"""What is expected to come in: the periods of a figure by component, what was said of them before, what came."""

from datetime import date

import polars as pl

from dashboards import facts, periods, warehouse
from dashboards.periods import Period
from dashboards.warehouse import Filter

# Each figure's components from certain to guessed, and what must be loaded to foretell it.
COMPONENTS = {
    "revenue": ("so_far", "ordered_not_invoiced", "won_not_ordered", "pipeline", "repeat"),
    "won": ("so_far", "pipeline", "later_deals"),
    "cash": ("so_far", "receivables", "later_invoices"),
}
NEEDS = {"revenue": ("invoices", "invoice_lines"), "won": ("deals",), "cash": ("invoices", "payments")}
MONTHS_AGO = (1, 2, 3)


def of(figure: str, grain: str) -> list[Filter]:
    return [Filter("figure", "=", figure), Filter("grain", "=", grain)]


def within(period: Period) -> list[Filter]:
    return [Filter("period_start", ">=", period.start), Filter("period_end", "<=", period.end)]


def next_quarter() -> Period:
    today = facts.as_of()
    start = periods.shifted(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3)
    return Period(start, periods.month_end(periods.shifted(start, 2)))


def last_quarter() -> Period:
    """The three months that are over."""
    this_month = facts.as_of().replace(day=1)
    return Period(periods.shifted(this_month, -3), facts.as_of())


def totals(figure: str, grain: str, period: Period | None = None) -> pl.DataFrame:
    """One row per period: what is expected, and from where to where it may be."""
    filters = [*of(figure, grain), Filter("component", "=", "total"), *(within(period) if period else [])]
    return warehouse.rows("forecast", filters, order="period_start", descending=False)


def parts(figure: str, grain: str) -> pl.DataFrame:
    """One row per period and component, in the order of the components."""
    found = warehouse.rows("forecast", [*of(figure, grain), Filter("component", "<>", "total")], limit=1000)
    known = [name for name in COMPONENTS[figure] if name in set(found["component"])]
    order = pl.col("component").replace_strict({name: at for at, name in enumerate(known)}, return_dtype=pl.Int64)
    found = found.filter(pl.col("component").is_in(known)).with_columns(order=order)
    return found.select("period_start", "period_end", "component", "amount", "order").sort("period_start", "order")


def targets(months: Period) -> pl.DataFrame:
    """What the firm wants to win by month; months without a target are not there."""
    filters = [Filter("period_month", ">=", months.start), Filter("period_month", "<=", months.end)]
    found = warehouse.measure("target_amount", {"period_start": "period_month"}, filters)
    return found.filter(pl.col("target_amount").is_not_null())


def scored(figure: str) -> pl.DataFrame:
    """The last three months: what came, and what was said of each one, two and three months before it.

    Of each month before, the last day whose forecast was kept speaks.
    """
    filters = [*of(figure, "month"), Filter("periods_ahead", "in", MONTHS_AGO), *within(last_quarter())]
    found = warehouse.rows("forecast_accuracy", filters, order="made_date", limit=5000)
    return found.unique(["period_start", "periods_ahead"], keep="first", maintain_order=True).sort(
        "period_start", "periods_ahead"
    )


def record(grain: str) -> dict:
    """Since when forecasts are kept, and from when on they can be held against what came."""
    found = warehouse.rows("forecast_records", [Filter("grain", "=", grain)], limit=1)
    return next(iter(found.to_dicts()), {})
