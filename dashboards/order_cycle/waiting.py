"""Where orders wait: the days of each step, what is open now and for how long, and what is stuck."""

from datetime import timedelta
from itertools import pairwise

import polars as pl
import streamlit as st

from dashboards import bars, facts, formats, panels, tables, warehouse, words
from dashboards.header import View
from dashboards.order_cycle.narrowing import Basis
from dashboards.warehouse import Band, Filter

# From the first day to the last: the step, and the end of its column. Picking apart from what waits before it.
STEPS = {
    "order": "to_order", "approval": "to_approval", "confirm": "to_confirm", "start": "to_start",
    "pick": "pick_to_ship", "ship": "to_ship", "deliver": "to_deliver", "invoice": "to_invoice", "cash": "to_cash",
}  # fmt: skip
STAGES = ("draft", "approval", "confirmation", "shipment", "invoicing", "payment")
AGES = (3, 7, 14, 30)
STUCK = [
    "order_number", "customer_name", "waiting_for", "reason", "owner_name", "order_amount", "quiet_days", "usual_days",
    "days_in_step", "last_event_date", "agreed_date", "source_url",
]  # fmt: skip


def stages_panel(view: View, day: str, basis: Basis) -> None:
    """Medians beside each other and never on top of each other: they do not add up to the median of the whole."""
    rows, measures = [], []
    of_step = {step: [f"{kind}_{basis.steps}_{end}" for kind in ("median", "p90")] for step, end in STEPS.items()}
    asked = [name for names in of_step.values() for name in names]
    known = warehouse.measure(asked, filters=view.now(day)).row(0, named=True)
    for step, names in of_step.items():
        middle, slow = (known[name] for name in names)
        if middle is not None:
            rows.append((step, words.text(f"step.{step}"), float(middle), float(slow)))
            measures += names
    if not rows:
        return
    unknown = [step for step in STEPS if step not in {row[0] for row in rows}]
    frame = pl.DataFrame(rows, schema=["key", "name", "median_days", "p90_days"], orient="row")
    longest = frame.sort("median_days").row(-1, named=True)
    days = {"days": formats.days(longest["median_days"]), "slow": formats.days(longest["p90_days"])}
    sentence = words.text("stages.sentence", name=longest["name"], **days)
    if unknown:
        names = ", ".join(words.lowered(words.text(f"step.{step}")) for step in unknown)
        sentence += " " + words.text("stages.none", names=names)
    drawn = frame.rename({"median_days": "first", "p90_days": "second"})
    labels = (words.text("stages.median"), words.text("stages.p90"))
    figure = bars.pairs(drawn, *labels, formats.part_days, words.text("stages.x"))
    panels.panel("stages", sentence, figure, frame, ["name", "median_days", "p90_days"], view, tuple(measures))


def ageing_panel(view: View) -> None:
    by = {"key": "current_stage", "band": Band("open_days", AGES)}
    frame = warehouse.measure("open_orders", by, view.filters).rename({"open_orders": "value"})
    frame = frame.filter(pl.col("key").is_in(STAGES) & (pl.col("value") > 0))
    if frame.is_empty():
        return
    order = {stage: at for at, stage in enumerate(STAGES)}
    frame = frame.sort(pl.col("key").replace_strict(order), "band")
    frame = tables.coded(frame.with_columns(name="key"), name="stage")
    total, old = frame["value"].sum(), frame.filter(pl.col("band") == len(AGES))["value"].sum()
    biggest = frame.group_by("name").agg(pl.sum("value")).sort("value").row(-1)
    more = {"total": formats.number(total), "old": formats.number(old), "most": formats.number(biggest[1])}
    sentence = words.text("ageing.sentence", n=total, stage=biggest[0], **more) + not_finished(view)
    bands = [words.text("ageing.first", days=AGES[0])]
    bands += [words.text("ageing.band", low=low, high=high) for low, high in pairwise(AGES)]
    bands.append(words.text("ageing.last", days=AGES[-1]))
    figure = bars.stacked(frame, bands, formats.number, words.text("ageing.x"))
    shown = frame.with_columns(age=pl.Series([bands[band] for band in frame["band"]]))
    panels.panel("ageing", sentence, figure, shown, ["name", "age", "value"], view, ("open_orders",), "stage")


def not_finished(view: View) -> str:
    """The last weeks look fast because their slow orders are not in yet."""
    young = [*view.filters, Filter("ordered_date", ">", facts.as_of() - timedelta(days=AGES[-1]))]
    placed = warehouse.figure("orders_placed", young)
    if not placed:
        return ""
    still = warehouse.figure("open_orders", young)
    more = {"still": formats.number(still), "placed": formats.number(placed), "days": AGES[-1]}
    return " " + words.text("ageing.not_finished", n=placed, **more)


def stuck_section(view: View) -> None:
    """Orders nothing happens to, each with why and whose it is. It knows today only, whatever the period."""
    st.subheader(words.text("section.stuck"), anchor=False)
    values = warehouse.measure(("stuck_orders", "stuck_order_value", "held_orders"), filters=view.filters)
    n, amount, held = values.row(0)
    if not n:
        st.markdown(words.text("stuck.none"))
        return
    money = {"amount": formats.short_money(amount, facts.currency()), "held": formats.number(held)}
    st.markdown(words.text("stuck.sentence", n=n, counted=formats.number(n), **money))
    found = warehouse.rows("stuck_orders", view.filters, order="quiet_days")
    shown = tables.coded(found, waiting_for="node").with_columns(tables.spoken("reason", found["reason"], why))
    panels.documents("stuck", shown, STUCK, n, view, pick=("order_key", "order_key"))


def why(reason: str) -> str:
    """A reason in our words, or as somebody wrote it into the system."""
    code = f"stuck.{reason}"
    return words.text(code) if words.knows(code) else reason


def open_older(view: View) -> tuple:
    """Open orders older than nine of ten finished ones ever took, and what that was, in calendar days."""
    slow = warehouse.figure("p90_gross_days", view.filters)
    if slow is None:
        return None, None
    return warehouse.figure("open_orders", [*view.filters, Filter("open_days", ">", slow)]), slow
