"""The figures on top of a page: value, change, what it means; or why it is not available."""

from dataclasses import dataclass

import streamlit as st

from dashboards import drawn, facts, formats, states, warehouse, words
from dashboards.warehouse import Filter

COLOURS = {"higher": "normal", "lower": "inverse", "neither": "off"}


@dataclass(frozen=True)
class Tile:
    """One figure. `reason` says why there is none; `better` says which way is good."""

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


def measured(name: str, now: list[Filter], then: list[Filter] | None, better="higher", needs=(), note=None) -> Tile:
    """A tile of a measure, unless what it is made of is not loaded."""
    found = warehouse.catalogue()[name]
    lacking = facts.missing(*needs)
    warned = facts.warnings(found)
    about = " \n\n".join([definition(found), *(words.text("tile.warned", sentence=text) for text in warned)])
    if lacking:
        because = states.because(lacking)
        return Tile(label(found), None, found["unit"], better=better, help=about, reason=because, measure=name)
    value = warehouse.figure(name, now)
    before = None if then is None else warehouse.figure(name, then)
    reason = words.text("state.nothing_to_divide") if value is None else None
    return Tile(label(found), value, found["unit"], before, better, about, reason, note, bool(warned), name)


def label(found: dict) -> str:
    """Our words for a measure, or those of its mart: they are a message id like any other."""
    return _worded(f"measure.{found['measure']}", found["label"])


def definition(found: dict) -> str:
    """What the figure is, its formula, and what is left out."""
    parts = [description(found), f"`{' '.join(warehouse.formula(found).split())}`"]
    if found.get("exclusions"):
        parts.append(words.text("tile.exclusions", text=exclusions(found)))
    return " \n\n".join(part.strip() for part in parts if part)


def description(found: dict) -> str:
    return _worded(f"measure.{found['measure']}.description", found["description"])


def exclusions(found: dict) -> str:
    return _worded(f"measure.{found['measure']}.exclusions", found.get("exclusions") or "")


def owner(found: dict) -> str:
    return _worded(f"role.{found['owner']}", found["owner"] or "–")


def _worded(code: str, otherwise: str) -> str:
    return words.text(code) if words.knows(code) else otherwise


def draw(tiles: list[Tile], currency: str, below=()) -> None:
    """At most six, all of one height. `below` draws what stands under each: a tile itself cannot be clicked."""
    with st.grid(columns=min(len(tiles), 6), min_column_width=160):
        for at, tile in enumerate(tiles):
            if not below:
                _draw(tile, currency)
                continue
            with st.container(height="stretch", gap="xsmall"):
                _draw(tile, currency)
                below[at]()


def _draw(tile: Tile, currency: str) -> None:
    more = {"border": True, "height": "stretch", "help": tile.help or None}
    change = None if tile.reason is not None else _change(tile)
    value = formats.figure(tile.value, tile.unit, currency)
    _keep(tile, value, change)
    if tile.reason is not None:
        # A metric would cut the reason short, and the reason is all there is to say.
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f":small[{tile.label}]", help=tile.help or None)
            st.caption(words.text("tile.not_available", reason=tile.reason))
        return
    exact = formats.exact(tile.value, tile.unit, currency)
    more["help"] = f"**{exact}** \n\n{tile.help}"
    if change is not None and tile.value == tile.before:
        more |= {"delta": change, "delta_color": "off", "delta_arrow": "off"}
        more |= {"delta_description": tile.note}
    elif change is not None:
        more |= {"delta": change, "delta_color": COLOURS[tile.better], "delta_description": tile.note}
    elif tile.note:
        more |= {"delta": tile.note, "delta_color": "off", "delta_arrow": "off"}
    icon = ":material/warning:" if tile.is_doubtful else None
    st.metric(tile.label, value, icon=icon, **more)


def _change(tile: Tile) -> str | None:
    change = formats.change(tile.value, tile.before, tile.unit)
    return words.text("tile.unchanged") if change is not None and tile.value == tile.before else change


def _keep(tile: Tile, value: str, change: str | None) -> None:
    shown = drawn.DrawnTile(
        tile.measure, tile.label, value, tile.value, tile.unit, change, tile.note, tile.reason, tile.help
    )
    drawn.tile(shown)
