"""How much is taken off before what is left is called a contribution: three levels, each under a name of its own."""

from dataclasses import dataclass, replace

import polars as pl
import streamlit as st

from dashboards import address, formats, header, warehouse, words
from dashboards.header import View
from dashboards.warehouse import Filter

MART = "customer_profitability"
LEVELS = ("cm1", "cm2", "cm3")
EVERYBODY = 1_000_000


@dataclass(frozen=True)
class Level:
    """What a page shows as contribution: the measure, its column, and what it is called."""

    code: str

    @property
    def amount(self) -> str:
        return f"{self.code}_amount"

    @property
    def margin(self) -> str:
        return f"{self.code}_margin"

    @property
    def share(self) -> str:
        """The margin as a column of a table."""
        return f"{self.code}_revenue_share"

    @property
    def short(self) -> str:
        return words.text(f"level.short.{self.code}")

    @property
    def name(self) -> str:
        return words.text(f"level.name.{self.code}")

    def named(self, code: str) -> str:
        """A text that says which level it is about: two formulas never have one name."""
        return words.text(code, level=self.short)


def known(filters: list[Filter]) -> list[str]:
    """The levels that every month of a period has. A month without cost pools would pass for one without costs."""
    cm2, cm3, bare = warehouse.measure(("cm2", "cm3", "months_without_pools"), filters=filters).row(0)
    return ["cm1", *["cm2"] * (cm2 is not None), *["cm3"] * (cm3 is not None and not bare)]


def draw(view: View) -> tuple[Level, View]:
    """The second row of the header: the level, and which customers are left out."""
    offered = known(header.between("month", view.period))
    with header.row("level"):
        level = Level(_switch(offered))
        label = words.text("header.least_revenue")
        least = st.number_input(
            label, min_value=0, value=0, step=1000, key="least-revenue", bind="query-params", width=200
        )
        left_out = st.toggle(
            words.text("header.without_new"),
            key="without-new",
            bind="query-params",
            help=words.text("header.without_new.help"),
        )
    if "cm3" not in offered and warehouse.count(MART, header.between("month", view.period)):
        st.info(words.text("level.not_loaded", level=level.name), icon=":material/layers_clear:")
    st.caption(ladder(level))
    if view.before is not None and level.code not in known(header.between("month", view.before)):
        st.caption(words.text("level.no_comparison", level=level.short, period=header.days(view.before)))
        view = replace(view, before=None)
    return level, narrowed(view, least, left_out)


def _switch(offered: list[str]) -> str:
    # A level chosen in another period may be unknown in this one.
    if st.session_state.get("level") not in offered:
        st.session_state.pop("level", None)
    if len(offered) == 1:
        return offered[0]
    address.settle("level", "level", tuple(offered))
    return st.segmented_control(
        words.text("header.level"),
        offered,
        default=offered[-1],
        required=True,
        format_func=lambda code: words.text(f"level.{code}"),
        key="level",
        bind="query-params",
    )


def steps(level: Level) -> pl.DataFrame:
    """What is taken off until this level, in the order of the firm's own ladder."""
    found = warehouse.rows("contribution_steps", order="place", descending=False)
    if found.is_empty():
        # Goods cost something even where a firm's ladder forgets to say so.
        return pl.DataFrame({"step": ["cost_of_goods"], "level": [1], "is_known": [True]})
    return found.filter(pl.col("level") <= LEVELS.index(level.code) + 1)


def ladder(level: Level) -> str:
    """The ladder in words: what is off, and what nobody feeds."""
    off = steps(level)
    said = [_listed("level.taken_off", off.filter("is_known"), level)]
    said.append(_listed("level.unknown_steps", off.filter(~pl.col("is_known")), level))
    return " ".join(text for text in said if text)


def _listed(code: str, rows: pl.DataFrame, level: Level) -> str:
    names = [words.text(f"ladder.{step}") for step in rows["step"]]
    return words.text(code, level=level.short, steps=", ".join(names).lower()) if names else ""


def narrowed(view: View, least: int, without_new: bool) -> View:
    """The view of the customers that are large and old enough; in the comparison the same ones."""
    if not least and not without_new:
        return view
    said = list(view.said)
    bought = warehouse.measure("revenue", {"customer_key": "customer_key"}, view.now("month"))
    kept = set(bought["customer_key"])
    if without_new:
        kept = set(warehouse.counted(MART, {"customer_key": "customer_key"}, view.filters)["customer_key"])
        kept -= set(
            warehouse.rows("customer_standing", [Filter("standing", "=", "new")], limit=EVERYBODY)["customer_key"]
        )
        said.append(words.text("header.without_new"))
    if least:
        kept &= set(bought.filter(pl.col("revenue") >= least)["customer_key"])
        said.append(f"{words.text('header.least_revenue')}: {formats.number(least)}")
    return replace(view, filters=[*view.filters, Filter("customer_key", "in", tuple(sorted(kept)))], said=said)


def offer_everybody() -> None:
    """The way out where nobody is large or old enough."""
    if st.session_state.get("least-revenue") or st.session_state.get("without-new"):
        st.button(words.text("header.everybody"), on_click=_everybody, key="everybody")


def _everybody() -> None:
    st.session_state["least-revenue"] = 0
    st.session_state["without-new"] = False
