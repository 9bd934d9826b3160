"""The choice of language, beside every title."""

import streamlit as st

from dashboards import words

SWITCH = "language-switch"


def draw() -> None:
    spoken = words.language()
    # A new address may have come with another language than the switch still shows.
    if st.session_state.get(SWITCH) != spoken:
        st.session_state[SWITCH] = spoken
    st.segmented_control(
        words.text("header.language"),
        tuple(words.LOCALES),
        required=True,
        format_func=str.upper,
        key=SWITCH,
        on_change=choose,
        label_visibility="collapsed",
        width="content",
    )


def choose() -> None:
    st.query_params["lang"] = st.session_state[SWITCH]
