"""Which ways orders go from step to step: each way with what it costs, and the map of all of them."""

import polars as pl
import streamlit as st

from dashboards import charts, drawn, drill, formats, panels, tables, warehouse, words
from dashboards.header import View
from dashboards.order_cycle import drawings
from dashboards.order_cycle.narrowing import way

# Ways that fewer than twenty orders took say nothing about how often they are late.
ENOUGH = 20
SHOWN = 200
MEASURES = ("variant_orders", "variant_share", "variant_late")
VARIANTS = ["path", "outcome", "orders_counted", "share", "median_days_to_ship", "late_share", "order_amount"]
# The steps on paper, from top to bottom.
PLACES = (
    "start", "quote", "approval", "confirmation", "production", "picking", "shipment", "delivery", "invoicing",
    "payment",
)  # fmt: skip


def variants_panel(view: View) -> None:
    by = {name: name for name in ("order_variant_key", "path", "outcome", "median_days_to_ship", "order_amount")}
    found = warehouse.measure(MEASURES, by)
    if found.is_empty():
        nothing("variants")
        return
    frame = found.rename({"variant_orders": "orders_counted", "variant_share": "share", "variant_late": "late_share"})
    frame = frame.sort(["orders_counted", "path"], descending=[True, False])
    frame = frame.with_columns(pl.col("orders_counted").cast(pl.Int64), tables.spoken("path", frame["path"], way))
    key = drill.key("table-variants")
    with st.container(border=True, height="stretch"):
        panels.opening("variants", f"{variants_said(frame)} {words.text('variants.whole')}")
        shown = tables.coded(frame, outcome="variant_outcome").head(SHOWN)
        picked = drill.on_row(key, "variant", shown["order_variant_key"].to_list())
        tables.draw(shown, VARIANTS, key=key, on_select=picked, height=390)
        drawn.table("variants", shown, VARIANTS, frame.height)
        with st.container(horizontal=True, gap="small"):
            panels.downloads("variants", shown, VARIANTS, view, MEASURES)
            panels.explain(MEASURES)


def nothing(code: str) -> None:
    """What tells of all orders together is not shown to readers who may see some of them only."""
    panels.said_only(code, words.text("ways.none"))


def variants_said(frame: pl.DataFrame) -> str:
    """The usual way, how many there are, and which of the frequent ones is late most often."""
    usual, n = frame.row(0, named=True), frame["path"].n_unique()
    share = formats.percent(usual["share"])
    sentence = words.text("variants.sentence", n=n, share=share, path=usual["path"], counted=formats.number(n))
    often = frame.filter((pl.col("orders_counted") >= ENOUGH) & pl.col("late_share").is_not_null())
    often = often.filter(pl.col("outcome") == "completed").sort("late_share", descending=True)
    if often.height > 1:
        worst = often.row(0, named=True)
        sentence += " " + words.text("variants.late", path=worst["path"], late=formats.percent(worst["late_share"]))
    return sentence


def map_panel(view: View) -> None:
    edges = warehouse.rows("step_edges", order="orders_counted")
    if edges.is_empty():
        nothing("ways")
        return
    whole = edges["orders_counted"].max()
    edges = edges.with_columns(
        start="from_step",
        end="to_step",
        share=pl.col("orders_counted") / whole,
        text=pl.Series([edge_said(edge) for edge in edges.iter_rows(named=True)]),
    )
    figure = drawings.ways(nodes(edges), edges)
    shown = tables.coded(edges, from_step="node", to_step="node")
    columns = ["from_step", "to_step", "orders_counted", "waiting_counted", "median_days", "p90_days"]
    sentence = f"{map_said(edges)} {words.text('variants.whole')}"
    panels.panel("ways", sentence, figure, shown, columns, view, ("edge_days",), "node")


def nodes(edges: pl.DataFrame) -> pl.DataFrame:
    """At most twelve steps, those that most orders pass, in the order of the way on paper."""
    into = edges.group_by("to_step").agg(pl.sum("orders_counted"), pl.sum("waiting_counted"))
    start = edges.filter(pl.col("from_step") == "start").select(
        to_step=pl.lit("start"), orders_counted="orders_counted", waiting_counted=pl.lit(0, pl.Int64)
    )
    start = start.group_by("to_step").agg(pl.sum("orders_counted"), pl.sum("waiting_counted"))
    known = pl.concat([start, into.select(start.columns)]).sort("orders_counted", descending=True)
    known = known.head(drawings.MOST_NODES).with_columns(
        place=pl.col("to_step").replace_strict({step: at for at, step in enumerate(PLACES)}, default=len(PLACES))
    )
    known = known.sort("place")
    return known.select(
        key="to_step",
        name=pl.Series([words.text(f"node.{step}") for step in known["to_step"]], dtype=pl.String),
        note=pl.Series([node_said(node) for node in known.iter_rows(named=True)], dtype=pl.String),
    )


def node_said(node: dict) -> str:
    counted = words.text("ways.orders", n=node["orders_counted"], counted=formats.number(node["orders_counted"]))
    if not node["waiting_counted"]:
        return counted
    return f"{counted}, {words.text('ways.waiting', waiting=formats.number(node['waiting_counted']))}"


def edge_said(edge: dict) -> str:
    ends = way(f"{edge['from_step']} > {edge['to_step']}")
    counted = words.text("ways.orders", n=edge["orders_counted"], counted=formats.number(edge["orders_counted"]))
    if edge["median_days"] is None:
        return f"{charts.shown(ends)}<br>{counted}"
    days = {"days": formats.days(edge["median_days"]), "slow": formats.days(edge["p90_days"])}
    return f"{charts.shown(ends)}<br>{counted}<br>{words.text('ways.days', **days)}"


def map_said(edges: pl.DataFrame) -> str:
    worst = edges.filter(pl.col("is_bottleneck"))
    if worst.is_empty() or worst["median_days"][0] is None:
        return words.text("ways.calm")
    edge = worst.row(0, named=True)
    days = {"days": formats.days(edge["median_days"]), "slow": formats.days(edge["p90_days"])}
    waiting = {"n": edge["waiting_counted"], "waiting": formats.number(edge["waiting_counted"])}
    return words.text("ways.sentence", ends=way(f"{edge['from_step']} > {edge['to_step']}"), **days, **waiting)
