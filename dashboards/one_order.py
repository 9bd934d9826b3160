"""One order, down to its lines: what happened when, and what was promised."""

import polars as pl
import streamlit as st

from dashboards import drill, panels, tables, warehouse, words
from dashboards.warehouse import Filter

LINES = [
    "product_name", "quantity", "quantity_shipped", "quantity_shipped_by_first_promised", "requested_date",
    "first_promised_date", "promised_date", "shipped_in_full_date", "is_in_full_on_first_promised",
]  # fmt: skip
MILESTONES = (
    "quoted_date", "ordered_date", "requested_date", "first_promised_date", "promised_date", "approved_date",
    "confirmed_date", "first_shipped_date", "shipped_in_full_date", "first_invoiced_date",
    "last_invoiced_date", "paid_date",
)  # fmt: skip


def draw(key: str) -> None:
    """One order: its dates in the order they should have, and its lines."""
    found = warehouse.rows("order_cycle_time", [Filter("order_key", "=", key)], limit=1)
    drill.breadcrumb(words.text("drill.all_orders"), {"order_key": found["order_number"][0] if found.height else key})
    if found.is_empty():
        st.caption(words.text("table.none"))
        return
    order = tables.opened(found).row(0, named=True)
    stage = words.text(f"stage.{order['current_stage']}")
    stage = words.text("order.waiting", stage=stage) if order["is_open"] else stage
    st.markdown(words.text("order.head", customer=drill.escaped(order["customer_name"] or "–"), stage=stage))
    if order["source_url"]:
        st.link_button(words.text("order.open"), order["source_url"], icon=":material/open_in_new:")
    if order["customer_key"]:
        drill.open_customer(order["customer_key"])
    dates = [(tables.heading(name), order[name]) for name in MILESTONES if order[name] is not None]
    frame = pl.DataFrame(dates, schema={"milestone": pl.String, "date": pl.Date}, orient="row")
    tables.draw(frame, ["milestone", "date"], height="content")
    of_it = [Filter("order_key", "=", key)]
    lines = warehouse.rows("order_line_promises", of_it, order="order_line_key", descending=False)
    st.subheader(words.text("section.order_lines"), anchor=False)
    panels.documents("order_lines", lines, LINES, lines.height, None)
