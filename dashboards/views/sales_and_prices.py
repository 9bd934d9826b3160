"""Who sells with a margin, at which prices, and is it enough?"""

from dataclasses import replace
from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    charts,
    drill,
    facts,
    formats,
    header,
    panels,
    periods,
    states,
    tables,
    tiles,
    upright,
    warehouse,
    words,
)
from dashboards.palette import PALE, PROFIT
from dashboards.warehouse import Filter

MART = "customer_profitability"
ONLY = ("segment", "owner_name")
EARNED = ("cm1", "cm1_margin", "revenue", "discount_rate")
WON = ("won_amount", "deals_won", "win_rate_by_value")
PRODUCT = ("product_gross", "product_discount_rate", "product_margin")
SELLERS = ["owner_name", *EARNED, "won_amount", "deals_won", "win_rate_share"]
PRODUCTS = ["product_name", "category", "sold_amount", "discount_rate", "cm1_margin"]
CUSTOMERS = ["customer_name", *EARNED]
TARGETS = ["period_month", "target_amount", "booked_amount", "open_pipeline_amount", "missing_amount"]
LINES = [
    "invoice_number", "customer_name", "owner_name", "revenue_amount", "discount_amount", "cm1_amount", "posted_date",
    "source_url",
]  # fmt: skip
# Fewer points make no picture.
ENOUGH = 3
AHEAD = 3


def top(view) -> list[tiles.Tile]:
    now, then = view.now("month"), view.then("month")
    closed, before = view.now("closed_date"), view.then("closed_date")
    running = [Filter("period_month", "=", facts.as_of().replace(day=1))]
    sold, won = {"cm1": "higher", "cm1_margin": "higher", "discount_rate": "lower"}, ("won_amount", "win_rate_by_value")
    return [
        *(tiles.measured(name, now, then, way, ("invoice_lines",), among=tuple(sold)) for name, way in sold.items()),
        *(tiles.measured(name, closed, before, needs=("deals",), among=won) for name in won),
        coverage(view, running),
    ]


def coverage(view, running) -> tiles.Tile:
    """Targets are set for the firm and for people; who is looked at decides which of them count."""
    people = [item for item in view.filters if item.column == "owner_name"]
    name = "pipeline_coverage_of_owner" if people else "pipeline_coverage"
    tile = tiles.measured(name, [*people, *running], None, needs=("deals",), note=formats.month(facts.as_of()))
    whole = len(people) == len(view.filters)
    return tile if whole else replace(tile, value=None, reason=words.text("panel.of_no_part"))


def sellers(view) -> pl.DataFrame:
    """Everybody who answers for customers or deals, the largest contribution first."""
    by = {"owner_name": "owner_name"}
    earned = warehouse.measure(EARNED, by, view.now("month"))
    deals = [*view.now("closed_date"), Filter("anchor_kind", "=", "deal")]
    won = warehouse.measure(WON, by, deals).rename({"win_rate_by_value": "win_rate_share"})
    frame = earned.join(won, on="owner_name", how="full", coalesce=True, nulls_equal=True)
    return frame.sort(["cm1", "owner_name"], descending=[True, False], nulls_last=True)


def products_panel(view, money) -> None:
    """How much of a product is sold against how much is given away on it."""
    by = {"product_key": "product_key", "product_name": "product_name", "category": "category"}
    names = dict(zip(PRODUCT, ("sold_amount", "discount_rate", "cm1_margin"), strict=True))
    # Of products it is not known who bought them: their prices are those of the whole firm.
    whole = [*header.between("month", view.period), Filter("product_key", "is not null")]
    sold = warehouse.measure(PRODUCT, by, whole).rename(names)
    points = sold.filter((pl.col("sold_amount") > 0) & pl.col("discount_rate").is_not_null())
    if points.height < ENOUGH:
        _too_few("prices", points.height)
        return
    largest = points.group_by("category").len().sort("len", "category", descending=[True, False])
    largest = largest["category"].drop_nulls().head(5)
    group = pl.when(pl.col("category").is_in(largest.implode())).then("category").otherwise(pl.lit(words.text("other")))
    drawn = points.select(key="product_key", name="product_name", x="sold_amount", y="discount_rate", group=group)
    middle = points["discount_rate"].median()
    generous = points.filter(
        (pl.col("discount_rate") > middle) & (pl.col("sold_amount") >= pl.col("sold_amount").median())
    )
    losing = points.filter(pl.col("cm1_margin") < 0)
    sentence = words.text(
        "prices.sentence",
        n=generous.height,
        total=formats.number(points.height),
        middle=formats.percent(middle),
        sold=money(generous["sold_amount"].sum()),
    )
    sentence += " " + words.text("prices.losing", n=losing.height)
    if view.filters:
        sentence += " " + words.text("panel.of_the_firm")
    corners = [words.text(f"prices.{name}") for name in ("small_generous", "big_generous", "big_firm", "small_firm")]
    titles = (words.text("prices.x"), words.text("prices.y"))
    figure = charts.bubbles(drawn, _short, formats.percent, *titles, corners)
    shown = points.sort("sold_amount", descending=True)
    panels.panel("prices", sentence, figure, shown, PRODUCTS, view, PRODUCT, "product")


