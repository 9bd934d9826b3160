"""Who owes, how late, what will come in?"""

from dataclasses import replace
from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    charts,
    drawn,
    drill,
    expected_cash,
    facts,
    formats,
    header,
    owed,
    owing,
    panels,
    periods,
    states,
    tables,
    tiles,
    upright,
    warehouse,
    words,
)
from dashboards.palette import AGES, NEUTRAL, SERIES
from dashboards.warehouse import Filter

NEEDS = ("invoices", "payments")
ONLY = ("segment",)
ONE_MONTH = Filter("months", "=", 1)
DSO = ("days_sales_outstanding", "days_sales_outstanding_countback", "best_possible_days_sales_outstanding")
ENOUGH = 3
PAYERS = [
    "customer_name", "paid_amount", "median_days_late", "p90_days_late", "days_late_change", "agreed_terms_days",
    "invoices_settled", "invoices_overdue",
]  # fmt: skip
LIMITS = ["debtor_name", "exposure_amount", "credit_limit_amount", "credit_use_share", "insured_amount"]


def days_shown(view):
    """Balances stand at a month's end, or today: the page's day, and the one it is compared with."""
    period = periods.by_months(view.period)
    return period, None if view.before is None else view.before.end


def top(view, day, before) -> list[tiles.Tile]:
    of = tuple(view.filters)
    now, then = owed.Owed(day, of=of).filters(), None if before is None else owed.Owed(before, of=of).filters()
    is_told = warehouse.count("canonical.invoices", [Filter("is_disputed", "is not null")]) > 0
    return [
        tiles.measured("open_on_day", now, then, "lower"),
        overdue_tile(now, day, before, of),
        dso_tile(day, before, of),
        late_tile(of),
        expected_tile(of),
        tiles.measured("disputed_on_day", now, then, "lower") if is_told else undisputed_tile(),
    ]


def overdue_tile(now, day, before, of) -> tiles.Tile:
    """With its share of what is open, which is part of the name: beside a change there is no room for it."""
    found = warehouse.catalogue()["overdue_on_day"]
    value, earlier = owed.overdue(day, of), None if before is None else owed.overdue(before, of)
    whole, label = warehouse.figure("open_on_day", now), tiles.label(found)
    if value and whole:
        label = words.text("owed.overdue", share=formats.percent(float(value / whole)))
    warned = bool(facts.warnings(found))
    return tiles.Tile(label, value, "money", earlier, "lower", tiles.definition(found), is_doubtful=warned)


def dso_tile(day, before, of) -> tiles.Tile:
    """Of the last month that was over: sales of half a month would make it look twice as long."""
    month, back = closed(day), None if before is None else closed(before)
    tile = tiles.measured(DSO[0], of_month(month, of), back and of_month(back, of), "lower", note=formats.month(month))
    other = warehouse.catalogue()[DSO[1]]
    counted = formats.days(warehouse.figure(DSO[1], of_month(month, of)))
    return replace(tile, help=f"{tile.help} \n\n**{tiles.label(other)}: {counted}** \n\n{tiles.definition(other)}")


def late_tile(of) -> tiles.Tile:
    """The last six months beside what was before them: that is what this figure is compared with."""
    found = tiles.measured("average_days_late", list(of), None, "lower")
    before = warehouse.figure("average_days_late_before", of)
    return replace(found, before=before)


def expected_tile(of) -> tiles.Tile:
    """Cash is foretold for the firm as a whole: for a part of it there is none, rather than the whole."""
    tile = tiles.measured("cash_expected", [], None, "neither")
    return replace(tile, value=None, reason=words.text("owed.of_the_firm")) if of else tile


def undisputed_tile() -> tiles.Tile:
    found = warehouse.catalogue()["disputed_on_day"]
    reason = words.text("owed.no_disputes")
    return tiles.Tile(tiles.label(found), None, "money", help=tiles.definition(found), reason=reason)


def closed(day):
    month = day.replace(day=1)
    return month if day == periods.month_end(day) else periods.shifted(month, -1)


def grouped(of) -> list[Filter]:
    """The firm has rows of its own; a part of it is the sum of its customers."""
    return [*of, Filter("grouped_by", "=", "customer" if of else "all"), ONE_MONTH]


