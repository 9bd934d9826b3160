"""What is under way with a customer: open deals, open orders and unpaid invoices beside each other."""

import polars as pl
import streamlit as st

from dashboards import facts, formats, panels, states, tables, warehouse, words
from dashboards.one_customer import Customer
from dashboards.warehouse import Filter

DEALS = ["deal_name", "stage", "deal_amount", "expected_close_date", "source_url"]
ORDERS = ["order_number", "current_stage", "order_amount", "promised_date", "is_late", "source_url"]
UNPAID_NOW = (Filter("open_amount", ">", 0),)
UNPAID = ["invoice_number", "due_date", "days_overdue", "open_reporting_amount", "is_disputed", "source_url"]
OPEN_MOST = 200


def deals_now(customer: Customer) -> list[Filter]:
    known = [Filter("bucket", "=", "open_deal"), Filter("is_excluded", "=", False)]
    return [Filter("customer_key", "=", customer.key), *known]


def draw(customer: Customer) -> None:
    """What is under way: deals, orders and money, beside each other."""
    of_them = [Filter("customer_key", "=", customer.key)]
    left, middle, right = st.columns(3)
    with left:
        found = _rows("funnel_to_cash", deals_now(customer), "deal_amount", "deals", "deal_key")
        _table("open_deals", found, DEALS, "deals", "deal_amount")
    with middle:
        found = _rows("order_cycle_time", [*of_them, Filter("is_open", "=", True)], "open_days", "orders", "order_key")
        found = tables.coded(found, current_stage="stage").with_columns(is_late=~pl.col("is_in_full_on_first_promised"))
        late = found["is_late"].sum()
        more = words.text("open_orders.late", n=late) if late else ""
        _table("open_orders", found, ORDERS, "orders", "order_amount", more)
    with right:
        found = _rows("receivables", [*of_them, *UNPAID_NOW], "days_overdue", "invoices", "invoice_key")
        _table("unpaid", found, UNPAID, "invoices", "open_reporting_amount")


def _rows(mart: str, filters: list[Filter], order: str, entity: str, key: str) -> pl.DataFrame:
    found = warehouse.rows(mart, filters, order=order, limit=OPEN_MOST)
    return found.with_columns(address=pl.lit(f"{entity}|") + pl.col(key))


def _table(code: str, found: pl.DataFrame, columns: list[str], entity: str, amount: str, more="") -> None:
    with st.container(border=True, height="stretch"):
        lacking = facts.missing(entity)
        if lacking:
            panels.opening(code, words.text("state.chart_not_available", because=states.because(lacking)))
            return
        if found.is_empty():
            panels.opening(code, words.text(f"{code}.none"))
            return
        worth = formats.short_money(found[amount].sum(), facts.currency())
        said = words.text(f"{code}.sentence", n=found.height, worth=worth)
        panels.opening(code, ", ".join(part for part in (said, more) if part))
        panels.documents(code, found, columns, found.height, None, pick=("document", "address"))
