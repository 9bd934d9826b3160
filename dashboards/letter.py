"""A page as a mail: HTML for those who see it, the same in plain text, and the pictures. Every value is escaped."""

from html import escape
from urllib.parse import urljoin

from dashboards import pictures, words
from dashboards.configuration import setting
from dashboards.drawn import Drawn, DrawnPanel, DrawnTable, DrawnTile
from dashboards.pictures import Wanted
from dashboards.sending import Message, Picture

CHARTS = 3
ROWS = 10
# A telephone shows it at three quarters, a screen a little larger than drawn.
WIDTH, HEIGHT = 480, 320
INK, QUIET, LINE, LINK = "#1F2933", "#5F6B76", "#D9DEE3", "#0A5C8F"
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
BUTTON = (
    f"display:inline-block;background:{LINK};color:#ffffff;padding:10px 18px;border-radius:4px;text-decoration:none"
)
LINKS = {"crm_source_url": "CRM", "erp_source_url": "ERP"}
ATTENTION = "attention"


class Nothing(Exception):
    """The page has no figures to send; the message is what it says instead."""


def made(shown: list[Drawn], recipient: str, language: str, occasion: str) -> Message:
    """`shown` is the page of the mail, then those that complete its pictures and its rows."""
    page = shown[0]
    if not page.tiles:
        raise Nothing(" ".join(page.notices) or f"the page {page.page} has no figures")
    panels = chosen(shown)
    waiting = next((_waiting(drawn) for drawn in shown if drawn.page == "overview"), None)
    with words.speaking(language):
        drawn = _pictures(panels, language)
        parts = (page, panels, waiting, recipient)
        html, text = _html(*parts, [picture.name for picture in drawn]), _text(*parts, bool(drawn))
        subject = words.text("mail.digest.subject", title=page.title, period=page.period)
    return Message(recipient, subject, text, occasion, html, tuple(drawn))


def chosen(shown: list[Drawn]) -> list[DrawnPanel]:
    """The first findings of the page that words and a picture say, completed by the first one of each other page.

    Pictures without words of their own come last: a heading says less.
    """
    said = [[panel for panel in drawn.panels if panel.figure and panel.sentence] for drawn in shown]
    found = [*said[0], *(panel for of_other in said[1:] for panel in of_other[:1])]
    found += [panel for panel in shown[0].panels if panel.figure and not panel.sentence]
    return found[:CHARTS]


def link(drawn: Drawn) -> str:
    """Where the page is found with all that was chosen."""
    return urljoin(setting("DASHBOARD_URL").rstrip("/") + "/", drawn.address)


def _pictures(panels: list[DrawnPanel], language: str) -> list[Picture]:
    try:
        made = pictures.pngs([Wanted(panel.figure, WIDTH, HEIGHT) for panel in panels], language)
    except pictures.Unavailable:
        return []
    return [Picture(panel.code, png) for panel, png in zip(panels, made, strict=True)]


def _waiting(overview: Drawn) -> DrawnTable:
    """What needs attention; a page on which nothing does draws no rows."""
    nothing = DrawnTable(ATTENTION, "", [], [], 0, [])
    return next((table for table in overview.tables if table.code == ATTENTION), nothing)


def _lead(page: Drawn) -> str:
    return next((panel.sentence for panel in page.panels if panel.sentence), page.question)


def _text(page: Drawn, panels: list[DrawnPanel], table: DrawnTable | None, recipient: str, is_pictured: bool) -> str:
    parts = [page.title, page.question, "", page.period, *page.filters, "", _lead(page), ""]
    parts += [f"- {tile.label}: {_said(tile)}" for tile in page.tiles]
    parts += ["", f"{words.text('mail.digest.see')}: {link(page)}", ""]
    if not is_pictured:
        parts += [words.text("mail.digest.unpictured"), ""]
    parts += [line for panel in panels if panel.sentence for line in (panel.heading, panel.sentence, "")]
    if table is not None:
        parts += [words.text("section.attention"), *_attention_text(table), ""]
    return "\n".join([*parts, page.stamp, "", words.text("mail.digest.why", email=recipient)]) + "\n"


def _said(tile: DrawnTile) -> str:
    """A figure in one line; or why there is none."""
    if tile.reason is not None:
        return words.text("tile.not_available", reason=tile.reason)
    more = ", ".join(part for part in (tile.change, tile.note) if part)
    return f"{tile.value} ({more})" if more else tile.value


def _attention_text(table: DrawnTable) -> list[str]:
    if not table.rows:
        return [words.text("mail.digest.none")]
    lines = [words.text("mail.digest.more", n=len(table.rows[:ROWS]), total=table.total)]
    for row in table.rows[:ROWS]:
        cells = dict(zip(table.names, row, strict=True))
        known = [value for name, value in cells.items() if name not in LINKS]
        addresses = [value for name, value in cells.items() if name in LINKS and value.startswith("http")]
        lines.append("- " + " | ".join([*known, *addresses]))
    return lines


