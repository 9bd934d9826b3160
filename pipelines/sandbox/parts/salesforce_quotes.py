"""Salesforce's quotes."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business.known_deals import PROPOSAL
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.business.sales import LONGEST, LOST
from pipelines.sandbox.clock import DAY, salesforce_time
from pipelines.sandbox.parts.salesforce_accounts import account_ids
from pipelines.sandbox.parts.salesforce_deals import deal_ids


def _quotes(company) -> pl.DataFrame:
    """Quotes sent with the proposal; the last one is accepted when the deal is won."""
    dice, now = company.dice, company.now
    sent = pl.coalesce([pl.when(pl.col(f"s{s}") == PROPOSAL).then(pl.col(f"t{s}")) for s in range(LONGEST)]).fill_null(
        FAR
    )
    rows = company.known_deals.with_columns(t=sent).filter(
        (pl.col("t") <= now) & (pl.col("quotes") > 0) & (pl.col("junk") < 0)
    )
    rows = rows.with_columns(place=pl.int_ranges(0, pl.col("quotes"))).explode("place")
    rows = rows.with_columns(
        t=pl.col("t") + pl.col("place") * 2 * DAY + 1800, is_last=pl.col("place") == pl.col("quotes") - 1
    )
    rows = rows.filter(pl.col("t") <= now)
    lost = pl.min_horizontal(
        [pl.when(pl.col(f"s{s}") == LOST).then(pl.col(f"t{s}")).otherwise(FAR) for s in range(LONGEST)]
    )
    answered = (
        pl.when(~pl.col("is_last")).then(pl.col("t") + DAY).when(pl.col("t_won") < FAR).then("t_won").otherwise(lost)
    )
    first = company.known_orders.filter((pl.col("deal") >= 0) & (pl.col("call") == 0)).select(
        "deal", first_order="number", t_order="t_created"
    )
    rows = rows.join(first, on="deal", how="left", maintain_order="left")
    key = rows["deal"].to_numpy() * 4 + rows["place"].to_numpy()
    notes_it = pl.Series(dice.happens(key, "order noted on the quote", 0.35))
    rows = rows.with_columns(
        key=pl.Series(key),
        t_answered=pl.max_horizontal(answered, pl.col("t") + 900),
        is_accepted=pl.col("is_last") & (pl.col("t_won") < FAR),
        t_noted=pl.col("t_order").fill_null(FAR) + 5400,
    )
    return rows.with_columns(noted=pl.col("is_accepted") & notes_it & (pl.col("t_noted") <= now))


def quotes_with_orders(company) -> pl.DataFrame:
    return _quotes(company).filter("noted").select("deal", "first_order")


def quotes(company) -> pl.DataFrame:
    now, rows = company.now, _quotes(company)
    is_answered, is_gone = pl.col("t_answered") <= now, pl.col("t_deleted") <= now
    status = (
        pl.when(is_answered & pl.col("is_accepted"))
        .then(pl.lit("Accepted"))
        .when(is_answered)
        .then(pl.lit("Denied"))
        .otherwise(pl.lit("Presented"))
    )
    net = pl.when("is_last").then("final").otherwise((pl.col("final") * 11) // 10)
    gross = pl.when(pl.col("currency") == "EUR").then(net).otherwise((net * 246 + 100) // 200)
    stamp = pl.max_horizontal(
        "t",
        pl.when(is_answered).then("t_answered").otherwise(0),
        pl.when("noted").then("t_noted").otherwise(0),
        pl.when(is_gone).then("t_deleted").otherwise(0),
        "t_moved",
    )
    return rows.select(
        Id=identifiers.salesforce_ids("0Q0", rows["key"].to_numpy()),
        QuoteNumber=pl.col("key").cast(pl.String).str.zfill(8),
        Status=status,
        OpportunityId=deal_ids(rows["deal"].to_numpy()),
        AccountId=account_ids(rows["account"].to_numpy()),
        CurrencyIsoCode="currency",
        TotalPrice=net / 100,
        GrandTotal=gross / 100,
        ErpOrder__c=pl.when("noted").then("first_order"),
        CreatedDate=salesforce_time(pl.col("t")),
        SystemModstamp=salesforce_time(stamp),
        IsDeleted=is_gone,
    ).sort("Id")
