"""Business Central's customer ledger: what each document did to what a customer owes, and what settled what."""

import polars as pl

from pipelines.sandbox.business.settlements import INVOICE, NOTE, PAYMENT, REFUND
from pipelines.sandbox.clock import BLANK_DATE, DAY, day_text
from pipelines.sandbox.parts.business_central_master import vendor_enum

DOCUMENT = {INVOICE: "Invoice", NOTE: "Credit Memo", PAYMENT: "Payment", REFUND: "Refund"}


def details(company) -> pl.DataFrame:
    """Detailed entries: each document's own, both sides of each settlement, gains, discounts, tolerances."""
    own = company.known_entries.select(
        "kind",
        "key",
        "t",
        "amount",
        "zloty",
        doc_kind="kind",
        doc_key="key",
        by_kind=pl.lit(None, pl.Int32),
        by_key=pl.lit(None, pl.Int64),
        what=pl.lit("Initial Entry"),
        rank=pl.lit(0),
    )
    settled = company.known_settlements.select(
        invoice_kind=pl.lit(INVOICE),
        invoice_key="invoice",
        other_kind="kind",
        other_key="key",
        t="t",
        amount="amount",
        zloty="zloty",
        gain="gain",
        what="what",
        invoice_applies="invoice_applies",
    )
    back = company.refunds.filter(pl.col("t_refund") <= company.now)
    worth = company.known_entries.filter(pl.col("kind") == REFUND).select(note="key", worth="zloty")
    back = back.join(worth, on="note", how="left", maintain_order="left").select(
        invoice_kind=pl.lit(REFUND),
        invoice_key="note",
        other_kind=pl.lit(NOTE),
        other_key="note",
        t="t_refund",
        amount="gross",
        zloty="note_zloty",
        gain=pl.col("note_zloty") - pl.col("worth"),
        what=pl.lit("Application"),
        invoice_applies=pl.lit(True),
    )
    rows = pl.concat([settled, back], how="vertical_relaxed")
    applies = pl.col("invoice_applies")
    by = {
        "by_kind": pl.when(applies).then("invoice_kind").otherwise("other_kind"),
        "by_key": pl.when(applies).then("invoice_key").otherwise("other_key"),
    }
    rows = rows.with_columns(**by)
    document = {
        "doc_kind": pl.col("by_kind"),
        "doc_key": pl.col("by_key"),
        "by_kind": pl.col("by_kind"),
        "by_key": pl.col("by_key"),
    }
    debit = rows.select(
        kind="invoice_kind",
        key="invoice_key",
        t="t",
        amount=-pl.col("amount"),
        zloty=-pl.col("zloty"),
        what="what",
        rank=pl.lit(1),
        **document,
    )
    credit = rows.filter(pl.col("what") == "Application").select(
        kind="other_kind",
        key="other_key",
        t="t",
        amount="amount",
        zloty="zloty",
        what="what",
        rank=pl.lit(2),
        **document,
    )
    # The difference stays on the cash: on the refund, or on the payment.
    gains = rows.filter(pl.col("gain") != 0).select(
        kind=pl.when(pl.col("invoice_kind") == REFUND).then("invoice_kind").otherwise("other_kind"),
        key=pl.when(pl.col("invoice_kind") == REFUND).then("invoice_key").otherwise("other_key"),
        t="t",
        amount=pl.lit(0, pl.Int64),
        zloty="gain",
        what=pl.when(pl.col("gain") > 0).then(pl.lit("Realized Gain")).otherwise(pl.lit("Realized Loss")),
        rank=pl.lit(3),
        **document,
    )
    columns = own.columns
    every = pl.concat([frame.select(columns) for frame in (own, debit, credit, gains)], how="vertical_relaxed")
    return every.sort(
        "t", "rank", "by_kind", "by_key", "kind", "key", "what", nulls_last=False, maintain_order=True
    ).with_row_index("detail", offset=1)


def customer_entries(company) -> dict[str, pl.DataFrame]:
    heads = company.known_entries.select("kind", "key", "entry", "customer", "currency", "due", posted="t")
    heads = heads.join(
        company.customers.select("customer", customer_number="number"), on="customer", how="left", maintain_order="left"
    )
    heads = heads.join(
        company.open_amounts.select("kind", "key", "left", "t_settled"),
        on=["kind", "key"],
        how="left",
        maintain_order="left",
    )
    documents = company.known_entries.select(doc_kind="kind", doc_key="key", document="number")
    applying = company.known_entries.select(by_kind="kind", by_key="key", by_entry="entry")
    rows = company.details.join(heads, on=["kind", "key"], how="left", maintain_order="left")
    rows = rows.join(documents, on=["doc_kind", "doc_key"], how="left", maintain_order="left")
    rows = rows.join(applying, on=["by_kind", "by_key"], how="left", maintain_order="left")
    is_open = pl.col("left") != 0
    detail = pl.col("detail").cast(pl.Int64)
    in_zloty = rows.select(
        cleEntryNo="entry",
        cleDueDate=day_text(pl.col("due")),
        clePostingDate=day_text(pl.col("posted") // DAY),
        cleDocumentDate=day_text(pl.col("posted") // DAY),
        cleOpen=is_open,
        cleClosedAtDate=pl.when(is_open).then(pl.lit(BLANK_DATE)).otherwise(day_text(pl.col("t_settled") // DAY)),
        dcleEntryNo=detail,
        dcleEntryType=vendor_enum(pl.col("what")),
        dcleDocumentType=vendor_enum(pl.col("doc_kind").replace_strict(DOCUMENT)),
        dcleDocumentNo="document",
        dcleCustomerNo="customer_number",
        dclePostingDate=day_text(pl.col("t") // DAY),
        dcleApplicationNo=pl.when(pl.col("by_entry").is_null()).then(0).otherwise("by_entry"),
        dcleAppliedCustLedgerEntryNo=pl.when(pl.col("what") == "Application").then("by_entry").otherwise(0),
        dcleAmountLCY=pl.col("zloty") / 100,
    ).sort("dcleEntryNo")
    in_currency = rows.select(
        entryNumber=detail,
        entryType=vendor_enum(pl.col("what")),
        customerNumber="customer_number",
        currencyCode=pl.when(pl.col("currency") == "PLN").then(pl.lit("")).otherwise("currency"),
        amount=pl.col("amount") / 100,
        amountLocalCurrency=pl.col("zloty") / 100,
        postingDate=day_text(pl.col("t") // DAY),
    ).sort("entryNumber")
    return {"customerLedgerEntries": in_zloty, "detailedCustomerLedgerEntries": in_currency}
