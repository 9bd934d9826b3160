"""HubSpot's line items, what a deal is to sell, and the products they are of."""

import polars as pl

from pipelines.sandbox.agency.hubspot_deals import deal_id, living
from pipelines.sandbox.agency.hubspot_words import LINES, NOTHING, OPENING, PRODUCTS, money, own, record_id, together


def _line_id() -> pl.Expr:
    return record_id(LINES, pl.col("deal") * 8 + pl.col("place"))


def pairs(company) -> dict[str, pl.DataFrame]:
    there = living(company).select("deal")
    rows = company.deal_items.join(there, on="deal", how="semi", maintain_order="left")
    return {"line_items/deals": together(rows, _line_id(), deal_id(), 20)}


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
