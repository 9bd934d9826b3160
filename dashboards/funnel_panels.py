"""The findings of the funnel: who came how far, what leaks, how fast a month became cash, what has no link."""

from functools import partial

import polars as pl

from dashboards import (
    bars,
    cohort_grid,
    cohorts,
    facts,
    formats,
    ladders,
    panels,
    states,
    step_bars,
    tables,
    warehouse,
    words,
)
from dashboards.ladders import BEGAN, ENDS, FUNNEL
from dashboards.warehouse import Filter

# The day something started, whatever it started as.
STARTED = "started_date"
# What has no link where there should be one.
ORPHANS = ("order_without_deal", "invoice_without_order", "won_not_ordered")
LINKS = {
    "stated": ("won_link_stated", "won_link_stated_amount"),
    "guessed": ("won_link_guessed", "won_link_guessed_amount"),
    "none": ("won_not_ordered_deals", "won_not_ordered_amount"),
}
# Beside a bar there is no room for the currency; the sentence above names it.
short = partial(formats.short_money, currency="")


def steps(view, money) -> None:
    """Who came to each step and what became of them; in numbers or in money."""
    unit = view.switched
    frame, lacking = ladders.steps(unit, view.now(BEGAN))
    if frame.is_empty():
        panels.not_available("funnel_steps", facts.missing("leads", "deals") or lacking)
        return
    text = money if unit == "money" else formats.number
    first = (
        frame.filter(pl.col("key") == "deal").row(0, named=True) if "deal" in frame["key"] else frame.row(0, named=True)
    )
    last = frame.row(-1, named=True)
    share = formats.percent(float(last["entered"] / first["entered"])) if first["entered"] else formats.NONE
    said = {"first": first["name"], "start": text(first["entered"]), "last": last["name"], "end": text(last["entered"])}
    sentence = words.text("steps.sentence", **said, share=share)
    worst = frame.sort("lost").row(-1, named=True)
    if worst["lost"]:
        sentence += " " + words.text("steps.lost", lost=text(worst["lost"]), name=worst["name"])
    if lacking:
        sentence += " " + words.text("steps.lacking", missing=states.named(lacking))
    elif view.period.end >= facts.as_of().replace(day=1) or view.period.months < 4:
        sentence += " " + words.text("steps.young")
    labels = [words.text(f"step_end.{end}") for end in ENDS]
    figure = step_bars.ends(frame, ENDS, labels, short if unit == "money" else formats.number)
    shown = frame.rename({kind: f"{kind}_amount" for kind in ("entered", *ENDS)}) if unit == "money" else frame
    columns = ["name", *(name for name in shown.columns if name not in ("key", "name"))]
    measures = ladders.measures_of_steps(unit).values()
    panels.panel("funnel_steps", sentence, figure, shown, columns, view, measures, "part")


def leakage(view, money) -> None:
    frame = ladders.leakage(view.now(BEGAN))
    if frame is None:
        panels.not_available("leakage", facts.missing(*ladders.NEEDED))
        return
    start, end = frame["value"][0], frame["value"][-1]
    if not start:
        return
    losses = frame.filter(~pl.col("is_total") & (pl.col("value") < 0)).sort("value")
    share = formats.percent(float(end / start))
    sentence = words.text("leakage.sentence", won=money(start), cash=money(end), share=share)
    for code, waits in (("leakage.worst", False), ("leakage.waiting", True)):
        found = losses.filter(pl.col("key").is_in(ladders.WAITS) == waits)
        if found.height:
            worst = found.row(0, named=True)
            amount = found["value"].sum() if waits else worst["value"]
            sentence += " " + words.text(code, name=worst["name"], amount=money(-amount))
    drawn = frame.filter(pl.col("is_total") | (pl.col("value").abs() >= start / 1000))
    figure = bars.waterfall(drawn, short)
    measures = ("leakage_of_deals", "deals_leaking")
    panels.panel("leakage", sentence, figure, frame, ["name", "value", "deals"], view, measures, "step")


