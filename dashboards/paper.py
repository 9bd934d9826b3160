"""A page as one document that needs nothing else: for paper, for a picture, for a mail. It says what the page said."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path

from dashboards import drawn, formats, pictures, printing, words
from dashboards.drawn import Drawn, DrawnPanel, DrawnTable, DrawnTile

STYLE = Path(__file__).with_name("paper.css")
# Nothing in the document is run and nothing fetched, whatever a name in the data holds.
LOCKED = (
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
# By how many stand beside each other: drawn a little larger than they are shown.
WIDTHS = {1: 1200, 2: 640, 3: 420}
HEIGHT = 340
ALONE, PAIRED, SMALL = 1, 2, 3
# More columns than these cannot be read on paper.
COLUMNS = 10
# What numbers are written with, in every language of the pages.
NUMERIC = set("0123456789.,%+-−–  \u00a0\u202f")


def pdf(shown: Drawn) -> bytes:
    """The page on A4, landscape. Raises pictures.Unavailable where there is no browser to print it."""
    return printing.pdf(_document(shown))


def png(shown: Drawn) -> bytes:
    """The page as one long picture. Raises pictures.Unavailable where there is no browser to draw it."""
    return printing.png(_document(shown).replace(LOCKED, ""))


def pictured(shown: Drawn) -> dict[str, bytes]:
    """The pictures of all findings, by their codes. Raises pictures.Unavailable."""
    drawable = [(panel, row) for row in _rows(shown.panels) for panel in row if panel.figure is not None]
    wanted = [pictures.Wanted(panel.figure, WIDTHS[len(row)], _height(panel)) for panel, row in drawable]
    made = pictures.pngs(wanted, shown.language)
    return {panel.code: picture for (panel, _), picture in zip(drawable, made, strict=True)}


def html(shown: Drawn, pictured: Mapping[str, bytes]) -> str:
    """The whole document. `pictured` are PNGs by the codes of their findings; a finding without one stands in words."""
    with words.speaking(shown.language):
        lacking = any(panel.figure is not None and panel.code not in pictured for panel in shown.panels)
        parts = [
            *_head(shown),
            *(f'<p class="notice">{escape(text)}</p>' for text in shown.notices),
            *([f'<p class="notice">{escape(words.text("paper.no_pictures"))}</p>'] if lacking else []),
            f'<div class="tiles">{"".join(map(_tile, shown.tiles))}</div>' if shown.tiles else "",
            *_panels(shown.panels, pictured),
            *map(_table, shown.tables),
            *_meanings(shown.tiles),
            _address(shown),
        ]
    head = f'<meta charset="utf-8">{LOCKED}<title>{escape(shown.title)}</title><style>{STYLE.read_text()}</style>'
    return f'<!doctype html><html lang="{shown.language}"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _document(shown: Drawn) -> str:
    """With pictures where they can be had; without them the findings are still said."""
    try:
        made = pictured(shown)
    except pictures.Unavailable:
        made = {}
    return html(shown, made)


def _height(panel: DrawnPanel) -> int:
    return int(panel.figure.get("layout", {}).get("height") or HEIGHT)


def _head(shown: Drawn) -> list[str]:
    said = [shown.stamp, shown.period]
    if shown.filters:
        said.append(words.text("paper.filters", filters=" · ".join(shown.filters)))
    lines = "".join(f'<p class="quiet">{escape(text)}</p>' for text in said if text)
    return [f"<h1>{escape(shown.question)}</h1>", f"<p>{escape(shown.title)}</p>", lines]


def _tile(tile: DrawnTile) -> str:
    label = f'<div class="quiet">{escape(tile.label)}</div>'
    if tile.reason is not None:
        text = drawn.plain(words.text("tile.not_available", reason=tile.reason))
        return f'<div class="tile">{label}<div>{escape(text)}</div></div>'
    change = f'<div class="change">{escape(_signed(tile.change))}</div>' if tile.change else ""
    note = f'<div class="quiet">{escape(tile.note)}</div>' if tile.note else ""
    return f'<div class="tile">{label}<div class="value">{escape(tile.value)}</div>{change}{note}</div>'


def _signed(change: str) -> str:
    """Which way a figure went, by shape: on paper and to many eyes a colour says nothing."""
    return {"+": "▲ ", "-": "▼ "}.get(change[0], "") + change


def _panels(panels: list[DrawnPanel], pictured: Mapping[str, bytes]) -> list[str]:
    cards = ("".join(_panel(panel, pictured.get(panel.code)) for panel in row) for row in _rows(panels))
    return [f'<div class="beside">{row}</div>' for row in cards]


def _rows(panels: list[DrawnPanel]) -> list[list[DrawnPanel]]:
    """Charts two beside each other, small ones three; words alone come after the pair that they would part."""
    rows: list[list[DrawnPanel]] = []
    parting: list[list[DrawnPanel]] = []
    for panel in panels:
        kind, last = _kind(panel), rows[-1] if rows else []
        has_room = bool(last) and len(last) < _kind(last[0])
        if has_room and kind == _kind(last[0]):
            last.append(panel)
            rows, parting = [*rows, *parting], []
        elif has_room and kind == ALONE:
            parting.append([panel])
        else:
            rows, parting = [*rows, *parting, [panel]], []
    return [*rows, *parting]


def _kind(panel: DrawnPanel) -> int:
    """How many of its kind stand beside each other."""
    if panel.figure is None:
        return ALONE
    return PAIRED if panel.sentence else SMALL


def _panel(panel: DrawnPanel, picture: bytes | None) -> str:
    said = f"<h3>{escape(panel.heading)}</h3><p>{escape(panel.sentence)}</p>"
    if picture is not None:
        source = f"data:image/png;base64,{b64encode(picture).decode()}"
        said += f'<img src="{source}" alt="{escape(panel.sentence or panel.heading)}">'
    return f'<div class="panel">{said}</div>'


def _table(table: DrawnTable) -> str:
    columns, shown = table.columns[:COLUMNS], [row[:COLUMNS] for row in table.rows]
    kinds = [' class="number"' if _are_numbers(column) else "" for column in zip(*shown, strict=True)]
    headings = "".join(f"<th{kind}>{escape(text)}</th>" for kind, text in zip(kinds, columns, strict=True))
    rows = "".join(f"<tr>{''.join(map(_cell, kinds, row))}</tr>" for row in shown)
    n = {"shown": formats.number(len(shown)), "total": formats.number(table.total)}
    text = words.text("paper.rows", n=table.total, **n)
    if len(columns) < len(table.columns):
        text += " · " + words.text("paper.columns", n=len(table.columns), shown=len(columns))
    said = f'<p class="quiet">{escape(text)}</p>'
    body = f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section><h2>{escape(table.heading)}</h2>{said}{body}</section>"


def _are_numbers(texts: tuple[str, ...]) -> bool:
    return all(set(text) <= NUMERIC for text in texts) and any(text != formats.NONE for text in texts)


def _cell(kind: str, text: str) -> str:
    if text.startswith(("http://", "https://")):
        return f'<td><a href="{escape(text)}">{escape(words.text("table.open"))}</a></td>'
    return f"<td{kind}>{escape(text)}</td>"


def _meanings(tiles: list[DrawnTile]) -> list[str]:
    known = [tile for tile in tiles if tile.definition]
    said = [f'<div class="meaning"><b>{escape(tile.label)}</b>{_meaning(tile.definition)}</div>' for tile in known]
    heading = f"<h2>{escape(words.text('paper.definitions'))}</h2>"
    return [heading, f'<div class="meanings">{"".join(said)}</div>'] if said else []


def _meaning(definition: str) -> str:
    """What a reader of the page gets beside the figure: paragraphs, and between backticks the formula."""
    parts = [part.strip() for part in definition.split("\n\n") if part.strip()]
    return "".join(
        f"<div><code>{escape(part.strip('`'))}</code></div>"
        if part.startswith("`")
        else f"<div>{escape(drawn.plain(part))}</div>"
        for part in parts
    )


def _address(shown: Drawn) -> str:
    whole = f"{shown.site or '/'}{shown.address}"
    said = f'<a href="{escape(whole)}">{escape(whole)}</a>' if shown.site else escape(whole)
    return f'<p class="quiet">{escape(words.text("paper.address"))} {said}</p>'
