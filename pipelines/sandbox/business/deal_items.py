"""What is offered in a deal: what is ordered later, or else something of the catalogue."""

import polars as pl

from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.known_deals import PROPOSAL
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.business.sales import LONGEST, WON


def deal_items(company) -> pl.DataFrame:
    """One row per product of the deals that got as far as a proposal; they sum to the deal's amount."""
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
    return every.with_columns(total=pl.col("total") + pl.when(pl.col("place") == 0).then(rest).otherwise(0))


def _as_ordered(company, rows: pl.DataFrame) -> pl.DataFrame:
    """What was sold is what was ordered: at another price where the deal is worth another sum, and more of some."""
    of_deals = company.orders.filter(pl.col("deal") >= 0).select("order", "deal")
    catalogued = pl.col("item") < catalogue.sold(company.items, company.manner)
    goods = company.lines.filter(catalogued).join(of_deals, on="order", maintain_order="left")
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
        item=pl.Series(company.dice.whole(key, "product", 0, catalogue.sold(company.items, company.manner) - 1)),
        quantity=pl.Series(company.dice.whole(key, "pieces", 1, 20)),
        total=pl.col("final") // pl.col("many"),
    )
