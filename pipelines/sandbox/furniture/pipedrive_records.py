"""The firm as Pipedrive shows it: one frame per list, in v2's shapes, and in v1's where only v1 has it."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import names
from pipelines.sandbox.clock import DAY, START, number, pipedrive_time
from pipelines.sandbox.furniture import pipedrive_accounts as accounts
from pipelines.sandbox.furniture import pipedrive_deals as deals
from pipelines.sandbox.furniture import words
from pipelines.sandbox.furniture.pipedrive_accounts import ERP_NUMBER, INDUSTRY, TAX_ID, WEBSITE
from pipelines.sandbox.furniture.pipedrive_deals import CHANNEL, ORDER, PIPELINE, STAGE

OPENING = (number(START) - 500) * DAY + 36_000
NOTHING = pl.lit(None, pl.String)
CATEGORY = 300


def records(company) -> dict[str, pl.DataFrame]:
    return {
        "organizations": accounts.organizations(company),
        "persons": accounts.persons(company),
        "deals": deals.deals(company),
        "dealProducts": deals.products(company),
        "dealFlow": deals.flow(company),
        "products": _products(company),
        "leads": _leads(company),
        "activities": _activities(company),
        "pipelines": pl.DataFrame({"id": [PIPELINE], "name": ["To measure"], "order_nr": [0], "is_deleted": [False]}),
        "stages": _stages(),
        "users": _users(),
        "leadSources": pl.DataFrame({"name": ["Manually created", "Web forms", "Deal"]}),
        "currencies": _currencies(),
        "dealFields": _fields(("channel", "Source channel", CHANNEL, words.CHANNELS), (ORDER, "ERP order", 0, [])),
        "organizationFields": _fields(
            (TAX_ID, "NIP", 0, []),
            (WEBSITE, "Website", 0, []),
            (ERP_NUMBER, "Customer in the ERP", 0, []),
            (INDUSTRY, "Line of business", accounts.SEGMENT, words.SEGMENTS),
        ),
        "productFields": _fields(("category", "Category", CATEGORY, _families())),
    }


def _families() -> list[str]:
    return [*(family for family, *_ in words.FAMILIES), "SERVICES"]


def _fields(*fields: tuple[str, str, int, list[str]]) -> pl.DataFrame:
    """Fields with their choices, each choice numbered from the number given."""
    rows = [
        {
            "field_code": code,
            "field_name": name,
            "options": [{"id": first + place, "label": label} for place, label in enumerate(labels)] or None,
        }
        for code, name, first, labels in fields
    ]
    option = pl.List(pl.Struct({"id": pl.Int64, "label": pl.String}))
    return pl.DataFrame(rows, schema={"field_code": pl.String, "field_name": pl.String, "options": option})


def _stages() -> pl.DataFrame:
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    return pl.DataFrame(words.STAGES, schema=["name", "deal_probability"], orient="row").select(
        "name",
        "deal_probability",
        id=STAGE + place,
        order_nr=place,
        pipeline_id=pl.lit(PIPELINE),
        is_deleted=pl.lit(False),
    )


def _users() -> pl.DataFrame:
    people = [" ".join(name) for name in words.SELLERS + words.MANAGERS]
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return pl.DataFrame({"name": people}).select(
        "name",
        id=place,
        email=pl.format("u{}@example.org", place),
        role_id=pl.lit(1),
        active_flag=place != len(words.SELLERS),
    )


def _currencies() -> pl.DataFrame:
    codes = {"PLN": "Polish Złoty", "EUR": "Euro"}
    rows = [
        {"id": place + 1, "code": code, "name": name, "decimal_points": 2, "active_flag": True}
        for place, (code, name) in enumerate(codes.items())
    ]
    return pl.DataFrame(rows)


def _products(company) -> pl.DataFrame:
    """The ERP's items as sellers know them: some codes in small letters, some missing."""
    items = company.items
    manner = pl.Series(company.dice.pick(items["item"].to_numpy(), "product code", 85, 10, 5))
    code = pl.when(manner == 0).then("number").when(manner == 1).then(pl.col("number").str.to_lowercase())
    families = {family: str(CATEGORY + place) for place, family in enumerate(_families())}
    price = pl.struct(
        product_id=pl.col("item") + 1, price=(pl.col("price") / 100).round(2), currency=pl.lit("PLN"), cost=pl.lit(0.0)
    )
    return items.select(
        "name",
        id=pl.col("item") + 1,
        code=code,
        unit=pl.lit("pcs"),
        category=pl.col("family").replace_strict(families, return_dtype=pl.String),
        owner_id=pl.lit(1),
        tax=pl.lit(23),
        prices=pl.concat_list(price),
        is_deleted=pl.lit(False),
        add_time=pipedrive_time(pl.lit(OPENING) + pl.col("item")),
        update_time=pipedrive_time(pl.lit(OPENING) + pl.col("item")),
    )


