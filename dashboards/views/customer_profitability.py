"""Who earns, who costs, why?"""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    charts,
    curves,
    drill,
    facts,
    formats,
    header,
    panels,
    periods,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.warehouse import Filter

MART = "customer_profitability"
MEASURES = ("revenue", "cm1", "cm1_margin", "discount_rate")
CUSTOMERS = ["customer_name", "segment", "revenue", "cm1", "cm1_margin", "discount_rate"]
LINES = [
    "posted_date", "invoice_number", "invoice_kind", "product_name", "revenue_amount", "discount_amount", "cost_amount",
    "is_cost_missing", "currency_code", "document_amount", "exchange_rate", "exchange_rate_source", "source_url",
]  # fmt: skip


def customers(filters: list[Filter]) -> pl.DataFrame:
    """One row per customer with all that the page says about it."""
    by = {"customer_key": "customer_key", "customer_name": "customer_name", "segment": "segment"}
    return warehouse.measure(MEASURES, by, filters)


def whale_of(frame: pl.DataFrame) -> curves.Whale:
    return curves.whale(frame.select(key="customer_key", name="customer_name", amount="cm1"))


def of_one(view) -> list[tiles.Tile]:
    """The figures of one customer."""
    now, then = view.now("month"), view.then("month")
    ways = {"credited": "neither", "discount_rate": "lower"}
    names = ("revenue", "credited", "cm1", "cm1_margin", "discount_rate")
    return [tiles.measured(name, now, then, ways.get(name, "higher"), ("invoice_lines",)) for name in names]


def top(view, whale, before) -> list[tiles.Tile]:
    """The six figures of the page."""
    now, then = view.now("month"), view.then("month")
    measured = [tiles.measured(name, now, then, needs=("invoice_lines",)) for name in MEASURES[:3]]
    reason = None if whale.counted else words.text("state.no_cost")
    earners = tiles.Tile(
        words.text("tile.earners"),
        whale.earners / whale.counted if whale.counted else None,
        "percent",
        before.earners / before.counted if before and before.counted else None,
        help=words.text("tile.earners.help", n=whale.earners, total=whale.counted),
        reason=reason,
    )
    lost = tiles.Tile(
        words.text("tile.lost"),
        whale.lost if whale.counted else None,
        "money",
        before.lost if before and before.counted else None,
        better="lower",
        help=words.text("tile.lost.help"),
        reason=reason,
    )
    discount = tiles.measured("discount_rate", now, then, "lower", ("invoice_lines",))
    return [*measured, earners, lost, discount]


def left_out(view, money) -> None:
    """Lines that could not be counted in full: how many, and what they come to."""
    names = ("lines_missing_cost", "revenue_without_cost", "lines_missing_rate")
    no_cost, revenue, no_rate = warehouse.measure(names, filters=view.now("month")).row(0)
    said = [words.text("profit.no_cost", n=int(no_cost), revenue=money(revenue))] if no_cost else []
    said += [words.text("profit.no_rate", n=int(no_rate))] if no_rate else []
    if said:
        st.caption(" ".join(said))


def curve_panel(whale, frame, view, money) -> None:
    share = whale.share(whale.peak)
    said = words.text("whale.total", total=money(whale.total)) if share is None else formats.percent(share, 0)
    shown = frame.sort("cm1", descending=True, nulls_last=True)
    figure = charts.whale(
        whale.curve,
        money,
        words.text("whale.x"),
        words.text("whale.y"),
        words.text("whale.peak", share=said),
        words.text("whale.end", total=money(whale.total)),
    )
    panels.panel("whale", curve_sentence(whale, money), figure, shown, CUSTOMERS, view, ("cm1",), "customer")


def curve_sentence(whale, money) -> str:
    parts = {"counted": formats.number(whale.counted), "losers": formats.number(whale.losers)}
    earners, lost, total = formats.number(whale.earners), money(whale.lost), money(whale.total)
    if whale.total <= 0:
        said = words.text("whale.sentence_loss", n=whale.losers, lost=lost, total=total, **parts)
    elif whale.losers == 0:
        said = words.text("whale.sentence_no_losers", n=whale.earners, earners=earners, total=total)
    else:
        share = formats.percent(whale.share(whale.peak), 0)
        said = words.text("whale.sentence", n=whale.losers, earners=earners, share=share, lost=lost, **parts)
    if whale.unknown:
        said += " " + words.text("whale.unknown", n=whale.unknown)
    return said


def scatter_panel(frame: pl.DataFrame, view, money) -> None:
    points = frame.filter((pl.col("revenue") > 0) & pl.col("cm1_margin").is_not_null())
    if points.height < 3:
        return
    largest = points.group_by("segment").len().sort("len", descending=True)["segment"].drop_nulls().head(5)
    group = pl.when(pl.col("segment").is_in(largest.implode())).then("segment").otherwise(pl.lit(words.text("other")))
    drawn = points.select(key="customer_key", name="customer_name", x="revenue", y="cm1_margin", group=group)
    big = points.filter(pl.col("revenue") >= pl.col("revenue").median())
    poor = big.filter(pl.col("cm1_margin") < points["cm1_margin"].median())
    sentence = words.text(
        "quadrants.sentence",
        n=poor.height,
        big=formats.number(big.height),
        revenue=money(poor["revenue"].sum()),
        margin=formats.percent(points["cm1_margin"].median()),
    )
    names = [words.text(f"quadrant.{name}") for name in ("small_rich", "big_rich", "big_poor", "small_poor")]
    titles = (words.text("quadrants.x"), words.text("quadrants.y"))
    figure = charts.bubbles(drawn, lambda value: formats.short_money(value, ""), _whole_percent, *titles, names)
    panels.panel("quadrants", sentence, figure, points, CUSTOMERS, view, ("cm1_margin",), "customer")


