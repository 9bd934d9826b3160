"""What a figure is, in full: opened below its tile."""

import streamlit as st

from dashboards import drill, facts, meanings, tested, warehouse, words
from dashboards.warehouse import Filter

ICONS = {"pass": ":material/check:", "warn": ":material/warning:", "fail": ":material/error:"}


def link(tile) -> None:
    """A small way to the definition; a tile that no measure stands behind has its own words only."""
    if not tile.help and tile.measure is None:
        return
    key = f"definition-{tile.measure or tile.label}"
    if st.button(words.text("tile.definition"), key=key, type="tertiary"):
        st.dialog(tile.label, width="large")(_drawn)(tile)


def _drawn(tile) -> None:
    found = warehouse.catalogue().get(tile.measure)
    if found is None:
        st.markdown(tile.help)
        return
    st.markdown(meanings.description(found))
    _formula(found)
    if found.get("exclusions"):
        st.markdown(words.text("tile.exclusions", text=meanings.exclusions(found)))
    _source(found)
    _tests(found)
    st.markdown(words.text("definition.owner", owner=drill.escaped(meanings.owner(found))))


def _formula(found: dict) -> None:
    st.markdown(f"**{words.text('definition.formula')}**")
    sql = " ".join(warehouse.formula(found).split())
    if found.get("filter"):
        sql += f"\nwhere {' '.join(found['filter'].split())}"
    st.code(sql, language="sql", wrap_lines=True)
    known = [Filter("figure", "=", found["figure"])] if found.get("figure") else None
    for row in warehouse.rows("figures", known).iter_rows(named=True) if known else ():
        st.caption(words.text("definition.figure", **{name: row[name] or "–" for name in ("name", "formula", "term")}))


def _source(found: dict) -> None:
    st.markdown(words.text("definition.source", mart=f"`marts.{found['mart']}`"))
    if found.get("rests_on"):
        entities = facts.listed(found["rests_on"])
        named = [words.text(f"entity.{name}") for name in entities if words.knows(f"entity.{name}")]
        st.caption(words.text("definition.rests_on", entities=", ".join(named)))


def _tests(found: dict) -> None:
    """Every test behind the figure with its result, those that did not pass first."""
    names = facts.listed(found.get("tests"))
    results = {row["test"]: row for row in facts.results(names)}
    st.markdown(f"**{words.text('definition.tests', n=len(names))}**")
    order = {"fail": 0, "warn": 1}
    told = []
    for name in sorted(names, key=lambda name: order.get(results.get(name, {}).get("status"), 2)):
        row = results.get(name)
        if row is None:
            told.append(f"- {drill.escaped(name)}: {words.text('definition.not_run')}")
        else:
            status = words.text(f"definition.{row['status']}")
            told.append(f"- {ICONS.get(row['status'], '')} {drill.escaped(tested.sentence(row) or name)} ({status})")
    st.markdown("\n".join(told) if told else words.text("definition.no_tests"))
