"""How long every order took, what of that its customer wished, and whether its promises were kept."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import truth_orders
from pipelines.sandbox.business.moments import entered_orders
from pipelines.sandbox.clock import PUBLIC_CALENDAR

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


def lengths(company, usual_lead: int, orders: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per order, in calendar days and in days on which Poland works; `orders` as its ERP knows them."""
    rows = truth_orders.orders(company) if orders is None else orders
    is_whole = (pl.col("is_gone") & ~pl.col("is_cancelled")).fill_null(False)
    rows = rows.with_columns(
        released_date=pl.coalesce("confirmed_date", "ordered_date"),
        invoiced_in_full_date=pl.when(is_whole).then("last_invoiced_date"),
    )
    calendar = {name: (pl.col(last) - pl.col(first)).dt.total_days() for name, (first, last) in DURATIONS.items()}
    working = {f"working_{name}": working_days(rows[first], rows[last]) for name, (first, last) in DURATIONS.items()}
    rows = rows.with_columns(**calendar, **working)
    wished = ((pl.col("requested_date") - pl.col("ordered_date")).dt.total_days() - usual_lead).clip(0).fill_null(0)
    dwell = pl.min_horizontal(wished, "gross_days")
    rows = rows.with_columns(dwell_days=pl.when(pl.col("gross_days").is_null()).then(wished).otherwise(dwell))
    rows = rows.with_columns(net_days=pl.col("gross_days") - pl.col("dwell_days"))
    return rows.join(_kept(company), on="order_number", how="left", maintain_order="left")


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
