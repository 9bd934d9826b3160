"""Segment by category: as wide as the revenue, as high as what is left of it, so that the area is the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from dashboards import charts, facts, formats, panels, profit_curve, tables, warehouse, words
from dashboards.levels import Level
from dashboards.palette import FADED, LEGEND, NEUTRAL, SERIES, axis, layout, ticks
from dashboards.warehouse import Filter
from dashboards.worked_out import once

LINES = "profitability_lines"
CATEGORIES, SEGMENTS = 5, 6
BETWEEN = "~"
# Costs of no category of goods, and the categories and segments too small to draw.
COLUMNS = ["customer_name", "segment", "revenue_amount", "cm1_amount"]
REST, OTHER, NONE = "", "*", "-"


@dataclass(frozen=True)
class Mosaic:
    """Segments from left to right with their revenue, and cells with what each gives."""

    segments: pl.DataFrame
    cells: pl.DataFrame
    categories: list[str]


def sold(whose: str, filters: list[Filter]) -> pl.DataFrame:
    """Revenue and contribution after goods of each customer, or each segment, in each category."""
    by = {whose: whose, "category": "category"}
    return warehouse.summed(LINES, ("revenue_amount", "cm1_amount"), by, filters)


def mosaic(frame: pl.DataFrame, lines: pl.DataFrame, level: Level) -> Mosaic | None:
    """`frame` has a row per customer, `lines` one per segment and category.

    Each column of the picture sums to the contribution of its segment.
    """
    frame = frame.with_columns(pl.col("segment").fill_null(NONE))
    whole = frame.group_by("segment").agg(pl.sum("revenue"), total=pl.sum(level.amount))
    whole = whole.filter(pl.col("revenue") > 0).sort("revenue", "segment", descending=[True, False])
    if whole.height < 2:
        return None
    kept = whole["segment"].head(SEGMENTS if whole.height > SEGMENTS else whole.height)
    column = pl.when(pl.col("segment").is_in(kept.implode())).then("segment").otherwise(pl.lit(OTHER)).alias("segment")
    segments = whole.with_columns(column).group_by("segment", maintain_order=True).agg(pl.sum("revenue", "total"))
    owned = lines.with_columns(pl.col("segment").fill_null(NONE)).with_columns(column)
    owned = owned.filter(pl.col("segment").is_in(segments["segment"].implode()))
    known = owned.drop_nulls("category").group_by("category").agg(pl.sum("revenue_amount"))
    names = known.sort("revenue_amount", "category", descending=[True, False])["category"]
    large = names.head(CATEGORIES if names.len() > CATEGORIES + 1 else names.len())
    row = pl.when(pl.col("category").is_in(large.implode())).then("category").otherwise(pl.lit(OTHER)).alias("category")
    # A cost that came after its sale belongs to the category all the same.
    cells = owned.filter(pl.col("category").is_not_null() | (pl.col("revenue_amount") != 0)).with_columns(row)
    cells = cells.group_by("segment", "category").agg(revenue=pl.sum("revenue_amount"), amount=pl.sum("cm1_amount"))
    given = cells.group_by("segment").agg(given=pl.sum("amount"))
    rest = segments.join(given, on="segment", how="left").select(
        "segment",
        category=pl.lit(REST),
        revenue=pl.lit(None, pl.Decimal(38, 4)),
        amount=pl.col("total") - pl.col("given").fill_null(0),
    )
    cells = pl.concat([cells.select(rest.columns), rest.filter(pl.col("amount") != 0)], how="vertical_relaxed")
    return Mosaic(segments, cells, [*large, OTHER, REST])


def name(code: str) -> str:
    known = {REST: "mosaic.rest", OTHER: "other", NONE: "mosaic.none"}
    return words.text(known[code]) if code in known else code


def draw(filters: list[Filter], level: Level, view) -> None:
    found = _found(level, view.now("month"), filters)
    if found is not None:
        columns = ["segment", "category", "revenue_amount", "contribution_amount"]
        panels.panel("mosaic", *found, columns, view, (level.code,), "cell")


@once
def _found(level: Level, months: Sequence[Filter], lines: Sequence[Filter]) -> tuple[str, dict, pl.DataFrame] | None:
    found = mosaic(profit_curve.customers(level, months), sold("segment", lines), level)
    if found is None:
        return None
    money = partial(formats.short_money, currency=facts.currency())
    table = tables.worded(found.cells.sort("amount", descending=True), segment=name, category=name).select(
        "segment",
        "category",
        revenue_amount="revenue",
        contribution_amount="amount",
    )
    return sentence(found, level, money), chart(found, level, money), table


def sentence(found: Mosaic, level: Level, money) -> str:
    first = found.segments.row(0, named=True)
    named = found.cells.filter(~pl.col("category").is_in([REST, OTHER])).sort("amount", descending=True)
    parts = {
        "segment": name(first["segment"]),
        "share": formats.percent(float(first["revenue"] / found.segments["revenue"].sum()), 0),
        "margin": formats.percent(float(first["total"] / first["revenue"])) if first["total"] is not None else "–",
        "level": level.short,
    }
    said = words.text("mosaic.sentence", **parts)
    if named.height:
        best = named.row(0, named=True)
        parts = {"category": name(best["category"]), "segment": name(best["segment"]), "money": money(best["amount"])}
        said += " " + words.text("mosaic.best", **parts)
    return said


def chart(found: Mosaic, level: Level, money) -> dict:
    total = float(found.segments["revenue"].sum())
    widths = {row["segment"]: 100 * float(row["revenue"]) / total for row in found.segments.iter_rows(named=True)}
    revenue = {row["segment"]: float(row["revenue"]) for row in found.segments.iter_rows(named=True)}
    starts, at = {}, 0.0
    for segment, width in widths.items():
        starts[segment], at = at, at + width
    amounts = {(segment, category): float(amount or 0) for segment, category, _, amount in found.cells.iter_rows()}
    traces, ups, downs = [], dict.fromkeys(widths, 0.0), dict.fromkeys(widths, 0.0)
    for place, category in enumerate(found.categories):
        own = [segment for segment in widths if (segment, category) in amounts]
        if not own:
            continue
        heights = [amounts[segment, category] / revenue[segment] for segment in own]
        for segment, height in zip(own, heights, strict=True):
            side = ups if height > 0 else downs
            side[segment] += height
        clickable, shown = category not in (REST, OTHER), charts.shown(name(category))
        traces.append(
            {
                "type": "bar",
                "name": shown,
                "x": [starts[segment] for segment in own],
                "width": [widths[segment] for segment in own],
                "offset": 0,
                "y": heights,
                "customdata": [
                    f"{segment}{BETWEEN}{category}" if clickable and segment != OTHER else None for segment in own
                ],
                "text": [
                    f"{charts.shown(name(segment))} · {shown}<br>{money(amounts[segment, category])}" for segment in own
                ],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "color": {REST: FADED, OTHER: NEUTRAL}.get(category, SERIES[place % 5]),
                    "line": {"width": 1, "color": "rgba(255,255,255,0.7)"},
                },
            }
        )
    low, high = min(0.0, *downs.values()), max(0.0, *ups.values())
    wide = [segment for segment in widths if widths[segment] >= 9]
    texts = [f"{charts.shown(name(segment))} {formats.percent(widths[segment] / 100, 0)}" for segment in wide]
    level_axis = axis(
        words.text("mosaic.x"),
        range=[0, 100],
        tickvals=[starts[segment] + widths[segment] / 2 for segment in wide],
        ticktext=texts,
    )
    upright = axis(
        level.named("profit.margin"),
        showgrid=True,
        zeroline=True,
        **ticks(low, high, lambda value: formats.percent(value, 0)),
    )
    more = {"barmode": "relative", "bargap": 0, "showlegend": True, "legend": LEGEND | {"traceorder": "normal"}}
    return {"data": traces, "layout": layout(height=400, xaxis=level_axis, yaxis=upright, **more)}


def cell(code: str) -> tuple[str, str]:
    segment, _, category = code.partition(BETWEEN)
    return segment, category


def customers_of(code: str, frame: pl.DataFrame, filters: list[Filter]) -> pl.DataFrame:
    """Who is in a cell, with what each bought of the category."""
    segment, category = cell(code)
    own = frame.filter(pl.col("segment").fill_null(NONE) == segment).select("customer_key", "customer_name", "segment")
    lines = sold("customer_key", [*filters, Filter("category", "=", category)])
    return own.join(lines, on="customer_key").sort(
        "cm1_amount", "customer_key", descending=[True, False], nulls_last=True
    )
