"""How are we doing, what changed, where must I look?"""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    attention,
    charts,
    drawn,
    drill,
    facts,
    formats,
    header,
    margin,
    onward,
    panels,
    periods,
    sold,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.warehouse import Filter, Keys

MART = "customer_profitability"
ONLY = ("segment", "owner_name")
NEEDED = ("invoices", "orders", "deals", "payments")
ROWS = [
    "attention", "customer_name", "waiting_amount", "since_date", "owner_name", "crm_source_url", "erp_source_url",
]  # fmt: skip


def of_customers(view) -> list[Filter]:
    """The chosen part of the firm as its customers: the one thing that every mart knows."""
    if not view.filters:
        return []
    return [Filter("customer_key", "in", Keys("canonical.customers", "customer_key", tuple(view.filters)))]


def depth(view) -> str:
    """The deepest contribution that is known in both periods, so that like is compared with like."""
    sides = [side for side in (view.now("month"), view.then("month")) if side and warehouse.count(MART, side)]
    return min((sold.level(side) for side in sides), default="cm1")


def top(view, those, level) -> list[tiles.Tile]:
    now, then = view.now("month"), view.then("month")
    sales = ("invoice_lines",)
    sold_ones = ("revenue", level, f"{level}_margin")
    margin = warehouse.figure(f"{level}_margin", now, sold_ones)
    share = None if facts.missing("payments") else warehouse.figure("overdue_share", those)
    done = [*those, *header.between("shipped_in_full_date", view.period)]
    slow = None if facts.missing("shipments") else warehouse.figure("p90_days_order_to_ship", done)

    def measured(name, date, better="higher", needs=(), note=None):
        before = None if view.before is None else [*those, *header.between(date, view.before)]
        return tiles.measured(name, [*those, *header.between(date, view.period)], before, better, needs, note)

    of_revenue = None if margin is None else words.text("overview.of_revenue", share=formats.percent(margin))
    of_open = None if share is None else words.text("overview.of_open", share=formats.percent(share))
    by90 = None if slow is None else words.text("overview.p90", days=formats.days(slow))
    return [
        tiles.measured("revenue", now, then, needs=sales, among=sold_ones),
        tiles.measured(level, now, then, needs=sales, note=of_revenue, among=sold_ones),
        measured("collected_by_month", "month", needs=("payments",)),
        tiles.measured("overdue_receivables", those, None, "lower", ("invoices", "payments"), of_open),
        measured("median_days_order_to_ship", "shipped_in_full_date", "lower", ("shipments",), by90),
        measured("win_rate_by_value", "closed_date", needs=("deals",)),
    ]


def places() -> list[str]:
    """Under each tile the page that answers why."""
    money = onward.first_of("receivables", "funnel_to_cash")
    return ["customer_profitability"] * 2 + [money] * 2 + ["order_cycle_time", "funnel_to_cash"]


def trend_panel(view, those, level, money) -> None:
    """Twelve months up to the period's end, beside the twelve before them."""
    end = view.period.end
    span = periods.Period(periods.shifted(end.replace(day=1), -11), end, view.period.is_open)
    earlier = periods.moved(periods.Period(span.start, periods.month_end(end)), -12)
    names = ["revenue", level, *(["collected_by_month"] if not facts.missing("payments") else [])]
    months = by_month(names, view.filters, those, span)
    old = by_month(names, view.filters, those, earlier).with_columns(pl.col("month").dt.offset_by("12mo"))
    months = months.join(old, on="month", how="left", suffix="_before")
    if months.is_empty():
        return
    open_from = facts.as_of().replace(day=1)
    closed = months.filter((pl.col("month") < open_from) & pl.col("revenue").is_not_null()).sort("revenue")
    with st.container(border=True):
        said = ""
        if closed.height > 1:
            ends = {"best": closed.row(-1, named=True), "worst": closed.row(0, named=True)}
            parts = {name: formats.month(row["month"]) for name, row in ends.items()}
            parts |= {f"{name}_amount": money(row["revenue"]) for name, row in ends.items()}
            said = words.text("overview.trend", **parts)
            if months["month"].max() >= open_from:
                said += " " + words.text("trend.is_open")
        panels.opening("trend", said)
        for column, name in zip(st.columns(len(names)), names, strict=True):
            drawn = months.select("month", value=name, before=f"{name}_before")
            text = partial(formats.short_money, currency="")
            figure = charts.trend(drawn, text, formats.month, words.text("trend.before"), open_from)
            with column:
                panels.one_of_several(f"trend-{name}", tiles.label(warehouse.catalogue()[name]), figure)
        renamed = dict(zip(names, ("revenue_amount", f"{level}_amount", "collected_amount"), strict=False))
        panels.actions("trend", months.rename(renamed), ["month", *renamed.values()], view, names)


def by_month(names, filters, those, span) -> pl.DataFrame:
    within, by = header.between("month", span), {"month": "month"}
    found = warehouse.measure(names[:2], by, [*filters, *within])
    for name in names[2:]:
        cash = warehouse.measure(name, by, [*those, *within])
        found = found.join(cash, on="month", how="full", coalesce=True).sort("month")
    return found


def attention_section(those, view, money) -> None:
    st.subheader(words.text("section.attention"), anchor=False)
    rows = attention.worded(attention.found(those))
    if rows.is_empty():
        st.caption(words.text("attention.none"))
        return
    total, worth = attention.counted(those), rows["waiting_amount"].sum()
    st.markdown(words.text("attention.sentence", n=total, shown=rows.height, worth=money(worth)))
    lacking = facts.missing(*{entity for needs in attention.NEEDS.values() for entity in needs})
    if lacking:
        st.caption(words.text("attention.lacking", missing=states.named(sorted(lacking))))
    key = drill.key("table-attention")
    ways = [attention.way(row) for row in rows.iter_rows(named=True)]
    tables.draw(rows, ROWS, key=key, on_select=onward.on_row(key, ways), height="content")
    drawn.table("attention", rows, ROWS, total)
    with st.container(horizontal=True, gap="small"):
        panels.downloads("attention", rows, ROWS, view)
    st.caption(words.text("attention.money"))


def page() -> None:
    onward.follow()
    if len(facts.missing(*NEEDED)) == len(NEEDED):
        states.not_connected(words.text("page.overview.question"), list(NEEDED))
        return
    view = header.draw(MART, ONLY, first=warehouse.earliest(MART, "month"), is_monthly=True)
    those, level = of_customers(view), depth(view)
    st.caption(header.sentence(view))
    if view.filters:
        st.caption(words.text("overview.filtered"))
    currency = facts.currency()
    money = partial(formats.short_money, currency=currency)
    tiles.draw(top(view, those, level), currency, [partial(onward.link, name) for name in places()])
    is_sold = not facts.missing("invoice_lines")
    if is_sold:
        if not warehouse.count(MART, view.now("month")):
            states.empty(header.days(view.period), view.said)
        else:
            margin.draw(view, those, level, money)
            trend_panel(view, those, level, money)
    else:
        panels.not_available("bridge", facts.missing("invoice_lines"))
    attention_section(those, view, money)


page()
