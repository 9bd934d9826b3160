"""May I believe this?"""

import polars as pl
import streamlit as st

from dashboards import carried, drill, facts, formats, header, panels, stamp, tables, tested, tiles, warehouse, words
from dashboards.warehouse import Filter

LOADS = ["source", "state", "rows_loaded", "requests", "seconds", "data_as_of", "loaded_at", "message"]
COVERED = ["source", "entity", "is_fed", "reason", "rows_counted", "since_date"]
NOT_READ = ["source", "raw_table", "reason", "rows_kept"]
CHECKS = [
    "check_code", "source", "entity", "period_month", "left_amount", "right_amount", "difference", "tolerance",
    "currency_code", "is_ok", "is_gate",
]  # fmt: skip
EXCEPTIONS = [
    "severity", "code", "customer_name", "details", "amount", "currency_code", "since_date", "days_open", "owner_role",
    "owner_name", "source_url", "other_source_url", "record_key", "other_record_key",
]  # fmt: skip
KINDS = {"code": "code", "severity": "severity", "owner_role": "owner_role", "priority": "priority"}
ATTEMPTS = ["refresh_id", "outcome", "failed_step", "reason", "exit_code", "as_of", "started_at", "ended_at"]
MEANINGS = ["label", "description", "formula", "exclusions", "owner", "tests"]


def top() -> list[tiles.Tile]:
    tests, checks = facts.tests(), dict(warehouse.counted("reconciliation", {"is_ok": "is_ok"}).iter_rows())
    open_checks, errors = checks.get(False, 0), warehouse.count("exceptions", [Filter("severity", "=", "error")])
    age = stamp.oldest_hours(facts.sources())
    no_source = words.text("stamp.no_sources") if age is None else None
    no_check = None if checks else words.text("trust.no_checks")
    return [
        tiles.Tile(words.text("trust.age"), None if age is None else age / 24, "days", reason=no_source),
        tiles.Tile(words.text("trust.passed"), tests.passed, "count"),
        tiles.Tile(words.text("trust.warned"), tests.warned + tests.failed, "count", is_doubtful=tests.failed > 0),
        tiles.Tile(words.text("trust.differences"), open_checks, "count", reason=no_check, is_doubtful=open_checks > 0),
        tiles.Tile(words.text("trust.exceptions"), warehouse.count("exceptions"), "count"),
        tiles.Tile(words.text("trust.errors"), errors, "count", is_doubtful=errors > 0),
    ]


def sources_section() -> None:
    found = tables.coded(warehouse.rows("source_loads", order="source", descending=False), state="load_state")
    found = tables.worded(found, source=stamp.source)
    if found.is_empty():
        st.caption(words.text("stamp.no_sources"))
    else:
        panels.documents("loads", found, LOADS, found.height, None)
    st.markdown(f"**{words.text('section.coverage')}**")
    covered = warehouse.rows("canonical.coverage", order="entity", descending=False, limit=2000)
    shown = tables.worded(tables.coded(covered, entity="entity", reason="unread"), source=stamp.source)
    panels.documents("coverage", shown, COVERED, covered.height, None)
    not_read_section()


def not_read_section() -> None:
    """Tables that our login may not read, that are not there or not bought; nothing where all came."""
    found = warehouse.rows("not_read", order="source", descending=False, limit=2000)
    if found.is_empty():
        return
    st.markdown(f"**{words.text('section.not_read')}**")
    named = {"source": stamp.source, "raw_table": lambda name: name.replace("_", " ").capitalize()}
    shown = tables.worded(tables.coded(found, reason="unread"), **named)
    panels.documents("not_read", shown, NOT_READ, found.height, None)


def reconciliation_section() -> None:
    checks = warehouse.rows("reconciliation", order="period_month", limit=2000)
    if checks.is_empty():
        st.caption(words.text("trust.no_checks"))
        return
    off = checks.filter(~pl.col("is_ok"))
    code = "trust.off" if off.height else "trust.all_agree"
    st.markdown(words.text(code, n=off.height, off=formats.number(off.height), total=formats.number(checks.height)))
    ranked = checks.sort("is_ok", pl.col("difference").abs(), descending=[False, True], nulls_last=True)
    shown = tables.worded(tables.coded(ranked, check_code="check", entity="entity"), source=stamp.source)
    panels.documents("reconciliation", shown, CHECKS, warehouse.count("reconciliation"), None)


