"""A page as its reader gets it, without a browser: opened at an address, and what it says."""

from pathlib import Path

import polars as pl
from streamlit.testing.v1 import AppTest

from dashboards import drawn, drill, panels

ROOT = Path(__file__).parents[1]


def page(name: str, first: dict[str, str] | None = None, /, behind: str = "", **address: str) -> AppTest:
    """The page. `first` is in the address from the beginning: a language that comes later finds choices in another one.

    `behind` is the chart whose table is opened.
    """
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=60)
    for key, value in (first or {}).items():
        app.query_params[key] = value
    # Pages have names once a first run is over; nobody asked for the start page that it would draw.
    app.session_state[drawn.NAMES_ALONE] = not first
    app.run()
    app.session_state[drawn.NAMES_ALONE] = False
    app.switch_page(f"views/{name}.py")
    for key, value in address.items():
        app.query_params[key] = value
    if behind:
        app.session_state[drill.key(f"{panels.BEHIND}-{behind}")] = True
    return app.run()


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def said(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join(part.value for part in parts)


def table(app: AppTest, heading: str) -> pl.DataFrame:
    """The last table that has this column: the rows the page ends with."""
    return [pl.from_pandas(shown.value) for shown in app.dataframe if heading in shown.value.columns][-1]
