"""Questions analysts ask again and again: a file of SQL each, its first line the question in words."""

from functools import lru_cache
from pathlib import Path

import polars as pl

from dashboards import warehouse

FOLDER = Path(__file__).parent


class UnknownQuestion(Exception):
    """There is no file of that name; the message says which there are."""


@lru_cache(maxsize=1)
def known() -> dict[str, str]:
    """Each question in words, by the name of its file."""
    return {path.stem: path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("-- ") for path in _files()}


def answer(name: str) -> pl.DataFrame:
    """The rows of a question, as the published warehouse has them now."""
    if name not in known():
        raise UnknownQuestion(f"No question is called {name!r}. There are: {', '.join(known())}.")
    return warehouse.query((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.sql"))
