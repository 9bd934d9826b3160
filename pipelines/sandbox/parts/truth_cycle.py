"""How long every order took, what of that its customer wished, how often it was touched again, if it was perfect."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.settlements import NOTE
from pipelines.sandbox.business.truth_lengths import DURATIONS, PROMISES, lengths
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.parts import truth_serving
from pipelines.sandbox.parts.salesforce_cases import QUESTION, known_cases

USUAL_LEAD, JUDGED_DAYS = 7, 90


def cycle(company) -> pl.DataFrame:
    """One row per order, in calendar days and in days on which Poland works."""
    rows = lengths(company, USUAL_LEAD).join(_touched(company), on="order_number", how="left", maintain_order="left")
    counts = ("changes", "corrections", "claims")
    rows = rows.with_columns(*[pl.col(name).fill_null(0).cast(pl.Int64) for name in counts], holds=pl.lit(0, pl.Int64))
    return rows.select(
        "order_number", *DURATIONS, *[f"working_{name}" for name in DURATIONS], "dwell_days", "net_days",
        *counts, "holds",
        *[f"is_in_full_on_{promise}" for promise in PROMISES], is_perfect=_perfect(),
    )  # fmt: skip


def _perfect() -> pl.Expr:
    until = pl.col("shipped_in_full_date") + pl.duration(days=JUDGED_DAYS)
    in_time = [(pl.col(day) <= until).fill_null(pl.col(day).is_not_null()) for day in ("first_credit", "first_claim")]
    kept = pl.col("is_in_full_on_committed")
    return pl.when(kept).then(~pl.any_horizontal(in_time)).otherwise(kept)


def _touched(company) -> pl.DataFrame:
    """New promises, credit notes and invoices done again, claims: per order, with the first day of the latter two."""
    now, numbers = company.now, company.known_orders.select("order", order_number="number")
    changed = truth_serving.changes(company).group_by("order").agg(changes=pl.len())
    notes = company.known_notes.filter((pl.col("fate") < 3) & pl.col("is_linked") & (pl.col("order") >= 0))
    credited = notes.group_by("order").agg(credits=pl.len(), t_credit=pl.col("t_posted").min())
    undone = company.known_invoices.filter((pl.col("t_undone") <= now) & (pl.col("order") >= 0))
    undone = undone.group_by("order").agg(undone=pl.len())
    named = pl.col("order_number").is_not_null() | pl.col("invoice_number").is_not_null()
    claims = known_cases(company).filter((pl.col("cause") != QUESTION) & named & (pl.col("order") >= 0))
    claims = claims.group_by("order").agg(claims=pl.len(), t_claim=pl.col("t").min())
    rows = numbers
    for part in (changed, credited, undone, claims):
        rows = rows.join(part, on="order", how="left", maintain_order="left")
    return rows.select(
        "order_number",
        "changes",
        "claims",
        corrections=pl.col("credits").fill_null(0) + pl.col("undone").fill_null(0),
        first_credit=(pl.col("t_credit") // DAY).cast(pl.Int32).cast(pl.Date),
        first_claim=(pl.col("t_claim") // DAY).cast(pl.Int32).cast(pl.Date),
    )


def claims(company) -> pl.DataFrame:
    """One row per claim: which credit note answered it, when, and when it was paid back or else settled an invoice."""
    rows = known_cases(company).filter(pl.col("cause") != QUESTION)
    answers = company.known_notes.filter(pl.col("fate") < 3).select(
        key="note", credit_number="number", t_credited="t_posted", is_linked="is_linked"
    )
    paid = company.open_amounts.filter((pl.col("kind") == NOTE) & (pl.col("left") == 0)).select("key", "t_settled")
    back = company.refunds.filter(pl.col("t_refund") <= company.now).select("t_refund", key="note")
    for part in (answers, paid, back):
        rows = rows.join(part, on="key", how="left", maintain_order="left")
    is_settled, is_refunded = pl.col("t_settled").is_not_null(), pl.col("t_refund").is_not_null()

    def date_of(time: str) -> pl.Expr:
        return (pl.col(time) // DAY).cast(pl.Int32).cast(pl.Date)

    return rows.select(
        "order_number",
        "invoice_number",
        "credit_number",
        is_linked=pl.col("is_linked").fill_null(False),
        case_id=identifiers.salesforce_ids("500", rows["key"].to_numpy()),
        opened_date=date_of("t"),
        closed_date=pl.when(pl.col("t_closed") <= company.now).then(date_of("t_closed")),
        credited_date=date_of("t_credited"),
        refunded_date=pl.when(is_settled).then(date_of("t_refund")),
        set_off_date=pl.when(~is_refunded).then(date_of("t_settled")),
    ).sort("case_id")
