"""Cohorts as a table of numbers, deeper where more is cash; a cell leads to what stands behind it."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import cells, cohorts, drill, formats, panels, tables, words

# At half a year most sales are decided, delivered and due.
HALF_YEAR = 6
ROW, HEAD = 35, 38
WHOLE = "%.0f%%"


def draw(unit: str, frame: pl.DataFrame, view, text) -> None:
    with st.container(border=True):
        panels.opening("cohorts", sentence(unit, frame))
        key = drill.key("grid-cohorts")
        st.dataframe(
            _coloured(frame, text),
            hide_index=True,
            key=key,
            column_config=_columns(unit),
            height=HEAD + ROW * min(frame.height, 12),
            on_select=partial(_chosen, key, frame["month"].to_list()),
            selection_mode="single-cell",
            placeholder="",
        )
        st.caption(words.text("cohorts.how"))
        shown = frame.rename({"base": "won_amount" if unit == "money" else "counted", **_named()})
        columns = ["month", shown.columns[1], *_named().values()]
        panels.actions("cohorts", shown, columns, view, cohorts.PARTS[unit])


def sentence(unit: str, frame: pl.DataFrame) -> str:
    """What had become cash after half a year, or after as long as any of them is old."""
    for months in range(HALF_YEAR, -1, -1):
        known = cohorts.after(frame, months)
        if known is not None:
            share, n = known
            said = words.text(f"cohorts.sentence_{unit}", n=months, share=formats.percent(share))
            return said + " " + words.text("cohorts.rests_on", n=n)
    return words.text("cohorts.too_young")


def _chosen(key: str, months: list) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        since = f":{column}" if column.isdigit() else ""
        drill.choose("cohort", f"{months[row].isoformat()}{since}")


def _named() -> dict[str, str]:
    return {name: f"after_{name}_share" for name in (*map(str, range(cohorts.LAST + 1)), cohorts.TO_DATE)}


def _columns(unit: str) -> dict:
    base = words.text("column.won_amount" if unit == "money" else "column.started")
    kinds = {"month": st.column_config.TextColumn(words.text("cohorts.month"), pinned=True)}
    kinds["base"] = st.column_config.TextColumn(base)
    for since in range(cohorts.LAST + 1):
        label = words.text("cohorts.since", n=since)
        kinds[str(since)] = st.column_config.NumberColumn(label, width=58, format=WHOLE)
    kinds[cohorts.TO_DATE] = st.column_config.NumberColumn(words.text("cohorts.to_date"), width=80, format=WHOLE)
    return kinds


def _coloured(frame: pl.DataFrame, text):
    """Profit blue, paler for less: the number stays readable on light and on dark."""
    shares = [name for name in frame.columns if name not in ("month", "base")]
    told = tables.worded(frame, month=formats.month, base=text)
    return cells.coloured(told.with_columns(pl.col(shares).cast(pl.Float64) * 100), shares, _shade)


def _shade(percent: float) -> str:
    return f"rgba(0, 114, 178, {min(max(percent, 0), 100) * 0.0055:.2f})"
