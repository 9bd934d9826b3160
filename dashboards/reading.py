"""A page read by a program: opened as a reader would open it, with a reader's rights, and what it drew handed over.

For a process of its own. What opens a page here takes the place of Streamlit's server while it runs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs

from streamlit import runtime
from streamlit.testing.v1 import AppTest

from dashboards import access, drawn, generation, words
from dashboards.drawn import Drawn
from dashboards.pages import PAGES
from dashboards.warehouse import NotPublished

SECONDS = 120


class NotRead(Exception):
    """The page drew an error in place of its figures, or not the part that was asked for; the message says which."""


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
    shown = app.session_state[drawn.KEPT]
    _narrowed(shown, address or {})
    return shown


def _allowed(email: str | None) -> None:
    """Said before the page is drawn: nobody is signed in where no page runs."""
    if access.is_asked() and email is None:
        raise access.NotAllowed("")
    access.reader()


def _opened(name: str, address: dict) -> AppTest:
    app = AppTest.from_file(str(Path(__file__).with_name("app.py")), default_timeout=SECONDS)
    # Pages have names once the first run is over; a choice drawn in it would not follow the address any more.
    app.session_state[drawn.NAMES_ALONE] = True
    app.query_params["lang"] = address["lang"]
    app.run()
    app.session_state[drawn.NAMES_ALONE] = False
    app.switch_page(f"views/{name}.py")
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def _narrowed(shown: Drawn, address: Mapping) -> None:
    """A part of the firm that the page does not know is no reason to hand over the whole firm."""
    kept = parse_qs(shown.address.partition("?")[2])
    for name, asked in address.items():
        values = [asked] if isinstance(asked, str) else asked
        lost = [value for value in values if value not in kept.get(name, ())]
        if name.startswith("only-") and lost:
            raise NotRead(f"The page {shown.page} cannot be narrowed by {name}={', '.join(lost)}.")