def sellers_panel(frame: pl.DataFrame, view, money) -> None:
    """What somebody wins against what stays of what the same name sells."""
    points = frame.filter((pl.col("won_amount") > 0) & pl.col("cm1_margin").is_not_null())
    if points.height < ENOUGH:
        _too_few("sellers", points.height)
        return
    group = pl.lit(words.text("column.owner_name"))
    drawn = points.select(key="owner_name", name="owner_name", x="won_amount", y="cm1_margin", group=group)
    winner, keeper = points.sort("won_amount").row(-1, named=True), points.sort("cm1_margin").row(-1, named=True)
    sentence = words.text(
        "sellers.sentence",
        winner=drill.escaped(winner["owner_name"] or "–"),
        won=money(winner["won_amount"]),
        margin=formats.percent(winner["cm1_margin"]),
        keeper=drill.escaped(keeper["owner_name"] or "–"),
        most=formats.percent(keeper["cm1_margin"]),
    )
    corners = [words.text(f"sellers.{name}") for name in ("small_rich", "big_rich", "big_poor", "small_poor")]
    titles = (words.text("sellers.x"), words.text("sellers.y"))
    figure = charts.bubbles(drawn, _short, formats.percent, *titles, corners)
    panels.panel("sellers", sentence, figure, points, SELLERS, view, ("won_amount", "cm1_margin"), "seller")


def targets_panel(view, money) -> None:
    """What is booked and what may close, against the target of each month."""
    month = facts.as_of().replace(day=1)
    around = [Filter("period_month", ">=", periods.shifted(month, -9)), Filter("scope", "=", "firm")]
    around += [Filter("period_month", "<=", periods.shifted(month, AHEAD)), Filter("target_amount", "is not null")]
    found = warehouse.rows("pipeline_coverage", around, order="period_month", descending=False)
    if found.is_empty():
        panels.said_only("targets", words.text("targets.none"))
        return
    over = found.filter(pl.col("period_month") < month)
    met = over.filter(pl.col("reason") == "met").height
    sentence = ""
    if over.height:
        sentence = words.text("targets.met" if met else "targets.met_none", n=over.height, met=formats.number(met))
    running = found.filter(pl.col("period_month") == month).to_dicts()
    if running:
        parts = {name: money(running[0][f"{name}_amount"]) for name in ("target", "booked", "open")}
        sentence += " " + words.text("targets.running", month=formats.month(month), **parts)
    frame = found.select(
        tables.spoken("name", found["period_month"], formats.month),
        "booked_amount",
        "open_amount",
        total="target_amount",
    )
    series = [
        ("booked_amount", words.text("targets.booked"), PROFIT),
        ("open_amount", words.text("targets.open"), PALE),
    ]
    figure = upright.stacked(frame, series, _short, words.text("targets.target"), height=340)
    shown = found.rename({"open_amount": "open_pipeline_amount", "remaining_amount": "missing_amount"})
    if view.filters:
        sentence += " " + words.text("panel.of_the_firm")
    measures = ("target_amount", "target_remaining", "pipeline_coverage")
    panels.panel("targets", sentence.strip(), figure, shown, TARGETS, view, measures)


def details(frame: pl.DataFrame, view) -> None:
    """The leaderboard, or below a name its customers, or below a product its invoice lines."""
    owner, product = drill.chosen("seller"), drill.chosen("product")
    st.subheader(words.text("section.sellers"), anchor=False)
    if product:
        own = [item for item in view.filters if item.column == "owner_name"]
        filters = [*own, *header.between("posted_date", view.period), Filter("product_key", "=", product)]
        found = warehouse.rows("profitability_lines", filters, order="posted_date")
        drill.breadcrumb(words.text("drill.all_sellers"), {"product": _first(found, "product_name", product)})
        panels.documents("price_lines", found, LINES, warehouse.count("profitability_lines", filters), view)
        return
    if owner:
        by = {"customer_key": "customer_key", "customer_name": "customer_name"}
        found = warehouse.measure(EARNED, by, [*view.now("month"), Filter("owner_name", "=", owner)])
        drill.breadcrumb(words.text("drill.all_sellers"), {"seller": owner})
        shown = found.sort(["cm1", "customer_key"], descending=[True, False], nulls_last=True)
        panels.documents("seller_customers", shown, CUSTOMERS, shown.height, view)
        return
    st.caption(words.text("sellers.names"))
    panels.documents("leaderboard", frame, SELLERS, frame.height, view, pick=("seller", "owner_name"))


def _first(frame: pl.DataFrame, column: str, otherwise: str) -> str:
    return (frame[column][0] if frame.height else None) or otherwise


def _too_few(code: str, n: int) -> None:
    panels.said_only(code, words.text(f"{code}.too_few", n=n))


def _short(value) -> str:
    return formats.short_money(value, "")


def page() -> None:
    lacking = facts.missing("invoice_lines", "invoices")
    if lacking:
        states.not_connected(words.text("page.sales_and_prices.question"), lacking)
        return
    view = header.draw(MART, ONLY, first=warehouse.earliest(MART, "month"), is_monthly=True)
    st.caption(header.sentence(view))
    if warehouse.count(MART, view.now("month")) == 0:
        states.empty(header.days(view.period), view.said)
        return
    currency = facts.currency()
    money = partial(formats.short_money, currency=currency)
    tiles.draw(top(view), currency)
    frame = sellers(view)
    left, right = st.columns(2)
    with left:
        sellers_panel(frame, view, money)
    with right:
        products_panel(view, money)
    details(frame, view)
    targets_panel(view, money)


page()
