"""Can we deliver it: how long each product lasts in each warehouse, and who will find the shelf empty."""

import polars as pl
import streamlit as st

from dashboards import drill, facts, formats, header, panels, states, tables, warehouse, words
from dashboards.periods import Period
from dashboards.warehouse import Filter

COVER, SHORT = "stock_cover", "stock_shortages"
ONLY = ("warehouse", "category")
# Products on the page; all of them are in no reader's interest, and the filters lead to the others.
SHOWN = 60
SOON = 14
MEASURES = ("items_out_of_stock", "median_days_of_cover", "stock_without_demand", "stock_value")
LEVELS = [
    "product_name", "sku", "warehouse", "days_of_cover", "runs_out_date", "quantity_on_hand", "quantity_reserved",
    "quantity_to_ship", "quantity_available", "quantity_per_day", "quantity_of_deals", "unit_code",
    "stock_value_amount",
]  # fmt: skip
LACKING = [
    "short_date", "document_name", "customer_name", "product_name", "sku", "warehouse", "quantity_wanted",
    "quantity_short", "short_amount", "chance_share", "owner_name", "source_url",
]  # fmt: skip


def draw(money) -> None:
    st.subheader(words.text("section.stock"), anchor=False)
    if lacking := facts.missing("stock_levels"):
        panels.not_available("stock_cover", lacking)
        return
    view = header.fixed(Period(facts.as_of(), facts.as_of()), COVER, ONLY)
    item = drill.chosen("item")
    if item:
        of_item = [Filter("item_key", "=", item)]
        name = warehouse.rows(COVER, of_item, limit=1)["product_name"].to_list() or [item]
        drill.breadcrumb(words.text("stock.all_products"), {"item": name[0] or item})
        view = view.narrowed(of_item)
    if warehouse.count(COVER, view.filters) == 0:
        states.empty(formats.day(facts.as_of()), view.said)
        return
    cover(view, item)
    shortages(view, money)


def cover(view, item: str | None) -> None:
    with st.container(border=True):
        panels.opening("stock_cover", cover_sentence(view.filters))
        if item:
            levels = warehouse.rows(COVER, view.filters, order="days_of_cover", descending=False)
            panels.documents("stock_levels", levels, LEVELS, levels.height, view)
            panels.explain(MEASURES)
        else:
            grid(view)


def cover_sentence(filters: list[Filter]) -> str:
    names = ("items_out_of_stock", "median_days_of_cover")
    empty, median = warehouse.measure(names, filters=filters).row(0)
    products = warehouse.counted(COVER, {"item_key": "item_key"}, filters).height
    if median is None:
        return words.text("stock.no_demand", n=products, products=formats.number(products))
    # What is free for nobody today runs out no later.
    soon = warehouse.count(COVER, [*filters, Filter("days_of_cover", "<", SOON)]) - empty
    said = {"products": formats.number(products), "empty": formats.number(empty), "soon": formats.number(soon)}
    sentence = words.text("stock.sentence", n=empty, days=SOON, median=formats.days(median), **said)
    odd = warehouse.count(COVER, [*filters, Filter("lines_without_unit", ">", 0)])
    if odd:
        sentence += " " + words.text("stock.no_unit", n=odd)
    return sentence


def grid(view) -> None:
    """Products down, warehouses across, days that the stock lasts in the cells; the shortest first."""
    known = [*view.filters, Filter("days_of_cover", "is not null")]
    least = warehouse.rows(COVER, known, order="days_of_cover", descending=False, limit=SHOWN * 20)
    items = least["item_key"].unique(maintain_order=True).head(SHOWN).to_list()
    if not items:
        return
    levels = warehouse.rows(COVER, [*view.filters, Filter("item_key", "in", tuple(items))], limit=10_000)
    warehouses = sorted(set(levels["warehouse"]))
    rows = pl.DataFrame({"item_key": items})
    named = levels.unique("item_key", maintain_order=True).select("item_key", "product_name", "sku")
    days = levels.pivot("warehouse", index="item_key", values="days_of_cover", aggregate_function="min")
    rows = rows.join(named, on="item_key", how="left").join(days, on="item_key", how="left", suffix=" ")
    short = warehouse.summed(SHORT, "short_amount", {"item_key": "item_key"}, [Filter("item_key", "in", tuple(items))])
    rows = rows.join(short, on="item_key", how="left")
    total = warehouse.counted(COVER, {"item_key": "item_key"}, view.filters).height
    st.caption(words.text("stock.grid", n=total, shown=formats.number(len(items)), total=formats.number(total)))
    shown = rows.select("product_name", "sku", *days.columns[1:], pl.col("short_amount").cast(pl.Float64))
    # A warehouse's code is a heading of its own: it is no word of ours.
    headings = {name: tables.heading(name) for name in ("product_name", "sku", "short_amount")}
    shown = shown.select("product_name", "sku", *warehouses, "short_amount")
    kinds = {name: st.column_config.NumberColumn(name, format="localized", width="small") for name in warehouses}
    kinds |= {name: st.column_config.Column(text) for name, text in headings.items()}
    kinds["short_amount"] = st.column_config.NumberColumn(headings["short_amount"], format="localized", step=0.01)
    key = drill.key("table-stock_cover")
    more = {"on_select": drill.on_row(key, "item", items), "selection_mode": "single-row"}
    st.dataframe(shown, hide_index=True, column_config=kinds, key=key, height=420, placeholder="–", **more)
    with st.container(horizontal=True, gap="small"):
        panels.downloads("stock_cover", levels.sort("days_of_cover", nulls_last=True), LEVELS, view, MEASURES)
        panels.explain(MEASURES)


def shortages(view, money) -> None:
    """Lines of orders and likely deals that will meet an empty shelf, the first ones first."""
    with st.container(border=True):
        filters = [one for one in view.filters if one.column != "category"]
        kept = set(warehouse.rows(COVER, view.filters, limit=100_000)["item_key"])
        found = warehouse.rows(SHORT, filters, order="short_date", descending=False, limit=5000)
        found = found.filter(pl.col("item_key").is_in(kept))
        said = words.text("stock.none_short") if found.is_empty() else shortage_sentence(found, money)
        panels.opening("shortages", said)
        if lacking := facts.missing("orders", "order_lines"):
            st.caption(words.text("stock.orders_lacking", missing=states.named(lacking)))
        if found.is_empty():
            return
        found = found.rename({"probability": "chance_share"})
        for kind in ("order", "deal"):
            rows = found.filter(pl.col("demand_kind") == kind)
            if rows.height:
                st.markdown(words.text(f"stock.of_{kind}s"))
                pick = ("order_key", "document_key") if kind == "order" else None
                columns = [name for name in LACKING if kind == "deal" or name != "chance_share"]
                panels.documents(f"short_{kind}s", rows.head(500), columns, rows.height, view, pick=pick)
        panels.explain(("items_short", "lines_short", "short_amount"))


def shortage_sentence(found: pl.DataFrame, money) -> str:
    documents, products = found["document_key"].n_unique(), found["item_key"].n_unique()
    sentence = words.text(
        "stock.short",
        n=documents,
        documents=formats.number(documents),
        products=formats.number(products),
        amount=money(found["short_amount"].sum()),
        day=formats.day(found["short_date"].min()),
    )
    unpriced = found["short_amount"].null_count()
    return sentence + (" " + words.text("stock.unpriced", n=unpriced) if unpriced else "")
