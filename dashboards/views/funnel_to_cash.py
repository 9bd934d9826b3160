"""Of what we started, how much became money, how fast, what leaks?"""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import bars, drill, facts, formats, header, ladders, panels, states, tables, tiles, warehouse, words
from dashboards.warehouse import Filter, First

MART = "funnel_to_cash"
ONLY = ("channel", "owner_name")
# The day something started, whatever it started as.
STARTED = First(("lead_created_date", "deal_created_date", "first_ordered_date", "first_invoiced_date"))
# What has no link where there should be one.
ORPHANS = ("order_without_deal", "invoice_without_order", "won_not_ordered")
ROWS = [
    "anchor_name", "customer_name", "bucket", "stage", "won_amount", "ordered_amount", "invoiced_amount",
    "credited_amount", "collected_amount", "open_amount", "days_lead_to_cash", "lead_created_date",
    "deal_created_date", "closed_date", "first_ordered_date", "first_invoiced_date", "cash_date",
    "lost_reason", "owner_name", "source_url",
]  # fmt: skip


def top(view) -> list[tiles.Tile]:
    now = view.now(STARTED)
    then = view.then(STARTED)
    return [
        tiles.measured("won_amount", now, then, needs=("deals",)),
        tiles.measured("win_rate_by_value", now, then, needs=("deals",)),
        tiles.measured("median_days_lead_to_cash", now, then, "lower", ("deals", "payments")),
        tiles.measured("won_not_ordered_amount", now, then, "lower", ("deals", "orders")),
        tiles.measured("ordered_not_invoiced_amount", now, then, "lower", ("orders", "invoices")),
        tiles.measured("open_amount", now, then, "lower", ("invoices", "payments")),
    ]


def no_rate(view) -> None:
    """Deals whose currency nobody has a rate for are in no sum of money, and that is said."""
    lost = [Filter("deal_amount", "is null"), Filter("currency_code", "<>", facts.currency())]
    n = warehouse.count(MART, [*view.now(STARTED), Filter("anchor_kind", "=", "deal"), *lost])
    if n:
        st.caption(words.text("funnel.no_rate", n=n))


def steps_panel(view, money) -> None:
    """What was started in the period, and how far it has come; in numbers or in money."""
    unit = view.switched
    steps, lacking = ladders.steps(unit, view.now(STARTED))
    if steps.is_empty():
        return
    text = money if unit == "money" else formats.number
    first, last = steps.row(0, named=True), steps.row(-1, named=True)
    share = float(last["value"] / first["value"]) if first["value"] else None
    sentence = words.text(
        "steps.sentence",
        first=first["name"],
        start=text(first["value"]),
        last=last["name"],
        end=text(last["value"]),
        share=formats.percent(share),
    )
    if lacking:
        sentence += " " + words.text("steps.lacking", missing=states.named(lacking))
    elif view.period.end >= facts.as_of().replace(day=1) or view.period.months < 4:
        sentence += " " + words.text("steps.young")
    figure = bars.lying(steps, text)
    panels.panel("steps", sentence, figure, steps, ["name", "value"], view, tuple(steps["measure"]), "step")


def leakage_panel(view, money) -> None:
    won = [*view.now(STARTED), Filter("is_won", "=", True)]
    frame = ladders.leakage(won)
    if frame is None:
        panels.not_available("leakage", facts.missing("deals", "orders", "invoices", "payments"))
        return
    losses = frame.filter(~pl.col("is_total") & (pl.col("value") < 0)).sort("value")
    start, end = frame["value"][0], frame["value"][-1]
    if not start:
        return
    share = formats.percent(float(end / start))
    sentence = words.text("leakage.sentence", won=money(start), cash=money(end), share=share)
    if losses.height:
        worst = losses.row(0, named=True)
        sentence += " " + words.text("leakage.worst", name=worst["name"], amount=money(-worst["value"]))
    drawn = frame.filter(pl.col("is_total") | (pl.col("value").abs() >= start / 1000))
    figure = bars.waterfall(drawn, lambda value: formats.short_money(value, ""))
    panels.panel("leakage", sentence, figure, frame, ["name", "value"], view, ladders.MEASURES, "step")


