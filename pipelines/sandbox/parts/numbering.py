"""The numbers the ERP gives out: in the order things happen, so that a number never changes as days go by."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.numbering import numbered

CUSTOMERS = ("C", 10001)


def orders(company) -> pl.DataFrame:
    known = numbered(company.orders, "t_created", company.now, "SO-", 100001, "order")
    key = known["order"].to_numpy()
    customer = known.join(
        company.customers.select("customer", customer_number="number"), on="customer", how="left", maintain_order="left"
    )
    gone = pl.min_horizontal("t_done", "t_cancelled")
    reference = company.dice.pick(key, "customer's own reference", 50, 30, 20)
    deal = identifiers.salesforce_ids("006", known["deal"].clip(0).to_numpy()).str.to_uppercase()
    own = "ZAM/" + (pl.col("order") % 9973 + 1).cast(pl.String).str.zfill(4)
    external = (
        pl.when((pl.col("deal") >= 0) & pl.Series(reference == 0))
        .then(deal)
        .when(pl.Series(reference < 2))
        .then(own)
        .otherwise(pl.lit(""))
    )
    return customer.with_columns(
        t_gone=gone,
        id=identifiers.guids("order", key),
        external=external,
        is_linked_in_erp=(pl.col("deal") >= 0) & pl.Series(reference == 0),
        gives_dates=pl.Series(company.dice.happens(key, "delivery dates promised", 0.6)),
    )


def invoices(company) -> pl.DataFrame:
    known = numbered(company.invoices, "t_posted", company.now, "PS-INV-", 103001, "invoice")
    return known.with_columns(id=identifiers.guids("invoice", known["invoice"].to_numpy()))


def notes(company) -> pl.DataFrame:
    known = numbered(company.notes, "t_posted", company.now, "PS-CR-", 104001, "note")
    return known.with_columns(id=identifiers.guids("credit memo", known["note"].to_numpy()))


def deliveries(company) -> pl.DataFrame:
    each = company.deliveries.group_by("delivery", maintain_order=True).agg(pl.col("order", "firm", "t_left").first())
    known = numbered(each, "t_left", company.now, "PS-SHP-", 102001, "delivery")
    return known.with_columns(id=identifiers.guids("shipment", known["delivery"].to_numpy()))


def entries(company) -> pl.DataFrame:
    """Customer ledger entries with the number of their document."""
    known = numbered(company.entries, "t", company.now, "", 1, "kind", "key").drop("number").rename({"place": "entry"})
    names = [company.known_invoices.select(kind=pl.lit(0), key="invoice", number="number")]
    names.append(company.known_notes.select(kind=pl.lit(1), key="note", number="number"))
    for kind, prefix in ((2, "BNK-"), (3, "REF-")):
        cash = company.entries.filter(pl.col("kind") == kind)
        names.append(numbered(cash, "t", company.now, prefix, 100001, "key").select("kind", "key", "number"))
    return known.join(pl.concat(names), on=["kind", "key"], how="left", maintain_order="left")
