"""What a page shows when it cannot show its figures: what is missing, why, and what to do. Never 0, never 100 %."""

import logging
import secrets

import streamlit as st

from dashboards import drawn, drill, facts, kept, stamp, words


def not_published() -> None:
    st.info(words.text("state.not_published"), icon=":material/inventory_2:")
    st.code("make refresh", language="sh")


def not_connected(question: str, entities: list[str]) -> None:
    """The page needs what no source delivers; it names the missing things and the way to get them."""
    text = words.text("state.not_connected", n=len(entities), question=question, missing=named(entities))
    drawn.noticed(text)
    st.info(text, icon=":material/power_off:")
    if facts.reasons(entities):
        st.caption(words.text("state.chart_not_available", because=because(entities)))
    st.markdown(words.text("state.how_to_connect"))
    st.code('SOURCES="salesforce business_central" make refresh', language="sh")
    if st.toggle(words.text("state.demo"), key="demo"):
        st.markdown(words.text("state.demo_how"))
        st.code("SOURCES= COMPANY=parts make refresh", language="sh")


def empty(period: str, filters: list[str]) -> None:
    code = "state.empty_filtered" if filters else "state.empty"
    text = words.text(code, period=period, filters=drill.escaped(", ".join(filters)))
    drawn.noticed(text)
    st.info(text, icon=":material/filter_alt_off:")
    st.button(words.text("state.widen"), on_click=widen, key="widen")


def widen() -> None:
    """All time, nothing filtered: bound widgets follow the session, and the address follows them."""
    for name in [name for name in st.session_state if str(name).startswith("only-")]:
        st.session_state[name] = []
        kept.give_up(name)
    kept.give_up("period")
    for name in ("period", "started"):
        if name in st.session_state:
            st.session_state[name] = "all"


def no_access(email: str) -> None:
    """Nobody signed in, or somebody of whom nothing says what they may see: it says whom to ask."""
    if not email:
        st.info(words.text("state.sign_in"), icon=":material/login:")
        st.button(words.text("state.sign_in_button"), on_click=st.login, type="primary", key="sign-in")
        return
    st.warning(words.text("state.no_access", email=drill.escaped(email)), icon=":material/lock:")
    st.button(words.text("state.sign_out_button"), on_click=st.logout, key="sign-out")


def wrong_access(reason: str) -> None:
    """Rights that cannot be read give nobody anything."""
    st.error(words.text("state.wrong_access", reason=drill.escaped(reason)), icon=":material/lock:")


def too_much(error: Exception) -> None:
    """A question that a limit of time or memory stopped."""
    logging.getLogger(__name__).warning("stopped by a limit", exc_info=error)
    st.warning(words.text("state.too_much"), icon=":material/hourglass_bottom:")


def failed(error: Exception) -> None:
    """A plain sentence and a number under which the log has the rest."""
    reference = secrets.token_hex(4)
    logging.getLogger(__name__).error("reference %s", reference, exc_info=error)
    st.error(words.text("state.failed", reference=reference), icon=":material/error:")


def loading(height: int = 480):
    """The place of what is still computed, about as high as it will be, so that nothing jumps."""
    return st.skeleton(height=height)


def too_few(n: int) -> None:
    st.caption(words.text("state.too_few", n=n))


def because(entities: list[str]) -> str:
    """Why a figure is not available: what a source does not let us read, and what nobody could deliver."""
    known = facts.reasons(entities)
    if not known:
        return words.text("state.because", missing=named(entities))
    said = [
        words.text(f"because.{reason}", source=drill.escaped(stamp.source(source)), missing=named(those))
        for (reason, source), those in known.items()
    ]
    rest = [entity for entity in entities if not any(entity in those for those in known.values())]
    said += [words.text("because.nobody", missing=named(rest))] if rest else []
    return words.text("state.because_of", reasons="; ".join(said))


def named(entities: list[str]) -> str:
    return ", ".join(words.text(f"entity.{entity}") for entity in entities)
