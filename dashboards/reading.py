"""A page read by a program: opened as a reader would open it, with a reader's rights, and what it drew handed over.

For a process of its own. What opens a page here takes the place of Streamlit's server while it runs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from streamlit import runtime
from streamlit.testing.v1 import AppTest

from dashboards import access, drawn, generation, words
from dashboards.drawn import Drawn
from dashboards.pages import PAGES
from dashboards.warehouse import NotPublished

SECONDS = 120


class NotRead(Exception):
    """The page drew an error in place of its figures; the message is what it said."""


class UnknownPage(ValueError):
    """There is no such page; the message names those that there are."""


def page(
    name: str, address: Mapping[str, str | Sequence[str]] | None = None, language: str = "en", as_: str | None = None
) -> Drawn:
    """What a page draws at an address, for somebody.

    `address` are the choices as the page's own address names them; a choice of several takes a sequence. `as_` is whom
    `access.csv` names; without it, and with readers who sign in, nothing may be read.
    Raises UnknownPage, warehouse.NotPublished, access.NotAllowed, access.WrongAccess and NotRead.
    """
    if runtime.exists():
        raise RuntimeError("A page is read in a process of its own, not in the one that serves pages.")
    if name not in PAGES:
        raise UnknownPage(f"There is no page {name!r}; there are: {', '.join(PAGES)}.")
    if generation.current() is None:
        raise NotPublished
    # Between runs the choices are said here, outside the page: in the same language.
    with access.acting(as_), words.speaking(language):
        _allowed(as_)
        app = _opened(name, {"lang": language} | dict(address or {}))
    if app.exception or app.error:
        raise NotRead(app.error[0].value if app.error else app.exception[0].message)
    return app.session_state[drawn.KEPT]


def _allowed(email: str | None) -> None:
    """Said before the page is drawn: nobody is signed in where no page runs."""
    if access.is_asked() and email is None:
        raise access.NotAllowed("")
    access.reader()


def _opened(name: str, address: dict) -> AppTest:
    app = AppTest.from_file(str(Path(__file__).with_name("app.py")), default_timeout=SECONDS)
    app.query_params["lang"] = address["lang"]
    # Pages have names once the first one has been drawn.
    app.run()
    app.switch_page(f"views/{name}.py")
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()
