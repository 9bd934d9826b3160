"""The way down from a part of the forecast to the documents it is made of."""

from datetime import timedelta

import streamlit as st

from dashboards import drill, facts, panels, tables, warehouse, words
from dashboards.warehouse import Filter

DEALS = [
    "deal_name", "customer_name", "stage", "deal_amount", "own_share", "weighted_amount", "likely_close_date",
    "expected_close_date", "owner_name", "source_url",
]  # fmt: skip
WON = ["anchor_name", "customer_name", "won_amount", "closed_date", "owner_name", "source_url"]
ORDERS = [
    "order_number", "customer_name", "current_stage", "order_amount", "undelivered_amount", "invoiced_amount",
    "promised_date", "owner_name", "source_url",
]  # fmt: skip
LINES = ["posted_date", "invoice_number", "customer_name", "product_name", "revenue_amount", "source_url"]
OPEN = ["invoice_number", "customer_name", "open_reporting_amount", "due_date", "days_overdue", "source_url"]
# Part of the forecast: the mart, what orders it, its columns. Orders that come of themselves have no document yet.
DOCUMENTS = {
    "revenue:so_far": ("profitability_lines", "posted_date", LINES),
    "revenue:ordered_not_invoiced": ("order_cycle_time", "order_amount", ORDERS),
    "revenue:won_not_ordered": ("funnel_to_cash", "won_amount", WON),
    "revenue:pipeline": ("deal_probabilities", "weighted_amount", DEALS),
    "won:so_far": ("funnel_to_cash", "won_amount", WON),
    "won:pipeline": ("deal_probabilities", "weighted_amount", DEALS),
    "cash:receivables": ("receivables", "open_reporting_amount", OPEN),
}
WITH_DOCUMENTS = tuple(DOCUMENTS)
COUNTED = Filter("is_excluded", "=", False)


def behind(part: str) -> list[Filter]:
    """What makes a document one of the part."""
    # The forecast begins the day after: a month that ended on the day of the refresh is over.
    begun = (facts.as_of() + timedelta(days=1)).replace(day=1)
    return {
        "revenue:so_far": [Filter("posted_date", ">=", begun), Filter("revenue_amount", "<>", 0)],
        "revenue:ordered_not_invoiced": [Filter("is_open", "=", True)],
        "revenue:won_not_ordered": [COUNTED, Filter("bucket", "=", "won_not_ordered")],
        "revenue:pipeline": [],
        "won:so_far": [COUNTED, Filter("is_won", "=", True), Filter("closed_date", ">=", begun)],
        "won:pipeline": [],
        "cash:receivables": [Filter("open_reporting_amount", "<>", 0)],
    }[part]


def draw(view) -> None:
    """The documents of the part in the address; nothing, where none was clicked."""
    part = drill.chosen("part")
    if part not in DOCUMENTS:
        return
    mart, order, columns = DOCUMENTS[part]
    figure, _, component = part.partition(":")
    st.subheader(words.text("section.forecast_documents"), anchor=False)
    name = words.text(f"component.{figure}.{component}")
    drill.breadcrumb(words.text(f"figure.{figure}"), {"part": name}, key="clear-part")
    st.caption(words.text("forecast.behind"))
    found = warehouse.rows(mart, behind(part), order=order)
    shown = found.rename({"probability": "own_share"}) if mart == "deal_probabilities" else found
    shown = tables.coded(shown, current_stage="stage") if "current_stage" in columns else shown
    pick = ("order_key", "order_key") if mart == "order_cycle_time" else None
    panels.documents("forecast_documents", shown, columns, warehouse.count(mart, behind(part)), view, pick=pick)
