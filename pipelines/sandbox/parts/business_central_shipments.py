"""Business Central's posted shipments."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.clock import DAY, business_central_time, day_text
from pipelines.sandbox.parts.business_central_orders import described, seller


def shipments(company) -> dict[str, pl.DataFrame]:
    orders = company.known_orders.select("order", "external", "customer_number", "currency", order_number="number")
    known = company.known_deliveries.join(orders, on="order", how="left", maintain_order="left")
    posted = day_text(pl.col("t_left") // DAY)
    headers = known.select(
        id="id",
        number="number",
        externalDocumentNumber="external",
        customerNumber="customer_number",
        billToCustomerNumber="customer_number",
        currencyCode="currency",
        orderNumber="order_number",
        shipmentMethodCode=pl.lit("EXW"),
        salesperson=seller(company, known["firm"]),
        invoiceDate=posted,
        postingDate=posted,
        dueDate=posted,
        lastModifiedDateTime=business_central_time(pl.col("t_left")),
    ).sort("number")
    rows = company.deliveries.join(
        company.known_deliveries.select("delivery", "id"), on="delivery", how="inner", maintain_order="left"
    )
    details = (
        described(rows, company.items)
        .select(
            id=identifiers.guids("shipment line", rows["piece"].to_numpy()),
            documentId="id",
            sequence=(pl.col("line") + 1) * 10_000,
            lineType=pl.lit("Item"),
            lineObjectNumber="item_number",
            description="item_name",
            unitOfMeasureCode=pl.lit("PCS"),
            quantity="pieces",
            unitPrice=pl.col("price") / 100,
            shipmentDate=day_text(pl.col("t_left") // DAY),
        )
        .sort("documentId", "sequence")
    )
    return {"salesShipments": headers, "salesShipmentLines": details}
