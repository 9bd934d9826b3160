"""Cohorts as a table of numbers, deeper where more is cash; a cell leads to what stands behind it."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import cohorts, drill, formats, panels, words

# At half a year most sales are decided, delivered and due.
HALF_YEAR = 6
ROW, HEAD = 35, 38


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
        kinds[str(since)] = st.column_config.NumberColumn(label, width=58)
    kinds[cohorts.TO_DATE] = st.column_config.NumberColumn(words.text("cohorts.to_date"), width=80)
    return kinds


def _coloured(frame: pl.DataFrame, text):
    """Profit blue, paler for less: the number stays readable on light and on dark."""
    shares = [name for name in frame.columns if name not in ("month", "base")]
    told = frame.with_columns(
        month=pl.Series([formats.month(month) for month in frame["month"]]),
        base=pl.Series([text(base) for base in frame["base"]]),
    )
    styled = told.to_pandas().style.format(
        lambda value: "" if value != value else formats.percent(value, 0), subset=shares
    )
    return styled.map(_shade, subset=shares)


def _shade(share) -> str:
    if share is None or share != share:
        return ""
    return f"background-color: rgba(0, 114, 178, {min(max(share, 0), 1) * 0.55:.2f})"
