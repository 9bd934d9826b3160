"""What the customers owe and pay: due days, payments, what settles what, and what that is worth in zloty."""

import numpy as np
import polars as pl

from pipelines.sandbox.clock import DAY, NEVER, at, day_of, working_day
from pipelines.sandbox.dice import Dice
from pipelines.sandbox.parts import goods as catalogue
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.fulfilment import AGAIN
from pipelines.sandbox.parts.orders import FAR

INVOICE, NOTE, PAYMENT, REFUND = range(4)
SINGLE, PARTS, NEVER_PAYS, SHORT, EARLY = range(5)


def plans(
    dice: Dice, invoices: pl.DataFrame, notes: pl.DataFrame, firms: pl.DataFrame, orders: pl.DataFrame
) -> pl.DataFrame:
    """One row per invoice that stands: when it is paid, how, and what a credit note took off before."""
    days = np.array([days for _, days, _ in words.TERMS])
    frame = (
        invoices.filter((pl.col("t_posted") < FAR) & (pl.col("t_undone") >= FAR))
        .join(
            firms.select("firm", "terms", "days_late", "pays_together", "prepays"),
            on="firm",
            how="left",
            maintain_order="left",
        )
        .join(orders.select("order", order_day="day", waves="waves"), on="order", how="left", maintain_order="left")
    )
    key = frame["invoice"].to_numpy()
    posted = day_of(frame["t_posted"].to_numpy())
    due = posted + days[frame["terms"].to_numpy()]
    mode = dice.pick(key, "manner of payment", 80, 10, 2, 3, 5)
    mode = np.where((mode == EARLY) & (due - posted < 14), SINGLE, mode)
    late = frame["days_late"].to_numpy() + dice.skewed(key, "days late", 5, 1.0) - 4
    pay_day = np.where(mode == EARLY, posted + dice.whole(key, "days to discount", 3, 9), due + np.minimum(late, 160))
    pay_day = working_day(np.maximum(pay_day, posted + 1).astype(np.int64))
    prepaid = frame["prepays"].to_numpy() & (frame["waves"] == 1).fill_null(False).to_numpy() & (key % 16 < AGAIN)
    mode = np.where(prepaid, SINGLE, mode)
    first_day = working_day(frame["order_day"].fill_null(0).to_numpy(), 1)
    t_pay = np.where(
        prepaid,
        at(first_day, 8 + dice.share(key, "hour of paying")),
        at(pay_day, 9 + 4 * dice.share(key, "hour of paying")),
    )
    together = frame["pays_together"].to_numpy() & (mode == SINGLE) & ~prepaid
    waits = ~prepaid & ~together & (mode == SINGLE) & dice.happens(key, "applied later", 0.03)
    month = (frame["t_posted"] * 1_000_000).cast(pl.Datetime("us")).dt.truncate("1mo")
    frame = frame.with_columns(
        due=pl.Series(due),
        mode=pl.Series(mode),
        prepaid=pl.Series(prepaid),
        together=pl.Series(together),
        month=month,
        t_pay=pl.Series(np.where(mode == NEVER_PAYS, FAR, t_pay)),
        waits=pl.Series(waits),
    )
    group = pl.when("together").then("invoice").otherwise(None)
    frame = frame.with_columns(
        t_pay=pl.when("together").then(pl.col("t_pay").max().over("customer", "month", "together")).otherwise("t_pay"),
        payment=pl.when("together").then(group.min().over("customer", "month")).otherwise("invoice") * 4,
    )
    taken = notes.filter((pl.col("fate") < 3) & pl.col("is_linked")).select(
        invoice="note", t_note="t_posted", note_gross="gross"
    )
    frame = frame.join(taken, on="invoice", how="left", maintain_order="left")
    is_taken = (pl.col("t_note") < pl.col("t_pay")).fill_null(False)
    return frame.with_columns(
        t_note=pl.when(is_taken).then("t_note").otherwise(FAR),
        taken=pl.when(is_taken).then("note_gross").otherwise(0),
    ).with_columns(left=pl.col("gross") - pl.col("taken"))


def payments(dice: Dice, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice and payment: what it pays, what is forgone with it, when it was applied."""
    rows = plans.filter((pl.col("t_pay") < FAR) & (pl.col("left") > 0))
    key, left = rows["invoice"].to_numpy(), rows["left"].to_numpy()
    mode = rows["mode"].to_numpy()
    discount = np.where(mode == EARLY, left * 2 // 100, 0)
    short = np.where(mode == SHORT, np.minimum(left // 2, dice.whole(key, "cents short", 1, 300)), 0)
    first = np.where(
        mode == PARTS, (left * (0.3 + 0.4 * dice.share(key, "first part"))).astype(np.int64), left - discount - short
    )
    later = working_day(day_of(rows["t_pay"].to_numpy()), dice.whole(key, "days until applied", 5, 22))
    applied = np.where(rows["waits"].to_numpy(), at(later, 12.0 + np.zeros(len(key))), rows["t_pay"].to_numpy())
    applied = np.maximum(applied, rows["t_posted"].to_numpy())
    whole = rows.select("invoice", "payment", "customer", "firm", "currency", "prepaid", "t_pay").with_columns(
        amount=pl.Series(first), discount=pl.Series(discount), short=pl.Series(short), t_applied=pl.Series(applied)
    )
    parted = whole.filter(pl.Series((mode == PARTS) & (left > first)))
    keep = (mode == PARTS) & (left > first)
    second = working_day(day_of(parted["t_pay"].to_numpy()), dice.whole(key[keep], "days to the second part", 8, 30))
    t_second = at(second, 9 + 4 * dice.share(key[keep], "hour of the second part"))
    rest = parted.with_columns(
        payment=pl.col("payment") + 1,
        t_pay=pl.Series(t_second),
        t_applied=pl.Series(t_second),
        amount=pl.Series((left - first)[keep]),
    )
    return pl.concat([whole, rest]).filter(pl.col("amount") > 0)


def refunds(dice: Dice, notes: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per credit note paid back, because there was nothing open to set it against."""
    used = plans.filter(pl.col("taken") > 0).select(note="invoice")
    rows = notes.filter(pl.col("fate") < 3).join(used, on="note", how="anti", maintain_order="left")
    rows = rows.filter(pl.Series(dice.happens(rows["note"].to_numpy(), "paid back", 0.6)))
    note = rows["note"].to_numpy()
    day = working_day(day_of(rows["t_posted"].to_numpy()), dice.whole(note, "days to pay back", 6, 25))
    return rows.select("note", "customer", "firm", "currency", "gross", note_zloty="gross_zloty").with_columns(
        t_refund=pl.Series(at(day, 10 + 4 * dice.share(note, "hour of paying back")))
    )


def _zloty(amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
    return (amount * rate * 2 + 10_000) // 20_000


def _rates(frame: pl.DataFrame, time: str, rates: pl.DataFrame) -> pl.Series:
    rate = catalogue.rate_on(rates, np.minimum(day_of(frame[time].to_numpy()), NEVER))
    return pl.Series(np.where((frame["currency"] == "EUR").to_numpy(), rate, 10_000))


def entries(
    invoices: pl.DataFrame, notes: pl.DataFrame, paid: pl.DataFrame, back: pl.DataFrame, rates: pl.DataFrame
) -> pl.DataFrame:
    """One row per customer ledger entry: what a document did to what the customer owes."""
    columns = ["kind", "key", "customer", "currency", "t", "amount", "zloty", "due"]
    days = {place: days for place, (_, days, _) in enumerate(words.TERMS)}
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
