"""The figures on top of a page: value, change, what it means; or why it is not available."""

from dataclasses import dataclass

import streamlit as st

from dashboards import budgets, definitions, drawn, facts, formats, header, sparklines, states, warehouse, words
from dashboards.meanings import definition, description, exclusions, label, owner, short
from dashboards.sparklines import Asked
from dashboards.warehouse import Filter

__all__ = ["Tile", "definition", "description", "draw", "exclusions", "label", "measured", "owner"]

COLOURS = {"higher": "normal", "lower": "inverse", "neither": "off"}


@dataclass(frozen=True)
class Tile:
    """One figure. `reason` says why there is none; `better` says which way is good.

    `measure` is what its definition is found by, `months` what its small chart shows, `budget` what was planned.
    """

    label: str
    value: object
    unit: str
    before: object = None
    better: str = "higher"
    help: str = ""
    reason: str | None = None
    note: str | None = None
    is_doubtful: bool = False
    measure: str | None = None
    months: Asked | None = None
    budget: object = None


def measured(
    name: str,
    now: list[Filter],
    then: list[Filter] | None,
    better="higher",
    needs=(),
    note=None,
    has_months=True,
    among=(),
) -> Tile:
    """A tile of a measure, unless what it is made of is not loaded.

    `has_months` is false where a month says little: those who came last month had no time to become anything.
    `among` names the tiles beside it that count the same rows.
    """
    found = warehouse.catalogue()[name]
    lacking = facts.missing(*needs)
    warned = facts.warnings(found)
    about = " \n\n".join([short(found, needs), *(words.text("tile.warned", sentence=text) for text in warned)])
    if lacking:
        because = states.because(lacking)
        return Tile(label(found), None, found["unit"], better=better, help=about, reason=because, measure=name)
    value = warehouse.figure(name, now, among)
    before = None if then is None else warehouse.figure(name, then, among)
    budget = budgets.of(name, now) if header.is_against_budget() else None
    reason = words.text("state.nothing_to_divide") if value is None else None
    months = sparklines.asked(name, now) if has_months and value is not None else None
    return Tile(
        label(found), value, found["unit"], before, better, about, reason, note, bool(warned), name, months, budget
    )


def draw(tiles: list[Tile], currency: str, below=()) -> None:
    """At most six, all of one height. `below` draws what stands under each: a tile itself cannot be clicked."""
    months = sparklines.answered([tile.months for tile in tiles if tile.months is not None])
    with st.grid(columns=min(len(tiles), 6), min_column_width=160):
        for at, tile in enumerate(tiles):
            with st.container(height="stretch", gap="xsmall"):
                _draw(tile, currency, months.get(tile.measure) if tile.months else None)
                with st.container(gap="xxsmall", key=f"below-{at}"):
                    if below:
                        below[at]()
                    definitions.link(tile)


def _draw(tile: Tile, currency: str, months: list | None) -> None:
    more = {"border": True, "height": "stretch", "help": tile.help or None}
    before, note = tile.before, tile.note
    if header.is_against_budget() and tile.reason is None:
        before = tile.budget
        note = " · ".join(part for part in (note, _against(tile, currency)) if part)
    change = None if tile.reason is not None else _change(tile, before)
    value = formats.figure(tile.value, tile.unit, currency)
    _keep(tile, value, change, note)
    if tile.reason is not None:
        # A metric would cut the reason short, and the reason is all there is to say.
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f":small[{tile.label}]", help=tile.help or None)
            st.caption(words.text("tile.not_available", reason=tile.reason))
        return
    exact = formats.exact(tile.value, tile.unit, currency)
    more["help"] = f"**{exact}** \n\n{tile.help}"
    if change is not None and tile.value == before:
        more |= {"delta": change, "delta_color": "off", "delta_arrow": "off", "delta_description": note}
    elif change is not None:
        more |= {"delta": change, "delta_color": COLOURS[tile.better], "delta_description": note}
    elif note:
        more |= {"delta": note, "delta_color": "off", "delta_arrow": "off"}
    if months:
        more |= {"chart_data": months, "chart_type": "bar" if tile.unit in ("money", "count") else "line"}
    icon = ":material/warning:" if tile.is_doubtful else None
    st.metric(tile.label, value, icon=icon, **more)


def _change(tile: Tile, before: object) -> str | None:
    change = formats.change(tile.value, before, tile.unit)
    return words.text("tile.unchanged") if change is not None and tile.value == before else change


def _against(tile: Tile, currency: str) -> str:
    """A comparison with nothing would look like no change."""
    if tile.budget is None:
        return words.text("tile.no_budget")
    return words.text("tile.of_budget", budget=formats.figure(tile.budget, tile.unit, currency))


def _keep(tile: Tile, value: str, change: str | None, note: str | None) -> None:
    shown = drawn.DrawnTile(
        tile.measure, tile.label, value, tile.value, tile.unit, change, note, tile.reason, tile.help
    )
    drawn.tile(shown)
