"""Figures of the funnel: steps with what became of who came, targets with what covers them; frames and texts only."""

import polars as pl

from dashboards.charts import Text, floats
from dashboards.palette import LEGEND, LOSS, NEUTRAL, PALE, PROFIT, SERIES, axis, layout, note, ticks

# Advanced, still there, not known, gone back, lost.
ENDS = (PROFIT, PALE, NEUTRAL, SERIES[1], LOSS)


def ends(frame: pl.DataFrame, kinds: tuple[str, ...], labels: list[str], text: Text) -> dict:
    """Lying bars, one a step, made of what became of those that came to it; the sum stands beside each.

    `frame` has key, name, entered and a column per kind. A click gives step and kind as one word.
    """
    turned = frame.reverse()
    names = turned["name"].to_list()
    traces = []
    for kind, label, colour in zip(kinds, labels, ENDS, strict=True):
        values = floats(turned[kind])
        if not any(values):
            continue
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": values,
                "y": names,
                "customdata": [f"{key}:{kind}" for key in turned["key"]],
                "text": [text(value) for value in values],
                "textposition": "none",
                "hovertemplate": "%{y}, " + label + ": %{text}<extra></extra>",
                "marker": {"color": colour},
            }
        )
    entered = floats(turned["entered"])
    widest = max(entered, default=1) or 1
    sums = [
        note(text(value), value, name, xanchor="left", xshift=4) for name, value in zip(names, entered, strict=True)
    ]
    upright = axis(showticklabels=False, range=[0, widest * 1.32])
    shared = {"barmode": "stack", "showlegend": True, "legend": LEGEND | {"traceorder": "normal"}, "bargap": 0.3}
    height = 100 + 42 * len(names)
    return {"data": traces, "layout": layout(height=height, annotations=sums, xaxis=upright, yaxis=axis(), **shared)}


def coverage(months: pl.DataFrame, labels: dict[str, str], text: Text, label: Text) -> dict:
    """By month what is booked and what is open on top of it, and the target as a tick.

    `months` has month, booked, open and target, which may be empty. A click gives the month.
    """
    # Month over year: side by side they would not fit a narrow screen.
    names = [label(month).replace(" ", "<br>") for month in months["month"]]
    keys = [month.isoformat() for month in months["month"]]
    traces = []
    for kind, colour in (("booked", PROFIT), ("open", PALE)):
        values = floats(months[kind])
        traces.append(_bars(labels[kind], names, values, keys, text) | {"marker": {"color": colour}})
    aims = floats(months["target"])
    tick = {"symbol": "line-ew", "size": 24, "line": {"width": 3, "color": LOSS}}
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": labels["target"],
            "x": names,
            "y": aims,
            "customdata": keys,
            "text": [text(value) for value in aims],
            "hovertemplate": "%{x}, " + labels["target"] + ": %{text}<extra></extra>",
            "marker": tick,
        }
    )
    tops = [sum(pair) for pair in zip(floats(months["booked"]), floats(months["open"]), strict=True)]
    high = max([*tops, *(value for value in aims if value is not None), 1])
    upright = axis(showgrid=True, rangemode="tozero", **ticks(0, high, text, about=4))
    level = axis(type="category", tickangle=0)
    shared = {"barmode": "stack", "showlegend": True, "legend": LEGEND | {"traceorder": "normal"}}
    return {"data": traces, "layout": layout(height=320, xaxis=level, yaxis=upright, **shared)}


def _bars(name: str, x: list, y: list, keys: list, text: Text) -> dict:
    return {
        "type": "bar",
        "name": name,
        "x": x,
        "y": y,
        "customdata": keys,
        "text": [text(value) for value in y],
        "textposition": "none",
        "hovertemplate": "%{x}, " + name + ": %{text}<extra></extra>",
    }
