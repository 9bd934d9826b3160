"""Salesforce's cases: claims that a credit note answers, claims settled or refused without one, and questions."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, salesforce_time
from pipelines.sandbox.parts import salesforce_accounts as accounts
from pipelines.sandbox.parts import words

# Cases that no credit note answers have numbers far from those that one does.
WITHOUT_A_NOTE = 3 * 10**15
ANSWERED, WITHOUT_CREDIT, QUESTION = range(3)


def cases(company) -> pl.DataFrame:
    rows = known_cases(company)
    key = rows["key"].to_numpy()
    is_closed = pl.col("t_closed") <= company.now
    reason = pl.Series(np.array(words.CASE_REASONS)[company.dice.whole(key, "reason", 0, len(words.CASE_REASONS) - 1)])
    kind = pl.when(pl.col("cause") == QUESTION).then(pl.lit("Question")).otherwise(pl.lit("Complaint"))
    return rows.select(
        Id=identifiers.salesforce_ids("500", key),
        AccountId=accounts.account_ids(rows["account"].to_numpy()),
        Type=pl.when("is_return").then(pl.lit("Return")).otherwise(kind),
        Reason=reason,
        OrderNumber__c="order_number",
        InvoiceNumber__c="invoice_number",
        CreatedDate=salesforce_time(pl.col("t")),
        ClosedDate=pl.when(is_closed).then(salesforce_time(pl.col("t_closed"))),
        SystemModstamp=salesforce_time(pl.when(is_closed).then("t_closed").otherwise("t")),
        IsDeleted=pl.lit(False),
    ).sort("Id")


def known_cases(company) -> pl.DataFrame:
    """One row per case until today: its account, why it came, and the numbers it names, if it names any."""
    known = company.crm_accounts.filter(~pl.col("second")).select("firm", "account", t_known="t_created")
    rows = pl.concat([_answered(company), _of_invoices(company)])
    rows = rows.join(known, on="firm", how="inner", maintain_order="left")
    rows = rows.with_columns(t=pl.max_horizontal("t", pl.col("t_known") + 60)).filter(pl.col("t") <= company.now)
    rows = rows.with_columns(t_closed=pl.max_horizontal("t_closed", pl.col("t") + 3600))
    names = pl.Series(company.dice.pick(rows["key"].to_numpy(), "number the case names", 45, 30, 25))
    orders = company.known_orders.select("order", order_number="number")
    invoices = company.known_invoices.select("invoice", "t_posted", invoice_number="number")
    rows = rows.join(orders, on="order", how="left", maintain_order="left").join(
        invoices, on="invoice", how="left", maintain_order="left"
    )
    is_there = (pl.col("t_posted") <= pl.col("t")).fill_null(False)
    return rows.with_columns(
        order_number=pl.when(names == 0).then("order_number"),
        invoice_number=pl.when((names == 1) & is_there).then("invoice_number"),
    )


def _answered(company) -> pl.DataFrame:
    """A complaint before every other credit note, where the firm is known to the CRM."""
    rows = company.notes.filter((pl.col("fate") < 3) & (pl.col("t_posted") < FAR))
    rows = rows.filter(pl.Series(company.dice.happens(rows["note"].to_numpy(), "complains", 0.5)))
    return rows.select(
        "firm",
        "order",
        key="note",
        invoice="note",
        cause=pl.lit(ANSWERED),
        is_return=pl.col("fate") == 1,
        t=pl.col("t_posted") - 5 * DAY,
        t_closed=pl.col("t_posted") + 3600,
    )


def _of_invoices(company) -> pl.DataFrame:
    """A few weeks after an invoice: claims refused or made good with other goods, and questions."""
    dice = company.dice
    rows = company.invoices.filter((pl.col("t_posted") < FAR) & (pl.col("t_undone") >= FAR))
    key = rows["invoice"].to_numpy()
    cause = dice.pick(key, "case of an invoice", 94, 2, 4)
    later = DAY * dice.whole(key, "days to the case", 1, 25)
    answer = DAY * dice.whole(key, "days to the answer", 1, 12)
    return rows.select(
        "firm",
        "order",
        key=pl.col("invoice") + WITHOUT_A_NOTE,
        invoice="invoice",
        cause=pl.Series(cause, dtype=pl.Int32),
        is_return=pl.lit(False),
        t=pl.col("t_posted") + pl.Series(later),
        t_closed=pl.col("t_posted") + pl.Series(later + answer),
    ).filter(pl.Series(cause > 0))
