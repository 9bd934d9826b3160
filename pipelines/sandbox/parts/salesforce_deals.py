"""Salesforce's opportunities, with their history and products."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.business.known_deals import PROPOSAL
from pipelines.sandbox.business.sales import LONGEST, LOST, WON
from pipelines.sandbox.clock import DAY, day_of, salesforce_time
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.salesforce_accounts import account_ids, user_ids


def deal_ids(keys: np.ndarray) -> pl.Series:
    return identifiers.salesforce_ids("006", keys)


def _probability(stage: pl.Expr) -> pl.Expr:
    return stage.replace_strict(
        {place: percent for place, (_, percent) in enumerate(words.STAGES)}, return_dtype=pl.Int64
    )


def _stage_name(stage: pl.Expr) -> pl.Expr:
    return stage.replace_strict({place: name for place, (name, _) in enumerate(words.STAGES)}, return_dtype=pl.String)


def _close_day(stage: pl.Expr, since: pl.Expr, key: pl.Expr) -> pl.Expr:
    """A closed deal's day; an open one's hope, moved on with every step."""
    return pl.when(stage >= WON).then(since // DAY).otherwise(since // DAY + 20 + key % 40)


def salesforce_day(days: pl.Expr) -> pl.Expr:
    return days.cast(pl.Int32).cast(pl.Date).cast(pl.String)


def opportunities(company) -> pl.DataFrame:
    rows = company.known_deals
    now = company.now
    is_gone = pl.col("t_deleted") <= now
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    name = (
        pl.when(pl.col("junk") >= 0)
        .then(junk)
        .otherwise(pl.col("core_name") + pl.lit(" ") + pl.col("deal").cast(pl.String))
    )
    stamp = pl.max_horizontal(
        "t_stage",
        "t_moved",
        pl.when(pl.col("t_copied") <= now).then("t_copied").otherwise(0),
        pl.when(is_gone).then("t_deleted").otherwise(0),
    )
    return rows.select(
        Id=deal_ids(rows["deal"].to_numpy()),
        AccountId=account_ids(rows["account"].to_numpy()),
        Name=name,
        StageName=_stage_name(pl.col("stage")),
        LeadSource=source_word(),
        CampaignId=_campaign(company, rows, "t0"),
        OwnerId=user_ids().gather(rows["seller"]),
        RecordTypeId=pl.lit(None, pl.String),
        CurrencyIsoCode="currency",
        Amount=pl.col("amount") / 100,
        ExpectedRevenue=(pl.col("amount") * _probability(pl.col("stage")) / 100).round() / 100,
        Probability=_probability(pl.col("stage")),
        IsClosed=pl.col("stage") >= WON,
        IsWon=pl.col("stage") == WON,
        CloseDate=salesforce_day(_close_day(pl.col("stage"), pl.col("t_stage"), pl.col("deal"))),
        LossReason__c=pl.when(pl.col("stage") == LOST).then(
            pl.col("lost_reason").replace_strict(dict(enumerate(words.LOST_REASONS)), return_dtype=pl.String)
        ),
        OrderNumber__c="order_number",
        CreatedDate=salesforce_time(pl.col("t0")),
        SystemModstamp=salesforce_time(stamp),
        IsDeleted=is_gone,
    ).sort("Id")


def source_word() -> pl.Expr:
    return pl.col("source").replace_strict(dict(enumerate(words.LEAD_SOURCES)), default=None, return_dtype=pl.String)


def _campaign(company, rows: pl.DataFrame, time: str) -> pl.Series:
    """One of the campaigns of the time, for a fifth of the deals."""
    month = np.searchsorted([last for _, last in company.months], day_of(rows[time].to_numpy()))
    ids = identifiers.salesforce_ids("701", month // 2)
    has = pl.Series(company.dice.happens(rows["deal"].to_numpy(), "from a campaign", 0.2))
    return pl.select(pl.when(has).then(ids)).to_series()


def history(company) -> pl.DataFrame:
    """A row for each change of stage, amount or close date; the first is the creation."""
    rows = company.known_deals
    steps = []
    is_final = pl.lit(False)
    for step in range(LONGEST):
        stage, time = pl.col(f"s{step}"), pl.col(f"t{step}")
        is_final = is_final | ((stage >= PROPOSAL) & (stage <= WON))
        steps.append(
            rows.filter((stage >= 0) & (time <= company.now)).select(
                "deal",
                "t_deleted",
                stage=stage,
                t=time,
                amount=pl.when(is_final).then("final").otherwise("early"),
                key=pl.col("deal") * 8 + step,
            )
        )
    every = pl.concat(steps)
    is_gone = pl.col("t_deleted") <= company.now
    return every.select(
        Id=identifiers.salesforce_ids("008", every["key"].to_numpy()),
        OpportunityId=deal_ids(every["deal"].to_numpy()),
        StageName=_stage_name(pl.col("stage")),
        Amount=pl.col("amount") / 100,
        Probability=_probability(pl.col("stage")),
        CloseDate=salesforce_day(_close_day(pl.col("stage"), pl.col("t"), pl.col("deal"))),
        CreatedDate=salesforce_time(pl.col("t")),
        SystemModstamp=salesforce_time(pl.when(is_gone).then("t_deleted").otherwise("t")),
        IsDeleted=is_gone,
    ).sort("Id")


def line_items(company) -> pl.DataFrame:
    every = company.deal_items
    is_gone = pl.col("t_deleted") <= company.now
    return every.select(
        Id=identifiers.salesforce_ids("00k", every["deal"].to_numpy() * 8 + every["place"].to_numpy()),
        OpportunityId=deal_ids(every["deal"].to_numpy()),
        Product2Id=identifiers.salesforce_ids("01t", every["item"].to_numpy()),
        Description=pl.lit(None, pl.String),
        Quantity="quantity",
        UnitPrice=(pl.col("total") / pl.col("quantity")).round() / 100,
        TotalPrice=pl.col("total") / 100,
        SystemModstamp=salesforce_time(pl.when(is_gone).then("t_deleted").otherwise("t")),
        IsDeleted=is_gone,
    ).sort("Id")
