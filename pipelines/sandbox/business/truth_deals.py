"""What really became of every deal and lead: by what the systems say themselves, and by all that belongs to it."""

import polars as pl

from pipelines.sandbox.business import truth_links
from pipelines.sandbox.business.sales import LOST, WON
from pipelines.sandbox.business.truth_links import deal_id
from pipelines.sandbox.business.truth_money import amount, customer, day
from pipelines.sandbox.clock import DAY


def _status() -> pl.Expr:
    won, lost = pl.col("stage") == WON, pl.col("stage") == LOST
    return pl.when(won).then(pl.lit("won")).when(lost).then(pl.lit("lost")).otherwise(pl.lit("open"))


def _followed(company) -> pl.DataFrame:
    """What followed by the links a system states, and, as `real_…`, by all links there really are."""
    links = truth_links.links(company)
    stated, real = (truth_links.followed(company, part) for part in (links.filter("is_linked"), links))
    return real.rename({name: f"real_{name}" for name in real.columns if name != "deal"}).join(
        stated, on="deal", how="left", maintain_order="left"
    )


def deals(company) -> pl.DataFrame:
    """One row per deal not deleted; money net, in the deal's currency."""
    rows = company.known_deals.filter(pl.col("t_deleted") > company.now)
    rows = rows.join(_followed(company), on="deal", how="left", maintain_order="left")
    is_won = (pl.col("stage") == WON) & (pl.col("junk") < 0)
    return rows.select(
        deal_id=deal_id(company, rows["deal"]),
        customer=customer(pl.col("firm")),
        status=_status(),
        is_junk=pl.col("junk") >= 0,
        currency="currency",
        amount=amount(pl.col("amount")),
        won_amount=pl.when(is_won).then(amount(pl.col("amount"))),
        created_date=day(pl.col("t0") // DAY),
        closed_date=pl.when(pl.col("stage") >= WON).then(day(pl.col("t_stage") // DAY)),
        **{name: expression for kind in ("", "real_") for name, expression in _brought(kind)},
    ).sort("deal_id")


def _brought(kind: str) -> list[tuple[str, pl.Expr]]:
    """A deal that nothing followed brought no numbers and an amount of nothing."""
    numbers = [f"{kind}{name}_numbers" for name in ("order", "invoice")]
    amounts = [f"{kind}{name}_amount" for name in truth_links.SUMS]
    dates = [f"{kind}{name}_invoiced_date" for name in ("first", "last")]
    return (
        [(name, pl.col(name).fill_null([])) for name in numbers]
        + [(name, pl.col(name).fill_null(0)) for name in amounts]
        + [(name, pl.col(name)) for name in dates]
    )
