"""Salesforce's leads: those that became deals, and the others."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.clock import DAY, salesforce_time
from pipelines.sandbox.parts.salesforce_accounts import account_ids, user_ids
from pipelines.sandbox.parts.salesforce_deals import deal_ids, salesforce_day, source_word

LEAD_OF_DEAL = 1 << 40


def leads(company) -> pl.DataFrame:
    return pl.concat([_converted(company), _loose(company)]).sort("Id")


def _converted(company) -> pl.DataFrame:
    now = company.now
    rows = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now)).join(
        company.firms.select("firm", "core_name", "domain", "seller"), on="firm", how="left", maintain_order="left"
    )
    known = company.known_deals.select("deal", "account", "t_moved")
    rows = rows.join(known, on="deal", how="left", maintain_order="left")
    done = pl.col("t0") <= now
    key = rows["deal"].to_numpy() + LEAD_OF_DEAL
    account = account_ids(rows["account"].fill_null(0).to_numpy())
    stamp = pl.max_horizontal("t_lead", pl.when(done).then("t0").otherwise(0), pl.col("t_moved").fill_null(0))
    return rows.select(
        Id=identifiers.salesforce_ids("00Q", key),
        Company="core_name",
        Email=pl.lit("kontakt@") + pl.col("domain"),
        LeadSource=source_word(),
        Status=pl.when(done).then(pl.lit("Closed - Converted")).otherwise(pl.lit("Working - Contacted")),
        OwnerId=user_ids().gather(rows["seller"]),
        ConvertedAccountId=pl.when(done).then(account),
        ConvertedOpportunityId=pl.when(done).then(deal_ids(rows["deal"].to_numpy())),
        MasterRecordId=pl.lit(None, pl.String),
        IsConverted=done,
        ConvertedDate=pl.when(done).then(salesforce_day(pl.col("t0") // DAY)),
        CreatedDate=salesforce_time(pl.col("t_lead")),
        SystemModstamp=salesforce_time(stamp),
        IsDeleted=pl.lit(False),
    )


def _loose(company) -> pl.DataFrame:
    now = company.now
    rows = company.loose_leads.filter(pl.col("t_lead") <= now)
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    name = pl.lit("Auto ") + pl.col("name").replace_strict(dict(enumerate(names.SURNAMES)), return_dtype=pl.String)
    is_gone, is_refused = pl.col("t_deleted") <= now, pl.col("t_refused") <= now
    status = (
        pl.when(is_refused)
        .then(pl.lit("Closed - Not Converted"))
        .when(pl.col("t_worked") <= now)
        .then(pl.lit("Working - Contacted"))
        .otherwise(pl.lit("Open - Not Contacted"))
    )
    stamp = pl.max_horizontal(
        *[
            pl.when(pl.col(t) <= now).then(pl.col(t)).otherwise(0)
            for t in ("t_lead", "t_worked", "t_refused", "t_deleted")
        ]
    )
    text = pl.lit(None, pl.String)
    return rows.select(
        Id=identifiers.salesforce_ids("00Q", rows["lead"].to_numpy()),
        Company=pl.when(pl.col("junk") >= 0).then(junk).otherwise(name),
        Email=pl.lit("info@przyklad") + (pl.col("lead") % 997).cast(pl.String) + ".pl",
        LeadSource=source_word(),
        Status=status,
        OwnerId=user_ids().gather(rows["seller"]),
        ConvertedAccountId=text,
        ConvertedOpportunityId=text,
        MasterRecordId=text,
        IsConverted=pl.lit(False),
        ConvertedDate=text,
        CreatedDate=salesforce_time(pl.col("t_lead")),
        SystemModstamp=salesforce_time(stamp),
        IsDeleted=is_gone,
    )
