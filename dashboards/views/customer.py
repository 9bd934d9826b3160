"""Before I call them."""

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    documents,
    drawn,
    drill,
    facts,
    formats,
    header,
    one_customer,
    one_document,
    panels,
    paying,
    periods,
    states,
    tables,
    tiles,
    timelines,
    under_way,
    warehouse,
    words,
)
from dashboards.one_customer import Customer
from dashboards.warehouse import Filter

MART = "customer_profitability"
# One row a kind, in the order in which business goes.
ROWS = ("activities", "quotes", "orders", "shipments", "invoices", "payments", "tickets")
HAPPENED = ["kind", "number", "date", "amount_said", "status_said", "source_url"]
# Measures of lines, and the columns they are shown as.
SOLD = {"lines_revenue": "revenue", "lines_cm1": "cm1", "lines_cm1_margin": "cm1_margin"}
PRODUCTS = ["product_name", "category", *SOLD.values()]


def level(view) -> str:
    """The deepest contribution known in all months of the period: one figure is never put together of several."""
    months = header.between("month", view.period)
    found = warehouse.measure(("cm3", "cm2", "months_without_pools"), filters=months).row(0, named=True)
    if found["cm3"] is not None and not found["months_without_pools"]:
        return "cm3"
    return "cm1" if found["cm2"] is None else "cm2"


def top(customer: Customer, view) -> list[tiles.Tile]:
    deepest = level(view)
    of_months = (view.now("month"), view.then("month"))
    of_orders = (view.now("ordered_date"), view.then("ordered_date"))
    shipped = (view.now("shipped_in_full_date"), view.then("shipped_in_full_date"))
    counted = warehouse.figure("orders_shipped", shipped[0])
    note = words.text("customer.of_orders", n=counted) if counted else None
    return [
        tiles.measured(deepest, *of_months, needs=("invoice_lines",)),
        against_segment(customer, view, f"{deepest}_margin"),
        tiles.measured("orders_placed", *of_orders, needs=("orders",)),
        tiles.measured("median_days_order_to_ship", *shipped, "lower", ("shipments",), note),
        overdue(customer),
        open_deals(customer),
    ]


def against_segment(customer: Customer, view, name: str) -> tiles.Tile:
    """The customer's margin beside that of the customer in the middle of the segment."""
    tile = tiles.measured(name, view.now("month"), None, needs=("invoice_lines",))
    if tile.reason is not None:
        return tile
    segment = customer.row["segment"]
    among = [Filter("segment", "=", segment)] if segment else []
    among += header.between("month", view.period)
    margins = warehouse.measure((name, "revenue"), {"customer_key": "customer_key"}, among)
    margins = margins.filter((pl.col("revenue") > 0) & pl.col(name).is_not_null())[name]
    middle = margins.median()
    said = {"segment": drill.escaped(segment)} if segment else {}
    code = "customer.against_segment" if segment else "customer.against_all"
    note = words.text(code, n=margins.len(), median=formats.percent(middle), **said)
    return tiles.Tile(
        tile.label,
        tile.value,
        tile.unit,
        middle,
        help=f"{note} \n\n{tile.help}",
        note=words.text("customer.median", median=formats.percent(middle)),
        is_doubtful=tile.is_doubtful,
    )


def overdue(customer: Customer) -> tiles.Tile:
    of_them = [Filter("customer_key", "=", customer.key)]
    tile = tiles.measured("overdue_receivables", of_them, None, "lower", ("invoices",))
    if tile.value is None:
        reason = tile.reason if facts.missing("invoices") else words.text("customer.no_invoices")
        return tiles.Tile(tile.label, None, tile.unit, help=tile.help, reason=reason)
    late = [*of_them, *under_way.UNPAID_NOW, Filter("days_overdue", ">", 0)]
    oldest = warehouse.rows("receivables", late, order="days_overdue", limit=1)["days_overdue"].to_list()
    note = words.text("customer.oldest", days=formats.days(oldest[0])) if oldest else None
    return tiles.Tile(tile.label, tile.value, tile.unit, help=tile.help, note=note, is_doubtful=tile.is_doubtful)


def open_deals(customer: Customer) -> tiles.Tile:
    label, about = words.text("customer.open_deals"), words.text("customer.open_deals.help")
    lacking = facts.missing("deals")
    if lacking:
        return tiles.Tile(label, None, "count", help=about, reason=states.because(lacking))
    filters = under_way.deals_now(customer)
    n, worth = warehouse.count("funnel_to_cash", filters), warehouse.figure("open_pipeline", filters)
    note = formats.short_money(worth, facts.currency()) if n and worth is not None else None
    return tiles.Tile(label, n, "count", help=about, note=note)


