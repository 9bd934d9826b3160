"""Which orders a deal brought, what of that the systems say themselves, and the money that came of them."""

import polars as pl

from pipelines.sandbox.business.moments import entered_orders
from pipelines.sandbox.business.settlements import INVOICE, NOTE, PAYMENT
from pipelines.sandbox.business.truth_money import amount, day
from pipelines.sandbox.clock import DAY

SUMS = ("ordered", "invoiced", "invoiced_zloty", "credited", "collected", "collected_gross", "open")


def deal_id(company, deals: pl.Series) -> pl.Expr:
    return pl.when(pl.col("deal") >= 0).then(company.deal_ids(deals.clip(0).to_numpy()))


def links(company) -> pl.DataFrame:
    """One row per deal and order that belong together; `is_linked` if a system says so."""
    deals = company.known_deals.filter(pl.col("t_deleted") > company.now)
    copied = deals.select("deal", copied="order_number")
    orders = company.known_orders.filter(pl.col("deal") >= 0).join(
        copied, on="deal", how="inner", maintain_order="left"
    )
    quoted = company.quote_orders.select("deal", quoted=pl.lit(True))
    orders = orders.join(quoted, on="deal", how="left", maintain_order="left")
    in_deal = (pl.col("copied") == pl.col("number")).fill_null(False)
    in_quote = (pl.col("call") == 0) & pl.col("quoted").fill_null(False)
    return orders.select(
        "deal",
        "order",
        deal_id=deal_id(company, orders["deal"]),
        order_number="number",
        in_deal=in_deal,
        in_order="is_linked_in_erp",
        in_quote=in_quote,
        is_linked=in_deal | pl.col("is_linked_in_erp") | in_quote,
    ).sort("deal_id", "order_number")


def _cash(company) -> pl.DataFrame:
    """Per invoice or credit note (`kind`, `key`): what came in for it, less what was paid back."""
    paid = company.known_settlements.filter((pl.col("kind") == PAYMENT) & (pl.col("what") == "Application"))
    paid = paid.select(kind=pl.lit(INVOICE), key="invoice", cash="amount")
    back = company.refunds.filter(pl.col("t_refund") <= company.now)
    back = back.select(kind=pl.lit(NOTE), key="note", cash=-pl.col("gross"))
    return pl.concat([paid, back]).group_by("kind", "key").agg(pl.col("cash").sum())


def _documents(company) -> pl.DataFrame:
    """Standing invoices of orders, and the credit notes that name one of them: signed, in the document's currency."""
    columns = ["kind", "key", "order", "number", "net", "gross", "net_zloty", "t_posted"]
    invoices = company.known_invoices.filter((pl.col("order") >= 0) & (pl.col("t_undone") > company.now))
    invoices = invoices.with_columns(kind=pl.lit(INVOICE), key="invoice")
    notes = company.known_notes.filter((pl.col("order") >= 0) & (pl.col("fate") < 3) & pl.col("is_linked"))
    negative = [-pl.col(name) for name in ("net", "gross", "net_zloty")]
    notes = notes.with_columns(*negative, kind=pl.lit(NOTE), key="note")
    left = company.open_amounts.select("kind", "key", "left")
    rows = pl.concat([invoices.select(columns), notes.select(columns)])
    for amounts in (left, _cash(company)):
        rows = rows.join(amounts, on=["kind", "key"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("cash").fill_null(0))


def _money(company, linked: pl.DataFrame) -> pl.DataFrame:
    """Per deal: what the orders linked to it were billed, credited and paid, net of tax."""
    rows = _documents(company).join(
        linked.select("order", linked_deal="deal"), on="order", how="inner", maintain_order="left"
    )
    is_invoice = pl.col("kind") == INVOICE
    part = pl.col("net") / pl.col("gross")
    return rows.group_by(deal="linked_deal").agg(
        invoice_numbers=pl.col("number").filter(is_invoice).sort(),
        invoiced=pl.col("net").filter(is_invoice).sum(),
        invoiced_zloty=pl.col("net_zloty").filter(is_invoice).sum(),
        credited=pl.col("net").filter(~is_invoice).sum(),
        collected=(pl.col("cash") * part).sum(),
        collected_gross=pl.col("cash").sum(),
        open=(pl.col("left") * part).sum(),
        t_first=pl.col("t_posted").filter(is_invoice).min(),
        t_last=pl.col("t_posted").filter(is_invoice).max(),
    )


def followed(company, linked: pl.DataFrame) -> pl.DataFrame:
    """One row per deal with orders among these links: their numbers, and what came of them, in the deal's currency.

    A draft is linked to its deal, but orders nothing yet.
    """
    entered = company.lines.join(entered_orders(company), on="order", how="semi")
    net = entered.group_by("order").agg(ordered=pl.col("net").sum())
    ordered = linked.join(net, on="order", how="left", maintain_order="left").group_by("deal")
    ordered = ordered.agg(order_numbers=pl.col("order_number").sort(), ordered=pl.col("ordered").sum())
    rows = ordered.join(_money(company, linked), on="deal", how="left", maintain_order="left")
    return rows.select(
        "deal",
        "order_numbers",
        "invoice_numbers",
        **{f"{name}_amount": amount(pl.col(name).fill_null(0)) for name in SUMS},
        first_invoiced_date=day(pl.col("t_first") // DAY),
        last_invoiced_date=day(pl.col("t_last") // DAY),
    )
