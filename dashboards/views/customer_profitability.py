"""Who earns, who costs, why?"""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    charts,
    drill,
    facts,
    formats,
    header,
    levels,
    marimekko,
    movement,
    panels,
    periods,
    profit_curve,
    profit_tiles,
    profit_waterfall,
    retention,
    serving,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.levels import MART, Level
from dashboards.warehouse import Filter, Keys

LINES = [
    "posted_date", "ladder_step", "invoice_number", "invoice_kind", "product_name", "cost_pool", "revenue_amount",
    "discount_amount", "cost_amount", "effect_amount", "is_cost_missing", "currency_code", "document_amount",
    "exchange_rate", "exchange_rate_source", "source_url",
]  # fmt: skip
# What a click writes into the address, from the widest to the narrowest.
WAYS = ("move", "cell", "customer", "step", "activity")


def trend_panel(level: Level, view, money, filters: list[Filter]) -> None:
    """Twelve months up to the period's end, beside the twelve before them."""
    end, names = view.period.end, ("revenue", level.code, level.margin)
    span = periods.Period(periods.shifted(end.replace(day=1), -11), end, view.period.is_open)
    earlier = periods.moved(periods.Period(span.start, periods.month_end(end)), -12)
    months = warehouse.measure(names, {"month": "month"}, [*filters, *header.between("month", span)])
    if months.is_empty():
        return
    old = warehouse.measure(names, {"month": "month"}, [*filters, *header.between("month", earlier)])
    old = old.with_columns(pl.col("month").dt.offset_by("12mo"))
    months = months.join(old, on="month", how="left", suffix="_before")
    open_from = facts.as_of().replace(day=1)
    shown = {"revenue": "revenue", level.code: level.amount, level.margin: level.share}
    with st.container(border=True):
        said = trend_sentence(level, months.filter(pl.col("month") < open_from), money)
        if months["month"].max() >= open_from:
            said += " " + words.text("trend.is_open")
        panels.opening("trend", said)
        for column, name in zip(st.columns(3), names, strict=True):
            is_share = name == level.margin
            text = profit_curve.whole_percent if is_share else lambda value: formats.short_money(value, "")
            drawn = months.select("month", value=name, before=f"{name}_before")
            figure = charts.trend(drawn, text, formats.month, words.text("trend.before"), open_from)
            with column:
                panels.one_of_several(f"trend-{name}", tables.heading(shown[name]), figure)
        panels.actions("trend", months.rename(shown), ["month", *shown.values()], view, names)


def trend_sentence(level: Level, months: pl.DataFrame, money) -> str:
    ranked = months.filter(pl.col(level.code).is_not_null()).sort(level.code)
    if ranked.height < 2:
        return words.text("trend.sentence_short", n=months.height)
    worst, best = ranked.row(0, named=True), ranked.row(-1, named=True)
    parts = {"best": formats.month(best["month"]), "worst": formats.month(worst["month"]), "level": level.short}
    return words.text("profit.trend", most=money(best[level.code]), least=money(worst[level.code]), **parts)


def documents(level: Level, filters: list[Filter], view) -> None:
    """The way down: the lines behind a figure, each with its document."""
    found = warehouse.rows("profitability_lines", filters, order="posted_date")
    st.subheader(words.text("section.lines"), anchor=False)
    shown = tables.coded(found, invoice_kind="invoice_kind", exchange_rate_source="exchange_rate_source")
    shown = tables.coded(shown, ladder_step="ladder").with_columns(effect_amount=level.amount)
    panels.documents("lines", shown, LINES, warehouse.count("profitability_lines", filters), view)


def named(way: str, value: str) -> str:
    """What was clicked, in words."""
    match way:
        case "move":
            return movement.name(value)
        case "cell":
            return " · ".join(marimekko.name(part) for part in marimekko.cell(value))
        case "step":
            return profit_waterfall.name(value)
        case "customer":
            found = warehouse.rows(MART, [Filter("customer_key", "=", value)], limit=1)["customer_name"].to_list()
            return found[0] if found else value
    return value


