"""Salesforce's opportunities, with their history and products."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.business.orders import EURO, FAR
from pipelines.sandbox.business.sales import LONGEST, LOST, WON
from pipelines.sandbox.clock import DAY, day_of, salesforce_time
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.salesforce_accounts import account_ids, user_ids

PROPOSAL = 3


def deal_ids(keys: np.ndarray) -> pl.Series:
    return identifiers.salesforce_ids("006", keys)


def known_deals(company) -> pl.DataFrame:
    """One row per deal known today, with its account, value, present stage and links."""
    dice, now = company.dice, company.now
    rows = company.deals.filter(pl.col("t0") <= now)
    key = rows["deal"].to_numpy()
    ordered = company.lines.join(
        company.orders.select("order", "deal"), on="order", how="inner", maintain_order="left"
    ).filter(pl.col("deal") >= 0)
    ordered = ordered.group_by("deal").agg(ordered=pl.col("net").sum())
    rows = rows.join(ordered, on="deal", how="left", maintain_order="left").join(
        company.firms.select("firm", "currency", "seller", "core_name"), on="firm", how="left", maintain_order="left"
    )
    is_euro = (rows["currency"] == "EUR").to_numpy()
    guess = dice.skewed(key, "value of a deal", 700_000, 0.9) / np.where(is_euro, EURO, 1)
    factor = np.where(dice.happens(key, "ordered as sold", 0.5), 1, 0.9 + 0.3 * dice.share(key, "sold and ordered"))
    amount = np.where(rows["ordered"].is_null().to_numpy(), guess, rows["ordered"].fill_null(0).to_numpy() * factor)
    amount = np.where((rows["junk"] >= 0).to_numpy(), 100, np.maximum(np.round(amount), 100)).astype(np.int64)
    early = np.maximum(np.round(amount * (0.7 + 0.7 * dice.share(key, "first guess")) / 10_000) * 10_000, 100).astype(
        np.int64
    )
    rows = rows.with_columns(final=pl.Series(amount), early=pl.Series(early))
    return rows.with_columns(**_present(now)).with_columns(**_links(company, rows), **_account(company, rows))


def _present(now: int) -> dict[str, pl.Expr]:
    stage, since, is_final = pl.lit(0), pl.col("t0"), pl.lit(False)
    for step in range(LONGEST):
        here = (pl.col(f"s{step}") >= 0) & (pl.col(f"t{step}") <= now)
        stage = pl.when(here).then(pl.col(f"s{step}")).otherwise(stage)
        since = pl.when(here).then(pl.col(f"t{step}")).otherwise(since)
        is_final = is_final | (here & (pl.col(f"s{step}") >= PROPOSAL) & (pl.col(f"s{step}") <= WON))
    return {"stage": stage, "t_stage": since, "amount": pl.when(is_final).then("final").otherwise("early")}


def _links(company, rows: pl.DataFrame) -> dict[str, pl.Series]:
    """The order number somebody copied into the deal, an hour after the first order came."""
    key = rows["deal"].to_numpy()
    first = company.known_orders.filter((pl.col("deal") >= 0) & (pl.col("call") == 0)).select(
        "deal", "number", "t_created"
    )
    found = rows.select("deal").join(first, on="deal", how="left", maintain_order="left")
    copied = (found["t_created"] + 3600 + (rows["deal"] % 7200)).fill_null(FAR)
    keeps = pl.Series(company.dice.happens(key, "order number copied", 0.45))
    t_copied = pl.select(pl.when(keeps & (copied <= company.now)).then(copied).otherwise(FAR)).to_series()
    number = pl.select(pl.when(t_copied < FAR).then(found["number"])).to_series()
    return {"t_copied": t_copied, "order_number": number}


def _account(company, rows: pl.DataFrame) -> dict[str, pl.Expr | pl.Series]:
    """A deal may hang on the firm's second account, until the two are merged."""
    second = company.crm_accounts.filter("second").select("firm", t_second="t_created", t_merged="t_merged")
    found = rows.select("firm", "t0", "to_second_account").join(second, on="firm", how="left", maintain_order="left")
    was_second = (
        found["to_second_account"]
        & (found["t_second"] <= found["t0"]).fill_null(False)
        & (found["t_merged"] > found["t0"]).fill_null(False)
    )
    is_merged = was_second & (found["t_merged"] <= company.now).fill_null(False)
    moved = pl.select(pl.when(is_merged).then(found["t_merged"]).otherwise(0)).to_series()
    return {"account": rows["firm"] * 2 + (was_second & ~is_merged).cast(pl.Int64), "t_moved": moved}


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
    """Products of the deals that got as far as a proposal; they sum to the deal's amount."""
    dice = company.dice
    rows = company.known_deals.filter(
        (pl.col("amount") == pl.col("final")) & (pl.col("junk") < 0) & (pl.col("stage") != 0)
    )
    rows = rows.filter(pl.Series(dice.happens(rows["deal"].to_numpy(), "has products", 0.6)))
    reached = pl.min_horizontal(
        [
            pl.when((pl.col(f"s{s}") >= PROPOSAL) & (pl.col(f"s{s}") <= WON)).then(pl.col(f"t{s}")).otherwise(FAR)
            for s in range(LONGEST)
        ]
    )
    rows = rows.with_columns(t=reached).filter(pl.col("t") <= company.now)
    every = pl.concat([_as_ordered(company, rows), _not_ordered(company, rows)])
    # What rounding leaves over is the first line's.
    rest = pl.col("final") - pl.col("total").sum().over("deal")
    every = every.with_columns(total=pl.col("total") + pl.when(pl.col("place") == 0).then(rest).otherwise(0))
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


def _as_ordered(company, rows: pl.DataFrame) -> pl.DataFrame:
    """What was sold is what was ordered: at another price where the deal is worth another sum, and more of some."""
    of_deals = company.orders.filter(pl.col("deal") >= 0).select("order", "deal")
    goods = company.lines.filter(~pl.col("is_service")).join(of_deals, on="order", maintain_order="left")
    sold = goods.group_by("deal", "item").agg(pl.col("quantity", "net").sum()).sort("deal", "item")
    sold = sold.with_columns(place=pl.int_range(pl.len()).over("deal")).filter(pl.col("place") < 8)
    every = rows.join(sold, on="deal", how="inner", maintain_order="left")
    more = pl.Series(company.dice.happens(every["deal"].to_numpy() * 8 + every["place"].to_numpy(), "more sold", 0.15))
    return every.select(
        "deal",
        "place",
        "final",
        "t",
        "t_deleted",
        "item",
        quantity=pl.col("quantity") + pl.when(more).then(1 + pl.col("quantity") // 4).otherwise(0),
        total=pl.col("final") * pl.col("net") // pl.col("net").sum().over("deal"),
    )


def _not_ordered(company, rows: pl.DataFrame) -> pl.DataFrame:
    """Deals that nobody ordered from: something of the catalogue, in equal parts."""
    rows = rows.filter(pl.col("ordered").is_null())
    many = company.dice.whole(rows["deal"].to_numpy(), "number of products", 1, 4)
    every = rows.with_columns(place=pl.int_ranges(0, pl.Series(many)), many=pl.Series(many)).explode("place")
    key = every["deal"].to_numpy() * 8 + every["place"].to_numpy()
    return every.select(
        "deal",
        "place",
        "final",
        "t",
        "t_deleted",
        item=pl.Series(company.dice.whole(key, "product", 0, len(company.items) - 5)),
        quantity=pl.Series(company.dice.whole(key, "pieces", 1, 20)),
        total=pl.col("final") // pl.col("many"),
    )
