"""The choice of currency: those that have a rate of the day of the data. The address names the chosen one."""

import streamlit as st

from dashboards import facts, generation, kept, money, warehouse, words
from dashboards.money import Rate
from dashboards.warehouse import Filter

KEY = "currency"
SWITCH = "currency-switch"


def offered() -> dict[str, Rate]:
    """The rates to the reporting currency that hold on the day of the data."""
    if generation.current() is None:
        return {}
    until = [Filter("priced_date", "<=", facts.as_of())]
    last = warehouse.latest("reporting_rates", "currency_code", "priced_date", until)
    return {
        row["currency_code"]: Rate(
            row["currency_code"], row["exchange_rate"], row["exchange_rate_source"], row["exchange_rate_date"]
        )
        for row in last.iter_rows(named=True)
        if row["exchange_rate"] and row["currency_code"] != facts.reporting_currency()
    }


def settle() -> None:
    """Money is shown in the currency that the address names; one that nobody has a rate for is taken out of it."""
    kept.take_over({KEY: KEY})
    asked, known = st.query_params.get(KEY), offered()
    money.settle(known.get(asked))
    if asked is not None and asked not in known:
        del st.query_params[KEY]
    kept.remember(KEY, [asked] if asked in known else [])


def draw() -> None:
    known = offered()
    if not known:
        return
    shown = facts.currency()
    # A new address may have come with another currency than the switch still shows.
    if st.session_state.get(SWITCH) != shown:
        st.session_state[SWITCH] = shown
    st.selectbox(
        words.text("header.currency"),
        (facts.reporting_currency(), *known),
        key=SWITCH,
        on_change=choose,
        label_visibility="collapsed",
        width=92,
    )


def choose() -> None:
    """The reporting currency goes without saying."""
    kept.give_up(KEY)
    if st.session_state[SWITCH] == facts.reporting_currency():
        st.query_params.pop(KEY, None)
    else:
        st.query_params[KEY] = st.session_state[SWITCH]
