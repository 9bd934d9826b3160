"""Business Central's sales orders, their archive and the order book, approvals and posted shipments."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import goods
from pipelines.sandbox.business.invoicing import VAT
from pipelines.sandbox.business.moments import latest, shown_lines
from pipelines.sandbox.business.orders import WAVES
from pipelines.sandbox.clock import NEVER, business_central_time, day_text
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.business_central_master import seller_code

EVENTS = [
    "t_created",
    "t_submitted",
    "t_rejected",
    "t_resubmitted",
    "t_decided",
    "t_released",
    "t_again",
    "t_rest",
    "t_undone",
]
EVENTS += [f"t_{what}_{wave}" for what in ("left", "invoiced") for wave in range(WAVES)]


def described(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    catalogue = items.select("item", item_number="number", item_name="name")
    rows = rows.join(catalogue, on="item", how="left", maintain_order="left")
    return rows.with_columns(item_id=identifiers.guids("item", rows["item"].to_numpy()))


def warehouse_code(place: str) -> pl.Expr:
    return pl.col(place).replace_strict({number: code for number, (code, _) in enumerate(words.WAREHOUSES)})


def seller(company, firm: pl.Series) -> pl.Series:
    return pl.Series(seller_code()).gather(company.firms["seller"].gather(firm))


def _totals(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("order").agg(
        pl.col("net").sum(), (pl.col("shipped") >= pl.col("quantity")).all().alias("all_left")
    )


def sales_orders(company) -> dict[str, pl.DataFrame]:
    now = company.now
    present = company.known_orders.filter(pl.col("t_gone") > now)
    lines = shown_lines(company, present.select("order", moment=pl.lit(now, pl.Int64)))
    present = present.join(_totals(lines), on="order", how="left", maintain_order="left")
    in_review = latest(now, "t_submitted", "t_resubmitted") > latest(now, "t_rejected", "t_decided")
    status = (
        pl.when(pl.col("t_released") <= now)
        .then(pl.lit("Open"))
        .when(in_review)
        .then(pl.lit("In Review"))
        .otherwise(pl.lit("Draft"))
    )
    tax = pl.when(pl.col("currency") == "EUR").then(0).otherwise((pl.col("net") * VAT * 2 + 100) // 200)
    headers = present.select(
        id="id",
        number="number",
        externalDocumentNumber="external",
        customerNumber="customer_number",
        billToCustomerNumber="customer_number",
        currencyCode="currency",
        salesperson=seller(company, present["firm"]),
        status=status,
        discountAmount=pl.lit(0),
        totalAmountExcludingTax=pl.col("net") / 100,
        totalTaxAmount=tax / 100,
        totalAmountIncludingTax=(pl.col("net") + tax) / 100,
        fullyShipped="all_left",
        orderDate=day_text(pl.col("day")),
        postingDate=day_text(pl.col("day")),
        requestedDeliveryDate=day_text(pl.col("requested")),
        lastModifiedDateTime=business_central_time(latest(now, *EVENTS)),
    ).sort("number")
    shown = described(lines, company.items)
    details = shown.select(
        id=identifiers.guids("order line", lines["line_key"].to_numpy()),
        documentId="id",
        sequence="sequence",
        lineType=pl.lit("Item"),
        lineObjectNumber="item_number",
        description="item_name",
        unitOfMeasureCode=pl.lit("PCS"),
        itemId="item_id",
        locationId=_location(lines["warehouse"]),
        quantity="quantity",
        unitPrice=pl.col("price") / 100,
        discountAmount=pl.col("discount") / 100,
        netAmount=pl.col("net") / 100,
        shippedQuantity="shipped",
        invoicedQuantity="billed",
        shipmentDate=day_text(pl.col("promise")),
    ).sort("documentId", "sequence")
    return {"salesOrders": headers, "salesOrderLines": details, "salesLines": _order_book(company, shown)}


def _location(warehouse: pl.Series) -> pl.Series:
    return identifiers.guids("location", np.arange(len(words.WAREHOUSES))).gather(warehouse)


def _order_book(company, lines: pl.DataFrame) -> pl.DataFrame:
    _, cost = goods.on_day(company.items, lines["item"].to_numpy(), lines["day"].to_numpy())
    promised = pl.when(pl.col("gives_dates") & (pl.col("t_confirmed") <= company.now)).then("promise").otherwise(NEVER)
    return lines.select(
        documentType=pl.lit("Order"),
        documentNo="number",
        lineNo="sequence",
        type=pl.lit("Item"),
        itemNo="item_number",
        locationCode=warehouse_code("warehouse"),
        outstandingQuantity=pl.col("quantity") - pl.col("shipped"),
        quantityBase="quantity",
        unitCostLCY=pl.Series(cost / 100),
        requestedDeliveryDate=day_text(pl.col("requested")),
        promisedDeliveryDate=day_text(promised),
        plannedDeliveryDate=day_text(pl.col("promise")),
        plannedShipmentDate=day_text(pl.col("promise")),
        shipmentDate=day_text(pl.col("promise")),
    ).sort("documentNo", "lineNo")
