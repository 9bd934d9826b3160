"""The figures on top of customer profitability: one name for each formula, whatever level is shown."""

from dataclasses import replace

import polars as pl
import streamlit as st

from dashboards import formats, profit_curve, tiles, warehouse, words
from dashboards.curves import Whale
from dashboards.levels import Level

LEFT_OUT = ("lines_missing_cost", "revenue_without_cost", "lines_missing_rate")


def columns(level: Level, frame: pl.DataFrame) -> list[str]:
    served = ["cost_to_serve_amount"] if frame["cost_to_serve_amount"].drop_nulls().len() else []
    return ["customer_name", "segment", "revenue", level.amount, level.share, *served, "discount_rate"]


def of_all(level: Level) -> tuple[str, ...]:
    """What is told of all customers together, in one statement."""
    return ("revenue", level.code, level.margin, "cost_to_serve_share", "discount_rate", *LEFT_OUT)


def served(now, then, among=()) -> tiles.Tile:
    """Cost to serve against revenue; without cost pools it is not known."""
    tile = tiles.measured("cost_to_serve_share", now, then, "lower", ("invoice_lines",), among=among)
    if tile.value is None:
        return replace(tile, reason=words.text("state.no_pools"))
    return tile


def of_one(level: Level, view) -> list[tiles.Tile]:
    """The figures of one customer."""
    now, then = view.now("month"), view.then("month")
    ways = {"credited": "neither", "discount_rate": "lower"}
    names = ("revenue", "credited", level.code, level.margin, "discount_rate")
    measured = [tiles.measured(name, now, then, ways.get(name, "higher"), ("invoice_lines",)) for name in names]
    return [*measured, served(now, then)]


def top(level: Level, view, whale: Whale, frame: pl.DataFrame, before: pl.DataFrame | None) -> list[tiles.Tile]:
    """The six figures of the page; what rests on a contribution says on which."""
    now, then = view.now("month"), view.then("month")
    old = None if before is None else profit_curve.whale_before(level, then)
    old = old if old and old.counted else None
    earners = profit_curve.counted(whale, "earner")
    no_cost = None if whale.counted else words.text("state.no_cost")
    no_total = no_cost or (None if whale.total > 0 else words.text("state.no_total"))
    members, share = profit_curve.concentration(frame)
    of_old, share_of_old = (None, None) if before is None else profit_curve.concentration(before)
    margin = profit_curve.neutral_margin()
    parts = {"n": earners, "total": whale.counted, "margin": formats.percent(margin, 0)}
    return [
        tiles.Tile(
            level.named("profit.tile.earners"),
            earners / whale.counted if whale.counted else None,
            "percent",
            profit_curve.counted(old, "earner") / old.counted if old else None,
            help=words.text("profit.tile.earners.help", level=level.name, **parts),
            reason=no_cost,
            note=words.text("profit.tile.earners.note", n=earners, total=formats.number(whale.counted)),
        ),
        tiles.Tile(
            level.named("profit.tile.peak"),
            None if no_total else whale.share(whale.peak),
            "percent",
            old.share(old.peak) if old else None,
            better="lower",
            help=words.text("profit.tile.peak.help", level=level.name),
            reason=no_total,
        ),
        tiles.Tile(
            level.named("profit.tile.lost"),
            profit_curve.lost(whale) if whale.counted else None,
            "money",
            profit_curve.lost(old) if old else None,
            better="lower",
            help=words.text("profit.tile.lost.help", level=level.name, margin=parts["margin"]),
            reason=no_cost,
        ),
        served(now, then, of_all(level)),
        tiles.measured("discount_rate", now, then, "lower", ("invoice_lines",), among=of_all(level)),
        tiles.Tile(
            words.text("profit.tile.largest", n=members),
            share,
            "percent",
            share_of_old if of_old == members else None,
            better="lower",
            help=words.text("profit.tile.largest.help"),
            reason=None if share is not None else words.text("state.nothing_to_divide"),
        ),
    ]


def headline(level: Level, view, money) -> None:
    """What all of it comes to."""
    found = warehouse.measure(of_all(level), filters=view.now("month"))
    revenue, left, margin = found.row(0)[:3]
    known = {"revenue": money(revenue), "level": level.name, "left": money(left), "margin": formats.percent(margin)}
    st.markdown(words.text("profit.headline" if left is not None else "profit.headline_no_cost", **known))


def left_out(level: Level, view, money) -> None:
    """Lines that could not be counted in full: how many, and what they come to."""
    found = warehouse.measure(of_all(level), filters=view.now("month"))
    no_cost, revenue, no_rate = found.select(LEFT_OUT).row(0)
    said = [words.text("profit.no_cost", n=int(no_cost), revenue=money(revenue))] if no_cost else []
    said += [words.text("profit.no_rate", n=int(no_rate))] if no_rate else []
    if said:
        st.caption(" ".join(said))
