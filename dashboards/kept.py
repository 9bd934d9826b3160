"""What a reader chose stays while the pages change: the next page that offers the same choice takes it over."""

import streamlit as st
from streamlit.errors import StreamlitAPIException

CHOSEN = "kept"
PAGE = "kept-page"
# Choices that the page just come to has not drawn yet. Later runs of it follow its address alone.
WAITING = "kept-waiting"


def arrive(page: str) -> None:
    """Called once a run, before anything is drawn."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        st.session_state[WAITING] = set(chosen())


def chosen() -> dict[str, list[str]]:
    """What was chosen and is no page's default: the words of an address, by the name of the choice."""
    return st.session_state.setdefault(CHOSEN, {})


def take_over(offered: dict[str, str]) -> None:
    """Called before the choices of a page are drawn, with their names and what each is called in the address.

    What the address of the page says itself goes before what was chosen elsewhere. The address is written at once, and
    the run begins again, because widgets read it as it was when the run began.
    """
    waiting = st.session_state.get(WAITING, set())
    names = [name for name in offered if name in waiting]
    waiting.difference_update(offered)
    lacking = {offered[name]: chosen()[name] for name in names if offered[name] not in st.query_params}
    if not lacking:
        return
    written = {name: st.query_params.get_all(name) for name in st.query_params}
    try:
        st.query_params.from_dict(written | lacking)
    except StreamlitAPIException:
        # Drawn before in this run: the address alone counts then.
        return
    st.rerun()


def remember(name: str, said: list[str]) -> None:
    """Called with what the widget shows, in the words of an address; a default has none.

    What is not there may be so because the reader went back to an address without it: that gives nothing up.
    """
    if said:
        chosen()[name] = said


def give_up(name: str) -> None:
    """Called when the reader changes a choice: what it is from now on, `remember` is told."""
    chosen().pop(name, None)
