"""The customer ledger: what each document is worth in zloty, and what settles what."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, NEVER, day_of

INVOICE, NOTE, PAYMENT, REFUND = range(4)


def _zloty(amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
    return (amount * rate * 2 + 10_000) // 20_000


def _rates(frame: pl.DataFrame, time: str, rates: pl.DataFrame) -> pl.Series:
    rate = catalogue.rate_on(rates, np.minimum(day_of(frame[time].to_numpy()), NEVER))
    return pl.Series(np.where((frame["currency"] == "EUR").to_numpy(), rate, 10_000))


def entries(
    manner: Manner,
    invoices: pl.DataFrame,
    notes: pl.DataFrame,
    paid: pl.DataFrame,
    back: pl.DataFrame,
    rates: pl.DataFrame,
) -> pl.DataFrame:
    """One row per customer ledger entry: what a document did to what the customer owes."""
    columns = ["kind", "key", "customer", "currency", "t", "amount", "zloty", "due"]
    days = {place: days for place, (_, days, _) in enumerate(manner.words.TERMS)}
    owed = invoices.filter(pl.col("t_posted") < FAR).select(
        kind=pl.lit(INVOICE),
        key="invoice",
        customer="customer",
        currency="currency",
        t="t_posted",
        amount="gross",
        zloty="gross_zloty",
        due=pl.col("t_posted") // DAY + pl.col("terms").replace_strict(days),
    )
    credit = notes.select(
        kind=pl.lit(NOTE),
        key="note",
        customer="customer",
        currency="currency",
        t="t_posted",
        amount=-pl.col("gross"),
        zloty=-pl.col("gross_zloty"),
        due=pl.col("t_posted") // DAY,
    )
    cash = paid.group_by("payment", maintain_order=True).agg(
        pl.col("customer", "currency").first(), pl.col("t_pay").first(), pl.col("amount").sum()
    )
    cash = cash.with_columns(rate=_rates(cash, "t_pay", rates)).select(
        kind=pl.lit(PAYMENT),
        key="payment",
        customer="customer",
        currency="currency",
        t="t_pay",
        amount=-pl.col("amount"),
        zloty=-_zloty(pl.col("amount"), pl.col("rate")),
        due=pl.col("t_pay") // DAY,
    )
    returned = back.with_columns(rate=_rates(back, "t_refund", rates)).select(
        kind=pl.lit(REFUND),
        key="note",
        customer="customer",
        currency="currency",
        t="t_refund",
        amount="gross",
        zloty=_zloty(pl.col("gross"), pl.col("rate")),
        due=pl.col("t_refund") // DAY,
    )
    return pl.concat([frame.select(columns) for frame in (owed, credit, cash, returned)])


def settlements(paid: pl.DataFrame, plans: pl.DataFrame, notes: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One row per amount taken off an invoice: by a payment or a credit note (`kind`), or forgone with one."""
    applied = paid.select(
        "invoice",
        kind=pl.lit(PAYMENT),
        key="payment",
        t="t_applied",
        amount="amount",
        what=pl.lit("Application"),
        invoice_applies=pl.col("prepaid"),
    )
    forgone = [
        paid.filter(pl.col(column) > 0).select(
            "invoice",
            kind=pl.lit(PAYMENT),
            key="payment",
            t="t_applied",
            amount=column,
            what=pl.lit(what),
            invoice_applies=pl.lit(False),
        )
        for column, what in (("discount", "Payment Discount"), ("short", "Payment Tolerance"))
    ]
    taken = plans.filter(pl.col("taken") > 0).select(
        "invoice",
        kind=pl.lit(NOTE),
        key=pl.col("invoice"),
        t="t_note",
        amount="taken",
        what=pl.lit("Application"),
        invoice_applies=pl.lit(False),
    )
    undone = notes.filter(pl.col("fate") == 3).select(
        invoice="note",
        kind=pl.lit(NOTE),
        key="note",
        t="t_posted",
        amount="gross",
        what=pl.lit("Application"),
        invoice_applies=pl.lit(False),
    )
    rows = pl.concat([applied, *forgone, taken, undone]).sort("invoice", "t", "kind", "key", "what")
    owed = entries.filter(pl.col("kind") == INVOICE).select(
        invoice="key", gross="amount", gross_zloty="zloty", customer="customer", currency="currency"
    )
    rows = rows.join(owed, on="invoice", how="left", maintain_order="left")
    so_far = pl.col("amount").cum_sum().over("invoice")
    rows = rows.with_columns(zloty=_part(pl.col("gross_zloty"), so_far, pl.col("amount"), pl.col("gross")))
    return rows.with_columns(gain=pl.lit(0, pl.Int64)) if rows.is_empty() else _gains(rows, entries)


def _part(whole_zloty: pl.Expr, so_far: pl.Expr, amount: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """The zloty of one amount, so that all amounts of a document sum to the document's zloty."""

    def until(reached: pl.Expr) -> pl.Expr:
        return (whole_zloty * reached * 2 + whole) // (2 * whole)

    return until(so_far) - until(so_far - amount)


def _gains(rows: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """What a payment was worth on its own day, less what it settled: the exchange gain or loss."""
    cash = entries.select("kind", "key", cash=pl.col("amount").abs(), cash_zloty=pl.col("zloty").abs())
    rows = rows.join(cash, on=["kind", "key"], how="left", maintain_order="left")
    is_application = pl.col("what") == "Application"
    paid = pl.when(is_application).then(pl.col("amount")).otherwise(0)
    so_far = paid.cum_sum().over("kind", "key", order_by=["t", "invoice"])
    worth = _part(pl.col("cash_zloty"), so_far, paid, pl.col("cash"))
    gain = pl.when(is_application & (pl.col("currency") != "PLN")).then(worth - pl.col("zloty")).otherwise(0)
    return rows.with_columns(gain=gain)