def buckets_panel(view) -> None:
    """Where everything that was started is now; what has no link is named, not lost."""
    frame = warehouse.counted(MART, {"key": "bucket"}, view.now(STARTED)).rename({"counted": "value"})
    frame = tables.coded(frame.with_columns(name="key"), name="bucket").sort("value", descending=True)
    frame = frame.with_columns(is_loss=pl.col("key").is_in(ORPHANS) & pl.lit(not facts.missing("deals", "orders")))
    loose, total = frame.filter(pl.col("is_loss"))["value"].sum(), formats.number(frame["value"].sum())
    largest = frame.filter(pl.col("is_loss")).head(1)["name"].to_list()
    sentence = words.text("buckets.sentence", n=loose, loose=formats.number(loose), total=total)
    if largest:
        sentence += " " + words.text("buckets.most", name=largest[0])
    if facts.missing("deals", "orders"):
        lacking = states.named(facts.missing("deals", "orders"))
        sentence = words.text("buckets.alone", total=total, missing=lacking)
    figure = bars.lying(frame, formats.number)
    panels.panel("buckets", sentence, figure, frame, ["name", "value"], view, (), "bucket")


def speed_panel(view) -> None:
    frame = ladders.speed(view.now(STARTED))
    if frame.is_empty():
        return
    longest = frame.sort("median_days").row(-1, named=True)
    days = {"days": formats.days(longest["median_days"]), "slow": formats.days(longest["p90_days"])}
    sentence = words.text("stages.sentence", name=longest["name"], **days)
    drawn = frame.rename({"median_days": "first", "p90_days": "second"})
    labels = (words.text("stages.median"), words.text("stages.p90"))
    figure = bars.pairs(drawn, *labels, formats.number, words.text("stages.x"))
    columns, measures = ["name", "median_days", "p90_days"], ladders.measures_of(frame)
    panels.panel("speed", sentence, figure, frame, columns, view, measures)


def narrowed(view) -> tuple[list[Filter], dict[str, str]]:
    """What was clicked: its rows and its name."""
    now, step, bucket = view.now(STARTED), drill.chosen("step"), drill.chosen("bucket")
    if bucket:
        return [*now, Filter("bucket", "=", bucket)], {"bucket": words.text(f"bucket.{bucket}")}
    if step in ladders.REACHED:
        return [*now, *ladders.REACHED[step]], {"step": words.text(f"funnel_step.{step}")}
    return now, {}


def rows_section(view) -> None:
    filters, steps = narrowed(view)
    st.subheader(words.text("section.funnel_rows"), anchor=False)
    if steps:
        drill.breadcrumb(words.text("drill.everything"), steps)
    found = warehouse.rows(MART, filters, order="won_amount" if "bucket" not in steps else "deal_created_date")
    shown = tables.coded(found, bucket="bucket")
    panels.documents("funnel_rows", shown, ROWS, warehouse.count(MART, filters), view)


def page() -> None:
    lacking = facts.missing("deals", "leads", "orders", "invoices")
    if len(lacking) == 4:
        states.not_connected(words.text("page.funnel_to_cash.question"), lacking)
        return
    first = warehouse.earliest(MART, *STARTED.columns)
    choices = {"default": "last_12_months", "name": "started", "switch": ("shown", ("money", "count"))}
    view = header.draw(MART, ONLY, first=first, **choices)
    st.caption(words.text("funnel.started", period=header.sentence(view)))
    if warehouse.count(MART, view.now(STARTED)) == 0:
        states.empty(header.days(view.period), view.said)
        return
    currency = facts.currency()
    money = partial(formats.short_money, currency=currency)
    tiles.draw(top(view), currency)
    no_rate(view)
    left, right = st.columns(2)
    with left:
        steps_panel(view, money)
    with right:
        leakage_panel(view, money)
    left, right = st.columns(2)
    with left:
        speed_panel(view)
    with right:
        buckets_panel(view)
    rows_section(view)


page()