def _html(page: Drawn, panels, table: DrawnTable | None, recipient: str, pictured: list[str]) -> str:
    body = [
        f'<p style="margin:0;color:{QUIET};font-size:14px">{escape(page.question)}</p>',
        f'<h1 style="margin:4px 0 0;font-size:22px">{escape(page.title)}</h1>',
        f'<p style="margin:2px 0 12px;color:{QUIET};font-size:14px">'
        f"{'<br>'.join(escape(line) for line in (page.period, *page.filters))}</p>",
        f'<p style="margin:0 0 14px;font-size:17px;line-height:1.4"><b>{escape(_lead(page))}</b></p>',
        _tiles(page.tiles),
        f'<p style="margin:14px 0 22px"><a href="{escape(link(page))}" style="{BUTTON}">'
        f"{escape(words.text('mail.digest.see'))}</a></p>",
    ]
    if not pictured:
        body.append(f"<p>{escape(words.text('mail.digest.unpictured'))}</p>")
    body += [_panel(panel, page, panel.code in pictured) for panel in panels]
    if table is not None:
        body += [_heading(words.text("section.attention")), _attention(table)]
    ending = (page.stamp, words.text("mail.digest.why", email=recipient))
    body += [f'<p style="margin:14px 0 0;color:{QUIET};font-size:12px">{escape(text)}</p>' for text in ending]
    return (
        f'<!doctype html><html lang="{words.language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">'
        f'<title>{escape(page.title)}</title></head><body style="margin:0;background:#ffffff;color:{INK};{FONT}">'
        f'<div style="max-width:600px;margin:0 auto;padding:16px">{"".join(body)}</div></body></html>'
    )


def _tiles(tiles: list[DrawnTile]) -> str:
    """Two beside each other: a telephone has room for no more, and mail programs know tables best."""
    cells = [_tile(tile) for tile in tiles]
    cells += [""] * (len(cells) % 2)
    rows = (
        "".join(f'<td style="width:50%;padding:8px 10px;border:1px solid {LINE};vertical-align:top">{cell}</td>'
                for cell in cells[at : at + 2])
        for at in range(0, len(cells), 2)
    )  # fmt: skip
    inner = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table role="presentation" style="width:100%;border-collapse:collapse;table-layout:fixed">{inner}</table>'


def _tile(tile: DrawnTile) -> str:
    label = f'<div style="color:{QUIET};font-size:13px">{escape(tile.label)}</div>'
    if tile.reason is not None:
        reason = words.text("tile.not_available", reason=tile.reason)
        return f'{label}<div style="font-size:13px">{escape(reason)}</div>'
    more = " · ".join(part for part in (tile.change, tile.note) if part)
    return (
        f'{label}<div style="font-size:20px;font-weight:600">{escape(tile.value)}</div>'
        f'<div style="font-size:13px">{escape(more)}</div>'
    )


def _heading(text: str) -> str:
    return f'<h2 style="margin:22px 0 4px;font-size:16px">{escape(text)}</h2>'


def _panel(panel: DrawnPanel, page: Drawn, is_pictured: bool) -> str:
    """A finding; the one that opens the mail is not said twice, but its picture still says it to who hears the mail."""
    parts = [_heading(panel.heading)]
    if panel.sentence and panel.sentence != _lead(page):
        parts.append(f'<p style="margin:0 0 8px;font-size:14px;line-height:1.45">{escape(panel.sentence)}</p>')
    if is_pictured:
        parts.append(
            f'<img src="cid:{escape(panel.code)}" alt="{escape(panel.sentence or panel.heading)}" width="568"'
            ' style="display:block;width:100%;max-width:568px;height:auto;border:0">'
        )
    return "".join(parts)


def _attention(table: DrawnTable) -> str:
    if not table.rows:
        return f"<p>{escape(words.text('mail.digest.none'))}</p>"
    said = words.text("mail.digest.more", n=len(table.rows[:ROWS]), total=table.total)
    heading = table.columns[table.names.index("waiting_amount")]
    lines = [
        f'<tr><td style="color:{QUIET};font-size:13px;padding-bottom:4px">{escape(said)}</td>'
        f'<td style="color:{QUIET};font-size:13px;text-align:right;white-space:nowrap;vertical-align:bottom">'
        f"{escape(heading)}</td></tr>"
    ]
    for row in table.rows[:ROWS]:
        cells = dict(zip(table.names, row, strict=True))
        about = [escape(cells[name]) for name in ("customer_name", "since_date", "owner_name") if cells.get(name)]
        links = (
            f'<a href="{escape(cells[name])}" style="color:{LINK}">{system}</a>'
            for name, system in LINKS.items()
            if cells.get(name, "").startswith(("http://", "https://"))
        )
        lines.append(
            f'<tr><td style="padding:7px 8px 7px 0;border-top:1px solid {LINE};font-size:14px;overflow-wrap:anywhere">'
            f'{escape(cells[ATTENTION])}<br><span style="color:{QUIET};font-size:13px">{" · ".join([*about, *links])}'
            f'</span></td><td style="padding:7px 0;border-top:1px solid {LINE};text-align:right;white-space:nowrap;'
            f'vertical-align:top;font-size:14px">{escape(cells["waiting_amount"])}</td></tr>'
        )
    return f'<table role="presentation" style="width:100%;border-collapse:collapse">{"".join(lines)}</table>'
