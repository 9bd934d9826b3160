"""Figures made of bars: stages, shares, steps, what leaks. They know frames and texts, nothing else."""

import polars as pl

from dashboards.charts import Text, floats
from dashboards.palette import AGES, LEGEND, LOSS, NEUTRAL, PALE, PROFIT, SERIES, axis, layout


def pairs(frame: pl.DataFrame, first: str, second: str, text: Text, x_title: str) -> dict:
    """Two values a row, lying: the middle strong, the slow end pale. `frame` has key, name, first and second."""
    turned = frame.reverse()
    names, keys = turned["name"].to_list(), turned["key"].to_list()
    traces = []
    for column, label, colour in (("second", second, PALE), ("first", first, PROFIT)):
        values = floats(turned[column])
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": values,
                "y": names,
                "customdata": keys,
                "text": [text(value) for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{text}<extra>" + label + "</extra>",
                "marker": {"color": colour},
            }
        )
    widest = max((value for trace in traces for value in trace["x"] if value is not None), default=1)
    return {
        "data": traces,
        "layout": layout(
            showlegend=True,
            legend=LEGEND | {"traceorder": "reversed"},
            barmode="group",
            bargap=0.25,
            xaxis=axis(x_title, showgrid=True, rangemode="tozero", range=[0, widest * 1.18]),
            yaxis=axis(),
        ),
    }


def stacked(frame: pl.DataFrame, bands: list[str], number: Text, x_title: str) -> dict:
    """Lying bars, one a row, stacked from young to old. `frame` has key, name, band (a position) and value."""
    rows = frame.unique("key", maintain_order=True).select("key", "name").reverse()
    keys, names = rows["key"].to_list(), rows["name"].to_list()
    known = dict(zip(zip(frame["key"], frame["band"], strict=True), floats(frame["value"].fill_null(0)), strict=True))
    traces = []
    for band, (label, colour) in enumerate(zip(bands, AGES, strict=True)):
        values = [known.get((key, band), 0.0) for key in keys]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": values,
                "y": names,
                "customdata": [[key, band] for key in keys],
                "text": [number(value) for value in values],
                "textposition": "none",
                "hovertemplate": "%{y}, " + label + ": %{text}<extra></extra>",
                "marker": {"color": colour},
            }
        )
    upright, legend = axis(x_title, showgrid=True, rangemode="tozero"), LEGEND | {"traceorder": "normal"}
    shared = layout(barmode="stack", showlegend=True, legend=legend, xaxis=upright, yaxis=axis())
    return {"data": traces, "layout": shared}


def lying(frame: pl.DataFrame, text: Text, height: int | None = None) -> dict:
    """Lying bars with their values beside them. `frame` has key, name, value and, if wanted, is_loss."""
    turned = frame.reverse()
    values = floats(turned["value"])
    losses = turned["is_loss"].to_list() if "is_loss" in turned.columns else [False] * len(values)
    widest = max((abs(value) for value in values if value is not None), default=1) or 1
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": turned["name"].to_list(),
        "customdata": turned["key"].to_list(),
        "text": [text(value) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "marker": {"color": [LOSS if loss else PROFIT for loss in losses]},
    }
    upright = axis(showticklabels=False, range=[min(0, *values) * 1.3, widest * 1.45])
    return {
        "data": [trace],
        "layout": layout(height=height or 60 + 44 * len(values), bargap=0.3, xaxis=upright, yaxis=axis()),
    }


def waterfall(frame: pl.DataFrame, text: Text) -> dict:
    """From the first sum down to the last, step by step; lying, so that names fit. `frame` has is_total too."""
    values, totals = floats(frame["value"]), frame["is_total"].to_list()
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "y": frame["name"].to_list(),
        "x": values,
        "measure": ["absolute" if total else "relative" for total in totals],
        "customdata": frame["key"].to_list(),
        "text": [text(value) for value in values],
        # A total fills its row: on a narrow screen nothing is left beside it.
        "textposition": ["auto" if total else "outside" for total in totals],
        "insidetextanchor": "end",
        "textangle": 0,
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "connector": {"line": {"color": NEUTRAL, "width": 1}},
        "increasing": {"marker": {"color": SERIES[4]}},
        "decreasing": {"marker": {"color": LOSS}},
        "totals": {"marker": {"color": PROFIT}},
    }
    reached, at = [0.0], 0.0
    for value, total in zip(values, totals, strict=True):
        at = value if total else at + value
        reached.append(at)
    low, high = min(reached), max(reached)
    room = (high - low) * 0.3
    upright = axis(showgrid=True, showticklabels=False, range=[low - room if low < 0 else 0, high + room])
    level = axis(autorange="reversed")
    return {"data": [trace], "layout": layout(height=70 + 32 * len(values), xaxis=upright, yaxis=level)}
