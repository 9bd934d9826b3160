"""The numbers the ERP gives out: in the order things happen, so that a number never changes as days go by."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, START, number


def numbered(frame: pl.DataFrame, time: str, now: int, prefix: str, first: int, *ties: str) -> pl.DataFrame:
    """What has happened until now, in order, with a `number` each."""
    known = frame.filter(pl.col(time) <= now).sort(time, *ties)
    return known.with_row_index("place", offset=first).with_columns(
        number=pl.lit(prefix) + pl.col("place").cast(pl.String), place=pl.col("place").cast(pl.Int64)
    )


def customers(company) -> pl.DataFrame:
    """One row per ERP customer: opened with the firm's first document, or before the records begin."""
    old = _before_the_start(company)
    documents = [
        company.orders.select("customer", t="t_created"),
        company.invoices.filter(pl.col("t_drafted") < FAR).select("customer", t="t_drafted"),
    ]
    met = pl.concat(documents).group_by("customer").agg(t_opened=pl.col("t").min() - 900)
    new = met.join(old, on="customer", how="anti")
    every = pl.concat([old.select("customer", "t_opened"), new.select("customer", "t_opened")])
    every = every.with_columns(firm=pl.col("customer") // 2, second=pl.col("customer") % 2)
    return numbered(every, "t_opened", company.now, "C", 10001, "customer")


def opening(company) -> pl.DataFrame:
    """The ERP customers that were there before the records begin: whoever comes later has a later number."""
    return numbered(_before_the_start(company), "t_opened", company.now, "C", 10001, "customer")


def _before_the_start(company) -> pl.DataFrame:
    firms = company.firms.filter(pl.col("is_opening"))
    second = firms.filter("has_second_number")
    old = pl.concat([firms.select(customer=pl.col("firm") * 2), second.select(customer=pl.col("firm") * 2 + 1)])
    age = company.dice.whole(old["customer"].to_numpy(), "days a customer before the start", 20, 2500)
    return old.with_columns(t_opened=(number(START) - pl.Series(age)) * DAY + 9 * 3600 + pl.col("customer") % 20_000)


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
