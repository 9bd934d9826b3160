"""Figures only this page has: bins, the control chart, the map. They know frames and texts, nothing else."""

from collections.abc import Callable

import polars as pl

from dashboards.charts import Text, floats
from dashboards.control_chart import Limits
from dashboards.palette import LEGEND, LOSS, NEUTRAL, PROFIT, SERIES, axis, layout, line, note

# Told apart by shape, so that colour is never alone in saying it.
SIGNALS = {
    "outside": {"symbol": "diamond", "color": LOSS, "size": 12},
    "near": {"symbol": "triangle-up", "color": SERIES[1], "size": 11},
    "run": {"symbol": "square", "color": SERIES[3], "size": 9},
}
USUAL = {"symbol": "circle", "color": PROFIT, "size": 7}
# Edges are drawn from 1 % of the orders on; thinner ones would be a net in which nobody sees a way.
DRAWN_SHARE = 0.01
MOST_NODES = 12


def histogram(bins: pl.DataFrame, number: Text, x_title: str, y_title: str) -> dict:
    """How many took so many days. `bins` has key, name, low and counted; a click gives the key."""
    values, last = floats(bins["counted"]), bins.height - 1
    every = max(1, round(bins.height / 6))
    named = [*range(0, max(last - every // 2, 1), every), last]
    ticks = {"tickvals": bins["name"][named].to_list(), "ticktext": [str(low) for low in bins["low"][named]]}
    trace = {
        "type": "bar",
        "x": bins["name"].to_list(),
        "y": values,
        "customdata": bins["key"].to_list(),
        "text": [number(value) for value in values],
        "textposition": "none",
        "hovertemplate": "%{x}: %{text}<extra></extra>",
        "marker": {"color": PROFIT},
    }
    level, upright = axis(x_title, type="category", tickangle=0, **ticks), axis(y_title, showgrid=True)
    return {"data": [trace], "layout": layout(bargap=0.08, xaxis=level, yaxis=upright)}


def control(weeks: pl.DataFrame, found: Limits, texts: dict[str, str], day: Callable, number: Text) -> dict:
    """Weeks in a row, their centre and limits; what is news has a shape of its own. A click gives the week's Monday."""
    values = floats(weeks["median_days"])
    row = {
        "type": "scatter",
        "mode": "lines",
        "x": weeks["week"].to_list(),
        "y": values,
        "line": {"color": NEUTRAL, "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    traces = [row]
    for kind, marker in ((None, USUAL), *SIGNALS.items()):
        part = weeks.filter(pl.col("signal").eq_missing(pl.lit(kind, dtype=pl.String)))
        if part.is_empty():
            continue
        hover = [
            f"{day(week)}: {number(value)}"
            for week, value in zip(part["week"], floats(part["median_days"]), strict=True)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": texts[kind or "none"],
                "x": part["week"].to_list(),
                "y": floats(part["median_days"]),
                "customdata": [week.isoformat() for week in part["week"]],
                "text": hover,
                "hovertemplate": "%{text}<extra></extra>",
                "marker": marker,
            }
        )
    levels = [("centre", found.centre, "solid"), ("upper", found.upper, "dash")]
    levels += [("lower", found.lower, "dash")] if found.lower is not None else []
    drawn = {name: {"color": NEUTRAL, "width": 1, "dash": dash} for name, _, dash in levels}
    shapes = [line(0, 1, value, value, xref="paper", line=drawn[name]) for name, value, _ in levels]
    named = [
        note(f"{texts[name]} {number(value)}", 1, value, xref="paper", xanchor="right", yanchor="bottom")
        for name, value, _ in levels[1:]
    ]
    low = min([*values, found.lower if found.lower is not None else 0])
    high = max([*values, found.upper])
    room = (high - low) * 0.12 or 1
    first, last = weeks["week"].min(), weeks["week"].max()
    ticks = [first + (last - first) * part / 3 for part in range(4)]
    level = axis(texts["x"], tickvals=ticks, ticktext=[day(tick) for tick in ticks], tickangle=0)
    upright = axis(texts["y"], showgrid=False, range=[max(low - room, 0), high + room])
    shared = layout(showlegend=len(traces) > 2, legend=LEGEND, xaxis=level, yaxis=upright)
    return {"data": traces, "layout": shared | {"shapes": shapes, "annotations": named}}


def ways(nodes: pl.DataFrame, edges: pl.DataFrame) -> dict:
    """Steps from top to bottom, and how orders go from one to the next: straight down, or past others in a bow.

    `nodes` has key, name and note in the order of the way; `edges` has start, end, share, text and is_bottleneck.
    Steps can be clicked; a bow tells its numbers to who points at its middle.
    """
    places = {key: -at for at, key in enumerate(nodes["key"])}
    known = edges.filter(pl.col("start").is_in(list(places)) & pl.col("end").is_in(list(places)))
    known = known.filter((pl.col("share") >= DRAWN_SHARE) | pl.col("is_bottleneck")).sort("share")
    traces = [_edge(places, edge) for edge in known.iter_rows(named=True)]
    middles = {
        "type": "scatter",
        "mode": "markers",
        "x": [_bow(places, edge)[0][10] for edge in known.iter_rows(named=True)],
        "y": [_bow(places, edge)[1][10] for edge in known.iter_rows(named=True)],
        "text": known["text"].to_list(),
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": [_pointing(places, edge) for edge in known.iter_rows(named=True)],
            "color": [LOSS if is_worst else NEUTRAL for is_worst in known["is_bottleneck"]],
            "size": 9,
        },
    }
    steps = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [0] * nodes.height,
        "y": list(places.values()),
        "customdata": nodes["key"].to_list(),
        "text": [f"  <b>{name}</b><br>  {said}" for name, said in nodes.select("name", "note").iter_rows()],
        "textposition": "middle right",
        "cliponaxis": False,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": PROFIT, "size": 18, "line": {"color": "white", "width": 1.5}},
    }
    hidden = {"showticklabels": False, "zeroline": False}
    level, upright = axis(range=[-1.1, 2.6], **hidden), axis(range=[0.6 - nodes.height, 0.5], **hidden)
    shared = layout(height=60 + 62 * nodes.height, xaxis=level, yaxis=upright)
    return {"data": [*traces, middles, steps], "layout": shared}


def _edge(places: dict[str, int], edge: dict) -> dict:
    x, y = _bow(places, edge)
    is_back = places[edge["end"]] >= places[edge["start"]]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "hoverinfo": "skip",
        "line": {
            "color": LOSS if edge["is_bottleneck"] else NEUTRAL,
            "width": 1.2 + 9 * edge["share"],
            "dash": "dot" if is_back else "solid",
        },
        "opacity": 0.75,
    }


def _bow(places: dict[str, int], edge: dict) -> tuple[list[float], list[float]]:
    """Twenty-one points of a curve: straight to the next step, the further the wider, and round for a second pass."""
    start, end = places[edge["start"]], places[edge["end"]]
    if start == end:
        start, end = start + 0.18, end - 0.18
    is_next = end == start - 1
    # Ways back run outside the ways on, so that both can be seen.
    width = 0 if is_next else min(0.16 * abs(end - start) + (0.22 if end > start else 0.12), 1.2)
    shares = [step / 20 for step in range(21)]
    return [-4 * width * share * (1 - share) for share in shares], [start + (end - start) * share for share in shares]


def _pointing(places: dict[str, int], edge: dict) -> str:
    return "triangle-up" if places[edge["end"]] > places[edge["start"]] else "triangle-down"
