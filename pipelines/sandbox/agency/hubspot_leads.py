"""HubSpot's leads, each with the contact who asked: those that became deals, those that wait, and the others."""

import polars as pl

from pipelines.sandbox.agency.hubspot_accounts import company_id, contact_id
from pipelines.sandbox.agency.hubspot_deals import deal_id
from pipelines.sandbox.agency.hubspot_words import (
    ATTEMPTING,
    CONNECTED,
    KEPT,
    LEAD_PIPELINE,
    LEADS,
    LOOSE,
    NEW,
    NOTHING,
    OF_DEALS,
    QUALIFIED,
    UNQUALIFIED,
    moment,
    own,
    owner,
    record_id,
    source,
    together,
)
from pipelines.sandbox.business import names
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.business.orders import FAR


def lead_id() -> pl.Expr:
    return record_id(LEADS, "key")


def known(company) -> pl.DataFrame:
    """One row per lead listed today, the archived ones too; `account` and `deal` are null until there is a deal."""
    columns = [
        "key", "deal", "account", "title", "email", "source", "seller", "stage", "is_junk", "t_lead", "t_worked",
        "t_deal", "t_refused", "t_deleted", "t_moved",
    ]  # fmt: skip
    return pl.concat([_of_deals(company).select(columns), _loose(company).select(columns)])


def _of_deals(company) -> pl.DataFrame:
    now, never = company.now, pl.lit(FAR)
    rows = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now))
    firms = company.firms.select("firm", "core_name", "domain", "seller")
    rows = rows.join(firms, on="firm", how="left", maintain_order="left")
    known = company.known_deals.select("deal", "account", "t_moved")
    rows = rows.join(known, on="deal", how="left", maintain_order="left")
    is_deal = pl.col("t0") <= now
    return rows.with_columns(
        key=pl.col("deal") + OF_DEALS,
        deal=pl.when(is_deal).then("deal"),
        title="core_name",
        email=pl.format("zapytanie{}@{}", "deal", "domain"),
        stage=pl.when(is_deal).then(pl.lit(QUALIFIED)).otherwise(pl.lit(CONNECTED)),
        is_junk=pl.lit(False),
        t_worked=never,
        t_deal="t0",
        t_refused=never,
        t_deleted=never,
        t_moved=pl.col("t_moved").fill_null(0),
    )


def _loose(company) -> pl.DataFrame:
    now = company.now
    rows = company.loose_leads.filter((pl.col("t_lead") <= now) & (pl.col("t_deleted") + KEPT > now))
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    surname = pl.col("name").replace_strict(dict(enumerate(names.SURNAMES)), return_dtype=pl.String)
    stage = pl.when(pl.col("t_worked") <= now).then(pl.lit(ATTEMPTING)).otherwise(pl.lit(NEW))
    return rows.with_columns(
        key=pl.col("lead") + LOOSE,
        deal=pl.lit(None, pl.Int64),
        account=pl.lit(None, pl.Int64),
        title=pl.coalesce(junk, pl.lit("Sklep ") + surname),
        email=pl.format("info@przyklad{}.pl", "lead"),
        stage=pl.when(pl.col("t_refused") <= now).then(pl.lit(UNQUALIFIED)).otherwise(stage),
        is_junk=pl.col("junk") >= 0,
        t_deal=pl.lit(FAR),
        t_moved=pl.lit(0, pl.Int64),
    )


def _own(company, identity: pl.Expr) -> dict[str, pl.Expr]:
    moments = ("t_lead", "t_worked", "t_deal", "t_refused", "t_deleted", "t_moved")
    return own(identity, "t_lead", latest(company.now, *moments), pl.col("t_deleted") <= company.now)


def leads(company) -> pl.DataFrame:
    return (
        known(company)
        .select(
            **_own(company, lead_id()),
            hs_lead_name="title",
            hs_lead_type=pl.lit("NEW_BUSINESS"),
            hs_lead_label=pl.lit("WARM"),
            hs_pipeline=pl.lit(LEAD_PIPELINE),
            hs_pipeline_stage="stage",
            hubspot_owner_id=owner(),
            hs_createdate=moment("t_lead"),
        )
        .sort("id")
    )


def askers(company) -> pl.DataFrame:
    """The contacts who asked; they belong to a company from the day there is a deal."""
    is_deal = pl.col("deal").is_not_null()
    status = pl.when(pl.col("stage") == UNQUALIFIED).then(pl.lit("UNQUALIFIED"))
    status = status.when(is_deal).then(pl.lit("OPEN_DEAL")).when(pl.col("stage") == NEW).then(pl.lit("NEW"))
    return known(company).select(
        **_own(company, contact_id("key")),
        email="email",
        firstname=NOTHING,
        lastname=NOTHING,
        company="title",
        phone=NOTHING,
        country=NOTHING,
        associatedcompanyid=company_id(),
        lifecyclestage=pl.when(is_deal).then(pl.lit("opportunity")).otherwise(pl.lit("lead")),
        hs_lead_status=status.otherwise(pl.lit("IN_PROGRESS")),
        hs_merged_object_ids=NOTHING,
        hubspot_owner_id=owner(),
        hs_analytics_source=source(),
        hs_latest_source=source(),
        createdate=moment("t_lead"),
        hs_lifecyclestage_lead_date=moment("t_lead"),
        hs_lifecyclestage_marketingqualifiedlead_date=NOTHING,
        hs_lifecyclestage_salesqualifiedlead_date=NOTHING,
        hs_lifecyclestage_opportunity_date=pl.when(is_deal).then(moment("t_deal")),
        hs_lifecyclestage_customer_date=NOTHING,
    )


def pairs(company) -> dict[str, pl.DataFrame]:
    rows = known(company).filter(pl.col("t_deleted") > company.now)
    there = company.deals.select("deal", t_archived="t_deleted")
    of_deals = rows.join(there, on="deal", how="inner", maintain_order="left")
    of_deals = of_deals.filter(pl.col("t_archived") > company.now)
    return {
        "leads/contacts": together(rows, lead_id(), contact_id("key"), 578),
        "leads/companies": together(rows, lead_id(), company_id(), 610),
        "leads/deals": together(of_deals, lead_id(), deal_id(), 583),
    }