def of_month(month, of) -> list[Filter]:
    return [*grouped(of), Filter("month", "=", month)]


def ageing_panel(view, period, money) -> None:
    months = owed.by_month(owed.span(period), tuple(view.filters))
    if months.is_empty():
        return
    last = months.row(-1, named=True)
    late = sum(last[f"{name}_gross_amount"] for name in owed.LATE)
    whole = late + last["not_due_gross_amount"] + last["open_credit_gross_amount"]
    parts = {"day": formats.day(last["day"]), "whole": money(whole), "late": money(late)}
    share = formats.percent(float(late / whole)) if whole else formats.NONE
    sentence = words.text("owed.sentence", share=share, old=money(last["over_90_gross_amount"]), **parts)
    credit = sum(last[f"{name}_gross_amount"] for name in owed.CREDITS)
    if credit:
        sentence += " " + words.text("owed.credit", credit=money(-credit))
    names = [*owed.BUCKETS, *owed.CREDITS]
    frame = months.select(
        *(pl.col(f"{name}_gross_amount").alias(name) for name in names),
        tables.spoken("name", months["day"], formats.month),
        total="closing_gross_amount",
        key=pl.col("day").dt.to_string("%Y-%m-%d"),
    )
    colours = (*AGES, NEUTRAL, SERIES[3])
    series = [(name, words.text(f"owed.{name}"), colour) for name, colour in zip(names, colours, strict=True)]
    series = [each for each in series if frame[each[0]].cast(pl.Float64).abs().sum() > 0]
    is_open = last["day"] != periods.month_end(last["day"])
    figure = upright.stacked(
        frame, series, lambda value: formats.short_money(value, ""), words.text("owed.total"), is_open
    )
    shown = months.rename({"day": "balance_date"})
    measures = ("ageing_by_month", "overdue_by_month")
    panels.panel("owed", sentence, figure, shown, shown.columns, view, measures, ("bucket", 0))


def dso_panel(view, period) -> None:
    over = [*grouped(view.filters), Filter("is_month_over", "=", True)]
    months = warehouse.measure(DSO, {"month": "month"}, [*over, *header.between("month", owed.span(period))])
    months = months.filter(pl.col(DSO[0]).is_not_null())
    if months.is_empty():
        return
    last = months.row(-1, named=True)
    said = {"month": formats.month(last["month"]), "simple": formats.days(round(float(last[DSO[0]])))}
    if last[DSO[1]] is not None and last[DSO[2]] is not None:
        excess = formats.days(round(float(last[DSO[0]] - last[DSO[2]])))
        more = {"countback": formats.days(round(float(last[DSO[1]]))), "best": formats.days(round(float(last[DSO[2]])))}
        sentence = words.text("dso.sentence", excess=excess, **said, **more)
    else:
        sentence = words.text("dso.sentence_alone", **said)
    frame = months.with_columns(tables.spoken("name", months["month"], formats.month))
    colours = (SERIES[0], SERIES[1], NEUTRAL)
    series = [(name, words.text(f"dso.{name}"), colour) for name, colour in zip(DSO, colours, strict=True)]
    figure = upright.lines(frame, series, formats.number, words.text("dso.y"))
    panels.panel("dso", sentence, figure, months, ["month", *DSO], view, DSO)


