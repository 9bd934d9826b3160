"""The choice of language, beside every title, and the words of it that charts need to write dates and numbers."""

from functools import lru_cache

import streamlit as st
from babel.dates import get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

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


@lru_cache(maxsize=8)
def of_charts(language: str) -> dict:
    """A language for plotly, which has none but English built in; its week begins on Sunday, Babel's on Monday."""
    locale = words.LOCALES[language]

    def days(width: str) -> list[str]:
        named = get_day_names(width, "stand-alone", locale)
        return [named[day] for day in (6, 0, 1, 2, 3, 4, 5)]

    def months(width: str) -> list[str]:
        return list(get_month_names(width, "stand-alone", locale).values())

    written = {"decimal": get_decimal_symbol(locale), "thousands": get_group_symbol(locale), "date": "%d.%m.%Y"}
    names = {"days": days("wide"), "shortDays": days("abbreviated"), "months": months("wide")}
    form = written | names | {"shortMonths": months("abbreviated")}
    return {"locale": language, "locales": {language: {"dictionary": {}, "format": form}}}
