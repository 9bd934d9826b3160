"""Claims: opened, answered by a credit note, the money back; and those that wait for it."""

import polars as pl
import streamlit as st

from dashboards import bars, drill, facts, formats, header, panels, tables, warehouse, words
from dashboards.header import View
from dashboards.order_cycle.narrowing import of_orders
from dashboards.warehouse import Filter

MART = "claims"
MEASURES = (
    "claims_opened", "open_claims", "claims_refunded", "median_days_to_credit", "median_days_credit_to_refund",
    "median_days_to_refund", "claims_credited_value",
)  # fmt: skip
CLAIMS = [
    "customer_name", "reason", "outcome", "credited_amount", "days_to_credit", "days_to_refund", "open_days",
    "opened_date", "credited_date", "refunded_date", "credit_number", "source_url",
]  # fmt: skip


def section(view: View) -> None:
    """Claims opened in the period, by how far each has come."""
    st.subheader(words.text("section.claims"), anchor=False)
    if facts.missing("tickets"):
        panels.not_available("claims", facts.missing("tickets"))
        return
    filters = [*of_orders(view), *header.between("opened_date", view.period)]
    frame = warehouse.counted(MART, {"key": "outcome"}, filters).rename({"counted": "value"})
    if frame.is_empty():
        st.markdown(words.text("claims.none"))
        return
    frame = tables.coded(frame.with_columns(name="key"), name="claim_outcome").sort("value", descending=True)
    frame = frame.with_columns(is_loss=pl.col("key").is_in(("open", "credited")))
    panels.panel(
        "claims", said(filters), bars.lying(frame, formats.number), frame, ["name", "value"], view, MEASURES, "claim"
    )
    rows(view, filters)


def said(filters: list[Filter]) -> str:
    values = warehouse.measure(MEASURES, filters=filters).row(0, named=True)
    n, waiting = values["claims_opened"], values["open_claims"]
    counts = {"n": n, "opened": formats.number(n), "waiting": formats.number(waiting)}
    sentence = words.text("claims.sentence", **counts)
    if values["median_days_to_credit"] is not None:
        sentence += " " + words.text("claims.credit", days=formats.days(values["median_days_to_credit"]))
    if values["median_days_to_refund"] is not None:
        sentence += " " + words.text("claims.refund", days=formats.days(values["median_days_to_refund"]))
    return sentence


def rows(view: View, filters: list[Filter]) -> None:
    """The claims themselves, once a bar was clicked: a page of its own for each outcome would be too many."""
    chosen = drill.chosen("claim")
    if not chosen:
        return
    of_it = [*filters, Filter("outcome", "=", chosen)]
    drill.breadcrumb(words.text("drill.all_claims"), {"claim": words.text(f"claim_outcome.{chosen}")})
    found = tables.coded(warehouse.rows(MART, of_it, order="opened_date"), outcome="claim_outcome")
    panels.documents("claims", found, CLAIMS, warehouse.count(MART, of_it), view)
