"""Tables in which one cell is chosen: rows and columns both say what was meant."""

from collections import defaultdict
from collections.abc import Callable
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


def coloured(frame: pl.DataFrame, columns: list[str], colour: Callable[[float], str]):
    """A frame with a colour behind each number of some columns, the way Streamlit takes it.

    pandas would write the table out in HTML, of which Streamlit reads nothing but the colours, in a fifth of the time
    that a page takes: they are handed over where it looks for them.
    """
    behind = defaultdict(list)
    for name in columns:
        for row, value in enumerate(frame[name]):
            if value is not None:
                behind[colour(value)].append(f"row{row}_col{frame.columns.index(name)}")
    styled = frame.to_pandas().style
    # A name drawn by lot would send the same table again; without one Streamlit names it by its place.
    styled.uuid = None
    styles = [{"props": [("background-color", own)], "selectors": cells} for own, cells in behind.items()]
    styled._translate = lambda *_: {"cellstyle": styles}
    return styled


def _chosen(key: str, meant) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        for name, value in meant(row, column).items():
            drill.choose(name, value)
