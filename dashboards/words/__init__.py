"""Every text a reader sees, by its code, in the language of the reader."""

import gettext
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from dashboards.configuration import setting

# Dates and numbers are written the way the readers of a language write them.
LOCALES = {"en": "en_GB"}


def language() -> str:
    chosen = setting("LANG_DEFAULT")
    return chosen if chosen in LOCALES else "en"


def locale() -> str:
    return LOCALES[language()]


@lru_cache(maxsize=8)
def catalogue(chosen: str):
    """The texts of a language and its rule for plurals; read as it is, without a compiled twin to forget."""
    path = Path(__file__).parent / chosen / "LC_MESSAGES" / "dashboards.po"
    with path.open("rb") as file:
        found = read_po(file)
    texts = {}
    for message in found:
        if message.id:
            single = message.id if isinstance(message.id, str) else message.id[0]
            texts[single] = message.string
    return texts, gettext.c2py(found.plural_expr)


def text(code: str, n: int | None = None, **parameters) -> str:
    """The text of a code. An unknown code is shown as it is, so that a new one in the data breaks no page."""
    texts, plural = catalogue(language())
    found = texts.get(code)
    if found is None:
        return code.rpartition(".")[2].replace("_", " ").capitalize()
    if not isinstance(found, str):
        found = found[plural(n if n is not None else 1)]
    return found.format(n=n, **parameters) if parameters or n is not None else found


def knows(code: str) -> bool:
    return code in catalogue(language())[0]
