"""When and how the customers pay, and what is paid back to them."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.invoicing import AGAIN
from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import at, day_of, working_day
from pipelines.sandbox.dice import Dice

SINGLE, PARTS, NEVER_PAYS, SHORT, EARLY, ADVANCE = range(6)


def plans(
    dice: Dice,
    manner: Manner,
    invoices: pl.DataFrame,
    notes: pl.DataFrame,
    firms: pl.DataFrame,
    orders: pl.DataFrame,
) -> pl.DataFrame:
    """One row per invoice that stands: when it is paid, how, and what a credit note took off before."""
    days = np.array([days for _, days, _ in manner.words.TERMS])
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
    mode = dice.pick(key, "manner of payment", *manner.manners_of_payment)
    mode = np.where((mode == EARLY) & (due - posted < 14), SINGLE, mode)
    late = frame["days_late"].to_numpy() + dice.skewed(key, "days late", 5, 1.0) - 4
    pay_day = np.where(mode == EARLY, posted + dice.whole(key, "days to discount", 3, 9), due + np.minimum(late, 160))
    pay_day = working_day(np.maximum(pay_day, posted + 1).astype(np.int64))
    prepaid = frame["prepays"].to_numpy() & (frame["waves"] == 1).fill_null(False).to_numpy() & (key % 16 < AGAIN)
    mode = np.where(prepaid, SINGLE if manner.advance_part == 1 else ADVANCE, mode)
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
        t_rest=pl.Series(at(pay_day, 9 + 4 * dice.share(key, "hour of paying"))),
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


def payments(dice: Dice, manner: Manner, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice and payment: what it pays, what is forgone with it, when it was applied."""
    rows = plans.filter((pl.col("t_pay") < FAR) & (pl.col("left") > 0))
    key, left = rows["invoice"].to_numpy(), rows["left"].to_numpy()
    mode = rows["mode"].to_numpy()
    discount = np.where(mode == EARLY, left * 2 // 100, 0)
    short = np.where(mode == SHORT, np.minimum(left // 2, dice.whole(key, "cents short", 1, 300)), 0)
    first = np.where(
        mode == PARTS, (left * (0.3 + 0.4 * dice.share(key, "first part"))).astype(np.int64), left - discount - short
    )
    first = np.where(mode == ADVANCE, (left * manner.advance_part).astype(np.int64), first)
    later = working_day(day_of(rows["t_pay"].to_numpy()), dice.whole(key, "days until applied", 5, 22))
    applied = np.where(rows["waits"].to_numpy(), at(later, 12.0 + np.zeros(len(key))), rows["t_pay"].to_numpy())
    applied = np.maximum(applied, rows["t_posted"].to_numpy())
    whole = rows.select("invoice", "payment", "customer", "firm", "currency", "prepaid", "t_pay").with_columns(
        amount=pl.Series(first), discount=pl.Series(discount), short=pl.Series(short), t_applied=pl.Series(applied)
    )
    keep = ((mode == PARTS) | (mode == ADVANCE)) & (left > first)
    parted = whole.filter(pl.Series(keep))
    second = working_day(day_of(parted["t_pay"].to_numpy()), dice.whole(key[keep], "days to the second part", 8, 30))
    t_second = at(second, 9 + 4 * dice.share(key[keep], "hour of the second part"))
    t_second = np.where(mode[keep] == ADVANCE, rows["t_rest"].to_numpy()[keep], t_second)
    rest = parted.with_columns(
        payment=pl.col("payment") + 1,
        t_pay=pl.Series(t_second),
        t_applied=pl.Series(t_second),
        prepaid=pl.lit(False),
        amount=pl.Series((left - first)[keep]),
    )
    return pl.concat([whole, rest]).filter(pl.col("amount") > 0)


def refunds(dice: Dice, manner: Manner, notes: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per credit note paid back, because there was nothing open to set it against."""
    used = plans.filter(pl.col("taken") > 0).select(note="invoice")
    rows = notes.filter(pl.col("fate") < 3).join(used, on="note", how="anti", maintain_order="left")
    rows = rows.filter(pl.Series(dice.happens(rows["note"].to_numpy(), "paid back", 0.6 * manner.refunds)))
    note = rows["note"].to_numpy()
    day = working_day(day_of(rows["t_posted"].to_numpy()), dice.whole(note, "days to pay back", 6, 25))
    return rows.select("note", "customer", "firm", "currency", "gross", note_zloty="gross_zloty").with_columns(
        t_refund=pl.Series(at(day, 10 + 4 * dice.share(note, "hour of paying back")))
    )