def lines_of(chosen: dict[str, str], view) -> list[Filter]:
    """The lines of what is looked at: its days, its customers, and what was clicked of them."""
    filters = header.between("posted_date", view.period)
    if view.filters:
        filters.append(Filter("customer_key", "in", Keys(MART, "customer_key", tuple(view.now("month")))))
    if "cell" in chosen and "customer" in chosen:
        filters.append(Filter("category", "=", marimekko.cell(chosen["cell"])[1]))
    if "step" in chosen:
        filters += profit_waterfall.lines_of(chosen["step"])
    if "activity" in chosen:
        filters.append(Filter("cost_pool", "=", chosen["activity"]))
    return filters


def one_customer(level: Level, chosen: dict[str, str], lines: list[Filter], view, money) -> None:
    tiles.draw(profit_tiles.of_one(level, view), facts.currency())
    profit_tiles.left_out(level, view, money)
    if not {"cell", "step", "activity"} & chosen.keys():
        profit_waterfall.draw(level, view, money)
        trend_panel(level, view, money, view.filters)
    documents(level, lines, view)


def everybody(level: Level, frame: pl.DataFrame, lines: list[Filter], view, money) -> None:
    """The page as it opens: who, then why, then where it goes."""
    shown = profit_tiles.columns(level, frame)
    before = None if view.before is None else profit_curve.earlier(level, view.then("month"))
    whale = profit_curve.whale_now(level, view.now("month"))
    tiles.draw(profit_tiles.top(level, view, whale, frame, before), facts.currency())
    profit_tiles.headline(level, view, money)
    profit_tiles.left_out(level, view, money)
    left, right = st.columns([11, 9])
    with left:
        if whale.counted:
            profit_curve.draw(shown, level, view)
        else:
            st.info(words.text("state.no_cost_page"), icon=":material/power_off:")
    with right:
        profit_curve.quadrants(shown, level, view)
    left, right = st.columns(2)
    with left:
        profit_waterfall.draw(level, view, money)
    with right:
        marimekko.draw(lines, level, view)
    serving.draw(lines, level, view)
    movement.draw(view.filters, view)
    trend_panel(level, view, money, view.filters)
    retention.draw(view)
    st.subheader(words.text("section.customers"), anchor=False)
    panels.documents("customers", frame, shown, frame.height, view, pick=("customer", "customer_key"))


def page() -> None:
    lacking = facts.missing("invoice_lines", "invoices")
    if len(lacking) == 2:
        states.not_connected(words.text("page.customer_profitability.question"), ["invoices", "invoice_lines"])
        return
    view = header.draw(MART, ("segment", "owner_name"), first=warehouse.earliest(MART, "month"), is_monthly=True)
    level, view = levels.draw(view)
    chosen = {way: drill.chosen(way) for way in WAYS if drill.chosen(way)}
    if "customer" in chosen:
        view = view.narrowed([Filter("customer_key", "=", chosen["customer"])])
    st.caption(header.sentence(view))
    if chosen:
        drill.breadcrumb(words.text("drill.all_customers"), {way: named(way, value) for way, value in chosen.items()})
    if "customer" in chosen:
        drill.open_customer(chosen["customer"])
    frame = profit_curve.customers(level, view.now("month"))
    if frame.is_empty():
        states.empty(header.days(view.period), view.said)
        levels.offer_everybody()
        return
    money = partial(formats.short_money, currency=facts.currency())
    lines = lines_of(chosen, view)
    pick = ("customer", "customer_key")
    if "customer" in chosen:
        one_customer(level, chosen, lines, view, money)
    elif "move" in chosen:
        found, total = movement.customers_of(chosen["move"], view.filters)
        panels.documents("movement", found, movement.COLUMNS, total, view, pick=pick)
    elif "cell" in chosen:
        found = marimekko.customers_of(chosen["cell"], frame, lines)
        panels.documents("mosaic", found, marimekko.COLUMNS, found.height, view, pick=pick)
    elif chosen:
        documents(level, lines, view)
    else:
        everybody(level, frame, lines, view, money)


page()
