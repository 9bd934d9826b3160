"""Business Central's cost and stock: value entries, item ledger entries."""

import polars as pl

from pipelines.sandbox.business import goods
from pipelines.sandbox.business.invoicing import AGAIN
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, day_text
from pipelines.sandbox.parts.business_central_master import vendor_enum
from pipelines.sandbox.parts.business_central_orders import warehouse_code

OUT, BACK, OUT_AGAIN, BOUGHT = range(4)


def known_values(company) -> pl.DataFrame:
    """Value entries until today, numbered, with their document; the sales part shares the document's zloty."""
    rows = company.value_entries.filter(pl.col("t_posted") <= company.now).with_row_index("entry", offset=1)
    invoices = company.known_invoices.select(
        "invoice", "net_zloty", whole="net", document="number", customer="customer"
    )
    notes = company.known_notes.select(invoice="note", note_zloty="net_zloty", note_whole="net", note_document="number")
    rows = rows.join(invoices, on="invoice", how="left", maintain_order="left").join(
        notes, on="invoice", how="left", maintain_order="left"
    )
    is_note = pl.col("is_note")
    rows = rows.with_columns(
        document=pl.when(is_note).then("note_document").otherwise("document"),
        whole=pl.when(is_note).then(-pl.col("note_whole")).otherwise("whole"),
        whole_zloty=pl.when(is_note).then(-pl.col("note_zloty")).otherwise("net_zloty"),
    )
    so_far = pl.col("net").cum_sum().over("invoice", "is_note")

    def until(reached: pl.Expr) -> pl.Expr:
        return (pl.col("whole_zloty") * reached * 2 + pl.col("whole")) // (2 * pl.col("whole"))

    code = pl.when(is_note).then(BACK).when(pl.col("invoice") % 16 == AGAIN).then(OUT_AGAIN).otherwise(OUT)
    return rows.with_columns(sales=until(so_far) - until(so_far - pl.col("net")), code=code)


def stock_movements(company) -> pl.DataFrame:
    """One row per movement of goods until today, purchases included: what leaves in a month came on its first day."""
    now = company.now
    services = company.items.filter("is_service")["item"].implode()
    sold = company.invoiced.filter(pl.col("invoice") % 16 != AGAIN).select(
        "piece",
        "item",
        "warehouse",
        t="t_left",
        quantity=-pl.col("pieces"),
        code=pl.lit(OUT),
        delivery="delivery",
        invoice="invoice",
    )
    again = company.invoiced.filter((pl.col("invoice") % 16 == AGAIN) & (pl.col("t_invoiced") < FAR)).select(
        "piece",
        "item",
        "warehouse",
        t="t_invoiced",
        quantity=-pl.col("pieces"),
        code=pl.lit(OUT_AGAIN),
        delivery=pl.lit(-1, pl.Int64),
        invoice="invoice",
    )
    back = company.credited.filter(pl.col("item") >= 0).select(
        "piece",
        "item",
        "warehouse",
        t="t_posted",
        quantity="pieces",
        code=pl.lit(BACK),
        delivery=pl.lit(-1, pl.Int64),
        invoice="invoice",
    )
    moved = pl.concat([sold, again, back]).filter(pl.col("t") < FAR)
    needed = moved.filter((pl.col("quantity") < 0) & ~pl.col("item").is_in(services))
    month = (pl.col("t") * 1_000_000).cast(pl.Datetime("us")).dt.truncate("1mo").dt.epoch("s")
    bought = needed.group_by("item", "warehouse", t=month + 6 * 3600).agg(quantity=-pl.col("quantity").sum() + 2)
    bought = bought.select(
        (pl.col("item") * 8 + pl.col("warehouse")).alias("piece"),
        "item",
        "warehouse",
        "t",
        "quantity",
        code=pl.lit(BOUGHT),
        delivery=pl.lit(-1, pl.Int64),
        invoice=pl.lit(-1, pl.Int64),
    )
    every = (
        pl.concat([moved, bought])
        .filter(pl.col("t") <= now)
        .sort("t", "code", "piece")
        .with_row_index("entry", offset=1)
    )
    return every.with_columns(left=_left(every))


def _left(movements: pl.DataFrame) -> pl.Series:
    """First in, first out: what is left of each receipt after all that went out."""
    frame = movements.select("item", "warehouse", "quantity")
    where = ["item", "warehouse"]
    came = pl.when(pl.col("quantity") > 0).then("quantity").otherwise(0)
    gone = pl.when(pl.col("quantity") < 0).then(-pl.col("quantity")).otherwise(0).sum().over(where)
    left = (came.cum_sum().over(where) - gone).clip(0, None)
    return frame.select(left=pl.min_horizontal(left, came))["left"]


def _number_of(company, column: str) -> pl.Expr:
    return pl.col("item").replace_strict(dict(company.items.select("item", column).iter_rows()))


