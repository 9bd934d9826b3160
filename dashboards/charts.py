"""Figures from frames: each takes a small frame and texts, and returns a plain figure. Drawing casts, sums never."""

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go
import polars as pl

from dashboards.palette import FAINT, LOSS, NEUTRAL, PROFIT, SERIES, axis, layout, line, note, ticks

Text = Callable[[float | None], str]
# More points than these lie upon each other, and each is sent with a name and a key.
DRAWN, ENDS = 120, 40
HELD_AGAINST_RULES = False
# Each bubble has a text of its own; more than these cover each other.
BUBBLES = 500


def shown(name: str | None) -> str:
    """A name from the data as text: a figure would read its signs as markup."""
    return escape(name or "–", quote=False)


def floats(values: pl.Series) -> list:
    """Decimals become floats here, at the last step: plotly would draw them as slow Python objects.

    Nine digits are more than a screen has points, and half of what a float would be written with.
    """
    return values.cast(pl.Float64).round_sig_figs(9).to_list()


class AsItIs(go.Figure):
    """A figure that is sent as it was written. Plotly would copy it twice, which takes twenty times as long."""

    def __init__(self, figure: dict) -> None:
        object.__setattr__(self, "written", figure)

    def to_dict(self) -> dict:
        return object.__getattribute__(self, "written")


def whole(figure: dict) -> go.Figure:
    """The figure as plotly draws it. Tests hold each against plotly's rules."""
    return go.Figure(figure) if HELD_AGAINST_RULES else AsItIs(figure)


def thinned(frame: pl.DataFrame) -> pl.DataFrame:
    """Both ends whole and some points between them, where there are more than an eye can tell apart."""
    if frame.height <= DRAWN:
        return frame
    between, height = DRAWN - 2 * ENDS, frame.height
    steps = [ENDS + round(step * (height - 2 * ENDS) / between) for step in range(between)]
    return frame[sorted({*range(ENDS), *steps, *range(height - ENDS, height)})]


def whale(curve: pl.DataFrame, money: Text, x_title: str, y_title: str, peak: str, total: str) -> dict:
    """Customers from best to worst, and what they earned together so far.

    `curve` has rank, key, name, amount and cumulative. A click gives the customer's key.
    """
    drawn = thinned(curve)
    cumulative, amounts = floats(drawn["cumulative"]), floats(drawn["amount"])
    colours = [PROFIT if amount > 0 else LOSS if amount < 0 else NEUTRAL for amount in amounts]
    hover = [f"{shown(name)}<br>{money(amount)}" for name, amount in zip(drawn["name"], amounts, strict=True)]
    top = curve.row(curve["cumulative"].arg_max(), named=True)
    end, top_value = float(curve["cumulative"][-1]), float(top["cumulative"])
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": drawn["rank"].to_list(),
        "y": cumulative,
        "customdata": drawn["key"].to_list(),
        "text": hover,
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": NEUTRAL, "width": 1},
        "marker": {"color": colours, "size": 6},
    }
    low, high = min(0.0, *cumulative), max(0.0, *cumulative)
    marks = [
        note(peak, top["rank"], top_value, yshift=16, showarrow=False, xanchor="center"),
        note(total, 1, end, xref="paper", xanchor="right", yanchor="top", yshift=-4),
    ]
    return {
        "data": [trace],
        "layout": layout(
            height=380,
            xaxis=axis(x_title, rangemode="tozero"),
            yaxis=axis(y_title, showgrid=True, range=[low - high * 0.04, high * 1.14], **ticks(low, high, money)),
            shapes=[line(0, 1, end, end, xref="paper")],
            annotations=marks,
        ),
    }


def bubbles(
    points: pl.DataFrame,
    x_text: Text,
    y_text: Text,
    x_title: str,
    y_title: str,
    quadrants: list[str],
    most: int = BUBBLES,
) -> dict:
    """One point a customer: how much they buy against how much of it stays, coloured by group.

    `points` has key, name, x, y and group; the four names are given clockwise from the upper left. Of very many only
    the `most` largest are drawn, around the middle of all.
    """
    # The least of the largest is found without sorting them all.
    largest = points.filter(pl.col("x") >= points["x"].top_k(most).min())
    largest = largest.sort("x", "key", descending=[True, False]).head(most)
    groups = points.group_by("group").len().sort("len", "group", descending=[True, False])["group"].to_list()
    texts = (x_text, y_text)
    traces = [_bubble(largest.filter(pl.col("group") == name), name, at, *texts) for at, name in enumerate(groups)]
    middle_x, middle_y = float(points["x"].median()), float(points["y"].median())
    steps = _steps(float(largest["x"].min()), float(largest["x"].max()))
    bottom, top = float(largest["y"].quantile(0.01)), float(largest["y"].quantile(0.99))
    room = max((top - bottom) * 0.15, 0.02)
    span = [min(bottom, 0) - room, top + room]
    corners = ((0, 1, "left", "top"), (1, 1, "right", "top"), (1, 0, "right", "bottom"), (0, 0, "left", "bottom"))
    named = [
        note(text, x, y, xref="paper", yref="paper", xanchor=side, yanchor=edge, opacity=0.75)
        for text, (x, y, side, edge) in zip(quadrants, corners, strict=True)
    ]
    return {
        "data": traces,
        "layout": layout(
            height=380,
            showlegend=len(groups) > 1,
            xaxis=axis(x_title, type="log", tickvals=steps, ticktext=[x_text(value) for value in steps]),
            yaxis=axis(y_title, showgrid=True, zeroline=True, range=span, **ticks(*span, y_text)),
            shapes=[line(middle_x, middle_x, 0, 1, yref="paper"), line(0, 1, middle_y, middle_y, xref="paper")],
            annotations=named,
        ),
    }


