"""What a reader chose stays while the pages change: the next page that offers the same choice takes it over."""

import streamlit as st

CHOSEN = "kept"
PAGE = "kept-page"
# Choices that the page just come to has not drawn yet. Later runs of it follow its address alone.
WAITING = "kept-waiting"


def arrive(page: str) -> None:
    """Called once a run, before anything is drawn."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        st.session_state[WAITING] = set(chosen())


def chosen() -> dict[str, object]:
    """What was chosen and is no page's default, by the name of the choice."""
    return st.session_state.setdefault(CHOSEN, {})


def hand_over(name: str, key: str, options=None) -> None:
    """Called before the widget of a choice is drawn. What its address says goes before what was chosen elsewhere."""
    waiting = st.session_state.get(WAITING, set())
    if name not in waiting:
        return
    waiting.discard(name)
    value = chosen().get(name)
    if isinstance(value, list):
        value = [each for each in value if options is None or each in options]
    if (
        key not in st.query_params
        and value
        and (isinstance(value, list | tuple) or options is None or value in options)
    ):
        st.session_state[key] = value


def remember(name: str, value, default=None) -> None:
    """Called with what the widget shows."""
    if not value or value == default:
        chosen().pop(name, None)
    else:
        chosen()[name] = value


def hand_over_address(name: str) -> None:
    """The same for a choice that has no widget bound to the address: the address is given what was chosen."""
    waiting = st.session_state.get(WAITING, set())
    if name in waiting:
        waiting.discard(name)
        if name not in st.query_params and name in chosen():
            st.query_params[name] = chosen()[name]
