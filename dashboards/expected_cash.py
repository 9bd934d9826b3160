"""The cash that is to come, week by week, and what came of the cash that had been forecast."""

from datetime import timedelta

import polars as pl

from dashboards import facts, forecast_charts, forecasts, formats, panels, tables, upright, warehouse, words
from dashboards.palette import PROFIT
from dashboards.warehouse import Filter

CASH = (Filter("figure", "=", "cash"), Filter("grain", "=", "week"))
PARTS = forecasts.COMPONENTS["cash"]
# A forecast is held against what came as it was said up to so many weeks before.
AHEAD, LOOKED_BACK = 4, timedelta(days=35)
SAID = ["period_start", "period_end", "forecast_amount", "low_amount", "high_amount", "actual_amount", "made_date"]


def weeks() -> pl.DataFrame:
    """The coming weeks with their parts and interval; one that has begun has what came already beside the rest."""
    coming = [*CASH, Filter("period_end", ">", facts.as_of())]
    parts = warehouse.summed("forecast", "amount", {"week": "period_start", "component": "component"}, coming)
    totals = warehouse.rows("forecast", [*coming, Filter("component", "=", "total")])
    if totals.is_empty():
        return totals
    wide = parts.filter(pl.col("component") != "total").pivot("component", index="week", values="amount")
    absent = [pl.lit(0).alias(name) for name in PARTS if name not in wide.columns]
    wide = wide.with_columns(absent).with_columns(pl.col(*PARTS).fill_null(0))
    ends = totals.select(week="period_start", end="period_end", total="amount", low="low_amount", high="high_amount")
    found = wide.join(ends, on="week").sort("week")
    return found.with_columns(tables.spoken("name", found["week"], formats.short_day))


def panel(view, money) -> None:
    frame = weeks()
    if frame.is_empty():
        _without("expected", words.text("expected.none"))
        return
    series = [
        (name, words.text(f"component.cash.{name}"), forecast_charts.COLOURS[name])
        for name in PARTS
        if frame[name].cast(pl.Float64).abs().sum() > 0
    ]
    first = next((row for row in frame.iter_rows(named=True) if row["week"] > facts.as_of()), frame.row(0, named=True))
    # The same sentence as on the page of the forecast; what came already is said apart.
    came = frame["so_far"].sum()
    still = {"total": money(frame["total"].sum() - came), "open": money(frame["receivables"].sum())}
    sentence = words.text("cash.sentence", n=frame.height, end=formats.day(frame["end"].max()), **still)
    if came:
        sentence += " " + words.text("expected.came", amount=money(came))
    code = "expected.next" if first["low"] is not None else "expected.next_alone"
    ends = {"low": money(first["low"]), "high": money(first["high"])}
    sentence += " " + words.text(code, week=first["name"], amount=money(first["total"]), **ends)
    if view.filters:
        sentence += " " + words.text("panel.of_the_firm")
    is_known = frame["low"].null_count() < frame.height
    figure = upright.stacked(
        frame,
        series,
        _short,
        words.text("component.cash.total"),
        whiskers=words.text("forecast.range") if is_known else None,
        height=340,
    )
    shown = frame.select(
        "week",
        *(pl.col(name).alias(f"{name}_amount") for name in PARTS),
        expected_amount="total",
        low_amount="low",
        high_amount="high",
    )
    measures = ("forecast_amount", "forecast_low_amount", "forecast_high_amount", "cash_expected")
    panels.panel("expected", sentence, figure, shown, shown.columns, view, measures)


def scored() -> pl.DataFrame:
    """The weeks of the last month that are over, each with the forecast that was made earliest before it."""
    over = [*CASH, Filter("period_end", ">=", facts.as_of() - LOOKED_BACK)]
    over += [Filter("periods_ahead", ">=", 1), Filter("periods_ahead", "<=", AHEAD)]
    found = warehouse.rows("forecast_accuracy", over, limit=10_000)
    return found.sort("made_date").unique("period_start", keep="first", maintain_order=True).sort("period_start")


def record_panel(view, money) -> None:
    """Last month's forecast beside what came; without a kept one, from which day there will be one."""
    frame = scored()
    if frame.is_empty():
        _without("record", _not_yet())
        return
    came, said = frame["actual_amount"].sum(), frame["forecast_amount"].sum()
    judged = frame["is_within_interval"].drop_nulls()
    code = "record.more" if said > came else "record.less" if said < came else "record.same"
    sentence = words.text("record.sentence", n=frame.height, came=money(came), said=money(said))
    sentence += " " + words.text(code, difference=money(abs(said - came)))
    if judged.len():
        sentence += " " + words.text("record.within", n=judged.len(), inside=formats.number(judged.sum()))
    if view.filters:
        sentence += " " + words.text("panel.of_the_firm")
    drawn = frame.select(
        tables.spoken("name", frame["period_start"], formats.short_day),
        came="actual_amount",
        said="forecast_amount",
        low="low_amount",
        high="high_amount",
    )
    figure = upright.beside(drawn, (words.text("record.came"), PROFIT), words.text("record.said"), _short)
    measures = ("forecast_wape", "forecast_bias", "forecast_within_interval")
    panels.panel("record", sentence, figure, frame, SAID, view, measures)


def _not_yet() -> str:
    found = warehouse.rows("forecast_records", [Filter("grain", "=", "week")], limit=1).to_dicts()
    kept = found[0] if found else {}
    if not kept.get("kept_since_date"):
        return words.text("record.never")
    since, first = formats.day(kept["kept_since_date"]), formats.day(kept["scored_from_date"])
    return words.text("record.not_yet", since=since, first=first)


def _without(code: str, sentence: str) -> None:
    panels.said_only(code, sentence)


def _short(value) -> str:
    return formats.short_money(value, "")
