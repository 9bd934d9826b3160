"""What customers made the firm do, what the capacity for it cost, and how much of that stood idle."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.moments import entered_orders
from pipelines.sandbox.business.truth_money import day
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.parts.business_central_archives import promised_versions
from pipelines.sandbox.parts.salesforce_cases import known_cases
from pipelines.sandbox.parts.salesforce_records import talks

SMALL_ORDER = 200 * 10_000  # zloty, in ten-thousandths


def in_zloty(company, currency: pl.Series, days: pl.Series) -> np.ndarray:
    """Ten-thousandths of a zloty for a unit of the currency, at the rate last published by that day."""
    rate = catalogue.rate_on(company.rates, days.to_numpy())
    return np.where((currency == "EUR").to_numpy(), rate, 10_000)


def events(company) -> pl.DataFrame:
    """One row per event and driver: firm, order (-1: none), day, quantity."""
    lines = company.lines.group_by("order").agg(lines=pl.len(), net=pl.col("net").sum())
    orders = entered_orders(company).join(lines, on="order", how="left", maintain_order="left")
    rate = in_zloty(company, orders["currency"], orders["day"])
    small = orders.filter(pl.Series(orders["net"].to_numpy() * rate < SMALL_ORDER * 100))
    returned = company.credited.filter(pl.col("item") >= 0).select("note").unique()
    returns = company.known_notes.filter(pl.col("fate") < 3).join(returned, on="note", how="semi")
    cases = known_cases(company)
    talked = talks(company)
    parts = [
        _told("orders", orders, pl.col("day")),
        _told("order_lines", orders, pl.col("day"), pl.col("lines")),
        _told("small_orders", small, pl.col("day")),
        _told("deliveries", company.known_deliveries, pl.col("t_left") // DAY),
        _told("order_changes", changes(company), pl.col("moment") // DAY),
        _told("returns", _with_named_order(returns, pl.col("is_linked")), pl.col("t_posted") // DAY),
        _told("tickets", _with_named_order(cases, pl.col("order_number").is_not_null()), pl.col("t") // DAY),
        _told("visits", talked.filter("is_visit").with_columns(order=pl.lit(-1)), pl.col("t") // DAY),
        _told(
            "activity_minutes",
            talked.filter(pl.col("minutes").is_not_null()).with_columns(order=pl.lit(-1)),
            pl.col("t") // DAY,
            pl.col("minutes"),
        ),
    ]
    return pl.concat(parts, how="vertical_relaxed")


def _told(driver: str, rows: pl.DataFrame, days: pl.Expr, quantity: pl.Expr | None = None) -> pl.DataFrame:
    many = pl.lit(1) if quantity is None else quantity
    return rows.select("firm", "order", driver=pl.lit(driver), day=days, quantity=many.cast(pl.Int64))


def _with_named_order(rows: pl.DataFrame, is_named: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(order=pl.when(is_named).then("order").otherwise(-1))


def changes(company) -> pl.DataFrame:
    """One row per new promise that an archived version tells."""
    told = promised_versions(company).sort("order", "version", "line")
    moved = told.with_columns(before=pl.col("promise").shift(1).over("order", "line", order_by="version"))
    moved = moved.filter((pl.col("before") != pl.col("promise")).fill_null(False))
    firms = company.known_orders.select("order", "firm")
    changed = moved.select("order", "version", "moment").unique(["order", "version"], maintain_order=True)
    return changed.join(firms, on="order", how="left", maintain_order="left")


def pools(company) -> pl.DataFrame:
    """One row per pool, period and driver: what the capacity cost in zloty, and what of it was used."""
    rows = company.facts()["cost_pools"].with_columns(
        pl.col("amount", "practical_capacity", "unit_time").cast(pl.Float64)
    )
    rows = rows.with_columns(ends=_end(pl.col("period")), unit_time=pl.col("unit_time").fill_null(1))
    priced = rows.select(pl.min_horizontal("ends", pl.lit(company.now // DAY)))["ends"]
    rate = in_zloty(company, rows["currency"], priced)
    worth = (rows["amount"].to_numpy() * rate / 10_000).round(4)
    done = _in_periods(company).group_by("pool", "period", "driver").agg(pl.col("used").sum())
    rows = rows.with_columns(worth=pl.Series(worth)).join(
        done, on=["pool", "period", "driver"], how="left", maintain_order="left"
    )
    used = pl.col("used").fill_null(0)
    share = pl.min_horizontal(used / pl.col("practical_capacity"), pl.lit(1.0))
    rows = rows.with_columns(used=used, allocated=(pl.col("worth") * share).round(4))
    return rows.select(
        "pool", "period", "driver", "used", "allocated", unused=(pl.col("worth") - pl.col("allocated")).round(4)
    )


def _end(period: pl.Expr) -> pl.Expr:
    """Last day of a month, a quarter, a year."""
    year = period.str.slice(0, 4).cast(pl.Int32)
    month = (
        pl.when(period.str.len_chars() == 4)
        .then(12)
        .when(period.str.contains("Q"))
        .then(period.str.slice(-1).cast(pl.Int32, strict=False) * 3)
        .otherwise(period.str.slice(-2).cast(pl.Int32, strict=False))
    )
    return pl.date(year, month, 1).dt.month_end().cast(pl.Int32).cast(pl.Int64)


def _in_periods(company) -> pl.DataFrame:
    """What every pool did for every firm, order and month."""
    when = day(pl.col("day"))
    seen = events(company).with_columns(month=when.dt.truncate("1mo"))
    seen = seen.group_by("driver", "firm", "order", "month").agg(pl.col("quantity").sum())
    asked = company.facts()["cost_pools"].select(
        "pool", "period", "driver", unit_time=pl.col("unit_time").cast(pl.Float64).fill_null(1)
    )
    year, quarter = pl.col("month").dt.year().cast(pl.String), pl.col("month").dt.quarter().cast(pl.String)
    spelled = {7: pl.col("month").dt.strftime("%Y-%m"), 8: year + "-Q" + quarter, 4: year}
    whole = (pl.col("period").str.len_chars() == 7) & pl.col("period").str.contains("Q")
    length = pl.when(whole).then(8).otherwise(pl.col("period").str.len_chars())
    parts = []
    for size, period in spelled.items():
        those = asked.filter(length == size)
        parts.append(seen.with_columns(period=period).join(those, on=["driver", "period"], how="inner"))
    return pl.concat(parts).with_columns(used=pl.col("quantity") * pl.col("unit_time"))


def shares(company) -> pl.DataFrame:
    """What of each pool falls on each firm, order and month."""
    costs = pools(company).select("pool", "period", "driver", "allocated", whole="used")
    rows = _in_periods(company).join(costs, on=["pool", "period", "driver"], how="inner", maintain_order="left")
    return rows.select("firm", "order", "month", cost=pl.col("allocated") * pl.col("used") / pl.col("whole"))
