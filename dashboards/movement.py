"""Who went where: the tier of a year ago against that of today, with how many and how much money."""

import polars as pl
import streamlit as st

from dashboards import cells, formats, header, panels, tables, warehouse, words
from dashboards.levels import Level
from dashboards.periods import Period
from dashboards.warehouse import Filter

MART = "customer_standing"
TIERS = ("earner", "neutral", "loser", "new", "lost")
BEYOND = ("none", "not_known")
BETWEEN = "~"
COLUMNS = [
    "customer_name", "segment", "owner_name", "revenue_amount", "previous_revenue_amount", "contribution_amount",
    "previous_contribution_amount", "last_purchase_date",
]  # fmt: skip


def moves(filters: list[Filter]) -> pl.DataFrame:
    """One row per pair of tiers that somebody is in: how many, and by how much their contribution changed."""
    by, filters = {"previous_tier": "previous_tier", "tier": "tier"}, [*filters, Filter("tier", "is not null")]
    found = warehouse.counted(MART, by, filters)
    moved = warehouse.summed(MART, ("contribution_amount", "previous_contribution_amount"), by, filters)
    found = found.join(moved, on=list(by), how="left", nulls_equal=True)
    return found.with_columns(change_amount=pl.col("contribution_amount") - pl.col("previous_contribution_amount"))


def grid(found: pl.DataFrame, money) -> tuple[list[str], pl.DataFrame]:
    """The tiers of a year ago, and a table of them with the tiers of today; nobody is said as nobody."""
    rows = [*TIERS, *(tier for tier in BEYOND if tier in found["previous_tier"])]
    columns = [*TIERS, *(tier for tier in BEYOND[1:] if tier in found["tier"])]
    known = {(row["previous_tier"], row["tier"]): row for row in found.iter_rows(named=True)}
    lines = []
    for before in rows:
        texts = {"before": words.text(f"tier.{before}")}
        texts |= {after: _cell(known.get((before, after)), money) for after in columns}
        lines.append(texts)
    return rows, pl.DataFrame(lines)


def _cell(row: dict | None, money) -> str:
    if row is None:
        return "0"
    change = row["change_amount"]
    if change is None:
        return formats.number(row["counted"])
    return f"{formats.number(row['counted'])} · {'+' if change > 0 else ''}{money(change)}"


def draw(filters: list[Filter], view) -> None:
    found = moves(filters)
    if found.is_empty():
        return
    facts_of = warehouse.rows(MART, limit=1).row(0, named=True)
    rows, drawn = grid(found, lambda value: formats.short_money(value, ""))
    text = st.column_config.TextColumn
    headings = {"before": text(words.text("movement.before"), pinned=True)}
    headings |= {tier: text(words.text(f"tier.{tier}")) for tier in drawn.columns if tier != "before"}

    def meant(row: int, column: str) -> dict[str, str]:
        return {} if column == "before" else {"move": f"{rows[row]}{BETWEEN}{column}"}

    with st.container(border=True):
        said = sentence(found)
        panels.opening("movement", said)
        cells.draw("movement", drawn, headings, meant, alt=panels.plain(said))
        st.caption(about(facts_of))
        table = tables.coded(found, previous_tier="tier", tier="tier").rename({"counted": "customers_counted"})
        columns = ["previous_tier", "tier", "customers_counted", "contribution_amount", "change_amount"]
        panels.actions("movement", table, columns, view, ("customers_moved", "contribution_moved"))


def sentence(found: pl.DataFrame) -> str:
    became = found.filter((pl.col("tier") == "loser") & pl.col("previous_tier").is_in(["earner", "neutral"]))
    better = found.filter((pl.col("previous_tier") == "loser") & pl.col("tier").is_in(["earner", "neutral"]))
    # Who was lost before this year is no news.
    left = found.filter((pl.col("tier") == "lost") & (pl.col("previous_tier") != "lost"))
    worse = int(became["counted"].sum())
    return words.text(
        "movement.sentence",
        n=worse,
        worse=formats.number(worse),
        better=formats.number(int(better["counted"].sum())),
        new=formats.number(int(found.filter(pl.col("tier") == "new")["counted"].sum())),
        lost=formats.number(int(left["counted"].sum())),
    )


def about(row: dict) -> str:
    """The months and the level these tiers are of: they are the same whatever period the page shows."""
    until = row["period_until_date"]
    period = "" if until is None else header.days(Period(row["period_from_date"], _day_before(until)))
    said = words.text("movement.about", period=period, level=Level(row["contribution_level"]).short)
    return said if row["is_previous_period_whole"] else f"{said} {words.text('movement.short')}"


def _day_before(day):
    return pl.Series([day]).dt.offset_by("-1d")[0]


def customers_of(move: str, filters: list[Filter]) -> tuple[pl.DataFrame, int]:
    """Who went from the one tier to the other."""
    before, _, after = move.partition(BETWEEN)
    own = [*filters, Filter("previous_tier", "=", before), Filter("tier", "=", after)]
    return warehouse.rows(MART, own, order="contribution_amount"), warehouse.count(MART, own)


def name(move: str) -> str:
    before, _, after = move.partition(BETWEEN)
    return f"{words.text(f'tier.{before}')} → {words.text(f'tier.{after}')}"
