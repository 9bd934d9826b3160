"""Business Central's archive of sales orders: how they stood when something was promised, and at the end."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.moments import shown_lines
from pipelines.sandbox.clock import DAY, business_central_time, day_text
from pipelines.sandbox.parts.business_central_orders import described, seller, warehouse_code


def promised_versions(company) -> pl.DataFrame:
    """The order lines in each archived version: when the order is confirmed, at each new promise, and at the end."""
    moments = pl.concat(
        [company.known_orders.select("order", moment=time) for time in ("t_confirmed", "t_again", "t_rest", "t_gone")]
    )
    moments = moments.filter(pl.col("moment") <= company.now).sort("order", "moment")
    moments = moments.with_columns(version=pl.int_range(1, pl.len() + 1).over("order"))
    return shown_lines(company, moments)


def archives(company) -> dict[str, pl.DataFrame]:
    """A version when the order is confirmed, at each new promise, and when it is completed or called off."""
    lines = promised_versions(company)
    moments = lines.select("order", "moment", "version").unique(["order", "version"], maintain_order=True)
    newest = lines.group_by("order", "version").agg(promise=pl.col("promise").max())
    heads = moments.join(company.known_orders, on="order", how="left", maintain_order="left").join(
        newest, on=["order", "version"], how="left", maintain_order="left"
    )
    common = {"docNoOccurrence": pl.lit(1), "versionNumber": pl.col("version")}
    headers = heads.select(
        id=identifiers.guids("archive", heads["order"].to_numpy() * 8 + heads["version"].to_numpy()),
        number="number",
        **common,
        sellToCustomerNumber="customer_number",
        billToCustomerNumber="customer_number",
        currencyCode="currency",
        salespersonCode=seller(company, heads["firm"]),
        locationCode=warehouse_code("warehouse"),
        externalDocumentNumber="external",
        status=pl.lit("Open"),
        orderDate=day_text(pl.col("day")),
        postingDate=day_text(pl.col("day")),
        shipmentDate=day_text(pl.col("promise")),
        requestedDeliveryDate=day_text(pl.col("requested")),
        dateArchived=day_text(pl.col("moment") // DAY),
        lastModifiedDateTime=business_central_time(pl.col("moment")),
    ).sort("number", "versionNumber")
    details = (
        described(lines, company.items)
        .select(
            id=identifiers.guids("archive line", lines["line_key"].to_numpy() * 8 + lines["version"].to_numpy()),
            documentNumber="number",
            **common,
            sequence="sequence",
            lineType=pl.lit("Item"),
            lineObjectNumber="item_number",
            description="item_name",
            unitOfMeasureCode=pl.lit("PCS"),
            locationCode=warehouse_code("warehouse"),
            quantity="quantity",
            unitPrice=pl.col("price") / 100,
            lineDiscountAmount=pl.col("discount") / 100,
            lineAmount=pl.col("net") / 100,
            amount=pl.col("net") / 100,
            outstandingQuantity=pl.col("quantity") - pl.col("shipped"),
            quantityShipped="shipped",
            quantityInvoiced="billed",
            shipmentDate=day_text(pl.col("promise")),
        )
        .sort("documentNumber", "versionNumber", "sequence")
    )
    return {"salesOrderArchives": headers, "salesOrderArchiveLines": details}
