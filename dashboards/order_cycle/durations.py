"""How long orders took: the curve or the bars of the finished ones, and week by week whether it is news."""

from datetime import timedelta

import polars as pl

from dashboards import charts, control_chart, curves, facts, formats, header, panels, states, tables, warehouse, words
from dashboards.header import View
from dashboards.order_cycle import drawings
from dashboards.order_cycle.narrowing import MART, POSSIBLE, Basis, finished
from dashboards.warehouse import Filter, Week

# Under this many orders points are shown and no percentiles are claimed.
ENOUGH = 20
# A year of weeks, so that a season shows; under eight the limits would be made of next to nothing.
WEEKS, ENOUGH_WEEKS = 52, 8


def spread(filters: list[Filter], basis: Basis) -> pl.DataFrame:
    counted = warehouse.counted(MART, {"days": basis.column}, filters)
    return curves.spread(counted) if counted.height else counted


def shape() -> str:
    """The curve or the bars; the address keeps which."""
    return header.one_of("shape", ("curve", "bins"))


def spread_panel(view: View, day: str, basis: Basis, shape: str) -> None:
    steps = spread(finished(view, day, basis), basis)
    if steps.is_empty():
        states.empty(header.days(view.period), view.said)
        return
    before = None
    if view.before is not None:
        earlier = [*view.then(day), Filter(basis.column, "is not null"), *POSSIBLE]
        before = spread(earlier, basis)
    sentence = said(steps, before, warehouse.figure(basis.measure("median"), view.now(day), basis.told()))
    open_ones = with_open(view)
    measures = (basis.measure("median"), basis.measure("p90"), "estimated_median_days")
    if shape == "bins":
        bins = curves.binned(steps).with_columns(
            key=pl.concat_str("low", pl.lit("-"), pl.col("high").cast(pl.String).fill_null(""))
        )
        bins = bins.with_columns(name=pl.Series([_bin(low, high) for low, high in bins.select("low", "high").rows()]))
        figure = drawings.histogram(bins, formats.number, words.text("spread.x"), words.text("bins.y"))
        panels.panel("bins", f"{sentence} {open_ones}", figure, bins, ["name", "counted"], view, measures, "days")
        return
    texts = {name: words.text(f"spread.{name}") for name in ("x", "y")}
    texts |= {"before": header.days(view.before) if view.before else "", "now": header.days(view.period)}
    figure = charts.ecdf(steps, before, texts, lambda share: formats.percent(share, 0))
    columns = ["days", "counted", "done", "share"]
    panels.panel("spread", f"{sentence} {open_ones}", figure, steps, columns, view, measures, "days")


def said(steps: pl.DataFrame, before: pl.DataFrame | None, median) -> str:
    """What the curve of the finished ones says; under twenty only how many and how long at most."""
    n = int(steps["counted"].sum())
    if n < ENOUGH:
        return words.text("spread.few", n=n, most=formats.days(steps["days"].max()))
    by80 = formats.days(curves.within(steps, 0.8))
    sentence = words.text("spread.sentence", n=n, counted=formats.number(n), median=formats.days(median), by80=by80)
    if before is not None and before.height and before["counted"].sum() >= ENOUGH:
        sentence += " " + words.text("spread.before", by80=formats.days(curves.within(before, 0.8)))
    return sentence


def with_open(view: View) -> str:
    """Finished ones alone flatter: the same middle with those counted in that are still open, for all time.

    The estimates know warehouses and channels. Any other choice is answered for all orders, and that is said.
    """
    group, name = "all", "all"
    if len(view.filters) == 1 and view.filters[0].column in ("warehouse", "channel"):
        chosen = view.filters[0]
        if len(chosen.value) == 1:
            group, name = chosen.column, chosen.value[0]
    of_it = [Filter("grouping_name", "=", group), Filter("group_name", "=", name), Filter("step", "=", "order_to_ship")]
    found = warehouse.rows("order_duration_estimates", of_it, limit=1)
    if found.is_empty() or not found["is_enough"][0]:
        return ""
    values = warehouse.measure(("estimated_median_days", "median_days_of_finished"), filters=of_it).row(0, named=True)
    whose = words.text("with_open.all") if group == "all" else f"{words.text(f'column.{group}')} {charts.shown(name)}"
    alone = formats.days(values["median_days_of_finished"])
    n = found["open_counted"][0]
    more = {"n": n, "counted": formats.number(n), "whose": whose, "alone": alone}
    if values["estimated_median_days"] is None:
        return words.text("with_open.not_reached", **more)
    return words.text("with_open.sentence", median=formats.days(values["estimated_median_days"]), **more)


def control_panel(view: View, basis: Basis) -> None:
    """The middle of each week of completion, and which weeks are news. Weeks that are not over are left out."""
    last = min(view.period.end, facts.as_of()) + timedelta(days=1)
    until = last - timedelta(days=last.weekday())
    days = [Filter("fulfilled_date", ">=", until - timedelta(weeks=WEEKS)), Filter("fulfilled_date", "<", until)]
    filters = [*view.filters, *days, Filter(basis.column, "is not null"), *POSSIBLE]
    name = basis.measure("median")
    weeks = warehouse.measure(name, {"week": Week("fulfilled_date")}, filters, rests_on="counted")
    weeks = weeks.rename({name: "median_days"}).filter(pl.col("median_days").is_not_null())
    if weeks.height < ENOUGH_WEEKS:
        panels.said_only("control", words.text("control.few", n=weeks.height, enough=ENOUGH_WEEKS))
        return
    values = [float(value) for value in weeks["median_days"]]
    found = control_chart.limits(values)
    weeks = weeks.with_columns(signal=pl.Series(found.signals, dtype=pl.String))
    texts = {kind: words.text(f"signal.{kind}") for kind in ("none", *drawings.SIGNALS)}
    texts |= {name: words.text(f"control.{name}") for name in ("x", "y", "upper", "lower")}
    figure = drawings.control(weeks, found, texts, formats.day, lambda value: formats.number(value, 1))
    shown = tables.coded(weeks, signal="signal")
    columns = ["week", "median_days", "counted", "signal"]
    panels.panel("control", control_said(weeks, found), figure, shown, columns, view, (name,), "week")


def control_said(weeks: pl.DataFrame, found: control_chart.Limits) -> str:
    usual = {"low": formats.number(found.lower or 0, 1), "high": formats.days(round(found.upper, 1))}
    sentence = words.text("control.usual", centre=formats.days(round(found.centre, 1)), n=weeks.height, **usual)
    signals = weeks.filter(pl.col("signal").is_not_null())
    if signals.is_empty():
        return f"{sentence} {words.text('control.calm')}"
    parts = []
    for kind in drawings.SIGNALS:
        of_kind = signals.filter(pl.col("signal") == kind)
        if of_kind.height:
            newest = formats.day(of_kind["week"].max())
            parts.append(words.text(f"control.{kind}", n=of_kind.height, newest=newest))
    return f"{sentence} {' '.join(parts)}"


def _bin(low: int, high: int | None) -> str:
    if high is None:
        return words.text("bins.more", low=low)
    return str(low) if low == high else f"{low}–{high}"
