"""How long every order took, what of that its customer wished, how often it was touched again, if it was perfect."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import truth_orders
from pipelines.sandbox.business.moments import entered_orders
from pipelines.sandbox.business.settlements import NOTE
from pipelines.sandbox.clock import DAY, PUBLIC_CALENDAR
from pipelines.sandbox.parts import truth_serving
from pipelines.sandbox.parts.salesforce_cases import QUESTION, known_cases

USUAL_LEAD, JUDGED_DAYS = 7, 90
PROMISES = ("requested", "first_promised", "promised", "committed")
# Each duration: from which day to which.
DURATIONS = {
    "days_to_approval": ("ordered_date", "approved_date"),
    "days_to_confirm": ("ordered_date", "confirmed_date"),
    "days_to_ship": ("released_date", "shipped_in_full_date"),
    "days_to_invoice": ("shipped_in_full_date", "invoiced_in_full_date"),
    "days_to_cash": ("last_invoiced_date", "paid_date"),
    "days_order_to_ship": ("ordered_date", "shipped_in_full_date"),
    "days_order_to_cash": ("ordered_date", "paid_date"),
    "gross_days": ("ordered_date", "shipped_in_full_date"),
}


def working_days(first: pl.Series, last: pl.Series) -> pl.Series:
    """Days of work after the first day up to the last one; as many below nothing the other way round."""
    known = (first.is_not_null() & last.is_not_null()).to_numpy()
    start, end = (days.cast(pl.Int32).fill_null(0).to_numpy() for days in (first, last))
    low, high = np.minimum(start, end), np.maximum(start, end)
    count = np.busday_count(
        (low + 1).astype("datetime64[D]"), (high + 1).astype("datetime64[D]"), busdaycal=PUBLIC_CALENDAR
    )
    found = pl.DataFrame({"days": np.where(start <= end, count, -count), "known": known})
    return found.select(pl.when("known").then("days"))["days"]


def cycle(company) -> pl.DataFrame:
    """One row per order, in calendar days and in days on which Poland works."""
    rows = truth_orders.orders(company)
    is_whole = (pl.col("is_gone") & ~pl.col("is_cancelled")).fill_null(False)
    rows = rows.with_columns(
        released_date=pl.coalesce("confirmed_date", "ordered_date"),
        invoiced_in_full_date=pl.when(is_whole).then("last_invoiced_date"),
    )
    calendar = {name: (pl.col(last) - pl.col(first)).dt.total_days() for name, (first, last) in DURATIONS.items()}
    working = {f"working_{name}": working_days(rows[first], rows[last]) for name, (first, last) in DURATIONS.items()}
    rows = rows.with_columns(**calendar, **working)
    wished = ((pl.col("requested_date") - pl.col("ordered_date")).dt.total_days() - USUAL_LEAD).clip(0).fill_null(0)
    dwell = pl.min_horizontal(wished, "gross_days")
    rows = rows.with_columns(dwell_days=pl.when(pl.col("gross_days").is_null()).then(wished).otherwise(dwell))
    rows = rows.with_columns(net_days=pl.col("gross_days") - pl.col("dwell_days"))
    for told in (_kept(company), _touched(company)):
        rows = rows.join(told, on="order_number", how="left", maintain_order="left")
    counts = ("changes", "corrections", "claims")
    rows = rows.with_columns(*[pl.col(name).fill_null(0).cast(pl.Int64) for name in counts], holds=pl.lit(0, pl.Int64))
    return rows.select(
        "order_number", *DURATIONS, *working, "dwell_days", "net_days", *counts, "holds",
        *[f"is_in_full_on_{promise}" for promise in PROMISES], is_perfect=_perfect(),
    )  # fmt: skip


def _perfect() -> pl.Expr:
    until = pl.col("shipped_in_full_date") + pl.duration(days=JUDGED_DAYS)
    in_time = [(pl.col(day) <= until).fill_null(pl.col(day).is_not_null()) for day in ("first_credit", "first_claim")]
    kept = pl.col("is_in_full_on_committed")
    return pl.when(kept).then(~pl.any_horizontal(in_time)).otherwise(kept)


def _kept(company) -> pl.DataFrame:
    """A promise is kept when all lines keep it; while one is not due, the order has neither kept nor broken it."""
    lines = truth_orders.promises(company)
    by_promise = pl.col("promised_date").is_not_null()
    lines = lines.with_columns(
        in_full_by_committed=pl.when(by_promise).then("in_full_by_promised").otherwise("in_full_by_requested"),
        committed_date=pl.coalesce("promised_date", "requested_date"),
    )
    is_due = pl.col("quantity") > pl.col("quantity_cancelled")
    today = pl.lit(company.as_of)
    judged = {}
    for promise in PROMISES:
        in_full = pl.col(f"in_full_by_{promise}")
        waits = (in_full.is_null() & is_due & (pl.col(f"{promise}_date") >= today)).any()
        judged[f"is_in_full_on_{promise}"] = (
            pl.when((~in_full).any()).then(False).when(waits).then(None).when(in_full.any()).then(True)
        )
    return lines.group_by("order_number").agg(**judged)


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


def survival(company) -> pl.DataFrame:
    """One row per day since the order: how many were still waiting for the whole of it, and what part has it by then.

    Orders still open are counted as long as they have been; those called off never get it (Aalen and Johansen).
    """
    entered = entered_orders(company).select(order_number="number")
    rows = truth_orders.orders(company).join(entered, on="order_number", how="semi")
    rows = rows.filter((pl.col("requested_date") >= pl.col("ordered_date")).fill_null(True))
    end = pl.coalesce("shipped_in_full_date", "cancelled_date", pl.lit(company.as_of))
    is_finished = pl.col("shipped_in_full_date").is_not_null()
    rows = rows.with_columns(day=(end - pl.col("ordered_date")).dt.total_days())
    days = rows.group_by("day").agg(
        finished=is_finished.sum(),
        cancelled=(~is_finished & pl.col("is_cancelled")).sum(),
        censored=(~is_finished & ~pl.col("is_cancelled")).sum(),
    )
    days = days.sort("day").cast(pl.Int64)
    left = pl.sum_horizontal("finished", "cancelled", "censored")
    days = days.with_columns(at_risk=left.reverse().cum_sum().reverse())
    gone, waiting = (days["finished"] + days["cancelled"]).to_numpy(), days["at_risk"].to_numpy()
    before = np.concatenate([[1.0], np.cumprod(1 - gone / waiting)[:-1]])
    return days.with_columns(finished_share=pl.Series(np.cumsum(before * days["finished"].to_numpy() / waiting)))


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
