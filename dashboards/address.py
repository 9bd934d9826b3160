"""The address in any language: what it says in words is understood whoever wrote it, and said in the reader's words."""

from collections.abc import Iterable

import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboards import words

DRAWN_IN = "drawn-in"
AGAIN = "address-again"


def settle(key: str, name: str, codes: Iterable[str]) -> None:
    """Called before a choice is drawn whose words are in the address under `key`.

    Streamlit knows only the words it draws now. A link may hold those of another language or a plain code, and after
    a change of language so do the browser and the address of a page already open.
    """
    spoken, drawn = words.language(), st.session_state.setdefault(DRAWN_IN, {})
    if drawn.get(key, spoken) != spoken and key in st.session_state:
        # What is set by hand is sent to the browser and written into the address; what it kept itself is neither.
        st.session_state[key] = st.session_state[key]
    else:
        written = st.query_params.get(key)
        code = None if written is None else meant(written, name, codes)
        if code is not None and written != words.text(f"{name}.{code}"):
            _corrected(key, written, words.text(f"{name}.{code}"), code)
    drawn[key] = spoken


def _corrected(key: str, written: str, said: str, code: str) -> None:
    """A widget reads the address as it was when the run began, so the run begins again."""
    try:
        st.query_params[key] = said
    except StreamlitAPIException:
        # Drawn before: the reader went back to an address from before the language changed. In the run that goes
        # back nothing but the address counts; in the one after it, what is set by hand does.
        if st.session_state.pop(AGAIN, None) == (key, written):
            st.session_state[key] = code
            return
        st.session_state[AGAIN] = (key, written)
    st.rerun()


def meant(written: str, name: str, codes: Iterable[str]) -> str | None:
    """The code behind a label of any language, or behind itself."""
    label, codes = written.strip(), list(codes)
    plain = label.lower().replace(" ", "_")
    if plain in codes:
        return plain
    labelled = (code for texts in words.languages() for code in codes if texts.get(f"{name}.{code}") == label)
    return next(labelled, None)