def happened(customer: Customer, kinds: list[str], start: date, end: date) -> pl.DataFrame:
    """Everything between two days, kind by kind, with a sign for what went wrong."""
    accounts = customer.accounts["account_key"].to_list()
    parts = [documents.of_accounts(entity, accounts, start, end) for entity in kinds]
    found = pl.concat([documents.EMPTY, *parts])
    of_them = [Filter("customer_key", "=", customer.key)]
    late = [*of_them, Filter("is_in_full_on_first_promised", "=", False)]
    late_orders = warehouse.rows("order_cycle_time", late, order="ordered_date", limit=documents.MOST)["order_key"]
    overdue_now = [*of_them, *under_way.UNPAID_NOW, Filter("days_overdue", ">", 0)]
    unpaid = warehouse.rows("receivables", overdue_now, order="days_overdue", limit=documents.MOST)["invoice_key"]
    entity, key = pl.col("entity"), pl.col("key")
    sign = (
        pl.when((entity == "orders") & key.is_in(late_orders.implode())).then(pl.lit("bad"))
        .when((entity == "invoices") & key.is_in(unpaid.implode())).then(pl.lit("open"))
        .when((entity == "tickets") & (pl.col("status") == "claim")).then(pl.lit("bad"))
        .when(entity.is_in(["activities", "tickets"])).then(pl.lit("calm"))
        .otherwise(pl.lit("good"))
    )  # fmt: skip
    texts = pl.Series([one_document.about(row) for row in found.iter_rows(named=True)], dtype=pl.String)
    return found.with_columns(sign=sign, text=texts)


def timeline_panel(customer: Customer, view, start: date, end: date) -> None:
    lacking = facts.missing(*ROWS)
    kinds = [entity for entity in ROWS if entity not in lacking]
    found = happened(customer, kinds, start, end)
    unseen = [words.text("timeline.lacking", missing=states.named(lacking))] if lacking else []
    if found.is_empty():
        none = words.text("timeline.none", period=header.days(periods.Period(start, end)))
        panels.said_only("timeline", " ".join([none, *unseen]))
        return
    count = dict(found.group_by("entity").len().iter_rows())
    bad = dict(found.filter(pl.col("sign").is_in(["bad", "open"])).group_by("entity").len().iter_rows())
    last = {entity: found.filter(pl.col("entity") == entity)["date"].max() for entity in ("activities", "orders")}
    said = []
    for entity, day in last.items():
        if entity not in lacking:
            code = f"timeline.last_{entity}" if day else f"timeline.no_{entity}"
            said.append(words.text(code, day=formats.day(day)))
    for entity in [entity for entity in kinds if entity in bad]:
        known = {"n": bad[entity], "all": formats.number(count[entity])}
        said.append(words.text(f"timeline.bad_{entity}", **known))
    said += unseen
    rows = [(entity, words.text(f"timeline.{entity}")) for entity in kinds]
    figure = timelines.timeline(found, rows, (start, end), formats.month)
    panels.panel("timeline", " ".join(said), figure, one_document.told(found), HAPPENED, view, (), "document")


def products_panel(customer: Customer, view) -> None:
    """What they buy and what stays of it, product by product."""
    if facts.missing("invoice_lines"):
        panels.not_available("products", facts.missing("invoice_lines"))
        return
    by = {"product_key": "product_key", "product_name": "product_name", "category": "category"}
    filters = [*view.now("posted_date"), Filter("product_key", "is not null")]
    found = warehouse.measure(tuple(SOLD), by, filters).rename(SOLD).sort("revenue", descending=True, nulls_last=True)
    if found.is_empty():
        panels.said_only("products", words.text("products.none", period=header.days(view.period)))
        return
    money = partial(formats.short_money, currency=facts.currency())
    losing = found.filter(pl.col("cm1") < 0)
    best = found.row(0, named=True)
    said = words.text(
        "products.sentence",
        n=found.height,
        name=drill.escaped(best["product_name"] or formats.NONE),
        most=money(best["revenue"]),
    )
    if losing.height:
        said += " " + words.text("products.losing", n=losing.height, lost=money(-losing["cm1"].sum()))
    with st.container(border=True, height="stretch"):
        panels.opening("products", said)
        tables.draw(found, PRODUCTS, key=drill.key("table-products"), height=300)
        drawn.table("products", found, PRODUCTS, found.height)
        with st.container(horizontal=True, gap="small"):
            panels.downloads("products", found, PRODUCTS, view, tuple(SOLD))
            panels.explain(tuple(SOLD))


def shown_days(view) -> tuple[date, date]:
    """A period that runs to the last full month is followed to today: what was last is what is called about."""
    last_full = periods.resolve("last_month", facts.as_of()).end
    return view.period.start, facts.as_of() if view.period.end >= last_full else view.period.end


def revenue_of_all() -> pl.DataFrame | None:
    if facts.missing("invoice_lines"):
        return None
    year = header.between("month", periods.resolve("last_12_months", facts.as_of()))
    return warehouse.measure("revenue", {"customer_key": "customer_key"}, year)


def page() -> None:
    if facts.missing("accounts"):
        states.not_connected(words.text("page.customer.question"), ["accounts"])
        return
    asked = drill.chosen("customer")
    customer = one_customer.known(asked) if asked else None
    if customer is None:
        if asked:
            one_customer.unknown(asked)
        one_customer.search(revenue_of_all())
        return
    one_customer.head(customer)
    first = warehouse.earliest(MART, "month")
    view = header.draw(MART, default="last_12_months", name="of_customer", first=first, is_monthly=True)
    view = view.narrowed([Filter("customer_key", "=", customer.key)])
    st.caption(header.sentence(view))
    tiles.draw(top(customer, view), facts.currency())
    start, end = shown_days(view)
    timeline_panel(customer, view, start, end)
    if drill.chosen("document"):
        one_document.draw(drill.chosen("document"), customer.name)
    under_way.draw(customer)
    left, right = st.columns(2)
    with left:
        paying.draw(customer.key, view, start, end)
    with right:
        products_panel(customer, view)


page()
