"""How long, where does it wait, what was promised?"""

import streamlit as st

from dashboards import drawn, drill, facts, formats, header, one_order, panels, states, tables, tiles, warehouse, words
from dashboards.order_cycle import complaints, durations, narrowing, routes, waiting
from dashboards.order_cycle.narrowing import MART, PROMISES, Basis

ONLY = ("company", "segment", "warehouse", "channel", "owner_name")
# Orders completed in the period, or orders placed in it: the reader's choice, and always said.
COUNTED = ("counted", ("fulfilled_date", "ordered_date"))
ORDERS = [
    "order_number", "customer_name", "current_stage", "order_amount", "gross_days", "working_gross_days", "net_days",
    "days_order_to_cash", "open_days", "ordered_date", "first_promised_date", "fulfilled_date", "last_invoiced_date",
    "paid_date", "is_in_full_on_first_promised", "has_rework", "owner_name", "source_url",
]  # fmt: skip


def top(view, day: str, basis: Basis) -> list[tiles.Tile]:
    now, then = view.now(day), view.then(day)
    ways = (
        ("lower", ("shipments",)),
        ("lower", ("shipments",)),
        ("higher", ("shipments", "order_lines")),
        ("lower", ()),
        ("lower", ("payments",)),
    )
    named = zip(basis.tiles(), ways, strict=True)
    *first, last = (tiles.measured(name, now, then, *way, among=basis.told()) for name, way in named)
    return [*first, older(view), last]


def older(view) -> tiles.Tile:
    """Open orders that have taken longer already than nine of ten finished ones, whatever the period."""
    found = warehouse.catalogue()["open_orders"]
    label, about = words.text("tile.open_older"), f"{words.text('tile.open_older.help')} \n\n{tiles.definition(found)}"
    old, slow = waiting.open_older(view)
    if facts.missing("shipments"):
        return tiles.Tile(label, None, "count", help=about, reason=states.because(facts.missing("shipments")))
    if old is None:
        return tiles.Tile(label, None, "count", help=about, reason=words.text("state.nothing_to_divide"))
    note = words.text("tile.open_older.note", days=formats.days(slow))
    return tiles.Tile(label, old, "count", better="lower", help=about, note=note)


def promises(view, day: str, basis: Basis) -> None:
    kept = warehouse.measure(basis.told(), filters=view.now(day)).row(0, named=True)
    said = {name: formats.percent(kept[name]) for name in PROMISES if kept[name] is not None}
    if said and not facts.missing("shipments", "order_lines"):
        parts = [words.text(f"promises.{name}", share=share) for name, share in said.items()]
        st.markdown(words.text("promises.sentence", parts=", ".join(parts)))


def impossible_box(view, day: str, basis: Basis) -> None:
    n = warehouse.figure("impossible_orders", view.now(day), basis.told())
    if n:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words.text("cycle.impossible", n=n), width="content")
            more = {"key": "impossible", "on_click": drill.choose, "args": ("flag", "impossible"), "type": "tertiary"}
            st.button(words.text("cycle.show"), **more)


def orders_section(view, day: str, basis: Basis) -> None:
    filters, steps = narrowing.clicked(view, day, basis)
    st.subheader(words.text("section.orders"), anchor=False)
    if steps:
        drill.breadcrumb(words.text("drill.all_orders"), steps)
    order = "open_days" if steps.keys() & {"stage", "node"} else basis.column
    found = warehouse.rows(MART, filters, order=order, names=["order_key", *ORDERS])
    shown = tables.coded(found, current_stage="stage")
    panels.documents("orders", shown, ORDERS, warehouse.count(MART, filters), view, pick=("order_key", "order_key"))


def charts(view, day: str, basis: Basis, shape: str) -> None:
    left, right = st.columns(2)
    with left:
        if facts.missing("shipments"):
            panels.not_available("spread", facts.missing("shipments"))
        else:
            durations.spread_panel(view, day, basis, shape)
    with right:
        if facts.missing("shipments"):
            panels.not_available("control", facts.missing("shipments"))
        else:
            durations.control_panel(view, basis)
    left, right = st.columns(2)
    with left:
        waiting.stages_panel(view, day, basis)
    with right:
        waiting.ageing_panel(view)
    left, right = st.columns(2)
    with left:
        routes.map_panel(view)
    with right:
        routes.variants_panel(view)


def page() -> None:
    if facts.missing("orders"):
        states.not_connected(words.text("page.order_cycle_time.question"), ["orders", "shipments", "invoices"])
        return
    if drill.chosen("order_key"):
        one_order.draw(drill.chosen("order_key"))
        return
    is_shipped = not facts.missing("shipments")
    view = header.draw(MART, ONLY, first=warehouse.earliest(MART, "ordered_date"), switch=COUNTED if is_shipped else ())
    with header.row("orders"):
        measured = narrowing.basis()
        shape = durations.shape()
        view = narrowing.carried(view)
    day = view.switched or "ordered_date"
    basis, said = narrowing.BASES[measured], f"{words.text(f'counted.{day}.said')}: {header.sentence(view)}"
    said = said if measured == "calendar" else f"{said}. {words.text(f'measured.{measured}.said')}"
    drawn.viewed(said, view.said)
    st.caption(said)
    n = warehouse.figure("orders_placed", view.now(day), basis.told())
    if n == 0 and warehouse.figure("open_orders", view.filters) == 0:
        states.empty(header.days(view.period), view.said)
        return
    tiles.draw(top(view, day, basis), facts.currency())
    promises(view, day, basis)
    if n < durations.ENOUGH:
        states.too_few(n)
    impossible_box(view, day, basis)
    charts(view, day, basis, shape)
    waiting.stuck_section(view)
    complaints.section(view)
    orders_section(view, day, basis)


page()
