"""Business Central's approval entries."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import business_central_time
from pipelines.sandbox.parts.business_central_orders import seller


def approvals(company) -> dict[str, pl.DataFrame]:
    """Requests on orders still there, and those that went with the posted documents."""
    now = company.now
    orders = company.known_orders.filter(pl.col("t_submitted") <= now)
    first = orders.select(
        "order",
        "number",
        "firm",
        "t_gone",
        sent="t_submitted",
        answered=pl.min_horizontal("t_rejected", "t_decided"),
        no=pl.when(pl.col("t_rejected") < FAR).then(0).otherwise(1),
    )
    second = orders.filter(pl.col("t_resubmitted") <= now).select(
        "order", "number", "firm", "t_gone", sent="t_resubmitted", answered="t_decided", no=pl.lit(1)
    )
    first = first.with_columns(iteration=pl.lit(1))
    rows = pl.concat([first, second.with_columns(iteration=pl.lit(2))]).sort("sent", "order")
    rows = rows.with_columns(entry=pl.int_range(1, pl.len() + 1))
    is_answered = pl.col("answered") <= now
    status = (
        pl.when(~is_answered)
        .then(pl.lit("Open"))
        .when(pl.col("no") == 0)
        .then(pl.lit("Rejected"))
        .otherwise(pl.lit("Approved"))
    )
    touched = pl.when(is_answered).then("answered").otherwise("sent")
    sender = seller(company, rows["firm"])
    key = rows["order"].to_numpy() * 4 + rows["iteration"].to_numpy()

    # Posting moves a request under the number of the posted document: here the first shipment or the last invoice.
    shipped = company.known_deliveries.group_by("order").agg(shipment=pl.col("number").first())
    billed = company.known_invoices.filter(pl.col("order") >= 0).group_by("order").agg(invoice=pl.col("number").last())
    rows = rows.join(shipped, on="order", how="left", maintain_order="left").join(
        billed, on="order", how="left", maintain_order="left"
    )
    moved = pl.when(pl.col("order") % 2 == 0).then("shipment").otherwise("invoice")
    rows = rows.with_columns(
        number=pl.when(pl.col("t_gone") <= now).then(pl.coalesce(moved, "number")).otherwise("number")
    )

    def told(kept: pl.Expr, kind: str, **more: pl.Expr) -> pl.DataFrame:
        stamp = more.pop("stamp")
        return (
            rows.with_columns(id=identifiers.guids(kind, key), sender=sender)
            .filter(kept)
            .select(
                id="id",
                entryNumber="entry",
                documentNumber="number",
                sequenceNumber=pl.lit(1),
                senderId="sender",
                approverId=pl.lit("KHALIC"),
                status=status,
                dateTimeSentForApproval=business_central_time(pl.col("sent")),
                lastDateTimeModified=business_central_time(touched),
                lastModifiedDateTime=business_central_time(stamp),
                **more,
            )
            .sort("entryNumber")
        )

    return {
        "approvalEntries": told(pl.col("t_gone") > now, "approval", stamp=touched, documentType=pl.lit("Order")),
        "postedApprovalEntries": told(
            pl.col("t_gone") <= now, "posted approval", stamp=pl.col("t_gone"), iterationNumber=pl.col("iteration")
        ),
    }
