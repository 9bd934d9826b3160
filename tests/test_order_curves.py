"""Curves of orders against a plain count, working days against another calendar, perfect orders by their measure."""

from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import holidays
import numpy as np
import polars as pl
import pytest
import yaml

from tests.published import AS_OF, published

MARTS = Path(__file__).parent.parent / "dbt_project" / "models" / "marts" / "order_cycle"
ORDERS = """
    select o.warehouse, o.is_cancelled, o.ordered_date, o.shipped_in_full_date, o.cancelled_date
    from marts.order_cycle_time as o join marts.order_milestones as m using (order_key)
    where not o.has_impossible_dates and o.status <> 'draft' and m.is_shipping_known
        and case when o.is_cancelled then m.has_goods_ordered else m.has_goods end
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    return published(tmp_path_factory, "0.1")


def counted(orders: pl.DataFrame) -> dict[int, tuple[float, float]]:
    """Share shipped and share cancelled by each day, order by order and by hand."""
    last = pl.coalesce("shipped_in_full_date", "cancelled_date", pl.lit(AS_OF))
    days = orders.select((last - pl.col("ordered_date")).dt.total_days()).to_series().to_numpy()
    shipped = orders["shipped_in_full_date"].is_not_null().to_numpy()
    cancelled = orders["is_cancelled"].to_numpy() & ~shipped
    waiting, share_shipped, share_cancelled, by_day = 1.0, 0.0, 0.0, {}
    for day in np.unique(days):
        at_risk, today = np.sum(days >= day), days == day
        share_shipped += waiting * np.sum(today & shipped) / at_risk
        share_cancelled += waiting * np.sum(today & cancelled) / at_risk
        waiting *= 1 - np.sum(today & (shipped | cancelled)) / at_risk
        by_day[int(day)] = (share_shipped, share_cancelled)
    return by_day


@pytest.mark.figure("open_orders")
def test_the_curves_of_all_orders_and_of_every_warehouse_are_those_of_a_plain_count(firm):
    orders = firm.rows(ORDERS)
    found = firm.rows("select * from marts.order_survival where step = 'order_to_ship'").sort("day")
    groups = {("all", "all"): orders} | {("warehouse", name): part for (name,), part in orders.group_by("warehouse")}
    assert len(groups) > 2 and orders["shipped_in_full_date"].is_null().any()
    for (grouping, name), part in groups.items():
        curve = found.filter(pl.col("grouping_name") == grouping, pl.col("group_name") == name)
        shares = {row["day"]: (row["finished_share"], row["cancelled_share"]) for row in curve.iter_rows(named=True)}
        by_hand = counted(part)
        assert shares.keys() == by_hand.keys(), name
        assert np.allclose([shares[day] for day in by_hand], list(by_hand.values()), atol=1e-8), name


@pytest.mark.figure("open_orders")
def test_the_median_and_nine_of_ten_are_the_first_days_the_curve_of_a_plain_count_reaches(firm):
    by_hand = counted(firm.rows(ORDERS))
    estimate = firm.rows(
        "select * from marts.order_duration_estimates where step = 'order_to_ship' and grouping_name = 'all'"
    ).row(0, named=True)
    for share, column in ((0.5, "median_days"), (0.9, "p90_days")):
        reached = [day for day, (shipped, _) in by_hand.items() if shipped >= share - 1e-9]
        assert estimate[column] == (min(reached) if reached else None)


@pytest.mark.figure("open_orders")
def test_open_orders_lengthen_the_median_and_never_shorten_it(firm):
    """The same orders, and beside them as many again that are open: the longer they are open, the longer the median."""
    orders = firm.rows(ORDERS).filter(pl.col("shipped_in_full_date").is_not_null())

    def median(of: pl.DataFrame) -> float:
        return min((day for day, (shipped, _) in counted(of).items() if shipped >= 0.5 - 1e-9), default=np.inf)

    medians = [median(orders)]
    for age in (1, 10, 20, 60):
        waits = orders.with_columns(
            shipped_in_full_date=pl.lit(None, dtype=pl.Date), ordered_date=pl.lit(AS_OF) - pl.duration(days=age)
        )
        medians.append(median(pl.concat([orders, waits.with_columns(pl.col("ordered_date").cast(pl.Date))])))
    assert medians == sorted(medians) and medians[-1] > medians[0]


@pytest.mark.figure("milestones")
def test_working_days_of_every_order_are_those_of_another_calendar(firm):
    orders = firm.rows(
        "select ordered_date, shipped_in_full_date, working_days_order_to_ship, calendar_country_code"
        " from marts.order_cycle_time where shipped_in_full_date is not null"
    )
    assert orders["calendar_country_code"].unique().to_list() == ["PL"]
    free = np.array(sorted(holidays.country_holidays("PL", years=range(2020, 2030))), dtype="datetime64[D]")
    first, last = (orders[name].to_numpy().astype("datetime64[D]") for name in ("ordered_date", "shipped_in_full_date"))
    day = np.timedelta64(1, "D")
    by_hand = np.busday_count(first + day, last + day, holidays=free)
    possible = last >= first
    assert possible.sum() > 1000
    assert (orders["working_days_order_to_ship"].to_numpy()[possible] == by_hand[possible]).all()


@cache
def measures(mart: str) -> dict[str, dict]:
    models = yaml.safe_load((MARTS / "_order_cycle.yml").read_text())["models"]
    of_mart = next(model for model in models if model["name"] == mart)
    return {measure["name"]: measure for measure in of_mart["config"]["meta"]["measures"]}


@pytest.mark.figure("perfect_order")
def test_the_product_of_the_single_rates_is_not_the_rate_of_perfect_orders():
    """Two of four orders fail, and both fail in every way: half are perfect, not an eighth."""
    outcomes = ("is_in_full_on_committed", "is_without_credit", "is_without_claim", "is_perfect")
    orders = pl.DataFrame({name: [True, True, False, False] for name in outcomes})
    known = measures("order_cycle_time")

    def rate(name: str) -> float:
        ratio = f"({known[name]['numerator']}) / ({known[name]['denominator']})"
        with duckdb.connect() as connection:
            return connection.from_arrow(orders.to_arrow()).aggregate(ratio).fetchall()[0][0]

    single = [rate(name) for name in ("in_full_on_committed", "orders_without_credit", "orders_without_claim")]
    assert single == [0.5, 0.5, 0.5]
    assert rate("perfect_orders") == 0.5 != np.prod(single)


@pytest.mark.figure("order_cycle_time")
def test_cycle_time_is_told_as_sum_over_orders_as_median_and_as_nine_of_ten():
    known = measures("order_cycle_time")
    assert known["mean_gross_days"]["numerator"] == "sum(gross_days)"
    assert known["mean_gross_days"]["denominator"] == "count(gross_days)"
    assert {"median_gross_days", "p90_gross_days", "median_net_days", "p90_net_days", "orders_shipped"} <= known.keys()


@pytest.mark.figure("otif")
def test_three_promises_are_three_measures_of_lines_and_of_orders():
    for promise in ("requested", "first_promised", "promised"):
        assert f"in_full_on_{promise}" in measures("order_cycle_time")
        assert f"lines_in_full_on_{promise}" in measures("order_line_promises")


@pytest.mark.figure("order_cycle_time")
def test_orders_with_impossible_dates_are_in_no_duration_and_are_listed(firm):
    impossible = firm.rows("select order_key from marts.order_cycle_time where has_impossible_dates")["order_key"]
    timed = firm.rows("select distinct order_key from marts.order_steps")["order_key"]
    listed = firm.rows("select record_key from marts.exceptions where code in ('impossible_dates', 'swapped_dates')")
    assert len(impossible) and not set(impossible) & set(timed)
    assert set(impossible) <= set(listed["record_key"])


def test_the_day_of_the_refresh_is_on_the_calendar(firm):
    last = firm.rows("select max(day) as day from marts.calendar")["day"].item()
    assert last >= AS_OF and last <= date(AS_OF.year + 3, AS_OF.month, AS_OF.day)
