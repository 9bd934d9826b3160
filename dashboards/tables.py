"""Frames as tables: our words over the columns, the reader's way of writing numbers, links that open the document."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import streamlit as st

from dashboards import facts, formats, words

# Sums in the reporting currency, which their heading names; a document's own amount has its currency beside it.
SUMS = {"revenue", "cm1"}
OWN = {"document_amount", "left_amount", "right_amount"}
LINK = "source_url"
SHARES = ("_margin", "discount_rate", "share")


def headed(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The columns to show, under their words; what is exported is the same."""
    found = [name for name in columns if name in frame.columns]
    # Column by column: a page does this for every file it offers, and a query costs ten times as much.
    return pl.DataFrame([frame.get_column(name).alias(heading(name)) for name in found])


def heading(name: str) -> str:
    """Our words for a column, with the currency where it is the reporting one."""
    text = words.text(f"column.{name}")
    if name in SUMS or (name.endswith("_amount") and name not in OWN):
        return f"{text}, {facts.currency()}"
    return text


def coded(frame: pl.DataFrame, **prefixes: str) -> pl.DataFrame:
    """Codes become words: each column takes those under its prefix."""
    return worded(frame, **{name: lambda code, at=at: words.text(f"{at}.{code}") for name, at in prefixes.items()})


def worded(frame: pl.DataFrame, **told: Callable[[object], str]) -> pl.DataFrame:
    """Columns said in words."""
    return frame.with_columns(spoken(name, frame[name], say) for name, say in told.items())


def spoken(name: str, values: pl.Series, text) -> pl.Series:
    """Values as texts. Not by polars itself: its threads do not know which language the reader speaks."""
    return pl.Series(name, [None if value is None else text(value) for value in values], dtype=pl.String)


def draw(frame: pl.DataFrame, columns: list[str], key: str | None = None, on_select="ignore", height="auto") -> None:
    """Rows as they are; with `on_select` a reader picks one."""
    shown = frame[[name for name in columns if name in frame.columns]]
    kinds = {name: _column(name, kind) for name, kind in shown.schema.items()}
    drawn = opened(shown.with_columns(pl.col(pl.Decimal).cast(pl.Float64)))
    more = {} if on_select == "ignore" else {"on_select": on_select, "selection_mode": "single-row"}
    # Arrow goes to the browser as it is; a frame would take the long way over pandas.
    sent = drawn.to_arrow(compat_level=pl.CompatLevel.oldest())
    st.dataframe(sent, hide_index=True, column_config=kinds, key=key, height=height, placeholder="–", **more)


def opened(frame: pl.DataFrame) -> pl.DataFrame:
    """Only addresses of the web are links; whatever else a file calls one is left out."""
    links = [pl.col(name) for name in frame.columns if name.endswith(LINK)]
    return frame.with_columns(pl.when(link.str.contains("^https?://")).then(link).name.keep() for link in links)


def said(name: str, value) -> str:
    """A value as a text, the way its column is shown."""
    match value:
        case bool():
            return words.text("table.yes" if value else "table.no")
        case datetime():
            return formats.moment(value)
        case date():
            return formats.month(value) if name.endswith("month") else formats.day(value)
        case int() | float() | Decimal() if name.endswith(SHARES):
            return formats.percent(value)
        case Decimal():
            return formats.number(value, 2)
        case int() | float():
            return formats.number(value, 0 if value == int(value) else 2)
        case _:
            return str(value)


def _column(name: str, kind: pl.DataType):
    label = heading(name)
    if name.endswith(LINK):
        return st.column_config.LinkColumn(label, display_text=words.text("table.open"), width="small")
    if name.endswith(SHARES):
        return st.column_config.NumberColumn(label, format="percent")
    if kind == pl.Date and name.endswith("month"):
        return st.column_config.DateColumn(label, format="MM.YYYY")
    if kind == pl.Date:
        return st.column_config.DateColumn(label, format="DD.MM.YYYY")
    if kind.is_temporal():
        return st.column_config.DatetimeColumn(label, format="DD.MM.YYYY HH:mm")
    if kind == pl.Boolean:
        return st.column_config.CheckboxColumn(label)
    if kind.is_decimal():
        return st.column_config.NumberColumn(label, format="localized", step=0.01)
    if kind.is_numeric():
        return st.column_config.NumberColumn(label, format="localized")
    # A long name in the first column must not push the figures off a small screen.
    return st.column_config.TextColumn(label, width=220 if name == "customer_name" else None)
