"""Figures of what is to come: stacked periods with their range, and chances learned against chances typed in."""

import polars as pl

from dashboards.charts import Text, floats, shown
from dashboards.palette import LEGEND, NEUTRAL, PALE, PROFIT, SERIES, axis, layout, line, note, ticks

# What documents stand behind is strong, what comes of itself is pale.
COLOURS = {
    "so_far": PROFIT, "ordered_not_invoiced": SERIES[4], "receivables": SERIES[4], "won_not_ordered": SERIES[2],
    "pipeline": SERIES[1], "repeat": PALE, "later_invoices": PALE, "later_deals": PALE,
}  # fmt: skip
HOLLOW = {1: "circle-open", 2: "diamond-open", 3: "square-open"}


def build_up(parts: pl.DataFrame, totals: pl.DataFrame, labels: dict, money: Text, words: dict, more=()) -> dict:
    """Stacked bars by period, with whiskers where a range is known.

    `parts` has period_start, component, amount and key (what a click gives; none where no document stands behind).
    `labels` says each period in words, in their order; `words` each component, `more` are marks.
    """
    at = {period: place for place, period in enumerate(labels)}
    traces = [
        _part(parts.filter(pl.col("component") == name), name, words[name], at, labels, money)
        for name in parts["component"].unique(maintain_order=True)
    ]
    ranged = totals.filter(pl.col("low_amount").is_not_null() & pl.col("high_amount").is_not_null())
    if ranged.height:
        traces.append(_whiskers(ranged, words["range"], at, money))
    traces += more
    sums = parts.group_by("period_start").agg(
        high=pl.col("amount").clip(lower_bound=0).sum(), low=pl.col("amount").clip(upper_bound=0).sum()
    )
    marked = [value for trace in more for value in trace["y"]]
    high = max([float(sums["high"].max() or 0), *floats(ranged["high_amount"]), *marked, 1.0])
    low = min([float(sums["low"].min() or 0), *floats(ranged["low_amount"]), 0.0])
    return {
        "data": traces,
        "layout": layout(
            # The legend of a phone has a line for each.
            height=320 + 16 * len(traces),
            barmode="relative",
            bargap=0.3,
            showlegend=True,
            legend=LEGEND | {"traceorder": "normal"},
            xaxis=axis(
                tickvals=_some(list(at.values())), ticktext=_some(_years_once(list(labels.values()))), tickangle=0
            ),
            yaxis=axis(showgrid=True, zeroline=low < 0, range=[low * 1.1, high * 1.06], **ticks(low, high, money)),
        ),
    }


def marks(rows: list[tuple], name: str, symbol: str, colour: str, places: dict, texts: list[str]) -> dict:
    """Points over the bars: a target, or what was said before."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [places[period] for period, _ in rows],
        "y": [float(value) for _, value in rows],
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": symbol, "size": 26 if symbol == "line-ew" else 10, "color": colour}
        | {"line": {"color": colour, "width": 3 if symbol == "line-ew" else 2}},
    }


def chances(stages: pl.DataFrame, percent: Text, words: dict) -> dict:
    """Per stage two dots: how many of its like were won, and what is typed in.

    `stages` has key, name (with the number it rests on), learned and stated; whose method is not learned has only one.
    """
    turned = stages.reverse()
    names, keys = [shown(name) for name in turned["name"]], turned["key"].to_list()
    places = list(range(len(names)))
    gaps = [
        line(float(row["learned"]), float(row["stated"]), place, place)
        for place, row in enumerate(turned.iter_rows(named=True))
        if row["learned"] is not None and row["stated"] is not None
    ]
    traces = []
    for column, colour, symbol in (("learned", PROFIT, "circle"), ("stated", SERIES[1], "diamond-open")):
        values = floats(turned[column])
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": words[column],
                "x": values,
                "y": places,
                "customdata": keys,
                "text": [
                    f"{name}<br>{words[column]}: {percent(value)}" for name, value in zip(names, values, strict=True)
                ],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {"color": colour, "size": 13, "symbol": symbol, "line": {"color": colour, "width": 2}},
            }
        )
    # Over their dots, because beside them a phone would have no room for the dots.
    named = [note(name, 0, place, xanchor="left", yshift=18) for place, name in enumerate(names)]
    shares = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": [percent(value) for value in (0, 0.25, 0.5, 0.75, 1)]}
    return {
        "data": traces,
        "layout": layout(
            height=110 + 56 * len(names),
            showlegend=True,
            xaxis=axis(showgrid=True, range=[-0.03, 1.05], **shares),
            yaxis=axis(showticklabels=False, range=[-0.5, len(names) - 0.3]),
            shapes=gaps,
            annotations=named,
        ),
    }


def _part(rows: pl.DataFrame, name: str, label: str, at: dict, labels: dict, money: Text) -> dict:
    values = floats(rows["amount"])
    return {
        "type": "bar",
        "name": label,
        "x": [at[period] for period in rows["period_start"]],
        "y": values,
        "customdata": rows["key"].to_list(),
        "text": [
            f"{labels[period].replace('<br>', ' ')}<br>{label}: {money(value)}"
            for period, value in zip(rows["period_start"], values, strict=True)
        ],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": COLOURS.get(name, NEUTRAL)},
    }


def _whiskers(ranged: pl.DataFrame, label: str, at: dict, money: Text) -> dict:
    middle, low, high = (floats(ranged[name]) for name in ("amount", "low_amount", "high_amount"))
    ends = {"array": [b - a for a, b in zip(middle, high, strict=True)]}
    ends["arrayminus"] = [a - b for a, b in zip(middle, low, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label,
        "x": [at[period] for period in ranged["period_start"]],
        "y": middle,
        "text": [f"{money(m)}<br>{label}: {money(a)} – {money(b)}" for m, a, b in zip(middle, low, high, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": NEUTRAL, "size": 6},
        "error_y": {"type": "data", "symmetric": False, "color": NEUTRAL, "thickness": 2, "width": 6} | ends,
    }


def _some(values: list) -> list:
    """All of a few, else every third: a phone has no room for thirteen weeks."""
    return values if len(values) <= 9 else values[::3]


def _years_once(labels: list[str]) -> list[str]:
    """The line below a label, only where it changes."""
    below = [label.partition("<br>")[2] for label in labels]
    return [
        label.partition("<br>")[0] if at and below[at] == below[at - 1] else label for at, label in enumerate(labels)
    ]