def exceptions_section() -> None:
    codes = warehouse.counted("exceptions", KINDS).sort("priority")
    if codes.is_empty():
        st.caption(words.text("trust.no_exceptions"))
        return
    chosen = drill.chosen("exception")
    filters = [Filter("code", "=", chosen)] if chosen else []
    if chosen:
        drill.breadcrumb(words.text("section.exceptions"), {"exception": words.text(f"exception.{chosen}")})
        if words.knows(f"exception.{chosen}.do"):
            st.caption(words.text(f"exception.{chosen}.do"))
    else:
        kinds = codes.with_columns(kind="code")
        kinds = tables.coded(kinds, kind="exception", severity="severity", owner_role="role")
        columns, pick = ["kind", "severity", "owner_role", "counted"], ("exception", "code")
        panels.documents("exception_kinds", kinds, columns, kinds.height, None, pick=pick)
    found = warehouse.rows("exceptions", filters, order="amount")
    told = found.with_columns(tables.spoken("details", found["parameters"], carried.told))
    shown = tables.coded(told, code="exception", severity="severity", owner_role="role")
    panels.documents("exceptions", shown, EXCEPTIONS, warehouse.count("exceptions", filters), None)


def attempts_section() -> None:
    logged = facts.attempts()
    if logged:
        rows = [{name: _said(line.get(name)) for name in ATTEMPTS} for line in reversed(logged[-100:])]
        found = pl.DataFrame(rows, schema={name: pl.String for name in ATTEMPTS})
    else:
        found = warehouse.rows("refreshes", order="started_at", limit=100)
    if found.is_empty():
        st.caption(words.text("trust.no_attempts"))
        return
    shown = tables.coded(found, outcome="outcome", failed_step="attempt_step")
    panels.documents("attempts", shown, ATTEMPTS, found.height, None)


def tests_section() -> None:
    doubtful = warehouse.rows("test_results", [Filter("status", "<>", "pass")], limit=1000)
    tests = facts.tests()
    said = [words.text("stamp.tests", n=tests.passed)] + [words.text("trust.doubtful")] * (doubtful.height > 0)
    st.markdown(" · ".join(said))
    found = warehouse.rows("test_results", order="status", limit=5000)
    told = [tested.sentence(row) for row in found.iter_rows(named=True)]
    shown = tables.coded(found.with_columns(sentence=pl.Series(told, dtype=pl.String)), status="test_status")
    columns = ["status", "sentence", "model", "column_name", "failures", "test"]
    panels.documents("tests", shown, columns, warehouse.count("test_results"), None)


def meanings_section() -> None:
    """Every figure, findable by a word of it."""
    sought = st.text_input(words.text("trust.search"), key="sought", bind="query-params").strip().lower()
    proofs = {row["test"]: tested.sentence(row) for row in warehouse.rows("test_results", limit=5000).to_dicts()}
    rows = [
        {name: found.get(name) for name in MEANINGS}
        | {"label": tiles.label(found), "formula": warehouse.formula(found)}
        | {"description": tiles.description(found), "exclusions": tiles.exclusions(found) or None}
        | {"owner": tiles.owner(found)}
        | {"tests": " · ".join(proofs[name] for name in facts.listed(found["tests"]) if name in proofs)}
        for found in warehouse.catalogue().values()
    ]
    kept = [row for row in rows if sought in " ".join(str(value) for value in row.values()).lower()]
    if not kept:
        st.caption(words.text("table.none"))
        return
    found = pl.DataFrame(kept, schema={name: pl.String for name in MEANINGS}).sort("label")
    panels.documents("meanings", found, MEANINGS, found.height, None)


def _said(value) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def page() -> None:
    tiles.draw(top(), facts.currency())
    drawn = {
        "reconciliation": reconciliation_section,
        "exceptions": exceptions_section,
        "sources": sources_section,
        "attempts": attempts_section,
        "tests": tests_section,
        "meanings": meanings_section,
    }
    if drill.chosen("exception"):
        st.subheader(words.text("section.exceptions"), anchor=False)
        exceptions_section()
        return
    # Only what is looked at is asked for and sent.
    drawn[header.one_of("section", tuple(drawn))]()


page()
