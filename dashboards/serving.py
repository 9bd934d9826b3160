"""What customers made us do, by customer and activity: at the cost of the capacity it used."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboards import cells, facts, formats, panels, profit_curve, warehouse, words
from dashboards.levels import Level
from dashboards.palette import LOSS
from dashboards.warehouse import Filter
from dashboards.worked_out import once

LINES = "profitability_lines"
# Customers that are drawn, and those that files hold.
SHOWN, HELD = 15, 500
OWN = ["customer_key", "customer_name", "served_amount", "serving_share"]
SENT = ["customer_name", "activity", "cost_to_serve_amount"]
STEP = Filter("ladder_step", "=", "cost_to_serve")


@once
def uses(customers: Sequence[str], filters: Sequence[Filter]) -> pl.DataFrame:
    """What each activity costs for these customers."""
    by = {"customer_key": "customer_key", "activity": "cost_pool"}
    theirs = [*filters, STEP, Filter("customer_key", "in", tuple(customers))]
    return warehouse.summed(LINES, "cost_to_serve_amount", by, theirs).drop_nulls()


@once
def _found(level: Level, months: Sequence[Filter], filters: Sequence[Filter]) -> tuple[str, pl.DataFrame, int] | None:
    """The sentence, the dearest customers with their activities, and how many customers cost something."""
    served = profit_curve.customers(level, months).select(
        "customer_key", "customer_name", "revenue", served_amount="cost_to_serve_amount"
    )
    served = served.filter(pl.col("served_amount") != 0)
    if served.is_empty():
        return None
    # The least of the dearest is found without sorting them all.
    first = served.filter(pl.col("served_amount") >= served["served_amount"].top_k(HELD).min())
    first = first.sort("served_amount", "customer_key", descending=[True, False]).head(HELD)
    found = first.join(uses(first["customer_key"].to_list(), filters), on="customer_key", maintain_order="left_right")
    return sentence(served["served_amount"], filters), found, served.height


def draw(filters: list[Filter], level: Level, view) -> None:
    kept = _found(level, view.now("month"), filters)
    if kept is None:
        return
    said, found, total = kept
    with st.container(border=True):
        panels.opening("serving", said)
        shown = dearest(found)
        _table(shown, said)
        st.caption(words.text("serving.rows", n=shown.height, total=formats.number(total)))
        panels.actions("serving", found, SENT, view, ("cost_to_serve", "cost_to_serve_share"))


def dearest(found: pl.DataFrame) -> pl.DataFrame:
    """Those whom serving costs most, one column per activity, the dearest activity first."""
    order = found.group_by("activity").agg(pl.sum("cost_to_serve_amount"))
    order = order.sort("cost_to_serve_amount", "activity", descending=[True, False])["activity"]
    of_customer = ["customer_key", "customer_name", "served_amount", "revenue"]
    kept = found.unique("customer_key", keep="first", maintain_order=True).head(SHOWN)["customer_key"]
    wide = found.filter(pl.col("customer_key").is_in(kept.implode())).pivot(
        "activity", index=of_customer, values="cost_to_serve_amount"
    )
    nobody = [pl.lit(None).alias(name) for name in order if name not in wide.columns]
    ratio = pl.col("served_amount").cast(pl.Float64) / pl.col("revenue").cast(pl.Float64)
    share = pl.when(pl.col("revenue") > 0).then(ratio).alias("serving_share")
    return wide.with_columns(share, *nobody).select(*OWN, *order)


def _heading() -> str:
    return f"{words.text('column.cost_to_serve_amount')}, {facts.currency()}"


def _table(shown: pl.DataFrame, said: str) -> None:
    activities = shown.columns[len(OWN) :]
    drawn = shown.drop("customer_key").with_columns(pl.col(pl.Decimal, pl.Null).cast(pl.Float64))
    money = st.column_config.NumberColumn
    headings = {
        "customer_name": st.column_config.TextColumn(words.text("column.customer_name"), width=200),
        "served_amount": money(_heading(), format="localized", step=1),
        "serving_share": money(words.text("column.serving_share"), format="percent"),
    }
    headings |= {name: money(name, format="localized", step=1) for name in activities}
    most = max((drawn[name].max() or 0 for name in activities), default=0)
    red, green, blue = (int(LOSS[at : at + 2], 16) for at in (1, 3, 5))

    def heat(value: float) -> str:
        return f"rgba({red}, {green}, {blue}, {0.6 * max(value, 0) / most if most else 0:.1f})"

    coloured = cells.coloured(drawn, activities, heat)
    keys = shown["customer_key"].to_list()

    def meant(row: int, column: str) -> dict[str, str]:
        return {"customer": keys[row]} | ({"activity": column} if column in activities else {})

    cells.draw("serving", drawn, headings, meant, coloured, panels.plain(said))


def sentence(served: pl.Series, filters: Sequence[Filter]) -> str:
    total = served.sum()
    activities = warehouse.summed(LINES, "cost_to_serve_amount", {"activity": "cost_pool"}, [*filters, STEP])
    largest = activities.sort("cost_to_serve_amount", "activity", descending=[True, False], nulls_last=True).row(0)
    tenth = max(1, round(served.len() / 10))
    share = float(served.top_k(tenth).sum() / total) if total else None
    return words.text(
        "serving.sentence",
        n=tenth,
        customers=formats.number(tenth),
        share=formats.percent(share, 0),
        total=formats.short_money(total, facts.currency()),
        activity=largest[0],
        part=formats.short_money(largest[1], facts.currency()),
    )
