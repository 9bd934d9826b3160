"""What the page is narrowed to: how days are counted, which orders, what was clicked."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import streamlit as st

from dashboards import drill, formats, header, warehouse, words
from dashboards.header import View
from dashboards.warehouse import Filter, Keys, Told

MART = "order_cycle_time"
CLICKS = "order-cycle-clicks"
# Three answers to one question: promising anew hides how late an order is.
PROMISES = ("in_full_on_requested", "in_full_on_first_promised", "in_full_on_promised")
POSSIBLE = (Filter("has_impossible_dates", "=", False), Filter("is_cancelled", "=", False))
ENDED = {
    "cancelled": [Filter("is_cancelled", "=", True)],
    "completed": [Filter("is_cancelled", "=", False), Filter("current_stage", "=", "completed")],
    "open": [Filter("is_cancelled", "=", False), Filter("current_stage", "<>", "completed")],
}
DAYS = re.compile(r"(\d{1,5})(?:-(\d{1,5}|))?")


@dataclass(frozen=True)
class Basis:
    """How days are counted: the column of the whole cycle, and how the columns of its steps begin."""

    column: str
    steps: str

    def measure(self, kind: str) -> str:
        return f"{kind}_{self.column}"

    def tiles(self) -> tuple[str, ...]:
        """The measures of the tiles of the page."""
        cash = f"median_{self.steps}_order_to_cash"
        return (self.measure("median"), self.measure("p90"), "in_full_on_first_promised", "orders_with_rework", cash)

    def told(self) -> tuple[str, ...]:
        """What is told of all orders of a period, asked for together."""
        return tuple(dict.fromkeys((*self.tiles(), *PROMISES, "orders_placed", "impossible_orders")))


# What was wished to wait is known in calendar days only, so the three exclude each other.
BASES = {
    "calendar": Basis("gross_days", "days"),
    "working": Basis("working_gross_days", "working_days"),
    "net": Basis("net_days", "days"),
}


def basis() -> str:
    """The reader's choice of days, which the address keeps."""
    return header.one_of("measured", tuple(BASES))


def carried(view: View) -> View:
    """The view narrowed by what other tables know of an order: who carried it, which goods it names."""
    for name, mart, column in (("carrier", "canonical.shipments", "carrier"), ("category", "canonical.products", None)):
        options = warehouse.choices(mart, column or name)
        if len(options) < 2:
            continue
        label = words.text(f"column.{name}")
        chosen = st.multiselect(
            label, options, key=f"only-{name}", bind="query-params", placeholder=words.text("header.all"), width=200
        )
        if chosen:
            view = replace(
                view.narrowed([_among(name, tuple(chosen))]), said=[*view.said, f"{label}: {', '.join(chosen)}"]
            )
    return view


def _among(name: str, chosen: tuple[str, ...]) -> Filter:
    among = Filter(name, "in", chosen)
    if name == "carrier":
        return Filter("order_key", "in", Keys("canonical.shipments", "order_key", (among,)))
    goods = Filter("product_key", "in", Keys("canonical.products", "product_key", (among,)))
    return Filter("order_key", "in", Keys("canonical.order_lines", "order_key", (goods,)))


def of_orders(view: View) -> list[Filter]:
    """The same filters for a table that knows nothing of an order but its key."""
    return [Filter("order_key", "in", Keys(MART, "order_key", tuple(view.filters)))] if view.filters else []


def finished(view: View, day: str, chosen: Basis) -> list[Filter]:
    return [*view.now(day), Filter(chosen.column, "is not null"), *POSSIBLE]


def clicked(view: View, day: str, chosen: Basis) -> tuple[list[Filter], dict[str, str]]:
    """What was clicked: its rows and its name. An address that says nothing we know narrows nothing."""
    name, value = latest()
    found = READINGS[name](value, view, day, chosen) if name else None
    if found is None:
        return view.now(day), {}
    filters, said = found
    return filters, {name: said}


def latest() -> tuple[str | None, str | None]:
    """Of several clicks the last one counts, and the address forgets the others."""
    clicks = {name: drill.chosen(name) for name in READINGS if drill.chosen(name)}
    before = st.session_state.get(CLICKS, {})
    fresh = [name for name in clicks if clicks[name] != before.get(name)]
    name = next(iter(fresh or clicks), None)
    for other in [other for other in clicks if other != name]:
        st.query_params.pop(other, None)
    st.session_state[CLICKS] = {name: clicks[name]} if name else {}
    return name, clicks.get(name)


def _stage(value: str, view: View, *_):
    filters = [*view.filters, Filter("is_open", "=", True), Filter("current_stage", "=", value)]
    return filters, words.text("drill.open_in", stage=words.text(f"stage.{value}"))


def _flag(value: str, view: View, day: str, _):
    if value == "impossible":
        return [*view.now(day), Filter("has_impossible_dates", "=", True)], words.text("drill.impossible")
    return None


def _days(value: str, view: View, day: str, chosen: Basis):
    """One number of days, or a bin: 10-14, and 60- for what took longer still."""
    match = DAYS.fullmatch(value)
    if match is None:
        return None
    low, high = int(match[1]), match[2]
    filters = [*finished(view, day, chosen), Filter(chosen.column, ">=", low)]
    if high is None:
        return [*filters, Filter(chosen.column, "<=", low)], words.text("drill.lasted", days=formats.days(low))
    if high == "":
        return filters, words.text("drill.lasted_more", days=formats.days(low))
    between = words.text("drill.lasted_between", low=low, days=formats.days(int(high)))
    return [*filters, Filter(chosen.column, "<=", int(high))], between


def _week(value: str, view: View, _, chosen: Basis):
    try:
        monday = date.fromisoformat(value)
    except ValueError:
        return None
    days = [Filter("fulfilled_date", ">=", monday), Filter("fulfilled_date", "<=", monday + timedelta(days=6))]
    filters = [*view.filters, *days, Filter(chosen.column, "is not null"), *POSSIBLE]
    return filters, words.text("drill.week", day=formats.day(monday))


def _variant(value: str, view: View, *_):
    found = warehouse.rows("order_variants", [Filter("order_variant_key", "=", value)], limit=1)
    if found.is_empty():
        return None
    variant = found.row(0, named=True)
    # The steps of an order in the order in which the variants have put them together.
    gone = Told("order_steps", "order_key", "step", ("entered_date", "place", "pass"), variant["path"])
    filters = [*view.filters, Filter("order_key", "in", gone), *ENDED[variant["outcome"]]]
    return filters, way(variant["path"])


def _step(value: str, view: View, *_):
    waiting = (Filter("step", "=", value), Filter("is_open", "=", True))
    filters = [*view.filters, Filter("order_key", "in", Keys("order_steps", "order_key", waiting))]
    return filters, words.text("drill.in_step", step=words.text(f"node.{value}"))


READINGS = {"stage": _stage, "flag": _flag, "days": _days, "week": _week, "variant": _variant, "node": _step}


def way(path: str) -> str:
    """The steps of a path in words."""
    return " → ".join(words.text(f"node.{step}") for step in path.split(" > "))
