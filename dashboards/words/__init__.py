"""Every text a reader sees, by its code, in the language of the reader."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po

from dashboards.configuration import setting

# Dates and numbers are written the way the readers of a language write them.
LOCALES = {"pl": "pl_PL", "ru": "ru_RU", "en": "en_GB"}
FOLDER = Path(__file__).parent


CHOSEN = "language"
_speaking: ContextVar[str | None] = ContextVar("speaking", default=None)


def language() -> str:
    """What is spoken here, else what the reader chose, else what the browser asks for, else what the firm has set."""
    # Every text of a page asks, so that nothing is looked up that does not decide; a file is made where there is
    # neither a session nor a browser to ask.
    known = _speaking.get() or st.session_state.get(CHOSEN)
    if known in LOCALES:
        return known
    asked = ((st.context.locale or "").partition("-")[0], setting("LANG_DEFAULT"))
    return next((name for name in asked if name in LOCALES), "en")


def settle() -> None:
    """The language of this run: that of the address, or the reader's."""
    asked = st.query_params.get("lang")
    st.session_state[CHOSEN] = asked if asked in LOCALES else language()
    # Each run has a thread of its own, and asks some two thousand times.
    _speaking.set(st.session_state[CHOSEN])


def write_down() -> None:
    """The address always names the language: the words in it, and on the page behind it, are of that language.

    Not before the page is known: the browser would be told of the page before, and keep that as a step back.
    """
    if st.query_params.get("lang") != language():
        st.query_params["lang"] = language()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """The language of a mail or a file that is made where nobody reads a page."""
    before = _speaking.set(chosen)
    try:
        yield
    finally:
        _speaking.reset(before)


def locale() -> str:
    return LOCALES[language()]


@lru_cache(maxsize=8)
def catalogue(chosen: str):
    """The texts of a language and its rule for plurals; read as they are, without a compiled twin to forget.

    Each page has a file of its own beside what all of them share.
    """
    texts, plural = {}, None
    for path in sorted((FOLDER / chosen / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found = read_po(file)
        plural = found.plural_expr
        for message in found:
            if message.id:
                single = message.id if isinstance(message.id, str) else message.id[0]
                texts[single] = message.string
    return texts, gettext.c2py(plural)


def text(code: str, n: int | None = None, **parameters) -> str:
    """The text of a code. An unknown code is shown as it is, so that a new one in the data breaks no page."""
    texts, plural = catalogue(language())
    found = texts.get(code)
    if found is None:
        return code.rpartition(".")[2].replace("_", " ").capitalize()
    if not isinstance(found, str):
        found = found[plural(abs(n) if n is not None else 1)]
    return found.format(n=n, **parameters) if parameters or n is not None else found


def lowered(said: str) -> str:
    """A name in the middle of a sentence: its first letter small, unless it is one of an abbreviation."""
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def knows(code: str) -> bool:
    return code in catalogue(language())[0]


def languages() -> Iterator[dict]:
    """The texts of each language, the reader's first: the others are read from files only when they are needed."""
    for known in (language(), *(other for other in LOCALES if other != language())):
        yield catalogue(known)[0]
