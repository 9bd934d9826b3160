"""Tables in which one cell is chosen: rows and columns both say what was meant."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import drill


def draw(code: str, frame: pl.DataFrame, headings: dict, meant, shown=None, alt: str | None = None) -> None:
    """`meant` gets the number of the row and the name of the column, and gives back what goes into the address.

    `shown` is the same frame with colours.
    """
    key = drill.key(f"cells-{code}")
    st.dataframe(
        frame if shown is None else shown,
        hide_index=True,
        column_config=headings,
        key=key,
        on_select=partial(_chosen, key, meant),
        selection_mode="single-cell",
        placeholder="–",
        alt=alt,
    )


def _chosen(key: str, meant) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        for name, value in meant(row, column).items():
            drill.choose(name, value)