def _leads(company) -> pl.DataFrame:
    """The inbox and its archive. A lead that became a deal is in neither."""
    now = company.now
    waiting = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now) & (pl.col("t0") > now))
    waiting = waiting.join(company.firms.select("firm", "core_name", "seller"), on="firm", how="left")
    account = company.crm_accounts.filter(~pl.col("second")).select("firm", organization_id="account")
    waiting = waiting.join(account, on="firm", how="left", maintain_order="left").select(
        "organization_id",
        "source",
        "seller",
        key=pl.col("deal") + accounts.LEAD_OF_DEAL,
        title="core_name",
        t_lead="t_lead",
        t_refused=pl.lit(now + 1),
    )
    loose = company.loose_leads.filter((pl.col("t_lead") <= now) & (pl.col("t_deleted") > now))
    surnames = dict(enumerate(names.SURNAMES))
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    surname = pl.lit("Dom ") + pl.col("name").replace_strict(surnames, return_dtype=pl.String)
    loose = loose.select(
        "source",
        "seller",
        "t_lead",
        "t_refused",
        key="lead",
        organization_id=pl.lit(None, pl.Int64),
        title=pl.coalesce(junk, surname),
    )
    rows = pl.concat([waiting, loose], how="diagonal_relaxed").sort("key")
    is_archived = pl.col("t_refused") <= now
    stamp = pl.when(is_archived).then("t_refused").otherwise("t_lead")
    return rows.select(
        "title",
        id=accounts.lead_ids(rows["key"].to_numpy()),
        owner_id=pl.col("seller") + 1,
        person_id=pl.lit(None, pl.Int64),
        organization_id=pl.col("organization_id") + 1,
        source_name=pl.when(pl.col("source") == 0).then(pl.lit("Web forms")).otherwise(pl.lit("Manually created")),
        origin=pl.lit("ManuallyCreated"),
        origin_id=NOTHING,
        channel=deals.channel(),
        channel_id=NOTHING,
        value=pl.struct(amount=pl.lit(None, pl.Float64), currency=NOTHING),
        expected_close_date=NOTHING,
        is_archived=is_archived,
        add_time=pipedrive_time(pl.col("t_lead"), thousandths=True),
        update_time=pipedrive_time(stamp, thousandths=True),
    )


def talks(company) -> pl.DataFrame:
    """One row per contact about a deal: what it was, how long it took, whether somebody wrote it down afterwards."""
    dice = company.dice
    rows = company.known_deals.filter(pl.col("t_deleted") > company.now)
    rows = rows.select("deal", "firm", "account", "seller", "t0", "t_moved")
    rows = rows.with_columns(place=pl.int_ranges(0, pl.Series(dice.whole(rows["deal"].to_numpy(), "talks", 0, 3))))
    rows = rows.explode("place", empty_as_null=False)
    key = rows["deal"].to_numpy() * 8 + rows["place"].to_numpy()
    later = pl.Series(dice.whole(key, "days to the talk", 0, 10)) + pl.col("place") * 11
    kind = np.array(["call", "meeting", "email"])[dice.pick(key, "kind of talk", 45, 30, 25)]
    rows = rows.with_columns(
        key=pl.Series(key),
        kind=pl.Series(kind),
        minutes=pl.Series(dice.whole(key, "quarters of an hour", 1, 8) * 15),
        t=(pl.col("t0") // DAY + later) * DAY + 36_000 + pl.Series(dice.whole(key, "minute of the talk", 0, 360)) * 60,
    )
    return rows.with_columns(is_done=pl.col("t") <= company.now).filter(pl.col("t0") <= company.now)


def _activities(company) -> pl.DataFrame:
    """What was said, and what is planned."""
    rows = talks(company)
    span = pl.format("{}:{}", *[(part).cast(pl.String).str.zfill(2) for part in _hours(pl.col("minutes"))])
    start = pipedrive_time(pl.col("t"))
    stamp = pl.max_horizontal(pl.when("is_done").then("t").otherwise("t0"), "t_moved")
    return rows.sort("key").select(
        id=pl.col("key") + 1,
        type="kind",
        owner_id=pl.col("seller") + 1,
        deal_id=deals.deal_number(pl.col("deal")),
        lead_id=NOTHING,
        person_id=pl.lit(None, pl.Int64),
        org_id=pl.col("account") + 1,
        due_date=start.str.slice(0, 10),
        due_time=start.str.slice(11, 5),
        duration=pl.when(pl.col("kind") != "email").then(span).otherwise(pl.lit("")),
        done="is_done",
        is_deleted=pl.lit(False),
        marked_as_done_time=pl.when("is_done").then(start).otherwise(pl.lit("")),
        add_time=pipedrive_time(pl.col("t0")),
        update_time=pipedrive_time(stamp),
    )


def _hours(minutes: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return minutes // 60, minutes % 60
