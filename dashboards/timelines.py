"""Figures of one customer over time: what happened, and how late was paid. They know frames and texts, nothing else."""

from datetime import date, timedelta

import polars as pl

from dashboards.charts import Text, shown
from dashboards.palette import LOSS, NEUTRAL, PROFIT, axis, layout, line, note

# A sign beside the colour: a cross is trouble, a ring is not over yet.
SIGNS = {"good": ("circle", PROFIT), "bad": ("x", LOSS), "open": ("circle-open", LOSS), "calm": ("circle", NEUTRAL)}


def timeline(frame: pl.DataFrame, rows: list[tuple[str, str]], span: tuple, month: Text) -> dict:
    """A row a kind, a marker a document. `frame` has entity, key, date, text and sign; a click gives entity and key."""
    height = len(rows)
    places = {entity: height - 1 - at for at, (entity, _) in enumerate(rows)}
    traces = [_markers(frame.filter(pl.col("sign") == sign), sign, places) for sign in SIGNS]
    edges = [span[0] - timedelta(days=4), span[1] + timedelta(days=4)]
    level = axis(type="date", range=[day.isoformat() for day in edges], showgrid=True, **months(*span, month))
    upright = axis(
        tickvals=list(places.values()), ticktext=[name for _, name in rows], range=[-0.6, height - 0.4], showgrid=True
    )
    drawn = [trace for trace in traces if trace["x"]]
    return {"data": drawn, "layout": layout(height=70 + 34 * height, showlegend=False, xaxis=level, yaxis=upright)}


def _markers(frame: pl.DataFrame, sign: str, places: dict[str, int]) -> dict:
    symbol, colour = SIGNS[sign]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day.isoformat() for day in frame["date"]],
        "y": [places[entity] for entity in frame["entity"]],
        "customdata": [f"{entity}|{key}" for entity, key in zip(frame["entity"], frame["key"], strict=True)],
        "text": [shown(text) for text in frame["text"]],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": 10, "opacity": 0.8},
    }


def months(first: date, last: date, text: Text, about: int = 4) -> dict:
    """Ticks at the first days of some months, in our own words: plotly's are English."""
    starts = pl.date_range(first.replace(day=1), last, "1mo", eager=True).to_list()
    chosen = starts[1 :: -(-len(starts) // about)] or starts
    return {"tickvals": [day.isoformat() for day in chosen], "ticktext": [text(day) for day in chosen], "tickangle": 0}


def delays(frame: pl.DataFrame, agreed: str, x_title: str, y_title: str, month: Text) -> dict:
    """Days late, invoice by invoice, around the line of the agreed day. `frame` has key, date, days, text and sign."""
    traces = []
    for sign in SIGNS:
        part = frame.filter(pl.col("sign") == sign)
        symbol, colour = SIGNS[sign]
        if part.is_empty():
            continue
        traces.append({
            "type": "scatter", "mode": "markers",
            "x": [day.isoformat() for day in part["date"]],
            "y": part["days"].to_list(),
            "customdata": [f"invoices|{key}" for key in part["key"]],
            "text": [shown(text) for text in part["text"]],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"symbol": symbol, "color": colour, "size": 8, "opacity": 0.8},
        })  # fmt: skip
    low, high = min(0, frame["days"].min()), max(0, frame["days"].max())
    room = max((high - low) * 0.12, 2)
    level = axis(x_title, type="date", **months(frame["date"].min(), frame["date"].max(), month))
    upright = axis(y_title, showgrid=True, range=[low - room, high + room], nticks=6)
    # Above the plot: on the line itself the dots would lie over it.
    marks = [note(f"– – {agreed}", 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6)]
    shapes = [line(0, 1, 0, 0, xref="paper")]
    room_above = {"l": 8, "r": 12, "t": 36, "b": 8}
    shared = layout(height=320, margin=room_above, xaxis=level, yaxis=upright, shapes=shapes, annotations=marks)
    return {"data": traces, "layout": shared}
