"""What a page shows, kept while it is drawn: a file or a mail made of it says the same, word by word.

Nothing here asks the warehouse for a figure: what is kept went through the page, and so through its reader's rights.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboards import formats, tables, words

KEPT = "drawn"
# Set by a program that wants to know which pages there are, and none of them drawn.
NAMES_ALONE = "names-alone"
# What a page of paper has room for; the whole is on the page and in its files.
ROWS = 10


@dataclass(frozen=True)
class DrawnTile:
    """One figure: as text, and as the number it was made of in `unit` (money, percent as a share of 1, days, number).

    `measure` is its code, where it is one of the marts' measures; `reason` says why there is no value.
    """

    measure: str | None
    label: str
    value: str
    raw: object
    unit: str
    change: str | None = None
    note: str | None = None
    reason: str | None = None
    definition: str = ""


@dataclass(frozen=True)
class DrawnPanel:
    """One finding in plain words, and the figure for plotly, as a dict, that shows it; None where words are all."""

    code: str
    heading: str
    sentence: str
    figure: dict | None


@dataclass(frozen=True)
class DrawnTable:
    """The first rows as texts, under their headings; a text that begins with http is a link. `total` counts them all.

    `names` are the columns' names in the warehouse, in the order of the headings.
    """

    code: str
    heading: str
    columns: list[str]
    rows: list[list[str]]
    total: int
    names: list[str]


@dataclass
class Drawn:
    """A page as it was drawn last. `address` opens it again, below that of the `site`, which a browser alone knows."""

    page: str
    title: str
    question: str
    language: str
    stamp: str = ""
    period: str = ""
    filters: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    tiles: list[DrawnTile] = field(default_factory=list)
    panels: list[DrawnPanel] = field(default_factory=list)
    tables: list[DrawnTable] = field(default_factory=list)
    address: str = ""
    site: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.tiles or self.panels or self.tables)


def begin(page: str) -> Drawn:
    """A run of the whole page begins: what the one before drew is forgotten."""
    title, question = words.text(f"page.{page}"), words.text(f"page.{page}.question")
    st.session_state[KEPT] = Drawn(page, title, question, words.language())
    return st.session_state[KEPT]


def current() -> Drawn:
    """The page being drawn; one that nobody keeps where no page has begun."""
    return st.session_state.get(KEPT) or Drawn("", "", "", words.language())


def stamped(text: str) -> None:
    current().stamp = plain(text)


def viewed(period: str, filters: list[str]) -> None:
    """The days and the part of the firm that the figures below are of."""
    current().period, current().filters = plain(period), filters


def noticed(text: str) -> None:
    """What a page says in place of figures."""
    current().notices.append(plain(text))


def tile(found: DrawnTile) -> None:
    _kept(current().tiles, found, "label")


def panel(code: str, sentence: str, figure: dict | None = None, heading: str | None = None) -> None:
    said = words.text(f"chart.{code}") if heading is None else heading
    _kept(current().panels, DrawnPanel(code, plain(said), plain(sentence), figure), "code")


def table(code: str, frame: pl.DataFrame, columns: list[str], total: int) -> None:
    names = [name for name in columns if name in frame.columns]
    first = tables.opened(frame.head(ROWS)[names])
    rows = [[_cell(name, value) for name, value in zip(names, row, strict=True)] for row in first.iter_rows()]
    known = (words.text(at) for at in (f"section.{code}", f"chart.{code}") if words.knows(at))
    found = DrawnTable(code, next(known, ""), [tables.heading(name) for name in names], rows, total, names)
    _kept(current().tables, found, "code")


def located(path: str) -> None:
    """Where the page is found again with all that was chosen; known once it is drawn."""
    chosen = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    current().address = f"{path}?{urlencode(chosen)}" if chosen else path
    current().site = (st.context.url or "").partition("?")[0].removesuffix(path)


def plain(text: str) -> str:
    """A sentence without the signs that make parts of it bold, and without those that keep a name from being markup."""
    return text.replace("*", "").replace("\\", "")


def _cell(name: str, value) -> str:
    return formats.NONE if value is None else tables.said(name, value)


def _kept(shown: list, found, by: str) -> None:
    """What is drawn again takes its own place."""
    for at, earlier in enumerate(shown):
        if getattr(earlier, by) == getattr(found, by):
            shown[at] = found
            return
    shown.append(found)