def _whole_percent(value) -> str:
    return formats.percent(value, 0)


def trend_panel(view, money, filters: list[Filter]) -> None:
    """Twelve months up to the period's end, beside the twelve before them."""
    end = view.period.end
    span = periods.Period(periods.shifted(end.replace(day=1), -11), end, view.period.is_open)
    earlier = periods.moved(periods.Period(span.start, periods.month_end(end)), -12)
    months = warehouse.measure(MEASURES[:3], {"month": "month"}, [*filters, *header.between("month", span)])
    if months.is_empty():
        return
    old = warehouse.measure(MEASURES[:3], {"month": "month"}, [*filters, *header.between("month", earlier)])
    old = old.with_columns(pl.col("month").dt.offset_by("12mo"))
    months = months.join(old, on="month", how="left", suffix="_before")
    open_from = facts.as_of().replace(day=1)
    with st.container(border=True):
        st.markdown(f"**{words.text('chart.trend')}**")
        st.markdown(trend_sentence(months.filter(pl.col("month") < open_from), money))
        for column, name in zip(st.columns(3), MEASURES[:3], strict=True):
            text = _whole_percent if name == "cm1_margin" else lambda value: formats.short_money(value, "")
            drawn = months.select("month", value=name, before=f"{name}_before")
            figure = charts.trend(drawn, text, formats.month, words.text("trend.before"), open_from)
            with column:
                st.caption(tables.heading(name))
                key, alt = drill.key(f"chart-trend-{name}"), tables.heading(name)
                st.plotly_chart(figure, key=key, config=panels.plotly(), alt=alt)
        panels.actions("trend", months, ["month", *MEASURES[:3]], view, MEASURES[:3])


def trend_sentence(months: pl.DataFrame, money) -> str:
    ranked = months.filter(pl.col("cm1").is_not_null()).sort("cm1")
    if ranked.height < 2:
        return words.text("trend.sentence_short", n=months.height)
    worst, best = ranked.row(0, named=True), ranked.row(-1, named=True)
    return words.text(
        "trend.sentence",
        best=formats.month(best["month"]),
        most=money(best["cm1"]),
        worst=formats.month(worst["month"]),
        least=money(worst["cm1"]),
    )


def ranking(frame: pl.DataFrame, view) -> None:
    st.subheader(words.text("section.customers"), anchor=False)
    shown = frame.sort(["cm1", "customer_key"], descending=[True, False], nulls_last=True)
    panels.documents("customers", shown, CUSTOMERS, shown.height, view, pick=("customer", "customer_key"))


def documents(customer: str, view) -> None:
    """The way down: the lines of one customer, each with its document."""
    filters = [Filter("customer_key", "=", customer), *header.between("posted_date", view.period)]
    found = warehouse.rows("profitability_lines", filters, order="posted_date")
    st.subheader(words.text("section.lines"), anchor=False)
    shown = tables.coded(found, invoice_kind="invoice_kind", exchange_rate_source="exchange_rate_source")
    panels.documents("lines", shown, LINES, warehouse.count("profitability_lines", filters), view)


def page() -> None:
    lacking = facts.missing("invoice_lines", "invoices")
    if len(lacking) == 2:
        states.not_connected(words.text("page.customer_profitability.question"), ["invoices", "invoice_lines"])
        return
    view = header.draw(MART, ("segment", "owner_name"), first=warehouse.earliest(MART, "month"), is_monthly=True)
    customer = drill.chosen("customer")
    filters = [Filter("customer_key", "=", customer)] if customer else []
    view = view.narrowed(filters)
    st.caption(header.sentence(view))
    currency = facts.currency()
    frame = customers(view.now("month"))
    if customer:
        name = warehouse.rows(MART, filters, limit=1)["customer_name"].to_list() or [customer]
        drill.breadcrumb(words.text("drill.all_customers"), {"customer": name[0]})
        drill.open_customer(customer)
    if frame.is_empty():
        states.empty(header.days(view.period), view.said)
        return
    whale = whale_of(frame)
    before = None if view.before is None else whale_of(customers(view.then("month")))
    money = partial(formats.short_money, currency=currency)
    tiles.draw(of_one(view) if customer else top(view, whale, before), currency)
    left_out(view, money)
    if customer:
        trend_panel(view, money, view.filters)
        documents(customer, view)
        return
    left, right = st.columns([11, 9])
    with left:
        if whale.counted:
            curve_panel(whale, frame, view, money)
        else:
            st.info(words.text("state.no_cost_page"), icon=":material/power_off:")
    with right:
        scatter_panel(frame, view, money)
    trend_panel(view, money, view.filters)
    ranking(frame, view)


page()
