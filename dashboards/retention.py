"""How many of those who came in a month still buy, month after month."""

import polars as pl
import streamlit as st

from dashboards import cells, formats, panels, tables, warehouse, words
from dashboards.palette import PROFIT
from dashboards.warehouse import Filter

MART = "customer_retention"
COHORTS, MONTHS = 12, 12
OVER = [Filter("is_month_over", "=", True), Filter("is_first_of_data", "=", False)]


def cohorts() -> pl.DataFrame:
    """One row per cohort and month since: the last twelve cohorts, twelve months each."""
    by = {"cohort_month": "cohort_month", "months_since": "months_since"}
    found = warehouse.measure("retention", by, [*OVER, Filter("months_since", "<=", MONTHS)])
    sizes = warehouse.counted(
        MART, {"cohort_month": "cohort_month", "customers_in_cohort": "customers_in_cohort"}, OVER
    )
    found = found.join(sizes.drop("counted"), on="cohort_month").drop_nulls("retention")
    recent = found["cohort_month"].unique().sort().tail(COHORTS)
    return found.filter(pl.col("cohort_month").is_in(recent.implode())).rename({"retention": "retention_share"})


def draw(view) -> None:
    if view.filters or not warehouse.count(MART, OVER):
        # Cohorts are of the whole firm: beside a part of it they would be taken for that part's.
        return
    found = cohorts()
    if found.height < 3:
        return
    wide = found.pivot("months_since", index=["cohort_month", "customers_in_cohort"], values="retention_share")
    months = [column for column in wide.columns if column not in ("cohort_month", "customers_in_cohort")]
    months.sort(key=int)
    wide = wide.sort("cohort_month", descending=True).select("cohort_month", "customers_in_cohort", *months)
    wide = tables.worded(wide, cohort_month=formats.month)
    red, green, blue = (int(PROFIT[at : at + 2], 16) for at in (1, 3, 5))

    def warm(value: float) -> str:
        return f"rgba({red}, {green}, {blue}, {0.006 * value:.1f})"

    headings = {
        "cohort_month": st.column_config.TextColumn(words.text("column.cohort_month"), pinned=True),
        "customers_in_cohort": st.column_config.NumberColumn(words.text("column.customers_in_cohort")),
    }
    headings |= {name: st.column_config.NumberColumn(name, format="%.0f%%") for name in months}
    with st.container(border=True):
        said = sentence(found)
        panels.opening("retention", said)
        shown = cells.coloured(wide.with_columns(pl.col(months).cast(pl.Float64) * 100), months, warm)
        st.dataframe(shown, hide_index=True, column_config=headings, placeholder="", alt=panels.plain(said))
        columns = ["cohort_month", "months_since", "customers_in_cohort", "retention_share"]
        panels.actions("retention", found, columns, view, ("retention",))


def sentence(found: pl.DataFrame) -> str:
    """How many are there after some months, weighted by the size of the cohorts that got so far."""
    latest = 6 if found.filter(pl.col("months_since") == 6).height else found["months_since"].max()
    reached = found.filter(pl.col("months_since") == latest)
    still = (reached["retention_share"].cast(pl.Float64) * reached["customers_in_cohort"]).sum()
    came = reached["customers_in_cohort"].sum()
    return words.text(
        "retention.sentence",
        n=latest,
        share=formats.percent(still / came if came else None, 0),
        cohorts=formats.number(reached.height),
        customers=formats.number(came),
    )