def grid(view, money) -> None:
    """Month of the start against months since: how much had become cash by then."""
    lacking = facts.missing("deals", "payments")
    if lacking:
        panels.not_available("cohorts", lacking)
        return
    unit = view.switched
    frame = cohorts.grid(unit, view.now(BEGAN))
    if frame.is_empty():
        return
    cohort_grid.draw(unit, frame, view, money if unit == "money" else formats.number)


def links(view, money) -> None:
    """Won deals by how their orders are known; those without one are a share of their own, and a list to repair."""
    lacking = facts.missing("deals", "orders")
    if lacking:
        panels.not_available("links", lacking)
        return
    now = view.now(STARTED)
    found = warehouse.measure([name for pair in LINKS.values() for name in pair], filters=now).row(0, named=True)
    rows = [(key, found[counted] or 0, found[summed] or 0) for key, (counted, summed) in LINKS.items()]
    frame = pl.DataFrame(rows, schema=["key", "deals", "amount"], orient="row", infer_schema_length=None)
    frame = frame.with_columns(name=ladders.named(frame["key"], "link"), is_loss=pl.col("key") == "none")
    total, bare = frame["deals"].sum(), frame.filter("is_loss").row(0, named=True)
    if not total:
        return
    shares = warehouse.measure(["won_not_ordered_share", "won_not_ordered_share_by_value"], filters=now).row(0)
    by_count, by_value = (formats.percent(share) for share in shares)
    said = {"bare": formats.number(bare["deals"]), "total": formats.number(total), "amount": money(bare["amount"])}
    sentence = words.text("links.sentence", n=bare["deals"], by_count=by_count, by_value=by_value, **said)
    is_money = view.switched == "money"
    drawn = frame.with_columns(value=pl.col("amount") if is_money else pl.col("deals"))
    figure = bars.lying(drawn, short if is_money else formats.number)
    shown = frame.rename({"amount": "won_amount"})
    measures = ("won_not_ordered_share", "won_not_ordered_share_by_value")
    panels.panel("links", sentence, figure, shown, ["name", "deals", "won_amount"], view, measures, "link")


def buckets(view) -> None:
    """Where everything that was started is now; what has no link is named, not lost."""
    kept = [*view.now(STARTED), Filter("is_excluded", "=", False)]
    frame = warehouse.counted(FUNNEL, {"key": "bucket"}, kept).rename({"counted": "value"})
    frame = tables.coded(frame.with_columns(name="key"), name="bucket").sort("value", descending=True)
    lacking = facts.missing("deals", "orders")
    frame = frame.with_columns(is_loss=pl.col("key").is_in(ORPHANS) & pl.lit(not lacking))
    loose, total = frame.filter(pl.col("is_loss"))["value"].sum(), formats.number(frame["value"].sum())
    largest = frame.filter(pl.col("is_loss")).head(1)["name"].to_list()
    sentence = words.text("buckets.sentence", n=loose, loose=formats.number(loose), total=total)
    if largest:
        sentence += " " + words.text("buckets.most", name=largest[0])
    if lacking:
        sentence = words.text("buckets.alone", total=total, missing=states.named(lacking))
    figure = bars.lying(frame, formats.number)
    panels.panel("buckets", sentence, figure, frame, ["name", "value"], view, (), "bucket")


def speed(view) -> None:
    frame = ladders.speed(view.now(STARTED))
    if frame.is_empty():
        return
    longest = frame.sort("median_days").row(-1, named=True)
    days = {"days": formats.days(longest["median_days"]), "slow": formats.days(longest["p90_days"])}
    sentence = words.text("stages.sentence", name=longest["name"], **days)
    drawn = frame.rename({"median_days": "first", "p90_days": "second"})
    labels = (words.text("stages.median"), words.text("stages.p90"))
    figure = bars.pairs(drawn, *labels, formats.part_days, words.text("stages.x"))
    columns, measures = ["name", "median_days", "p90_days"], ladders.measures_of(frame)
    panels.panel("speed", sentence, figure, frame, columns, view, measures)
