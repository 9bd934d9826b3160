"""How long, where does it wait, what was promised?"""

from itertools import pairwise

import polars as pl
import streamlit as st

from dashboards import (
    bars,
    charts,
    curves,
    drill,
    facts,
    formats,
    header,
    one_order,
    panels,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.warehouse import Band, Filter

MART = "order_cycle_time"
ONLY = ("channel", "warehouse", "owner_name")
POSSIBLE = (Filter("has_impossible_dates", "=", False), Filter("is_cancelled", "=", False))
STEPS = ("order", "approval", "confirm", "ship", "invoice", "cash")
STAGES = ("draft", "approval", "confirmation", "shipment", "invoicing", "payment")
AGES = (3, 7, 14, 30)
# Orders shipped in the period, or orders placed in it: the reader's choice, and always said.
COUNTED = ("counted", ("shipped_in_full_date", "ordered_date"))
# Under this many orders points are shown and no percentiles are claimed.
ENOUGH = 20
ORDERS = [
    "order_number", "customer_name", "current_stage", "order_amount", "days_order_to_ship", "days_order_to_cash",
    "open_days", "ordered_date", "first_promised_date", "shipped_in_full_date", "last_invoiced_date", "paid_date",
    "is_in_full_on_first_promised", "owner_name", "source_url",
]  # fmt: skip


def spread(filters: list[Filter]) -> pl.DataFrame:
    done = [Filter("days_order_to_ship", "is not null"), *POSSIBLE]
    counted = warehouse.counted(MART, {"days": "days_order_to_ship"}, [*filters, *done])
    return curves.spread(counted) if counted.height else counted


def top(view, date: str) -> list[tiles.Tile]:
    now, then = view.now(date), view.then(date)
    slow = warehouse.figure("p90_days_order_to_ship", now)
    old = [*view.filters, Filter("open_days", ">", slow)] if slow is not None else None
    note = None
    if old is not None:
        note = words.text("tile.open_old", n=warehouse.figure("open_orders", old), days=formats.days(slow))
    return [
        tiles.measured("median_days_order_to_ship", now, then, "lower", ("shipments",)),
        tiles.measured("p90_days_order_to_ship", now, then, "lower", ("shipments",)),
        tiles.measured("in_full_on_first_promised", now, then, "higher", ("shipments", "order_lines")),
        tiles.measured("orders_placed", now, then, "neither"),
        tiles.measured("open_orders", view.filters, None, "lower", note=note),
        tiles.measured("median_days_order_to_cash", now, then, "lower", ("payments",)),
    ]


def promises(view, date: str) -> None:
    """Three answers to one question: promising anew hides how late an order is."""
    names = ("in_full_on_requested", "in_full_on_first_promised", "in_full_on_promised")
    kept = warehouse.measure(names, filters=view.now(date)).row(0, named=True)
    said = {name: formats.percent(value) for name, value in kept.items() if value is not None}
    if said and not facts.missing("shipments", "order_lines"):
        parts = [words.text(f"promises.{name}", share=share) for name, share in said.items()]
        st.markdown(words.text("promises.sentence", parts=", ".join(parts)))


def ecdf_panel(view, date: str) -> None:
    steps = spread(view.now(date))
    if steps.is_empty():
        states.empty(header.days(view.period), view.said)
        return
    before = None if view.before is None else spread(view.then(date))
    n = steps["counted"].sum()
    if n < ENOUGH:
        sentence = words.text("ecdf.sentence_few", n=n, most=formats.days(steps["days"].max()))
    else:
        median = formats.days(warehouse.figure("median_days_order_to_ship", view.now(date)))
        by80 = formats.days(curves.within(steps, 0.8))
        sentence = words.text("ecdf.sentence", n=n, counted=formats.number(n), median=median, by80=by80)
        if before is not None and before.height and before["counted"].sum() >= ENOUGH:
            sentence += " " + words.text("ecdf.before", by80=formats.days(curves.within(before, 0.8)))
    texts = {name: words.text(f"ecdf.{name}") for name in ("x", "y")}
    texts["before"] = "" if view.before is None else header.days(view.before)
    texts["now"] = header.days(view.period)
    figure = charts.ecdf(steps, before, texts, lambda share: formats.percent(share, 0))
    measures = ("median_days_order_to_ship", "p90_days_order_to_ship")
    panels.panel("ecdf", sentence, figure, steps, ["days", "counted", "done", "share"], view, measures, "days")


def stages_panel(view, date: str) -> None:
    rows = []
    for step in STEPS:
        values = [warehouse.figure(f"{kind}_days_to_{step}", view.now(date)) for kind in ("median", "p90")]
        if values[0] is not None:
            rows.append((step, words.text(f"step.{step}"), float(values[0]), float(values[1])))
    with_none = [step for step in STEPS if step not in {row[0] for row in rows}]
    if not rows:
        return
    frame = pl.DataFrame(rows, schema=["key", "name", "median_days", "p90_days"], orient="row")
    longest = frame.sort("median_days").row(-1, named=True)
    sentence = words.text(
        "stages.sentence",
        name=longest["name"],
        days=formats.days(longest["median_days"]),
        slow=formats.days(longest["p90_days"]),
    )
    if with_none:
        sentence += " " + words.text("stages.none", names=", ".join(words.text(f"step.{step}") for step in with_none))
    drawn = frame.rename({"median_days": "first", "p90_days": "second"})
    labels = (words.text("stages.median"), words.text("stages.p90"))
    figure = bars.pairs(drawn, *labels, lambda value: formats.number(value, 0), words.text("stages.x"))
    measures = tuple(f"{kind}_days_to_{row[0]}" for row in rows for kind in ("median", "p90"))
    panels.panel("stages", sentence, figure, frame, ["name", "median_days", "p90_days"], view, measures)


def ageing_panel(view) -> None:
    by = {"key": "current_stage", "band": Band("open_days", AGES)}
    frame = warehouse.measure("open_orders", by, view.filters).rename({"open_orders": "value"})
    frame = frame.filter(pl.col("key").is_in(STAGES) & (pl.col("value") > 0))
    if frame.is_empty():
        return
    order = {stage: at for at, stage in enumerate(STAGES)}
    frame = frame.sort(pl.col("key").replace_strict(order), "band")
    frame = frame.with_columns(
        name=pl.col("key").map_elements(lambda code: words.text(f"stage.{code}"), return_dtype=pl.String)
    )
    total, old = frame["value"].sum(), frame.filter(pl.col("band") == len(AGES))["value"].sum()
    biggest = frame.group_by("name").agg(pl.sum("value")).sort("value").row(-1)
    sentence = words.text(
        "ageing.sentence",
        n=total,
        total=formats.number(total),
        old=formats.number(old),
        stage=biggest[0],
        most=formats.number(biggest[1]),
    )
    bands = [words.text("ageing.first", days=AGES[0])]
    bands += [words.text("ageing.band", low=low, high=high) for low, high in pairwise(AGES)]
    bands.append(words.text("ageing.last", days=AGES[-1]))
    figure = bars.stacked(frame, bands, formats.number, words.text("ageing.x"))
    shown = frame.with_columns(age=pl.col("band").map_elements(bands.__getitem__, return_dtype=pl.String))
    panels.panel("ageing", sentence, figure, shown, ["name", "age", "value"], view, ("open_orders",), "stage")


def narrowed(view, date: str) -> tuple[list[Filter], dict[str, str]]:
    """What was clicked: its rows and its name."""
    stage, days, flag = drill.chosen("stage"), drill.chosen("days"), drill.chosen("flag")
    if stage:
        filters = [*view.filters, Filter("is_open", "=", True), Filter("current_stage", "=", stage)]
        return filters, {"stage": words.text("drill.open_in", stage=words.text(f"stage.{stage}"))}
    if flag == "impossible":
        return [*view.now(date), Filter("has_impossible_dates", "=", True)], {"flag": words.text("drill.impossible")}
    if days and days.isdigit():
        filters = [*view.now(date), *POSSIBLE, Filter("days_order_to_ship", "=", int(days))]
        return filters, {"days": words.text("drill.took", days=formats.days(int(days)))}
    return view.now(date), {}


def orders_section(view, date: str) -> None:
    filters, steps = narrowed(view, date)
    st.subheader(words.text("section.orders"), anchor=False)
    if steps:
        drill.breadcrumb(words.text("drill.all_orders"), steps)
    order = "open_days" if "stage" in steps else "days_order_to_ship"
    found = warehouse.rows(MART, filters, order=order)
    shown = tables.coded(found, current_stage="stage")
    panels.documents("orders", shown, ORDERS, warehouse.count(MART, filters), view, pick=("order_key", "order_key"))


def impossible_box(view, date: str) -> None:
    n = warehouse.count(MART, [*view.now(date), Filter("has_impossible_dates", "=", True)])
    if n:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words.text("cycle.impossible", n=n), width="content")
            more = {"key": "impossible", "on_click": drill.choose, "args": ("flag", "impossible"), "type": "tertiary"}
            st.button(words.text("cycle.show"), **more)


def page() -> None:
    if facts.missing("orders"):
        states.not_connected(words.text("page.order_cycle_time.question"), ["orders", "shipments", "invoices"])
        return
    if drill.chosen("order_key"):
        one_order.draw(drill.chosen("order_key"))
        return
    is_shipped = not facts.missing("shipments")
    view = header.draw(MART, ONLY, first=warehouse.earliest(MART, "ordered_date"), switch=COUNTED if is_shipped else ())
    date = view.switched or "ordered_date"
    st.caption(f"{words.text(f'counted.{date}.said')}: {header.sentence(view)}")
    if warehouse.count(MART, view.now(date)) == 0 and warehouse.figure("open_orders", view.filters) == 0:
        states.empty(header.days(view.period), view.said)
        return
    tiles.draw(top(view, date), facts.currency())
    promises(view, date)
    n = warehouse.count(MART, view.now(date))
    if n < ENOUGH:
        states.too_few(n)
    impossible_box(view, date)
    if is_shipped:
        ecdf_panel(view, date)
    else:
        panels.not_available("ecdf", facts.missing("shipments"))
    left, right = st.columns(2)
    with left:
        stages_panel(view, date)
    with right:
        ageing_panel(view)
    orders_section(view, date)


page()
