"""The firm as Salesforce shows it: one frame per object."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.clock import DAY, START, number, salesforce_time
from pipelines.sandbox.parts import salesforce_accounts as accounts
from pipelines.sandbox.parts import salesforce_deals as deals
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.salesforce_cases import cases
from pipelines.sandbox.parts.salesforce_leads import leads
from pipelines.sandbox.parts.salesforce_quotes import quotes

OPENING = (number(START) - 500) * DAY + 36_000


def records(company) -> dict[str, pl.DataFrame]:
    return {
        "Account": accounts.account_records(company),
        "Lead": leads(company),
        "Opportunity": deals.opportunities(company),
        "OpportunityHistory": deals.history(company),
        "OpportunityStage": _stages(),
        "OpportunityLineItem": deals.line_items(company),
        "Product2": _products(company),
        "User": _users(),
        "Campaign": _campaigns(company),
        "Quote": quotes(company),
        "Task": _tasks(company),
        "Event": _events(company),
        "Case": cases(company),
    }


def _stages() -> pl.DataFrame:
    frame = pl.DataFrame(words.STAGES, schema=["MasterLabel", "DefaultProbability"], orient="row")
    place = pl.int_range(pl.len())
    return frame.select(
        "MasterLabel",
        "DefaultProbability",
        Id=identifiers.salesforce_ids("01J", np.arange(len(frame))),
        SortOrder=place + 1,
        IsActive=pl.lit(True),
        IsClosed=place >= 5,
        IsWon=place == 5,
        SystemModstamp=salesforce_time(pl.lit(OPENING) + place),
    ).sort("Id")


def _users() -> pl.DataFrame:
    names = [" ".join(name) for name in accounts.USERS]
    ids = accounts.user_ids()
    managers = len(words.MANAGERS)
    boss = [
        ids[len(words.SELLERS) + place % managers] if place < len(words.SELLERS) else None
        for place in range(len(names))
    ]
    return (
        pl.DataFrame({"Id": ids, "Name": names, "ManagerId": pl.Series(boss, dtype=pl.String)})
        .select(
            "Id",
            "Name",
            "ManagerId",
            Department=pl.lit("Sales ") + (pl.int_range(pl.len()) % 3 + 1).cast(pl.String),
            IsActive=pl.int_range(pl.len()) != 14,
            SystemModstamp=salesforce_time(pl.lit(OPENING) + pl.int_range(pl.len())),
        )
        .sort("Id")
    )


def _products(company) -> pl.DataFrame:
    """The ERP's items as sellers know them: some numbers in small letters, some missing."""
    items = company.items
    key = items["item"].to_numpy()
    manner = pl.Series(company.dice.pick(key, "product code", 85, 10, 5))
    code = pl.when(manner == 0).then("number").when(manner == 1).then(pl.col("number").str.to_lowercase())
    return items.select(
        Id=identifiers.salesforce_ids("01t", key),
        ProductCode=code,
        Name="name",
        Family="family",
        QuantityUnitOfMeasure=pl.lit("Each"),
        IsActive=pl.lit(True),
        SystemModstamp=salesforce_time(pl.lit(OPENING) + pl.col("item")),
        IsDeleted=pl.lit(False),
    ).sort("Id")


