"""Figures over time whose bars stand: parts stacked, what was expected beside what came, several lines."""

import polars as pl

from dashboards.charts import Text, floats
from dashboards.palette import FAINT, LEGEND, NEUTRAL, axis, layout, ticks

Series = list[tuple[str, str, str]]


def stacked(
    frame: pl.DataFrame, series: Series, text: Text, total: str, is_open: bool = False, whiskers=None, height=380
):
    """Bars of parts, one a period; what is negative hangs below the line. `series` are column, label and colour.

    `frame` has name, total and the columns; with low and high the total gets `whiskers`, their label. A click gives
    the part and the period where `frame` has key.
    """
    names = frame["name"].to_list()
    faint = [FAINT if is_open and at == len(names) - 1 else 1 for at in range(len(names))]
    traces = [_part(frame, names, column, label, colour, faint, text) for column, label, colour in series]
    totals = floats(frame["total"])
    mark = {"color": NEUTRAL, "size": 6, "symbol": "diamond"}
    point = {"type": "scatter", "mode": "markers", "name": total, "x": names, "y": totals, "marker": mark}
    hover = [text(value) for value in totals]
    if whiskers:
        point |= {"name": whiskers, "error_y": _whiskers(frame, totals)}
        known = zip(totals, floats(frame["low"]), floats(frame["high"]), strict=True)
        hover = [_between(text, *values) for values in known]
    traces.append(point | {"text": hover, "hovertemplate": "%{x}: %{text}<extra>" + total + "</extra>"})
    parts = [floats(frame[column]) for column, _, _ in series]
    above = [sum(value for value in values if (value or 0) > 0) for values in zip(*parts, strict=True)]
    below = [sum(value for value in values if (value or 0) < 0) for values in zip(*parts, strict=True)]
    tops = floats(frame["high"]) if whiskers else totals
    top = max([0.0, *above, *(value for value in tops if value is not None)])
    return _figure(traces, min([0.0, *below]), top, text, height)


def beside(frame: pl.DataFrame, came: tuple[str, str], said: str, text: Text, height=340) -> dict:
    """What came as bars, what had been said as hollow marks with their interval. `frame` has name, came, said."""
    names, values = frame["name"].to_list(), floats(frame["came"])
    label, colour = came
    bars = _bar(names, values, label, colour, [text(value) for value in values])
    expected = floats(frame["said"])
    known = zip(expected, floats(frame["low"]), floats(frame["high"]), strict=True)
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": said,
        "x": names,
        "y": expected,
        "text": [_between(text, *each) for each in known],
        "hovertemplate": "%{x}: %{text}<extra>" + said + "</extra>",
        "marker": {"symbol": "circle-open", "size": 10, "color": NEUTRAL, "line": {"width": 2}},
        "error_y": _whiskers(frame.rename({"said": "total"}), expected),
    }
    tops = [value for value in (*values, *expected, *floats(frame["high"])) if value is not None]
    return _figure([bars, marks], 0.0, max([0.0, *tops]), text, height)


def lines(frame: pl.DataFrame, series: Series, text: Text, y_title: str, height=340) -> dict:
    """Several figures by month, with markers, so that a gap of one month is still seen. `frame` has name."""
    names = frame["name"].to_list()
    traces, known = [], [0.0]
    for column, label, colour in series:
        values = floats(frame[column])
        known += [value for value in values if value is not None]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": label,
                "x": names,
                "y": values,
                "text": [text(value) for value in values],
                "hovertemplate": "%{x}: %{text}<extra>" + label + "</extra>",
                "line": {"color": colour, "width": 2},
                "marker": {"size": 6},
            }
        )
    return _figure(traces, 0.0, max(known), text, height, y_title)


def _part(frame: pl.DataFrame, names: list, column: str, label: str, colour: str, faint: list, text: Text) -> dict:
    values = floats(frame[column])
    bar = _bar(names, values, label, colour, [text(value) for value in values], faint)
    if "key" in frame.columns:
        bar["customdata"] = [[f"{column}.{key}"] for key in frame["key"]]
    return bar


def _bar(names: list, values: list, label: str, colour: str, texts: list[str], faint=1) -> dict:
    return {
        "type": "bar",
        "name": label,
        "x": names,
        "y": values,
        "text": texts,
        "textposition": "none",
        "hovertemplate": "%{x}: %{text}<extra>" + label + "</extra>",
        "marker": {"color": colour, "opacity": faint},
    }


def _whiskers(frame: pl.DataFrame, totals: list) -> dict:
    """From the lower to the upper end; a period whose interval nobody knows has none."""
    lows, highs = floats(frame["low"]), floats(frame["high"])
    up = [None if high is None else max(high - total, 0) for high, total in zip(highs, totals, strict=True)]
    down = [None if low is None else max(total - low, 0) for low, total in zip(lows, totals, strict=True)]
    more = {"color": NEUTRAL, "thickness": 1.5, "width": 4}
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down} | more


def _between(text: Text, value, low, high) -> str:
    return text(value) if low is None else f"{text(value)} ({text(low)} – {text(high)})"


def _figure(traces: list[dict], low: float, top: float, text: Text, height: int, y_title: str = "") -> dict:
    upright = axis(y_title, showgrid=True, zeroline=low < 0, rangemode="tozero", **ticks(low, top, text))
    level = axis(type="category", nticks=4, tickangle=0)
    shared = {"barmode": "relative", "showlegend": True, "legend": LEGEND | {"traceorder": "normal"}}
    return {"data": traces, "layout": layout(height=height, xaxis=level, yaxis=upright, **shared)}
