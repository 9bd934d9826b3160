"""The way down: a click writes what was clicked into the address, and the page reads the address."""

from functools import partial

import streamlit as st

from dashboards import words

EPOCH = "drill-epoch"


def chosen(name: str) -> str | None:
    return st.query_params.get(name)


def choose(name: str, value) -> None:
    st.query_params[name] = str(value)


def key(name: str) -> str:
    """A widget's key that changes when the way down is left: a selection cannot be cleared in any other way."""
    return f"{name}-{st.session_state.get(EPOCH, 0)}"


def on_point(chart: str, name: str, part: int | None = None):
    """Called when a point is clicked. It acts on what the point carries: its number misleads once the data changed."""
    return partial(_point, chart, name, part)


def on_row(table: str, name: str, values: list):
    return partial(_row, table, name, values)


def open_customer(key: str) -> None:
    """The way from anything about a customer to all that is known of them."""
    label, address = words.text("customer.open"), {"customer": key}
    st.page_link("views/customer.py", label=label, query_params=address, icon=":material/person:", width="content")


def breadcrumb(whole: str, steps: dict[str, str], key: str = "drill-clear") -> None:
    """Where the reader is, and one way out. `steps` are the names in the address and what they say.

    A page with several ways down gives each way out a `key` of its own.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" › ".join([whole, *(f"**{escaped(text)}**" for text in steps.values())]), width="content")
        more = {"key": key, "on_click": clear, "args": (tuple(steps),), "icon": ":material/close:"}
        st.button(words.text("drill.clear"), **more)


def clear(names: tuple[str, ...]) -> None:
    for name in names:
        st.query_params.pop(name, None)
    st.session_state[EPOCH] = st.session_state.get(EPOCH, 0) + 1


def escaped(text: str) -> str:
    """A name from the data, with nothing in it that a page would read as markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>~$:" else sign for sign in text)


def _point(chart: str, name: str, part: int | None) -> None:
    points = st.session_state[chart]["selection"]["points"]
    if points and points[0].get("customdata") is not None:
        carried = points[0]["customdata"]
        if isinstance(carried, list):
            carried = carried[part or 0]
        choose(name, carried)


def _row(table: str, name: str, values: list) -> None:
    chosen_rows = st.session_state[table]["selection"]["rows"]
    if chosen_rows:
        choose(name, values[chosen_rows[0]])
