"""A part of a page that a click inside it draws again, and nothing else of the page."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from dashboards import generation, troubles


def drawn(function: Callable) -> Callable:
    """It stays with the generation its page was drawn from, whatever is published meanwhile."""

    @st.fragment
    def again(published: str | None, asked: tuple, more: dict) -> None:
        with generation.held(published), troubles.told():
            function(*asked, **more)

    @wraps(function)
    def first(*asked, **more) -> None:
        again(generation.current(), asked, more)

    return first