def _steps(low: float, high: float) -> list[float]:
    """Powers of ten that an axis shows; where there are hardly any, two and five times them too."""
    tens = [10.0**power for power in range(0, 13)]
    within = [ten for ten in tens if low <= ten <= high]
    if len(within) > 1:
        return [ten for ten in tens if low / 3 <= ten <= high * 3]
    return [ten * times for ten in tens for times in (1, 2, 5) if low / 1.5 <= ten * times <= high * 1.5]


def _bubble(points: pl.DataFrame, group: str, at: int, x_text: Text, y_text: Text) -> dict:
    named = zip(points["name"], floats(points["x"]), floats(points["y"]), strict=True)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": shown(group),
        "x": floats(points["x"]),
        "y": floats(points["y"]),
        "customdata": points["key"].to_list(),
        "text": [f"{shown(name)}<br>{x_text(x)} · {y_text(y)}" for name, x, y in named],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": SERIES[at % len(SERIES)], "size": 8, "opacity": 0.75},
    }


def trend(months: pl.DataFrame, text: Text, label: Text, before: str, open_from=None) -> dict:
    """A figure by month as bars, the comparison as a thin grey line, an open month lighter.

    `months` has month, value and, where there is one, before.
    """
    values = floats(months["value"])
    names = [label(month) for month in months["month"]]
    open_ones = [open_from is not None and month >= open_from for month in months["month"]]
    bars = {
        "type": "bar",
        "x": names,
        "y": values,
        "customdata": [month.isoformat() for month in months["month"]],
        "text": [text(value) for value in values],
        "textposition": "none",
        "hovertemplate": "%{x}: %{text}<extra></extra>",
        "marker": {
            "color": [LOSS if (value or 0) < 0 else PROFIT for value in values],
            "opacity": [FAINT if is_open else 1 for is_open in open_ones],
        },
    }
    traces, known = [bars], [value for value in values if value is not None]
    if "before" in months.columns and months["before"].null_count() < months.height:
        earlier = floats(months["before"])
        known += [value for value in earlier if value is not None]
        hover = [f"{before}: {text(value)}" for value in earlier]
        drawn = {"color": NEUTRAL, "width": 1.5}
        traces.append({"type": "scatter", "mode": "lines", "x": names, "y": earlier, "line": drawn})
        traces[-1] |= {"text": hover, "hovertemplate": "%{text}<extra></extra>"}
    low, high = min([0.0, *known]), max([0.0, *known])
    upright = axis(showgrid=True, zeroline=low < 0, **ticks(low, high, text, about=3))
    level = axis(type="category", nticks=4, tickangle=0)
    return {"data": traces, "layout": layout(height=210, xaxis=level, yaxis=upright)}


def ecdf(steps: pl.DataFrame, before: pl.DataFrame | None, texts: dict[str, str], percent: Text) -> dict:
    """The share of orders done within so many days: steps have days, counted and share."""
    drawn = steps.filter(pl.col("share") <= 0.995) if steps.height > 3 else steps
    trace = _ecdf(drawn, texts["now"], PROFIT, "lines+markers") | {"customdata": drawn["days"].to_list()}
    traces = [trace]
    if before is not None and not before.is_empty():
        last = drawn["days"].max()
        traces.insert(0, _ecdf(before.filter(pl.col("days") <= last), texts["before"], NEUTRAL, "lines"))
    shares = {"tickvals": [0, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1]}
    shares["ticktext"] = [percent(value) for value in shares["tickvals"]]
    return {
        "data": traces,
        "layout": layout(
            showlegend=len(traces) > 1,
            xaxis=axis(texts["x"], rangemode="tozero"),
            yaxis=axis(texts["y"], showgrid=True, range=[0, 1.03], **shares),
        ),
    }


def _ecdf(steps: pl.DataFrame, name: str, colour: str, mode: str) -> dict:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": floats(steps["days"]),
        "y": floats(steps["share"]),
        "line": {"shape": "hv", "color": colour, "width": 2 if colour == PROFIT else 1.5},
        "marker": {"size": 6},
        "hovertemplate": "%{x}: %{y:.0%}<extra>" + name + "</extra>",
    }
