"""The way to another page, where the reader finds the same days and the same part of the firm."""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboards import words

VIEWS = Path(__file__).parent / "views"
CHOSEN = "onward"
# A page whose period is about another day has a name of its own for it.
PERIODS = {"funnel_to_cash": "started"}


def first_of(*names: str) -> str:
    """The page a reader is led to: the first of these that there is."""
    return next(name for name in names if (VIEWS / f"{name}.py").exists())


def same_view(name: str) -> list[tuple[str, str]]:
    """What the address of a page must say to show the days and filters chosen here; its defaults may be others."""
    found = [("lang", words.language())]
    for here, there in (("period", PERIODS.get(name, "period")), ("comparison", "comparison")):
        if here in st.session_state:
            found.append((there, words.text(f"{here}.{st.session_state[here]}")))
    chosen = [key for key in st.query_params if key == "dates" or key.startswith("only-")]
    return found + [(key, value) for key in chosen for value in st.query_params.get_all(key)]


def link(name: str) -> None:
    st.page_link(
        f"views/{name}.py",
        label=words.text(f"page.{name}"),
        icon=":material/arrow_forward:",
        query_params=same_view(name),
    )


def to_document(kind: str, key: str, customer: str | None) -> tuple[str, dict] | None:
    """The way to a document among all that is known of its customer; nobody's document has no such place."""
    return ("customer", {"customer": customer, "document": f"{kind}|{key}"}) if customer else None


def on_row(table: str, ways: list[tuple[str, dict] | None]):
    """Called when a row is chosen: the page that row is about is gone to by `follow`."""
    return partial(_choose, table, ways)


def follow() -> None:
    """A page can only be left while it is drawn, so that what was chosen waits until then."""
    way = st.session_state.pop(CHOSEN, None)
    if way is not None:
        name, parameters = way
        st.switch_page(f"views/{name}.py", query_params={"lang": words.language()} | parameters)


def _choose(table: str, ways: list[tuple[str, dict]]) -> None:
    rows = st.session_state[table]["selection"]["rows"]
    if rows and ways[rows[0]] is not None:
        st.session_state[CHOSEN] = ways[rows[0]]
