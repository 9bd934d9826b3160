"""One finding: a sentence that says it, the chart that shows it, and below it the table, the file, the explanation."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import (
    alone,
    charts,
    drawn,
    drill,
    export,
    facts,
    formats,
    header,
    languages,
    onward,
    stamp,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.drawn import plain
from dashboards.worked_out import once

BEHIND = "behind"
# Rows that are sent to be looked at; the files hold all that were asked for.
SHOWN = 100
PLOTLY = {"displayModeBar": False, "responsive": True}


def plotly() -> dict:
    """How a chart behaves, and the language it writes its dates and numbers in."""
    return PLOTLY | languages.of_charts(words.language())


def chart(figure: dict, key: str, alt: str, **more) -> None:
    st.plotly_chart(charts.whole(figure), key=key, theme="streamlit", config=plotly(), alt=alt, **more)


def panel(code: str, sentence: str, figure: dict, frame: pl.DataFrame, columns: list[str], view, measures=(), on=None):
    """`on` names what a click writes into the address; with a number, which part of the point it is."""
    with st.container(border=True, height="stretch"):
        opening(code, sentence, figure)
        key = drill.key(f"chart-{code}")
        more = {}
        if on is not None:
            name, part = on if isinstance(on, tuple) else (on, None)
            more = {"on_select": drill.on_point(key, name, part), "selection_mode": "points"}
        chart(figure, key, plain(sentence), **more)
        actions(code, frame, columns, view, measures)


def opening(code: str, sentence: str = "", figure: dict | None = None) -> None:
    """The name of a finding and the words that say it; what shows it comes below."""
    st.markdown(f"**{words.text(f'chart.{code}')}**")
    if sentence:
        st.markdown(sentence)
    drawn.panel(code, sentence, figure)


def one_of_several(code: str, label: str, figure: dict) -> None:
    """A small chart beside others of the same finding; it is named, and what it says is said above them all."""
    st.caption(label)
    chart(figure, drill.key(f"chart-{code}"), label)
    drawn.panel(code, "", figure, label)


def not_available(code: str, lacking: list[str]) -> None:
    """The place of a finding that cannot be had, with the reason."""
    with st.container(border=True, height="stretch"):
        opening(code, words.text("state.chart_not_available", because=states.because(lacking)))


def said_only(code: str, sentence: str) -> None:
    """A finding with nothing to draw."""
    with st.container(border=True, height="stretch"):
        opening(code, sentence)


@alone.drawn
def actions(code: str, frame: pl.DataFrame, columns: list[str], view, measures=()) -> None:
    """Table, download, explain: small, and the same everywhere."""
    with st.container(horizontal=True, gap="small"):
        # What nobody opens is not sent: most of a page's weight would be tables behind charts.
        more = {"key": drill.key(f"{BEHIND}-{code}"), "on_change": "rerun", "type": "tertiary"}
        behind = st.popover(words.text("panel.table"), icon=":material/table_rows:", **more)
        if behind.open:
            with behind:
                counted(frame, frame.height)
                tables.draw(frame.head(SHOWN), columns)
        downloads(code, frame, columns, view, measures)
        if measures:
            explain(measures)


def counted(frame: pl.DataFrame, total: int) -> None:
    """How many rows there are, how many of them are sent, and how many the files hold."""
    counts = {"shown": min(frame.height, SHOWN), "total": total, "held": frame.height}
    st.caption(words.text("table.rows", n=total, **{name: formats.number(count) for name, count in counts.items()}))


def downloads(code: str, frame: pl.DataFrame, columns: list[str], view, measures=(), total: int | None = None) -> None:
    """Files of exactly the rows shown, made when they are asked for; `total` is how many there are in all."""
    shown = tables.headed(frame, columns)
    name = f"{code}-{facts.as_of().isoformat()}"
    more = {"type": "tertiary", "icon": ":material/download:", "on_click": "ignore"}
    csv = partial(export.to_csv, shown, formats.has_decimal_comma())
    st.download_button("CSV", csv, f"{name}.csv", "text/csv", key=f"csv-{code}", **more)
    # A file is made where no reader's language is known: its words are said here.
    sheets = tuple(words.text(f"export.sheet.{name}") for name in export.SHEETS)
    xlsx = partial(export.to_xlsx, shown, about(code, view, shown.height, total), _defined(tuple(measures)), sheets)
    st.download_button("Excel", xlsx, f"{name}.xlsx", key=f"xlsx-{code}", **more)


def explain(measures) -> None:
    with st.popover(words.text("panel.explain"), type="tertiary", icon=":material/help:"):
        for said, by_whom in _explained(tuple(measures)):
            st.markdown(said)
            st.caption(by_whom)


@once
def _explained(measures: tuple[str, ...]) -> list[tuple[str, str]]:
    """What each measure is, and who answers for it."""
    found = [warehouse.catalogue()[name] for name in measures]
    proofs = [" · ".join(facts.proofs(each)) or "–" for each in found]
    return [
        (
            f"**{tiles.label(each)}** \n\n{tiles.definition(each)}",
            words.text("panel.owner", owner=tiles.owner(each), tests=tests),
        )
        for each, tests in zip(found, proofs, strict=True)
    ]


def about(code: str, view, height: int, total: int | None = None) -> list[tuple[str, str]]:
    """What a file is about, for the one who finds it a year later."""
    counts = {"rows": formats.number(height), "total": formats.number(height if total is None else total)}
    said = [(words.text("export.title"), words.text(f"chart.{code}"))]
    said.append((words.text("export.rows"), words.text("export.rows_of", **counts)))
    if view is not None:
        said += [(words.text("header.period"), header.sentence(view))]
        said += [(words.text("export.filter"), text) for text in view.said]
    said += _rests_on(st.context.timezone)
    said.append((words.text("export.address"), st.context.url or ""))
    return said


@once
def _rests_on(_timezone: str | None) -> list[tuple[str, str]]:
    """The sources with their moments by the reader's clock, and the tests."""
    said = []
    for load in facts.sources():
        moment = formats.moment(stamp.local(load["data_as_of"] or load["loaded_at"]))
        said.append((words.text("export.source"), f"{stamp.source(load['source'])}: {moment}"))
    said.append((words.text("export.tests"), words.text("stamp.tests", n=facts.tests().passed)))
    return said


@once
def _defined(measures: tuple[str, ...]) -> list[tuple[str, str]]:
    known = warehouse.catalogue()
    return [(tiles.label(known[name]), tiles.definition(known[name])) for name in measures]


def documents(
    code: str, frame: pl.DataFrame, columns: list[str], total: int, view, pick: tuple | None = None, ways=None
) -> None:
    """The rows behind a figure, each with the way to its document.

    `pick` is what choosing a row writes into the address, and the column it takes it from; `ways` are, row by row,
    the pages that choosing one leads to.
    """
    if frame.is_empty():
        st.caption(words.text("table.none"))
        return
    shown = frame.head(SHOWN)
    counted(frame, total)
    key = drill.key(f"table-{code}")
    chosen = "ignore" if pick is None else drill.on_row(key, pick[0], shown[pick[1]].to_list())
    if ways is not None:
        chosen = onward.on_row(key, ways)
    tables.draw(shown, columns, key=key, on_select=chosen)
    drawn.table(code, frame, columns, total)
    with st.container(horizontal=True, gap="small"):
        downloads(code, frame, columns, view, total=total)