def values(company) -> pl.DataFrame:
    """The cost of goods with their documents, and what carriers charged the shipments: numbered as they were posted."""
    rows = pl.concat([_goods_values(company), _freight_values(company)], how="diagonal")
    rows = rows.sort("t_posted", "rank", "entry").with_columns(entryNo=pl.int_range(1, pl.len() + 1))
    day = day_text(pl.col("t_posted") // DAY)
    return rows.select(
        "entryNo",
        itemLedgerEntryType=pl.lit("Sale"),
        entryType=vendor_enum(pl.lit("Direct Cost")),
        documentNo="document",
        documentType=vendor_enum(pl.col("kind")),
        customerNo="partner",
        itemNo=_number_of(company, "number"),
        locationCode=warehouse_code("warehouse"),
        itemLedgerEntryNo=pl.col("move").fill_null(0).cast(pl.Int64),
        invoicedQuantity=-pl.col("pieces"),
        salesAmountActual=pl.col("sales") / 100,
        costAmountActual=-pl.col("cost") / 100,
        costAmountNonInvtbl=-pl.col("freight") / 100,
        costPostedToGL=-pl.col("cost") / 100,
        postingDate=day,
        documentDate=day,
    )


def _goods_values(company) -> pl.DataFrame:
    moves = company.stock.select("piece", "code", "invoice", move="entry")
    rows = company.known_values.join(moves, on=["piece", "code", "invoice"], how="left", maintain_order="left")
    rows = rows.join(
        company.customers.select("customer", partner="number"), on="customer", how="left", maintain_order="left"
    )
    kind = pl.when("is_note").then(pl.lit("Sales Credit Memo")).otherwise(pl.lit("Sales Invoice"))
    columns = ["entry", "t_posted", "document", "partner", "item", "warehouse", "move", "pieces", "sales", "cost"]
    return rows.select(*columns, rank=pl.lit(0), kind=kind, freight=pl.lit(0, pl.Int64))


def _freight_values(company) -> pl.DataFrame:
    """An item charge on a purchase invoice, assigned to a shipment: the vendor keeps it out of the stock's value."""
    moves = company.stock.filter(pl.col("code") == OUT).select("piece", move="entry")
    rows = company.known_freight.join(moves, on="piece", how="left", maintain_order="left")
    nothing = {name: pl.lit(0, pl.Int64) for name in ("pieces", "sales", "cost")}
    kind = pl.lit("Purchase Invoice")
    return rows.with_row_index("entry").select(
        "entry", "t_posted", "document", "item", "warehouse", "move", "freight",
        partner="vendor", rank=pl.lit(1), kind=kind, **nothing,
    )  # fmt: skip


def item_movements(company) -> pl.DataFrame:
    rows = company.stock.join(
        company.known_deliveries.select("delivery", shipment="number"), on="delivery", how="left", maintain_order="left"
    )
    rows = rows.join(
        company.known_invoices.select("invoice", billed="number"), on="invoice", how="left", maintain_order="left"
    )
    rows = rows.join(
        company.known_notes.select(invoice="note", credited="number"), on="invoice", how="left", maintain_order="left"
    )
    costs = company.known_values.group_by("piece", "code", "invoice").agg(cost=-pl.col("cost").sum())
    rows = rows.join(costs, on=["piece", "code", "invoice"], how="left", maintain_order="left")
    _, unit = goods.on_day(company.items, rows["item"].to_numpy(), (rows["t"] // DAY).to_numpy())
    is_bought = pl.col("code") == BOUGHT
    kind = (
        pl.when(is_bought)
        .then(pl.lit("Purchase Receipt"))
        .when(pl.col("code") == BACK)
        .then(pl.lit("Sales Credit Memo"))
        .when(pl.col("delivery") >= 0)
        .then(pl.lit("Sales Shipment"))
        .otherwise(pl.lit("Sales Invoice"))
    )
    receipt = pl.lit("PR-") + day_text(pl.col("t") // DAY).str.replace_all("-", "")
    number = (
        pl.when(is_bought)
        .then(receipt)
        .when(pl.col("code") == BACK)
        .then("credited")
        .otherwise(pl.coalesce("shipment", "billed"))
    )
    return rows.select(
        entryNo=pl.col("entry").cast(pl.Int64),
        entryType=pl.when(is_bought).then(pl.lit("Purchase")).otherwise(pl.lit("Sale")),
        documentType=vendor_enum(kind),
        documentNo=number,
        itemNo=_number_of(company, "number"),
        locationCode=warehouse_code("warehouse"),
        quantity="quantity",
        remainingQuantity="left",
        open=pl.col("left") != 0,
        costAmountActual=pl.when(is_bought)
        .then(pl.Series(unit) * pl.col("quantity"))
        .otherwise(pl.col("cost").fill_null(0))
        / 100,
        postingDate=day_text(pl.col("t") // DAY),
    )
