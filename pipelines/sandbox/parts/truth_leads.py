"""What really became of every lead."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.truth_money import day
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.parts.salesforce_deals import deal_ids
from pipelines.sandbox.parts.salesforce_leads import LEAD_OF_DEAL


def leads(company) -> pl.DataFrame:
    """One row per lead not deleted, with the deal it became."""
    now = company.now
    became = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now))
    became = became.select(
        lead_id=identifiers.salesforce_ids("00Q", became["deal"].to_numpy() + LEAD_OF_DEAL),
        deal_id=pl.when(pl.col("t0") <= now).then(deal_ids(became["deal"].to_numpy())),
        is_junk=pl.lit(False),
        status=pl.when(pl.col("t0") <= now).then(pl.lit("converted")).otherwise(pl.lit("open")),
        created_date=day(pl.col("t_lead") // DAY),
    )
    loose = company.loose_leads.filter((pl.col("t_lead") <= now) & (pl.col("t_deleted") > now))
    loose = loose.select(
        lead_id=identifiers.salesforce_ids("00Q", loose["lead"].to_numpy()),
        deal_id=pl.lit(None, pl.String),
        is_junk=pl.col("junk") >= 0,
        status=pl.when(pl.col("t_refused") <= now).then(pl.lit("disqualified")).otherwise(pl.lit("open")),
        created_date=day(pl.col("t_lead") // DAY),
    )
    return pl.concat([became, loose]).sort("lead_id")
