"""Of what we started, how much became money, how fast, what leaks?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboards import (
    drawn,
    facts,
    formats,
    funnel_panels,
    funnel_rows,
    header,
    onward,
    pipeline_panels,
    states,
    tiles,
    warehouse,
    words,
)
from dashboards.funnel_panels import STARTED
from dashboards.ladders import FUNNEL
from dashboards.warehouse import Filter

ONLY = ("segment", "channel", "owner_name")
WIN_RATES = ("win_rate_narrow", "win_rate_narrow_by_value", "win_rate_broad", "win_rate_broad_by_value")


def top(view) -> list[tiles.Tile]:
    now, then, paid = view.now(STARTED), view.then(STARTED), ("leads", "deals", "payments")
    return [
        # Those who came last month had no time to pay; what came a year before them had a year more.
        tiles.measured("lead_conversion", now, None, needs=paid, has_months=False),
        win_rate(now, then),
        tiles.measured("median_days_lead_to_cash", now, None, "lower", paid, has_months=False),
        tiles.measured("won_not_ordered_amount", now, None, "lower", ("deals", "orders"), has_months=False),
        tiles.measured("ordered_not_invoiced_amount", now, None, "lower", ("orders", "invoices"), has_months=False),
        tiles.measured("open_amount", now, None, "lower", ("invoices", "payments"), has_months=False),
    ]


def win_rate(now, then) -> tiles.Tile:
    """The rate by value; where it is explained, the narrow and the broad one are told beside it."""
    tile = tiles.measured("win_rate_by_value", now, then, needs=("deals",))
    rates, known = warehouse.measure(WIN_RATES, filters=now).row(0, named=True), warehouse.catalogue()
    lines = [
        f"**{tiles.label(known[name])}: {formats.percent(rates[name])}** {tiles.description(known[name])}"
        for name in WIN_RATES
        if rates[name] is not None
    ]
    return replace(tile, help=" \n\n".join([tile.help, *lines]))


def beside(view, money) -> None:
    """What the first two tiles have no room for: how many leads and how much money, and the rates by count."""
    names = ("leads_started", "leads_collected", "collected_of_leads", "win_rate", "win_rate_narrow")
    found, said = warehouse.measure(names, filters=view.now(STARTED)).row(0, named=True), []
    if found["leads_started"] and not facts.missing("leads", "deals", "payments"):
        paid, leads = formats.number(found["leads_collected"]), formats.number(found["leads_started"])
        more = {"paid": paid, "leads": leads, "money": money(found["collected_of_leads"] or 0)}
        said.append(words.text("funnel.leads_collected", n=found["leads_collected"], **more))
    if found["win_rate"] is not None:
        said.append(words.text("funnel.win_rate", share=formats.percent(found["win_rate"])))
    if found["win_rate_narrow"] is not None:
        said.append(words.text("funnel.win_rate_narrow", share=formats.percent(found["win_rate_narrow"])))
    if said:
        st.markdown(" ".join(said))


def no_rate(view) -> None:
    """Deals whose currency nobody has a rate for are in no sum of money, and that is said."""
    lost = [Filter("deal_amount", "is null"), Filter("currency_code", "<>", facts.reporting_currency())]
    n = warehouse.count(FUNNEL, [*view.now(STARTED), Filter("anchor_kind", "=", "deal"), *lost])
    if n:
        st.caption(words.text("funnel.no_rate", n=n))


def funnel(view, money) -> None:
    left, right = st.columns(2)
    with left:
        funnel_panels.steps(view, money)
    with right:
        funnel_panels.leakage(view, money)
    funnel_panels.grid(view, money)
    left, right = st.columns(2)
    with left:
        funnel_panels.links(view, money)
    with right:
        funnel_panels.buckets(view)
    funnel_rows.draw(view)


def pipeline(view, money, currency: str) -> None:
    """How fast it goes, and what is open now: that follows the filters, and only the time in stage the period."""
    st.subheader(words.text("section.pipeline"), anchor=False)
    left, right = st.columns(2)
    with left:
        funnel_panels.speed(view)
    with right:
        pipeline_panels.stages(view)
    if facts.missing("deals"):
        return
    pipeline_panels.velocity(view, currency)
    left, right = st.columns(2)
    with left:
        pipeline_panels.change(view, money)
    with right:
        pipeline_panels.coverage(view, money)
    pipeline_panels.stuck(view, money)
    funnel_rows.draw_open(view)


def page() -> None:
    onward.follow()
    lacking = facts.missing("deals", "leads", "orders", "invoices")
    if len(lacking) == 4:
        states.not_connected(words.text("page.funnel_to_cash.question"), lacking)
        return
    first = warehouse.earliest(FUNNEL, STARTED)
    choices = {"default": "last_12_months", "name": "started", "switch": ("shown", ("money", "count"))}
    view = header.draw(FUNNEL, ONLY, first=first, **choices)
    said = words.text("funnel.started", period=header.sentence(view))
    drawn.viewed(said, view.said)
    st.caption(said)
    if warehouse.count(FUNNEL, view.now(STARTED)) == 0:
        states.empty(header.days(view.period), view.said)
        return
    currency = facts.currency()
    money = partial(formats.short_money, currency=currency)
    tiles.draw(top(view), currency)
    beside(view, money)
    no_rate(view)
    funnel(view, money)
    pipeline(view, money, currency)


page()
