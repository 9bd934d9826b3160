"""The control totals of the books."""

import polars as pl

from pipelines.sandbox.business.settlements import NOTE
from pipelines.sandbox.business.truth_money import amount, month


def ledger(company) -> pl.DataFrame:
    """The control totals of the books, undone documents included: movements of a month, receivables at its end."""
    invoices = company.known_invoices.select(month=month(pl.col("t_posted")), revenue="net_zloty")
    notes = company.known_notes.select(month=month(pl.col("t_posted")), revenue=-pl.col("net_zloty"))
    costs = company.known_values.select(month=month(pl.col("t_posted")), cost="cost")
    cash = company.known_entries.filter(pl.col("kind") > NOTE).select(month=month(pl.col("t")), cash=-pl.col("zloty"))
    owed = company.details.filter(pl.col("what") != "Application").select(month=month(pl.col("t")), receivables="zloty")
    rows = pl.concat([invoices, notes, costs, cash, owed], how="diagonal").group_by("month").sum().sort("month")
    return rows.select(
        "month",
        *[amount(pl.col(measure).fill_null(0)).alias(measure) for measure in ("revenue", "cost", "cash")],
        receivables=amount(pl.col("receivables").fill_null(0).cum_sum()),
    )
