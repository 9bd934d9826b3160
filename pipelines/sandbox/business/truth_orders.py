"""When each order was asked for, promised, shipped, invoiced and paid, and whether its promises held."""

import polars as pl

from pipelines.sandbox.business.moments import entered_orders, shown_lines
from pipelines.sandbox.business.orders import FAR, WAVES
from pipelines.sandbox.business.settlements import INVOICE, PAYMENT
from pipelines.sandbox.business.truth_links import deal_id
from pipelines.sandbox.business.truth_money import amount, customer, day, day_of
from pipelines.sandbox.clock import DAY, NEVER


def _last_seen(company) -> pl.DataFrame:
    """Order lines today, or when their order went."""
    moments = company.known_orders.select("order", moment=pl.min_horizontal(pl.lit(company.now), "t_gone"))
    return shown_lines(company, moments)


def _left_in_full(rows: pl.DataFrame) -> pl.Expr:
    """When the last piece of a line left."""
    return pl.max_horizontal(
        [pl.when(pl.col(f"q{w}") > 0).then(pl.col(f"t_left_{w}")).otherwise(0) for w in range(WAVES)]
    )


def _billing(company) -> pl.DataFrame:
    """Per order: its standing invoices, and how they were settled."""
    standing = company.known_invoices.filter((pl.col("order") >= 0) & (pl.col("t_undone") > company.now))
    settled = company.open_amounts.filter(pl.col("kind") == INVOICE).select("left", "t_settled", invoice="key")
    cash = company.known_settlements.filter((pl.col("kind") == PAYMENT) & (pl.col("what") == "Application"))
    paid = company.known_entries.filter(pl.col("kind") == PAYMENT).select("key", t_paid="t")
    cash = (
        cash.join(paid, on="key", how="left")
        .group_by("invoice")
        .agg(t_first=pl.col("t_paid").min(), t_last=pl.col("t_paid").max())
    )
    rows = standing.join(settled, on="invoice", how="left", maintain_order="left").join(
        cash, on="invoice", how="left", maintain_order="left"
    )
    return rows.group_by("order").agg(
        t_first_invoice=pl.col("t_posted").min(),
        t_last_invoice=pl.col("t_posted").max(),
        open=pl.col("left").abs().sum(),
        t_settled=pl.col("t_settled").max(),
        t_first_paid=pl.col("t_first").min(),
        t_last_paid=pl.col("t_last").max(),
        invoiced=pl.col("net").sum(),
        invoices=pl.len(),
    )


def orders(company) -> pl.DataFrame:
    now = company.now
    lines = _last_seen(company)
    goods = pl.when(~pl.col("is_service")).then(_left_in_full(lines)).otherwise(0)
    promises = (
        lines.with_columns(left=goods, promise=pl.when(pl.col("promise") < NEVER).then("promise"))
        .group_by("order")
        .agg(pl.col("promise").max(), t_in_full=pl.col("left").max(), net=pl.col("net").sum(), lines=pl.len())
    )
    rows = company.known_orders.join(promises, on="order", how="left", maintain_order="left").join(
        _billing(company), on="order", how="left", maintain_order="left"
    )
    # A part of a project that is done leaves nothing behind which a system could tell.
    left = [pl.col(f"t_left_{wave}") if company.manner.ships else pl.lit(FAR) for wave in range(WAVES)]
    last_left = pl.max_horizontal([pl.when(time <= now).then(time) for time in left])
    is_billed = (pl.col("t_gone") <= now) & (pl.col("open") == 0)
    is_released = pl.col("t_released") <= now
    is_cancelled = pl.col("t_cancelled") <= now
    return rows.select(
        order_number="number",
        customer=customer(pl.col("firm")),
        customer_number="customer_number",
        currency="currency",
        deal_id=deal_id(company, rows["deal"]),
        net_amount=amount(pl.col("net")),
        lines="lines",
        invoices=pl.col("invoices").fill_null(0),
        invoiced_amount=amount(pl.col("invoiced").fill_null(0)),
        ordered_date=day(pl.col("day")),
        requested_date=pl.when(pl.col("requested") < NEVER).then(day(pl.col("requested"))),
        first_promised_date=pl.when(is_released).then(day(pl.col("promised_first"))),
        promised_date=day(pl.col("promise")),
        approved_date=day_of(pl.col("t_decided"), now),
        confirmed_date=day_of(pl.col("t_confirmed"), now),
        first_shipped_date=day_of(left[0], now),
        last_shipped_date=day(last_left // DAY),
        shipped_in_full_date=pl.when(~is_cancelled & (pl.col("t_in_full") > 0)).then(day_of(pl.col("t_in_full"), now)),
        first_invoiced_date=day(pl.col("t_first_invoice") // DAY),
        last_invoiced_date=day(pl.col("t_last_invoice") // DAY),
        first_paid_date=day(pl.col("t_first_paid") // DAY),
        paid_date=pl.when(is_billed).then(day(pl.col("t_last_paid") // DAY)),
        settled_date=pl.when(is_billed).then(day(pl.col("t_settled") // DAY)),
        cancelled_date=day_of(pl.col("t_cancelled"), now),
        is_cancelled=is_cancelled,
        is_gone=pl.col("t_gone") <= now,
        is_released=is_released,
    ).sort("order_number")


def promises(company) -> pl.DataFrame:
    """One row per line of goods, drafts left out. Judged is what was due before today and not called off by then."""
    entered = entered_orders(company).select("order", "t_cancelled")
    rows = _last_seen(company).join(entered, on="order", how="inner", maintain_order="left")
    rows = rows.filter(~pl.col("is_service"))
    now = company.now
    is_cancelled = pl.col("t_cancelled") <= now
    posted = pl.sum_horizontal(
        [pl.when(pl.col(f"t_left_{w}") <= now).then(pl.col(f"q{w}")).otherwise(0) for w in range(WAVES)]
    )
    called_off = pl.when(is_cancelled).then(pl.col("quantity") - posted).otherwise(0)
    requested = pl.when(pl.col("requested") < NEVER).then("requested")
    released = pl.when(pl.col("promise") < NEVER)
    dates = {
        "requested": requested,
        "first_promised": released.then("promised_first"),
        "promised": released.then("promise"),
    }

    def shipped_by(due: pl.Expr) -> pl.Expr:
        there = [
            pl.when(
                (pl.col(f"t_left_{w}") < FAR) & (pl.col(f"t_left_{w}") <= now) & (pl.col(f"t_left_{w}") // DAY <= due)
            )
            .then(pl.col(f"q{w}"))
            .otherwise(0)
            for w in range(WAVES)
        ]
        return pl.sum_horizontal(there)

    def in_full(due: pl.Expr) -> pl.Expr:
        not_due = pl.when(pl.col("t_cancelled") // DAY <= due).then(called_off).otherwise(0)
        quantity_due = pl.col("quantity") - not_due
        return pl.when((due < now // DAY) & (quantity_due > 0)).then(shipped_by(due) >= quantity_due)

    return rows.select(
        order_number="number",
        line="sequence",
        quantity="quantity",
        quantity_cancelled=called_off,
        quantity_shipped=posted,
        **{
            f"quantity_shipped_by_{name}": pl.when(due.is_not_null()).then(shipped_by(due))
            for name, due in dates.items()
        },
        **{f"in_full_by_{name}": in_full(due) for name, due in dates.items()},
        **{f"{name}_date": day(due) for name, due in dates.items()},
        cancelled_date=day_of(pl.col("t_cancelled"), now),
    ).sort("order_number", "line")
