"""The systems: how each is connected, what is read of it and how; one page without a server, from the declarations."""

from collections.abc import Iterable
from html import escape

from pipelines.declared import THOUSAND, System
from pipelines.figures_page import STYLE
from pipelines.streams import Column, Stream

TABLES = (
    "table{border-collapse:collapse;width:100%;font-size:85%}th,td{text-align:left;vertical-align:top;"
    "padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8884;overflow-wrap:break-word}pre{overflow-x:auto;"
    "padding:.7rem;border:1px solid #8888}body{max-width:75rem}"
)
READ = ("Entity", "Fields", "Feeds", "Changes", "Gone", f"Requests for {THOUSAND:,}", "Right")
KINDS = {"crm": "CRM", "erp": "ERP"}
COUNTED = (
    "Requests are counted for {records:,} records of an entity: full pages of as many records as the vendor gives at"
    " most; of what comes apart from its record (a history, lines, who belongs to whom) those for {records:,} of the"
    " records it belongs to. Lines that come in their document cost nothing more. A load after the first asks for what"
    " changed, at least one request an entity; comparing keys"
    " turns all pages once more, every SWEEP_DAYS."
)


def page(systems: list[System]) -> str:
    """The page as HTML."""
    index = " · ".join(f'<a href="#{one.name}">{escape(one.title)}</a>' for one in systems)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Systems</title><style>{STYLE}{TABLES}</style>'
    intro = (
        "Everything here is only read. A system that is not in this list is read from files that it exports: see"
        " “Folders of files” in the README."
    )
    counted = f"<p><small>{escape(COUNTED.format(records=THOUSAND))}</small></p>"
    body = "".join(map(_system, systems))
    return f"{head}<h1>Systems, and how to connect yours</h1><p>{index}</p><p>{intro}</p>{counted}{body}</html>"


def _system(one: System) -> str:
    about = one.about
    kind = KINDS[about.kind] if about else "exchange rates"
    told = [f'<h2 id="{one.name}">{escape(one.title)} <small>{kind}</small></h2>']
    if about:
        told.append(f"<p>{_sentence(about.interface)}</p>")
    told.append(_connect(one))
    told.append(f"<h3>What is read</h3>{_table(READ, (_stream(one, stream) for stream in one.streams))}")
    if about:
        told.append(f"<h3>History of stages and statuses</h3><p>{_sentence(about.history)}</p>")
        told.append(f"<h3>What was deleted</h3><p>{_sentence(about.deletes)}</p>")
        told.append("<h3>Known limits</h3>" + _list(about.limits or ["None is known."]))
    return "".join(told)


def _connect(one: System) -> str:
    """The guide, step by step."""
    about = one.about
    steps = []
    if about:
        steps.append(f"<b>The user.</b> {_sentence(about.user)}")
        steps.append("<b>Its rights.</b> " + _table(("Ask the administrator for", "Read by it"), about.rights.items()))
    steps.append(f"<b>The settings</b> in <code>.env</code>: <pre>{escape(_settings(one))}</pre>")
    steps.append(f"<b>Try it:</b> <code>.venv/bin/python -m pipelines check {one.name}</code>. Nothing is loaded.")
    steps.append("<b>Load it:</b> <code>make refresh</code>.")
    return f"<h3>Connect your system</h3><ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"


def _settings(one: System) -> str:
    """What is needed as it stands in `.env`, what may be set behind a mark of comment."""
    lines = [f"SOURCES={one.name}", "TIME_ZONE=Europe/Warsaw"]
    known = dict(one.about.settings) if one.about else {}
    for name in (*one.needs, *(name for name in known if name not in one.needs)):
        if known.get(name):
            lines.append(f"# {known[name]}")
        lines.append(f"{'' if name in one.needs else '#'}{one.prefix}{name}=")
    return "\n".join(lines)


def _stream(one: System, stream: Stream) -> tuple[str, ...]:
    names = f"{stream.entity}{' (where there is one)' if stream.optional else ''}, as {stream.name}"
    fields = _fields(stream.columns)
    own = ", ".join(f"{one.prefix}{setting}".upper() for setting in stream.extra.values())
    fields += f"; fields of the firm's own: {own}" if own else ""
    if stream.lines:
        fields += f". {stream.lines.entity}, as {stream.lines.name}: {_fields(stream.lines.columns)}"
    feeds = ", ".join(one.entities(stream)) or "nothing by itself: it completes others"
    rights = "; ".join(one.rights(stream)) if one.about else "none is needed"
    return names, fields, feeds, _changes(stream), _gone(stream), f"{one.requests(stream):g}", rights


def _fields(columns: Iterable[Column]) -> str:
    return ", ".join(column.field for column in columns)


def _changes(stream: Stream) -> str:
    told = f"by {stream.cursor}, from a little before the last one" if stream.cursor else "read in full each time"
    if getattr(stream, "in_full_daily", False):
        told += "; once a day in full"
    return f"{told}; always again: {stream.reread}" if stream.reread else told


def _gone(stream: Stream) -> str:
    """How a row that is gone from the source is noticed, and what becomes of it."""
    if stream.key is None:
        return "the whole set takes the place of the last one"
    if stream.parent:
        return "with what it belongs to"
    if not stream.swept:
        return "rows say it themselves, or are never taken back"
    return f"all keys are compared every SWEEP_DAYS; a row that is gone is {stream.gone_means}"


def _table(heads: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    made = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{made}</table>"


def _sentence(words: str) -> str:
    return escape(f"{words[:1].upper()}{words[1:].rstrip('.')}.")


def _list(sentences: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"
