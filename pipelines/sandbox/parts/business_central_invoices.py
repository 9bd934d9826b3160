"""Business Central's invoices and credit memos: drafts and posted ones together, with what is still open."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.credits import ALLOWANCE_LINE
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.business.settlements import INVOICE, NOTE
from pipelines.sandbox.clock import DAY, business_central_time, day_text
from pipelines.sandbox.parts.business_central_orders import described, seller
from pipelines.sandbox.parts.numbering import numbered


def _lines(company, pieces: pl.DataFrame, document: str, kind: str) -> pl.DataFrame:
    """Pieces of one order line on one document are one line of it."""
    rows = pieces.group_by(document, "line", maintain_order=True).agg(
        pl.col("line_key", "item", "price", "doc_id", "t_left").first(), pl.col("pieces", "discount", "net").sum()
    )
    rows = described(rows, company.items)
    is_allowance = pl.col("line") == ALLOWANCE_LINE
    return rows.select(
        id=identifiers.guids(kind, rows[document].to_numpy() * 16 + rows["line"].to_numpy()),
        documentId="doc_id",
        sequence=(pl.col("line") + 1) * 10_000,
        lineType=pl.when(is_allowance).then(pl.lit("Account")).otherwise(pl.lit("Item")),
        lineObjectNumber=pl.when(is_allowance).then(pl.lit("40300")).otherwise("item_number"),
        description=pl.when(is_allowance).then(pl.lit("Price allowance")).otherwise("item_name"),
        unitOfMeasureCode=pl.lit("PCS"),
        itemId=pl.when(is_allowance).then(pl.lit("00000000-0000-0000-0000-000000000000")).otherwise("item_id"),
        quantity="pieces",
        unitPrice=pl.col("price") / 100,
        discountAmount=pl.col("discount") / 100,
        netAmount=pl.col("net") / 100,
        shipmentDate=day_text(pl.col("t_left") // DAY),
    ).sort("documentId", "sequence")


def invoices(company) -> dict[str, pl.DataFrame]:
    now = company.now
    posted = company.known_invoices.join(
        company.open_amounts.filter(pl.col("kind") == INVOICE).select(
            invoice="key", left="left", t_settled="t_settled"
        ),
        on="invoice",
        how="left",
        maintain_order="left",
    ).with_columns(is_posted=pl.lit(True))
    drafts = numbered(company.invoices.filter(pl.col("t_drafted") < FAR), "t_drafted", now, "S-INV-", 101001, "invoice")
    drafts = drafts.filter((pl.col("t_posted") > now) & (pl.col("t_dropped") > now))
    drafts = drafts.with_columns(id=identifiers.guids("invoice", drafts["invoice"].to_numpy()), is_posted=pl.lit(False))
    every = pl.concat([posted, drafts], how="diagonal")
    orders = company.known_orders.select("order", "external", order_number="number")
    customers = company.customers.select("customer", customer_number="number")
    every = every.join(orders, on="order", how="left", maintain_order="left").join(
        customers, on="customer", how="left", maintain_order="left"
    )
    is_undone = pl.col("t_undone") <= now
    status = (
        pl.when(~pl.col("is_posted"))
        .then(pl.lit("Draft"))
        .when(is_undone)
        .then(pl.lit("Canceled"))
        .when(pl.col("left") == 0)
        .then(pl.lit("Paid"))
        .otherwise(pl.lit("Open"))
    )
    # A settlement touches the modified date of some invoices only, as seen with the vendor.
    touched = pl.when(pl.col("invoice") // 16 % 2 == 0).then(pl.col("t_settled")).otherwise(0).fill_null(0)
    day = pl.when("is_posted").then(pl.col("t_posted")).otherwise("t_drafted") // DAY
    stamp = pl.max_horizontal(
        pl.when("is_posted").then("t_posted").otherwise("t_drafted"), latest(now, "t_undone"), touched
    )
    days = company.term_days
    headers = every.select(
        id="id",
        number="number",
        externalDocumentNumber=pl.col("external").fill_null(""),
        customerNumber="customer_number",
        billToCustomerNumber="customer_number",
        currencyCode="currency",
        orderNumber=pl.col("order_number").fill_null(""),
        salesperson=seller(company, every["firm"]),
        status=status,
        discountAmount=pl.lit(0),
        totalAmountExcludingTax=pl.col("net") / 100,
        totalTaxAmount=pl.col("tax") / 100,
        totalAmountIncludingTax=pl.col("gross") / 100,
        remainingAmount=pl.when("is_posted").then("left").otherwise(0) / 100,
        invoiceDate=day_text(day),
        postingDate=day_text(day),
        dueDate=day_text(day + pl.col("terms").replace_strict(days)),
        lastModifiedDateTime=business_central_time(stamp),
    ).sort("number")
    pieces = company.invoiced.join(
        every.select("invoice", doc_id="id"), on="invoice", how="inner", maintain_order="left"
    )
    return {"salesInvoices": headers, "salesInvoiceLines": _lines(company, pieces, "invoice", "invoice line")}


def credit_memos(company) -> dict[str, pl.DataFrame]:
    known = company.known_notes.join(
        company.open_amounts.filter(pl.col("kind") == NOTE).select(note="key", left="left", t_settled="t_settled"),
        on="note",
        how="left",
        maintain_order="left",
    )
    known = known.join(
        company.customers.select("customer", customer_number="number"), on="customer", how="left", maintain_order="left"
    )
    originals = company.known_invoices.select(note="invoice", original="number")
    known = known.join(originals, on="note", how="left", maintain_order="left")
    corrects = (pl.col("fate") == 3) | ((pl.col("fate") == 2) & (pl.col("note") // 16 % 3 == 0))
    status = (
        pl.when(corrects)
        .then(pl.lit("Corrective"))
        .when(pl.col("left") == 0)
        .then(pl.lit("Paid"))
        .otherwise(pl.lit("Open"))
    )
    day = pl.col("t_posted") // DAY
    stamp = pl.max_horizontal("t_posted", pl.col("t_settled").fill_null(0))
    headers = known.select(
        id="id",
        number="number",
        externalDocumentNumber=pl.lit(""),
        customerNumber="customer_number",
        billToCustomerNumber="customer_number",
        currencyCode="currency",
        salesperson=seller(company, known["firm"]),
        status=status,
        invoiceNumber=pl.when("is_linked").then("original").otherwise(pl.lit("")),
        discountAmount=pl.lit(0),
        totalAmountExcludingTax=pl.col("net") / 100,
        totalTaxAmount=pl.col("tax") / 100,
        totalAmountIncludingTax=pl.col("gross") / 100,
        creditMemoDate=day_text(day),
        postingDate=day_text(day),
        dueDate=day_text(day),
        lastModifiedDateTime=business_central_time(stamp),
    ).sort("number")
    pieces = company.credited.join(known.select("note", doc_id="id"), on="note", how="inner", maintain_order="left")
    pieces = pieces.with_columns(t_left=pl.col("t_posted"))
    return {"salesCreditMemos": headers, "salesCreditMemoLines": _lines(company, pieces, "note", "credit memo line")}
