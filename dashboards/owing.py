"""The way down from what is owed: customers, their documents, and one document with what settled it."""

import polars as pl
import streamlit as st

from dashboards import drill, formats, owed, panels, tables, warehouse, words
from dashboards.warehouse import Filter

CUSTOMERS = [
    "customer_name", "owed_amount", "overdue_amount", "documents_counted", "longest_overdue_days", "median_days_late",
]  # fmt: skip
DOCUMENTS = [
    "invoice_number", "balance_kind", "owed_amount", "document_amount", "currency_code", "days_overdue", "due_date",
    "issued_date", "is_disputed", "source_url",
]  # fmt: skip
SETTLED = ["settlement_kind", "amount", "currency_code", "settled_date", "paid_date"]


def section(part: owed.Owed, view, money) -> None:
    """Who owes; below a customer, its documents."""
    customer = drill.chosen("customer")
    steps = {} if part.bucket is None else {"bucket": _said(part)}
    name = _name(customer) if customer else None
    if customer:
        steps |= {"customer": name or customer}
    st.subheader(words.text("section.owed_documents" if customer else "section.owed"), anchor=False)
    if steps:
        drill.breadcrumb(words.text("drill.all_owed"), steps)
    if customer:
        drill.open_customer(customer)
        found, total = owed.documents(part, customer)
        shown = tables.coded(found.with_columns(balance_kind="kind"), balance_kind="balance_kind")
        panels.documents("owed_documents", shown, DOCUMENTS, total, view, pick=("invoice", "invoice_key"))
        return
    frame = owed.customers(part)
    if frame.height:
        _most(frame, money)
    panels.documents("owed_customers", frame, CUSTOMERS, frame.height, view, pick=("customer", "customer_key"))


def _most(frame: pl.DataFrame, money) -> None:
    """How much of it hangs on few."""
    whole, most = frame["owed_amount"].sum(), frame.head(5)
    if whole and whole > 0 and frame.height > most.height:
        sums = {"amount": money(most["owed_amount"].sum()), "first": drill.escaped(most["customer_name"][0] or "–")}
        share = formats.percent(float(most["owed_amount"].sum() / whole))
        st.markdown(words.text("owed.most", n=frame.height, total=formats.number(frame.height), share=share, **sums))


def invoice(key: str) -> None:
    """One invoice: what it came to, what settled it, what is open."""
    found = warehouse.rows("receivables", [Filter("invoice_key", "=", key)], limit=1)
    drill.breadcrumb(words.text("drill.all_owed"), {"invoice": found["invoice_number"][0] if found.height else key})
    if found.is_empty():
        st.caption(words.text("table.none"))
        return
    row = tables.opened(found).row(0, named=True)
    amounts = [formats.money(row[name], row["currency_code"] or "", 2) for name in ("gross_amount", "settled_amount")]
    left = formats.money(row["open_amount"], row["currency_code"] or "", 2)
    said = {"customer": drill.escaped(row["customer_name"]), "gross": amounts[0], "settled": amounts[1], "open": left}
    st.markdown(words.text("owed.invoice", **said))
    if row["source_url"]:
        st.link_button(words.text("order.open"), row["source_url"], icon=":material/open_in_new:")
    if row["customer_key"]:
        drill.open_customer(row["customer_key"])
    due = {"issued": formats.day(row["issued_date"]), "due": formats.day(row["due_date"])}
    code = "owed.invoice_late" if row["days_overdue"] else "owed.invoice_days"
    st.markdown(words.text(code, days=formats.days(row["days_overdue"]), **due))
    settled = warehouse.rows("settlements", [Filter("invoice_key", "=", key)], order="settled_date", descending=False)
    st.subheader(words.text("section.settled"), anchor=False)
    shown = tables.coded(settled.with_columns(settlement_kind="kind"), settlement_kind="settlement_kind")
    panels.documents("settled", shown, SETTLED, settled.height, None)


def _said(part: owed.Owed) -> str:
    return f"{words.text(f'owed.{part.bucket}')}, {formats.day(part.day)}"


def _name(customer: str) -> str | None:
    found = warehouse.rows(owed.MART, [Filter("customer_key", "=", customer)], limit=1)
    return found["customer_name"][0] if found.height else None