def payers_panel(view, money) -> None:
    """How much a customer pays against how late: of those with enough invoices to tell."""
    everyone = warehouse.rows("payment_behaviour", view.filters, limit=100_000)
    points = everyone.filter(pl.col("median_days_late").is_not_null() & (pl.col("paid_amount") > 0))
    if points.height < ENOUGH:
        if everyone.height:
            panels.said_only("payers", words.text("payers.too_few", n=everyone.height))
        return
    change = pl.col("days_late_change")
    group = pl.when(change > 0).then(pl.lit(words.text("payers.later"))).when(change <= 0)
    group = group.then(pl.lit(words.text("payers.sooner"))).otherwise(pl.lit(words.text("payers.unknown")))
    drawn = points.select(key="customer_key", name="customer_name", x="paid_amount", y="median_days_late", group=group)
    middle = points["median_days_late"].median()
    big = points.filter(pl.col("paid_amount") >= pl.col("paid_amount").median())
    late = big.filter(pl.col("median_days_late") > middle)
    sentence = words.text(
        "payers.sentence",
        n=late.height,
        big=formats.number(big.height),
        middle=formats.days(middle),
        paid=money(late["paid_amount"].sum()),
    )
    left_out = everyone.height - points.height
    if left_out:
        sentence += " " + words.text("payers.left_out", n=left_out)
    names = [words.text(f"payers.{name}") for name in ("small_late", "big_late", "big_prompt", "small_prompt")]
    titles = (words.text("payers.x"), words.text("payers.y"))
    figure = charts.bubbles(drawn, lambda value: formats.short_money(value, ""), formats.days, *titles, names)
    measures = ("share_paid_late", "days_to_pay")
    panels.panel("payers", sentence, figure, points, PAYERS, view, measures, "customer")


def limits_section(view, money) -> None:
    """What each debtor could cost, against the limit somebody gave it; the fullest first."""
    by = {"debtor_key": "debtor_key", "debtor_name": "debtor_name"}
    names = ("credit_exposure", "credit_limit_use", "insured_credit")
    of = [replace(item, column="debtor_key") for item in view.filters]
    found = warehouse.measure(names, by, of)
    if found.is_empty():
        return
    limits = warehouse.summed("credit_exposure", "credit_limit_reporting_amount", by, of)
    new = ("exposure_amount", "credit_use_share", "insured_amount")
    frame = found.join(limits, on=list(by), how="left").rename(dict(zip(names, new, strict=True)))
    frame = frame.rename({"credit_limit_reporting_amount": "credit_limit_amount"})
    frame = frame.sort(["credit_use_share", "debtor_key"], descending=[True, False], nulls_last=True)
    over = frame.filter(pl.col("credit_use_share") > 1)
    excess = (over["exposure_amount"] - over["credit_limit_amount"]).sum()
    known = frame["credit_use_share"].count()
    st.subheader(words.text("section.limits"), anchor=False)
    whole = {"known": formats.number(known), "use": formats.percent(warehouse.figure("credit_limit_use", of))}
    code = "limits.sentence" if over.height else "limits.kept" if known else "limits.none"
    st.markdown(words.text(code, n=over.height, excess=money(excess), **whole))
    if known < frame.height and known:
        st.caption(words.text("limits.without", n=frame.height - known))
    # Where nothing is insured, or nobody said so, a column of noughts would claim to know.
    shown = [name for name in LIMITS if name != "insured_amount" or frame[name].sum()]
    panels.documents("limits", frame, shown, frame.height, view, pick=("customer", "debtor_key"))


def page() -> None:
    question, lacking = words.text("page.receivables.question"), facts.missing(*NEEDS)
    if lacking:
        states.not_connected(question, lacking)
        return
    if drill.chosen("invoice"):
        owing.invoice(drill.chosen("invoice"))
        return
    first = warehouse.earliest(owed.MART, "valid_from")
    view = header.draw(owed.MART, ONLY, default="this_month", name="stands", first=first)
    period, before = days_shown(view)
    said = words.text("owed.stands", day=formats.day(period.end))
    said = said if before is None else words.text("header.compared", period=said, before=formats.day(before))
    drawn.viewed(said, view.said)
    st.caption(said)
    if warehouse.count(owed.MART, [*view.filters, *owed.standing(period.end)]) == 0:
        if view.filters:
            states.empty(formats.day(period.end), view.said)
            return
        st.info(words.text("owed.nobody", day=formats.day(period.end)), icon=":material/check:")
        return
    currency = facts.currency()
    money = partial(formats.short_money, currency=currency)
    tiles.draw(top(view, period.end, before), currency)
    left, right = st.columns(2)
    with left:
        ageing_panel(view, period, money)
    with right:
        expected_cash.panel(view, money)
    owing.section(owed.named(drill.chosen("bucket"), period.end, tuple(view.filters)), view, money)
    left, right = st.columns(2)
    with left:
        payers_panel(view, money)
    with right:
        dso_panel(view, period)
    expected_cash.record_panel(view, money)
    limits_section(view, money)


page()
