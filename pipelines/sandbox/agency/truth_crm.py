"""What the warehouse should find out of the agency's CRM: who its accounts are, and what became of deals and leads."""

import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.hubspot_accounts import companies, company_id, shown
from pipelines.sandbox.agency.hubspot_activities import talks
from pipelines.sandbox.agency.hubspot_deals import deal_id
from pipelines.sandbox.agency.hubspot_leads import lead_id
from pipelines.sandbox.agency.hubspot_words import ERP_NUMBER, LOOSE, OF_DEALS, TAX_ID
from pipelines.sandbox.business.sales import LONGEST
from pipelines.sandbox.business.truth_accounts import fields, typed_tax
from pipelines.sandbox.business.truth_money import customer, day
from pipelines.sandbox.clock import DAY

# What each source of a deal or lead means to the firm; of the last two nobody knows or says where they came from.
CHANNELS = ["search", "web", "social", "advertising", "email", "other", None]


def in_crm(company) -> pl.DataFrame:
    """One row per company that has not been merged into another."""
    owners = shown(company).select("firm", "tax_id", id=company_id())
    told = companies(company).join(owners, on="id", how="left", maintain_order="left")
    return told.select(
        source=pl.lit("hubspot"),
        vendor_id="id",
        customer=customer(pl.col("firm")),
        erp_reference=ERP_NUMBER,
        valid_tax_id=typed_tax(TAX_ID),
        **fields("address", "city", "zip", "phone", "domain", "name"),
    )


def channel() -> pl.Expr:
    return pl.col("source").replace_strict(dict(enumerate(CHANNELS)), return_dtype=pl.String)


def leads(company) -> pl.DataFrame:
    """One row per lead not archived, with its deal. Of one whose deal is archived only that it was good is known."""
    now = company.now
    is_deal, is_there = pl.col("t0") <= now, pl.col("t_deleted") > now
    became = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now)).with_columns(
        key=pl.col("deal") + OF_DEALS
    )
    found = pl.when(is_deal & is_there).then(pl.lit("converted")).when(is_deal).then(pl.lit("qualified"))
    became = became.select(
        lead_id=lead_id(),
        deal_id=pl.when(is_deal & is_there).then(deal_id()),
        is_junk=pl.lit(False),
        status=found.otherwise(pl.lit("open")),
        channel=channel(),
        created_date=day(pl.col("t_lead") // DAY),
    )
    loose = company.loose_leads.filter((pl.col("t_lead") <= now) & is_there)
    loose = loose.with_columns(key=pl.col("lead") + LOOSE).select(
        lead_id=lead_id(),
        deal_id=pl.lit(None, pl.String),
        is_junk=pl.col("junk") >= 0,
        status=pl.when(pl.col("t_refused") <= now).then(pl.lit("disqualified")).otherwise(pl.lit("open")),
        channel=channel(),
        created_date=day(pl.col("t_lead") // DAY),
    )
    return pl.concat([became, loose]).sort("lead_id")


def stages(company) -> pl.DataFrame:
    """One row per time a deal came into a stage."""
    rows = company.known_deals.filter(pl.col("t_deleted") > company.now)
    steps = [rows.select("deal", step=step, stage=f"s{step}", t=f"t{step}") for step in range(LONGEST)]
    every = pl.concat(steps).filter((pl.col("stage") >= 0) & (pl.col("t") <= company.now)).sort("deal", "step")
    before = pl.col("stage").shift(1).over("deal")
    every = every.filter(before.is_null() | (before != pl.col("stage")))
    labels = {place: label for place, (label, _) in enumerate(words.STAGES)}
    return every.select(
        deal_id=deal_id(),
        pass_number=pl.int_range(pl.len()).over("deal") + 1,
        stage=pl.col("stage").replace_strict(labels, return_dtype=pl.String),
        entered_date=day(pl.col("t") // DAY),
    )


def activities(company) -> pl.DataFrame:
    """One row per call, mail, meeting, note and task that took place, with its deal while that is there."""
    rows = talks(company).filter(pl.col("is_over") & ~((pl.col("kind") == "meetings") & pl.col("is_called_off")))
    is_timed = pl.col("kind").is_in(["calls", "meetings"])
    return rows.select(
        kind=pl.col("kind").str.strip_suffix("s"),
        number="key",
        deal_id=pl.when(pl.col("t_deleted") > company.now).then(deal_id()),
        account_id=company_id(),
        minutes=pl.when(is_timed).then("minutes"),
        happened_date=day(pl.col("t") // DAY),
    )
