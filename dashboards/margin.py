"""What moved the contribution from one period to the other: the bridge, and the products or steps behind each bar."""

import polars as pl
import streamlit as st

from dashboards import bars, bridge, drill, facts, formats, header, panels, sold, tables, tiles, warehouse, words
from dashboards.warehouse import Filter

MOST = 500
PRODUCTS = ["product_name", "quantity_before", "quantity", "effect_amount"]
STEPS = ["step", "before_amount", "now_amount", "effect_amount"]
LINES = [
    "posted_date", "invoice_number", "invoice_kind", "customer_name", "revenue_amount", "discount_amount",
    "cost_amount", "currency_code", "document_amount", "exchange_rate", "source_url",
]  # fmt: skip


def draw(view, those: list[Filter], level: str, money) -> None:
    """The bridge at a level of contribution; `those` are the customers chosen."""
    label = tiles.label(warehouse.catalogue()[level])
    if view.before is None or not warehouse.count(sold.CUSTOMERS, view.then("month")):
        panels.said_only("bridge", words.text("bridge.alone", label=label))
        return
    before = sold.in_period(level, [*those, *header.between("posted_date", view.before)])
    now = sold.in_period(level, [*those, *header.between("posted_date", view.period)])
    goods = bridge.by_product(before.goods, now.goods, facts.reporting_currency())
    frame = bridge.bridge(goods, before.contribution, now.contribution, now.served - before.served)
    ends = {"before": view.before, "now": view.period}
    names = [header.days(ends[key]) if key in ends else words.text(f"effect.{key}") for key in frame["key"]]
    frame = frame.with_columns(name=pl.Series(names), effect_amount=pl.col("value"))
    shown = frame.filter(pl.col("is_total") | (pl.col("value") != 0))
    figure = bars.waterfall(shown, lambda value: formats.short_money(value, ""))
    panels.panel(
        "bridge", sentence(shown, label, money), figure, frame, ["name", "effect_amount"], view, (level,), "effect"
    )
    with st.expander(words.text("bridge.how")):
        st.markdown(words.text("bridge.explained"))
    effect = drill.chosen("effect")
    if effect == "cost_to_serve":
        drill.breadcrumb(words.text("bridge.all"), {"effect": words.text(f"effect.{effect}")})
        steps = served(before.steps, now.steps)
        panels.documents("bridge_steps", steps, STEPS, steps.height, view)
    elif effect in bridge.GOODS:
        products(view, those, goods, effect)


def sentence(frame: pl.DataFrame, label: str, money) -> str:
    start, end = frame["value"][0], frame["value"][-1]
    way = "fell" if end < start else "rose" if end > start else "stayed"
    parts = {"label": label, "start": money(start), "end": money(end), "difference": money(abs(end - start))}
    said = words.text(f"bridge.{way}", **parts)
    effects = frame.filter(~pl.col("is_total")).sort("value")
    for code, row in (("worst", effects.head(1)), ("best", effects.tail(1))):
        value = row["value"][0] if row.height else 0
        if value < 0 if code == "worst" else value > 0:
            said += " " + words.text(f"bridge.{code}", name=row["name"][0], amount=money(abs(value)))
    return said


def products(view, those: list[Filter], goods: pl.DataFrame, effect: str) -> None:
    """The products behind an effect, the largest first; behind a product its lines of both periods."""
    moved = goods.with_columns(effect_amount=pl.col(effect).round(2)).filter(pl.col("effect_amount") != 0)
    keys = moved["product_key"].drop_nulls().to_list()
    moved = moved.join(sold.names(keys), on="product_key", how="left")
    moved = moved.sort(pl.col("effect_amount").abs(), "product_key", descending=[True, False])
    steps, product = {"effect": words.text(f"effect.{effect}")}, drill.chosen("product")
    if product is None:
        drill.breadcrumb(words.text("bridge.all"), steps)
        panels.documents("bridge_products", moved.head(MOST), PRODUCTS, moved.height, view, ("product", "product_key"))
        return
    named = moved.filter(pl.col("product_key") == product)["product_name"].to_list()
    drill.breadcrumb(words.text("bridge.all"), steps | {"product": named[0] if named else product})
    both = [*header.between("posted_date", view.period)], [*header.between("posted_date", view.before)]
    of_it = [[*those, Filter("product_key", "=", product), *days] for days in both]
    lines = pl.concat([warehouse.rows(sold.LINES, filters, order="posted_date") for filters in of_it])
    total = sum(warehouse.count(sold.LINES, filters) for filters in of_it)
    panels.documents("lines", tables.coded(lines, invoice_kind="invoice_kind"), LINES, total, view)


def served(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Each further step of the ladder in both periods."""
    sides = (before.rename({"contribution_amount": "before_amount"}), now.rename({"contribution_amount": "now_amount"}))
    frame = sides[0].join(sides[1], on="ladder_step", how="full", coalesce=True)
    frame = frame.with_columns(pl.col("before_amount", "now_amount").fill_null(0), step="ladder_step")
    change = pl.col("now_amount") - pl.col("before_amount")
    return tables.coded(frame.with_columns(effect_amount=change), step="ladder_step").sort(
        "effect_amount", "ladder_step"
    )
