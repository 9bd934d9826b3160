"""A page left open moves on to what was published meanwhile, without a click."""

import streamlit as st

from dashboards import generation

# Seconds between two looks at the pointer; nothing else is read.
EVERY = 20


@st.fragment(run_every=EVERY)
def draw(shown: str | None) -> None:
    """`shown` is the generation the page was drawn from. While it is drawn that one is held, so that it is no news."""
    if generation.current() != shown:
        st.rerun()
