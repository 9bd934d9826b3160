"""One document: what it is, where it can be opened, what led to it and what came of it."""

import polars as pl
import streamlit as st

from dashboards import documents, drill, formats, panels, tables, words

LINKED = ["kind", "number", "date", "amount_said", "status_said", "is_guessed", "source_url"]
# Statuses and kinds that have words of ours; others are shown as the system words them.
PREFIXES = {"orders": "order_status", "deals": "deal_status", "invoices": "invoice_kind", "tickets": "ticket_kind"}


def draw(address: str, whole: str) -> None:
    """The document of an address, `entity|key`, and everything it is linked to."""
    entity, _, key = address.partition("|")
    found = documents.by_keys(entity, [key])
    if found.is_empty():
        drill.breadcrumb(drill.escaped(whole), {"document": key or address})
        st.caption(words.text("document.unknown"))
        return
    row = tables.opened(found).row(0, named=True)
    with st.container(border=True):
        drill.breadcrumb(drill.escaped(whole), {"document": called(row)})
        st.markdown(drill.escaped(about(row)))
        with st.container(horizontal=True):
            if row["source_url"]:
                st.link_button(words.text("order.open"), row["source_url"], icon=":material/open_in_new:")
            if entity == "orders":
                st.page_link(
                    "views/order_cycle_time.py",
                    label=words.text("document.order_page"),
                    query_params={"order_key": key},
                    icon=":material/schedule:",
                )
        others = documents.linked(entity, key)
        st.markdown(sentence(others))
        if others.height:
            shown = told(others.with_columns(address=pl.col("entity") + "|" + pl.col("key")))
            # A key of the document's own: the row chosen on the last one is not chosen on this.
            table = drill.key(f"table-linked-{address}")
            picked = drill.on_row(table, "document", shown["address"].to_list())
            tables.draw(shown, LINKED, key=table, on_select=picked)
            with st.container(horizontal=True, gap="small"):
                panels.downloads("linked", shown, LINKED, None)


def sentence(others: pl.DataFrame) -> str:
    """How many of each kind there are, and how many links nobody stated."""
    if others.is_empty():
        return words.text("document.alone")
    counts = dict(others.group_by("entity").len().iter_rows())
    parts = [words.text(f"document.{kind}", n=counts[kind]) for kind in documents.KINDS if kind in counts]
    said = words.text("document.linked", parts=", ".join(parts))
    guessed = others["is_guessed"].sum()
    return f"{said} {words.text('document.guessed', n=guessed)}" if guessed else said


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """Documents in words: a kind of document, its state, its amount in its own currency."""
    rows = frame.to_dicts()
    return frame.with_columns(
        kind=pl.Series([words.text(f"document_kind.{row['entity']}") for row in rows], dtype=pl.String),
        status_said=pl.Series([status(row) for row in rows], dtype=pl.String),
        amount_said=pl.Series([amount(row) for row in rows], dtype=pl.String),
    )


def called(row: dict) -> str:
    kind = words.text(f"document_kind.{row['entity']}")
    return f"{kind} {row['number']}" if row["number"] else kind


def about(row: dict) -> str:
    """A document in a line: what, when, how much, in which state."""
    parts = [called(row), formats.day(row["date"]), amount(row), status(row)]
    return " · ".join(part for part in parts if part)


def amount(row: dict) -> str | None:
    return None if row["amount"] is None else formats.money(row["amount"], row["currency_code"] or "", 2)


def status(row: dict) -> str | None:
    code = f"{PREFIXES.get(row['entity'], 'activity_kind')}.{row['status']}"
    return words.text(code) if words.knows(code) else row["status"]
