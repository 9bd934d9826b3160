"""How orders stood at a moment."""

import polars as pl

from pipelines.sandbox.business.orders import WAVES
from pipelines.sandbox.clock import NEVER


def latest(now: int | pl.Expr, *times: str) -> pl.Expr:
    """The last of these times that has come."""
    return pl.max_horizontal(*[pl.when(pl.col(time) <= now).then(pl.col(time)).otherwise(0) for time in times])


def shown_lines(company, moments: pl.DataFrame) -> pl.DataFrame:
    """The order lines as they stood at a moment; `moments` has `order` and `moment`."""
    columns = [
        "order",
        "t_released",
        "t_again",
        "t_rest",
        "promised_first",
        "promised_again",
        "promised_rest",
        "number",
        "gives_dates",
        "id",
    ]
    columns += [f"t_{what}_{wave}" for what in ("left", "invoiced") for wave in range(WAVES)] + [
        "requested",
        "t_confirmed",
        "day",
    ]
    orders = moments.join(company.known_orders.select(columns), on="order", how="inner", maintain_order="left")
    rows = orders.join(company.lines, on="order", how="inner", maintain_order="left_right")

    def until(what: str) -> pl.Expr:
        done = [
            pl.when(pl.col(f"t_{what}_{w}") <= pl.col("moment")).then(pl.col(f"q{w}")).otherwise(0)
            for w in range(WAVES)
        ]
        return pl.sum_horizontal(done)

    waits = (pl.col("q1") + pl.col("q2") > 0) & (pl.col("t_rest") <= pl.col("moment"))
    promise = (
        pl.when(pl.col("t_released") > pl.col("moment"))
        .then(NEVER)
        .when(waits)
        .then("promised_rest")
        .when(pl.col("t_again") <= pl.col("moment"))
        .then("promised_again")
        .otherwise("promised_first")
    )
    return rows.with_columns(
        shipped=until("left"), billed=until("invoiced"), promise=promise, sequence=(pl.col("line") + 1) * 10_000
    )


def entered_orders(company) -> pl.DataFrame:
    """Orders that are no drafts: released, asked to be, or gone."""
    now = company.now
    in_review = latest(now, "t_submitted", "t_resubmitted") > latest(now, "t_rejected", "t_decided")
    is_asked = in_review & company.manner.shows_requests
    is_entered = (pl.col("t_released") <= now) | is_asked | (pl.col("t_gone") <= now)
    return company.known_orders.filter(is_entered)