def _campaigns(company) -> pl.DataFrame:
    """One every two months."""
    place = np.arange((len(company.months) + 1) // 2)
    first = np.array([first for first, _ in company.months])[place * 2]
    kinds = ["Trade Show", "Email", "Advertisement", "Webinar"]
    frame = pl.DataFrame({"place": place, "first": first}).filter(pl.col("first") * DAY + 9 * 3600 <= company.now)
    place = frame["place"].to_numpy()
    ended = (pl.col("first") + 55) * DAY + 17 * 3600
    is_ended = ended <= company.now
    cost = pl.Series(company.dice.whole(place, "cost of the campaign", 2_000, 30_000))

    def day(days: pl.Expr) -> pl.Expr:
        return days.cast(pl.Int32).cast(pl.Date).cast(pl.String)

    return frame.select(
        Id=identifiers.salesforce_ids("701", place),
        Name=pl.lit("Campaign ") + (pl.col("place") + 1).cast(pl.String),
        Type=(pl.col("place") % 4).replace_strict(dict(enumerate(kinds)), return_dtype=pl.String),
        CurrencyIsoCode=pl.lit("PLN"),
        ActualCost=pl.when(is_ended).then(cost).otherwise(None),
        StartDate=day(pl.col("first")),
        EndDate=day(pl.col("first") + 54),
        SystemModstamp=salesforce_time(pl.when(is_ended).then(ended).otherwise(pl.col("first") * DAY + 9 * 3600)),
        IsDeleted=pl.lit(False),
    ).sort("Id")


def _contacts(company, kind: str, most: int) -> tuple[pl.DataFrame, np.ndarray]:
    """So many contacts a deal, some days apart, each on the deal or only on its account."""
    dice, rows = company.dice, company.known_deals.select("deal", "account", "seller", "t0", "t_moved")
    many = dice.whole(rows["deal"].to_numpy(), f"number of {kind}", 0, most)
    rows = rows.with_columns(place=pl.int_ranges(0, pl.Series(many))).explode("place", empty_as_null=False)
    key = rows["deal"].to_numpy() * 8 + rows["place"].to_numpy()
    later = pl.Series(dice.whole(key, f"days to {kind}", 0, 12)) + pl.col("place") * 12
    rows = rows.with_columns(t=pl.col("t0") + later * DAY + 600, key=pl.Series(key)).filter(pl.col("t") <= company.now)
    return rows, rows["key"].to_numpy()


def talks(company) -> pl.DataFrame:
    """One row per contact: whether it is a visit or a meeting, and how many minutes it took, where that is told."""
    calls, key = _contacts(company, "tasks", 5)
    seconds = pl.when(_kind_of_task(company, key) == "Call").then(_seconds(company, key))
    calls = calls.select("deal", "t", minutes=(seconds + 30) // 60, is_visit=pl.lit(False))
    visits, key = _contacts(company, "events", 2)
    visits = visits.select("deal", "t", minutes=_minutes(company, key), is_visit=pl.lit(True))
    firms = company.known_deals.select("deal", "firm")
    return pl.concat([calls, visits]).join(firms, on="deal", how="left", maintain_order="left")


def _kind_of_task(company, key: np.ndarray) -> pl.Series:
    return pl.Series(np.array(["Call", "Email", "Task"])[company.dice.pick(key, "kind of task", 50, 35, 15)])


def _seconds(company, key: np.ndarray) -> pl.Series:
    return pl.Series(company.dice.whole(key, "seconds of the call", 30, 1800))


def _minutes(company, key: np.ndarray) -> pl.Series:
    return pl.Series(company.dice.whole(key, "minutes of the meeting", 2, 8) * 15)


def _tasks(company) -> pl.DataFrame:
    rows, key = _contacts(company, "tasks", 5)
    kind = _kind_of_task(company, key)
    on_deal = pl.Series(company.dice.happens(key, "task on the deal", 0.8))
    account = accounts.account_ids(rows["account"].to_numpy())
    return rows.select(
        Id=identifiers.salesforce_ids("00T", key),
        WhatId=pl.when(on_deal).then(deals.deal_ids(rows["deal"].to_numpy())).otherwise(account),
        AccountId=account,
        OwnerId=accounts.user_ids().gather(rows["seller"]),
        TaskSubtype=kind,
        CallDurationInSeconds=pl.when(kind == "Call").then(_seconds(company, key)),
        ActivityDate=(pl.col("t") // DAY).cast(pl.Int32).cast(pl.Date).cast(pl.String),
        CreatedDate=salesforce_time(pl.col("t")),
        SystemModstamp=salesforce_time(pl.max_horizontal("t", "t_moved")),
        IsDeleted=pl.lit(False),
    ).sort("Id")


def _events(company) -> pl.DataFrame:
    rows, key = _contacts(company, "events", 2)
    account = accounts.account_ids(rows["account"].to_numpy())
    return rows.select(
        Id=identifiers.salesforce_ids("00U", key),
        WhatId=deals.deal_ids(rows["deal"].to_numpy()),
        AccountId=account,
        OwnerId=accounts.user_ids().gather(rows["seller"]),
        Type=pl.Series(np.array(["Meeting", "Visit"])[company.dice.pick(key, "kind of event", 70, 30)]),
        DurationInMinutes=_minutes(company, key),
        StartDateTime=salesforce_time(pl.col("t")),
        SystemModstamp=salesforce_time(pl.max_horizontal("t", "t_moved")),
        IsDeleted=pl.lit(False),
    ).sort("Id")
