"""HubSpot's tickets: what clients ask or complain about while a project runs, some naming its order or an invoice."""

import numpy as np
import polars as pl

from pipelines.sandbox.agency.hubspot_accounts import company_id
from pipelines.sandbox.agency.hubspot_words import (
    INVOICE,
    NOTHING,
    ORDER,
    TICKETS,
    moment,
    own,
    owner,
    record_id,
    together,
)
from pipelines.sandbox.clock import DAY

CATEGORIES = ["GENERAL_INQUIRY", "BILLING_ISSUE", "PRODUCT_ISSUE", "FEATURE_REQUEST"]
SUBJECTS = ["Pytanie o termin", "Pytanie o fakturę", "Poprawki", "Dodatkowe prace"]
NEW, CLOSED = "1", "4"  # the vendor's own ids of stages


def known(company) -> pl.DataFrame:
    """One row per ticket until today. A client who is no company of the CRM writes to the office instead."""
    now, dice = company.now, company.dice
    rows = company.known_orders.select("order", "firm", "number", "t_created")
    rows = rows.filter(pl.Series(dice.happens(rows["order"].to_numpy(), "writes a ticket", 0.12)))
    accounts = company.crm_accounts.filter(~pl.col("second")).select("firm", "account", "seller", t_known="t_created")
    rows = rows.join(accounts, on="firm", how="inner", maintain_order="left")
    key = rows["order"].to_numpy()
    days = pl.Series(dice.whole(key, "days to the ticket", 4, 50))
    rows = rows.with_columns(
        category=pl.Series(dice.pick(key, "category of the ticket", 30, 30, 25, 15)),
        names=pl.Series(dice.pick(key, "number the ticket names", 45, 30, 25)),
        t=pl.max_horizontal(pl.col("t_created") + days * DAY, pl.col("t_known") + 60),
    )
    rows = rows.with_columns(t_closed=pl.col("t") + pl.Series(dice.whole(key, "hours to an answer", 1, 200)) * 3600)
    rows = rows.filter(pl.col("t") <= now)
    billed = company.known_invoices.select("order", "t_posted", invoice_number="number").sort("t_posted")
    billed = billed.unique("order", keep="first", maintain_order=True)
    rows = rows.join(billed, on="order", how="left", maintain_order="left")
    return rows.with_columns(
        order_number=pl.when(pl.col("names") == 0).then("number"),
        invoice_number=pl.when((pl.col("names") == 1) & (pl.col("t_posted") <= pl.col("t"))).then("invoice_number"),
        is_closed=pl.col("t_closed") <= now,
    )


def records(company) -> dict[str, pl.DataFrame]:
    rows = known(company)
    identity = record_id(TICKETS, "order")
    stage = pl.when("is_closed").then(pl.lit(CLOSED)).otherwise(pl.lit(NEW))
    shown = rows.select(
        **own(identity, "t", pl.when("is_closed").then("t_closed").otherwise("t")),
        subject=pl.Series(np.array(SUBJECTS)).gather(rows["category"]),
        hs_pipeline=pl.lit("0"),
        hs_pipeline_stage=stage,
        hs_ticket_category=pl.Series(np.array(CATEGORIES)).gather(rows["category"]),
        source_type=pl.lit("EMAIL"),
        hs_merged_object_ids=NOTHING,
        hubspot_owner_id=owner(),
        createdate=moment("t"),
        closed_date=pl.when("is_closed").then(moment("t_closed")),
        **{ORDER: "order_number", INVOICE: "invoice_number"},
    )
    return {"tickets": shown.sort("id"), "tickets/companies": together(rows, identity, company_id(), 339, primary=26)}
