"""What customers made us do, by customer and activity: at the cost of the capacity it used."""

import polars as pl
import streamlit as st

from dashboards import cells, facts, formats, panels, warehouse, words
from dashboards.palette import LOSS
from dashboards.warehouse import Filter

LINES = "profitability_lines"
SHOWN = 25
OWN = {"customer_key", "customer_name", "cost_to_serve_amount", "revenue", "serving_share"}
STEP = Filter("ladder_step", "=", "cost_to_serve")


def uses(filters: list[Filter]) -> pl.DataFrame:
    """One row per customer, the dearest first, one column per activity."""
    by = {"customer_key": "customer_key", "customer_name": "customer_name", "activity": "cost_pool"}
    found = warehouse.summed(LINES, "cost_to_serve_amount", by, [*filters, STEP]).drop_nulls()
    if found.is_empty():
        return found
    order = found.group_by("activity").agg(pl.sum("cost_to_serve_amount"))
    order = order.sort("cost_to_serve_amount", "activity", descending=[True, False])["activity"].to_list()
    wide = found.pivot("activity", index=["customer_key", "customer_name"], values="cost_to_serve_amount")
    wide = wide.with_columns(cost_to_serve_amount=pl.sum_horizontal(order))
    wide = wide.select("customer_key", "customer_name", "cost_to_serve_amount", *order)
    return wide.sort("cost_to_serve_amount", "customer_key", descending=[True, False])


def draw(filters: list[Filter], frame: pl.DataFrame, view, money) -> None:
    found = uses(filters)
    if found.is_empty():
        return
    found = found.join(frame.select("customer_key", "revenue"), on="customer_key", how="left", maintain_order="left")
    ratio = pl.col("cost_to_serve_amount").cast(pl.Float64) / pl.col("revenue").cast(pl.Float64)
    found = found.with_columns(serving_share=pl.when(pl.col("revenue") > 0).then(ratio))
    activities = [column for column in found.columns if column not in OWN]
    shown = found.head(SHOWN)
    with st.container(border=True):
        said = sentence(found, activities, money)
        panels.opening("serving", said)
        _table(shown, activities, said)
        st.caption(words.text("serving.rows", n=shown.height, total=formats.number(found.height)))
        long = (
            found.select("customer_name", *activities)
            .unpivot(activities, index=["customer_name"], variable_name="activity", value_name="cost_to_serve_amount")
            .drop_nulls("cost_to_serve_amount")
        )
        columns = ["customer_name", "activity", "cost_to_serve_amount"]
        panels.actions("serving", long, columns, view, ("cost_to_serve", "cost_to_serve_share"))


def _heading() -> str:
    return f"{words.text('column.cost_to_serve_amount')}, {facts.currency()}"


def _table(shown: pl.DataFrame, activities: list[str], said: str) -> None:
    drawn = shown.select("customer_name", "cost_to_serve_amount", "serving_share", *activities)
    drawn = drawn.with_columns(pl.col(pl.Decimal).cast(pl.Float64))
    money = st.column_config.NumberColumn
    headings = {
        "customer_name": st.column_config.TextColumn(words.text("column.customer_name"), width=200),
        "cost_to_serve_amount": money(_heading(), format="localized", step=1),
        "serving_share": money(words.text("column.serving_share"), format="percent"),
    }
    headings |= {name: money(name, format="localized", step=1) for name in activities}
    most = max((drawn[name].max() or 0 for name in activities), default=0)
    red, green, blue = (int(LOSS[at : at + 2], 16) for at in (1, 3, 5))

    def heat(value) -> str:
        share = max(value, 0) / most if most and value == value else 0
        return f"background-color: rgba({red}, {green}, {blue}, {0.6 * share:.3f})"

    coloured = drawn.to_pandas().style.map(heat, subset=activities)
    keys = shown["customer_key"].to_list()

    def meant(row: int, column: str) -> dict[str, str]:
        return {"customer": keys[row]} | ({"activity": column} if column in activities else {})

    cells.draw("serving", drawn, headings, meant, coloured, panels.plain(said))


def sentence(found: pl.DataFrame, activities: list[str], money) -> str:
    total = found["cost_to_serve_amount"].sum()
    dearest = found[activities].sum().unpivot().sort("value", descending=True).row(0)
    tenth = max(1, round(found.height / 10))
    share = float(found["cost_to_serve_amount"].head(tenth).sum() / total) if total else None
    return words.text(
        "serving.sentence",
        n=tenth,
        customers=formats.number(tenth),
        share=formats.percent(share, 0),
        total=money(total),
        activity=dearest[0],
        part=money(dearest[1]),
    )
