"""The look of every figure, on a page, in a mail and in a file alike."""

PROFIT = "#0072B2"
LOSS = "#D55E00"
NEUTRAL = "#8A949E"
FADED = "#C5CACF"
# Told from PROFIT on a light page and on a dark one.
PALE = "rgba(86, 170, 220, 0.6)"
GRID = "rgba(128, 138, 148, 0.22)"
FAINT = 0.6
# Okabe-Ito, the order in which the series of a chart take their colours; at most six, the rest is "other".
SERIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
# Young to old: calm until it hurts.
AGES = ("#BFD9EA", "#8FBEDC", "#4F9AC8", "#E69F00", "#D55E00")

AXIS = {
    "showgrid": False,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "automargin": True,
    "gridcolor": GRID,
    "zerolinecolor": "rgba(128, 138, 148, 0.6)",
    "title": {"standoff": 10, "font": {"size": 12}},
}

# Above the plot: below it, a narrow screen would lay it over the title of the axis.
LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}}

# Given in full, because importing Streamlit replaces plotly's own default by placeholders.
TEMPLATE = {
    "layout": {
        "font": {"family": '"Source Sans", "Source Sans Pro", sans-serif', "size": 13, "color": "#5B6570"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(SERIES),
        "xaxis": AXIS,
        "yaxis": AXIS,
        "hoverlabel": {"align": "left"},
        "hovermode": "closest",
    }
}


def layout(height: int = 340, **more) -> dict:
    """What all figures have in common; transparent, so that it suits a light page and a dark one."""
    shared = {
        "template": TEMPLATE,
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "showlegend": False,
        "legend": LEGEND,
        "clickmode": "event+select",
        "dragmode": False,
        "bargap": 0.35,
    }
    return shared | more


def axis(title: str = "", **more) -> dict:
    return {"title": {"text": title}, "fixedrange": True} | more


def ticks(low: float, high: float, text, about: int = 5) -> dict:
    """Round ticks with texts of our own: plotly writes G for billions and knows no language."""
    span = high - low
    if span <= 0:
        return {}
    rough = span / about
    size = 10 ** len(str(int(rough))) / 10 if rough >= 1 else 10 ** -len(str(int(1 / rough)))
    step = next(step * size for step in (1, 2, 2.5, 5, 10, 20) if step * size >= rough)
    first = int(low // step)
    values = [index * step for index in range(first, int(high // step) + 2)]
    return {"tickvals": values, "ticktext": [text(value) for value in values]}


def line(x0, x1, y0, y1, **more) -> dict:
    """A thin dashed line across a figure."""
    dashed = {"color": NEUTRAL, "width": 1, "dash": "dash"}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": dashed} | more


def note(text: str, x, y, **more) -> dict:
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 12}} | more
