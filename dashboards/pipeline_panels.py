"""The findings of the pipeline: time in stage, velocity, what changed, what covers the target, what stands still."""

import polars as pl
import streamlit as st

from dashboards import bars, charts, drill, facts, formats, panels, pipeline, step_bars, tiles, warehouse, words
from dashboards.funnel_panels import short

ENOUGH = 20
GROUPS = [
    "grouping_kind", "group_name", "velocity_amount", "qualified_deals", "average_amount", "cohort_won", "cohort_deals",
    "median_cycle_days",
]  # fmt: skip
# The parts of the product, each with the sign before it.
PARTS = {
    "qualified_deals": "",
    "velocity_average_amount": "× ",
    "velocity_win_rate": "× ",
    "velocity_cycle_days": "÷ ",
    "sales_velocity": "= ",
}


def stages(view) -> None:
    """How long deals stay in each stage, and how many of those who came go further."""
    frame = pipeline.stages(view)
    if frame.is_empty():
        return
    longest = frame.sort("median_days").row(-1, named=True)
    days = {"days": formats.days(longest["median_days"]), "slow": formats.days(longest["p90_days"])}
    sentence = words.text("stages.sentence", name=drill.escaped(longest["name"]), **days)
    enough = frame.filter(pl.col("passed_share").is_not_null() & (pl.col("entered_counted") >= ENOUGH))
    if enough.height and not view.filters:
        weakest = enough.sort("passed_share").row(0, named=True)
        said = {"name": drill.escaped(weakest["name"]), "share": formats.percent(weakest["passed_share"])}
        sentence += " " + words.text("time_in_stage.weakest", n=weakest["entered_counted"], **said)
    drawn = frame.rename({"median_days": "first", "p90_days": "second"}).with_columns(name=_drawn(frame["name"]))
    labels = (words.text("stages.median"), words.text("stages.p90"))
    figure = bars.pairs(drawn, *labels, formats.part_days, words.text("stages.x"))
    columns = ["name", "median_days", "p90_days", "counted"]
    columns += [] if view.filters else ["entered_counted", "passed_share"]
    measures = ("median_days_in_stage", "p90_days_in_stage", "stage_conversion")
    panels.panel("time_in_stage", sentence, figure, frame, columns, view, measures, "stage")


def velocity(view, currency: str) -> None:
    """Number times value times win rate, divided by days: money a day, with its four parts."""
    parts = pipeline.velocity()
    if parts is None:
        return
    with st.container(border=True):
        speed = formats.money(parts["sales_velocity"], currency)
        lacking = parts["missing_part"]
        said = words.text(f"velocity.{lacking}") if lacking else words.text("velocity.sentence", speed=speed)
        panels.opening("velocity", said)
        known = warehouse.catalogue()
        shown = [(name, known[name], parts[name]) for name in PARTS if parts[name] is not None]
        with st.grid(columns=max(len(shown), 1), min_column_width=200):
            for name, found, value in shown:
                text = formats.figure(value, found["unit"], currency)
                st.metric(PARTS[name] + tiles.label(found), text, border=True, help=tiles.definition(found))
        st.caption(words.text("velocity.of_the_firm"))
        panels.actions("velocity", pipeline.velocity_by_group(), GROUPS, None, tuple(PARTS))


def change(view, money) -> None:
    found = pipeline.change()
    if found is None:
        _no_change_yet()
        return
    opening, closing = found.of("opening"), found.of("closing")
    said = {"start": formats.day(found.start), "end": formats.day(found.end)}
    sentence = words.text("change.sentence", before=money(opening), after=money(closing), **said)
    moved = {kind: found.of(kind) for kind in ("new", "won", "lost")}
    sentence += " " + words.text("change.parts", **{kind: money(abs(value)) for kind, value in moved.items()})
    slipped = found.frame.filter(pl.col("key") == "slipped")
    if slipped.height:
        sentence += " " + words.text("change.slipped", amount=money(slipped["moved_amount"].sum()))
    drawn = found.frame.filter(pl.col("is_total") | (pl.col("value") != 0))
    figure = bars.waterfall(drawn, short)
    columns, measures = ["name", "value", "moved_amount", "deals"], ("pipeline_change", "pipeline_slipped")
    panels.panel("change", sentence, figure, found.frame, columns, None, measures, "kind")


def coverage(view, money) -> None:
    frame = pipeline.coverage(view.filters)
    if frame.is_empty():
        return
    this_month = facts.as_of().replace(day=1)
    ahead = [warehouse.Filter("period_month", ">=", this_month), *pipeline.scope(view.filters)[1:]]
    of_people = len(ahead) > 1
    name = "pipeline_coverage_of_owner" if of_people else "pipeline_coverage"
    share = warehouse.figure(name, ahead)
    if share is not None:
        left = frame.filter((pl.col("month") >= this_month) & pl.col("missing").is_not_null())
        said = {"missing": money(left["missing"].sum()), "until": formats.month(left["month"].max())}
        sentence = words.text("coverage.sentence", times=formats.number(share, 1), **said)
    elif frame["target"].null_count() == frame.height:
        sentence = words.text("coverage.no_targets")
    else:
        sentence = words.text("coverage.nothing_missing")
    labels = {kind: words.text(f"coverage.{kind}") for kind in ("booked", "open", "target")}
    figure = step_bars.coverage(frame, labels, short, formats.month)
    shown = frame.rename({"target": "target_amount", "booked": "booked_amount", "open": "pipeline_amount"})
    shown = shown.rename({"missing": "missing_amount"})
    columns = ["month", "target_amount", "booked_amount", "missing_amount", "pipeline_amount"]
    measures = (name, "target_amount", "target_remaining")
    panels.panel("target_coverage", sentence, figure, shown, columns, None, measures, "close")


def stuck(view, money) -> None:
    frame = pipeline.stuck(view.filters)
    if frame.is_empty():
        panels.said_only("stuck", words.text("stuck_deals.none"))
        return
    n, value = frame["deals"].sum(), money(frame["value"].sum())
    sentence = words.text("stuck_deals.sentence", n=n, count=formats.number(n), value=value)
    sentence += " " + words.text("stuck_deals.most", stage=drill.escaped(frame["name"][0]))
    figure = bars.lying(frame.with_columns(name=_drawn(frame["name"])), short)
    measures = ("stuck_deals", "stuck_deals_amount")
    panels.panel("stuck_deals", sentence, figure, frame, ["name", "value", "deals"], view, measures, "stuck")


def _no_change_yet() -> None:
    """Changes are differences of two days: until there are two, the page says from when it can know."""
    first = pipeline.first_snapshot()
    one = words.text("change.no_snapshot" if first is None else "change.one_snapshot", day=formats.day(first))
    panels.said_only("change", one)


def _drawn(names: pl.Series) -> pl.Series:
    """Stages are named by people: a figure would read their signs as markup."""
    return names.map_elements(charts.shown, return_dtype=pl.String)
