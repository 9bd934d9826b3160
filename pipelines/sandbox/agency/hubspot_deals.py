"""HubSpot's deals, with every stage they were in, and their products. Won and lost are stages there."""

import numpy as np
import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.hubspot_accounts import company_id, contact_id
from pipelines.sandbox.agency.hubspot_words import (
    DEALS,
    KEPT,
    LINES,
    NOTHING,
    OF_DEALS,
    OPENING,
    ORDER,
    OWNERS,
    PIPELINE,
    PRODUCTS,
    STAGES,
    flag,
    moment,
    money,
    own,
    owner,
    record_id,
    source,
    together,
)
from pipelines.sandbox.business import names
from pipelines.sandbox.business.orders import EURO
from pipelines.sandbox.business.sales import LONGEST, LOST, WON
from pipelines.sandbox.clock import DAY

STAGE_IDS = dict(enumerate(STAGES))
CHANCES = {place: str(chance / 100) for place, (_, chance) in enumerate(words.STAGES)}


def deal_ids(deals: np.ndarray) -> pl.Series:
    return pl.Series(deals + DEALS).cast(pl.String)


def deal_id() -> pl.Expr:
    return record_id(DEALS, "deal")


def known(company) -> pl.DataFrame:
    """Deals listed today; the archived ones are so for some months."""
    return company.known_deals.filter(pl.col("t_deleted") + KEPT > company.now)


def living(company) -> pl.DataFrame:
    return company.known_deals.filter(pl.col("t_deleted") > company.now)


def deals(company) -> pl.DataFrame:
    now = company.now
    is_gone, is_closed, is_won = pl.col("t_deleted") <= now, pl.col("stage") >= WON, pl.col("stage") == WON
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    stamp = pl.max_horizontal(
        "t_stage",
        "t_moved",
        pl.when(pl.col("t_copied") <= now).then("t_copied").otherwise(0),
        pl.when(is_gone).then("t_deleted").otherwise(0),
    )
    hope = (pl.col("t_stage") // DAY + 20 + pl.col("deal") % 40) * DAY + 43_200
    reason = pl.col("lost_reason").replace_strict(dict(enumerate(words.LOST_REASONS)), return_dtype=pl.String)
    chance = pl.col("stage").replace_strict(CHANCES, return_dtype=pl.String)
    at_home = pl.when(pl.col("currency") == "EUR").then((pl.col("amount") * EURO).round()).otherwise("amount")
    return (
        known(company)
        .select(
            **own(deal_id(), "t0", stamp, is_gone),
            dealname=pl.coalesce(junk, pl.format("{} {}", "core_name", "deal")),
            dealstage=pl.col("stage").replace_strict(STAGE_IDS, return_dtype=pl.String),
            pipeline=pl.lit(PIPELINE),
            dealtype=pl.when("is_founding").then(pl.lit("newbusiness")).otherwise(pl.lit("existingbusiness")),
            deal_currency_code="currency",
            closed_lost_reason=pl.when(pl.col("stage") == LOST).then(reason),
            hs_merged_object_ids=NOTHING,
            hubspot_owner_id=owner(),
            hs_analytics_source=source(),
            hs_latest_source=source(),
            amount=money(pl.col("amount")),
            amount_in_home_currency=money(at_home),
            hs_projected_amount=money((pl.col("amount") * chance.cast(pl.Float64)).round()),
            hs_deal_stage_probability=chance,
            hs_is_closed=flag(is_closed),
            hs_is_closed_won=flag(is_won),
            createdate=moment("t0"),
            closedate=moment(pl.when(is_closed).then("t_stage").otherwise(hope)),
            **{ORDER: "order_number"},
        )
        .sort("id")
    )


def moves(company) -> pl.DataFrame:
    """One row per change of stage until today, the first stage too: of a stage that stays nothing is written."""
    rows, parts, before = known(company), [], pl.lit(-1)
    for step in range(LONGEST):
        stage, t = pl.col(f"s{step}"), pl.col(f"t{step}")
        here = (stage >= 0) & (t <= company.now) & (stage != before)
        parts.append(rows.filter(here).select("deal", "seller", stage=stage, t=t))
        before = pl.when(stage >= 0).then(stage).otherwise(before)
    return pl.concat(parts).sort("deal", "t")


def history(company) -> pl.DataFrame:
    stages = moves(company).select(
        "deal",
        "seller",
        "t",
        property=pl.lit("dealstage"),
        value=pl.col("stage").replace_strict(STAGE_IDS, return_dtype=pl.String),
    )
    made = known(company).select("deal", "seller", t="t0", property=pl.lit("pipeline"), value=pl.lit(PIPELINE))
    return pl.concat([stages, made]).select(
        "property",
        "value",
        id=deal_id(),
        timestamp=moment("t"),
        sourceType=pl.lit("CRM_UI"),
        updatedByUserId=pl.col("seller") + OWNERS,
    )


def pairs(company) -> dict[str, pl.DataFrame]:
    """With their company, with the person known there, and with who asked first."""
    rows = living(company)
    nameless = company.crm_accounts.filter(pl.col("only_name")).select("account")
    with_person = rows.join(nameless, on="account", how="anti", maintain_order="left")
    askers = rows.filter("has_lead")
    lines = company.deal_items.join(rows.select("deal"), on="deal", how="semi", maintain_order="left")
    return {
        "deals/companies": together(rows, deal_id(), company_id(), 341, primary=5),
        "deals/contacts": pl.concat(
            [
                together(with_person, deal_id(), contact_id(), 3),
                together(askers, deal_id(), contact_id(pl.col("deal") + OF_DEALS), 3),
            ]
        ),
        "line_items/deals": together(lines, _line_id(), deal_id(), 20),
    }


def _line_id() -> pl.Expr:
    return record_id(LINES, pl.col("deal") * 8 + pl.col("place"))


def lines(company) -> pl.DataFrame:
    """Lines stay when their deal is archived; nothing says then whose they are."""
    items = _items(company).select("item", "sku", item_name="name")
    rows = company.deal_items.join(items, on="item", how="left", maintain_order="left")
    rows = rows.join(company.known_deals.select("deal", "currency"), on="deal", how="left", maintain_order="left")
    return rows.select(
        **own(_line_id(), "t", "t"),
        hs_product_id=record_id(PRODUCTS, "item"),
        hs_sku="sku",
        name="item_name",
        description=NOTHING,
        hs_line_item_currency_code="currency",
        quantity=pl.col("quantity").cast(pl.String),
        price=money((pl.col("total") / pl.col("quantity")).round()),
        amount=money(pl.col("total")),
        discount=NOTHING,
    ).sort("id")


def _items(company) -> pl.DataFrame:
    """The ERP's services as sellers know them: some codes in small letters, some missing."""
    manner = pl.Series(company.dice.pick(company.items["item"].to_numpy(), "product code", 85, 10, 5))
    code = pl.when(manner == 0).then("number").when(manner == 1).then(pl.col("number").str.to_lowercase())
    return company.items.with_columns(sku=code)


def products(company) -> pl.DataFrame:
    made = pl.lit(OPENING) + pl.col("item")
    return _items(company).select(
        "name",
        **own(record_id(PRODUCTS, "item"), made, made),
        hs_sku="sku",
        hs_product_type=pl.lit("service"),
        price=money(pl.col("price")),
        hs_cost_of_goods_sold=NOTHING,
    )
