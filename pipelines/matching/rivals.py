"""Edges that compete: one account can only be one of two firms, and some systems have no firm twice."""

import polars as pl

from pipelines.matching.conflicts import IN_CONFLICT, ONE_TO_ONE
from pipelines.matching.evidence import RULES

SCORED, DECIDED = RULES.index("scored"), RULES.index("decision")


def losing(edges: pl.DataFrame, accounts: pl.DataFrame, lead: float) -> pl.DataFrame:
    """Numbers of edges that give way, with the reason.

    `edges`: number, a, b, rank (of the rule), score. `accounts`: id, country, firm (of the tax id), system (where it
    has no firm twice).
    """
    both = pl.concat(
        [
            edges.select("number", "rank", "score", x=here, y=there)
            for here, there in (("a", "b"), ("b", "a"))
        ]
    )  # fmt: skip
    seen = both.join(accounts.rename({"id": "y"}), on="y").join(
        accounts.select(x="id", own_country="country", own_system="system"), on="x"
    )
    return pl.concat([_of_firms(seen, lead), _of_systems(seen)]).unique("number", keep="first", maintain_order=True)


def _of_firms(seen: pl.DataFrame, lead: float) -> pl.DataFrame:
    """An account without a tax id stays with the firm that is clearly the better one; else people decide."""
    claims = seen.filter(pl.col("country").is_not_null() & (pl.col("country") != pl.col("own_country").fill_null("")))
    best = claims.group_by("x", "country", "firm").agg(pl.col("rank").min(), pl.col("score").max())
    best = best.with_columns(strength=-1000.0 * pl.col("rank") + pl.col("score").clip(-400, 400))
    top = best.group_by("x", "country").agg(
        firms=pl.len(),
        winner=pl.col("firm").sort_by("strength", "firm", descending=[True, False]).first(),
        ahead=pl.col("strength").top_k(2).sort(descending=True).diff().abs().last(),
    )
    contested = claims.join(top.filter(pl.col("firms") > 1), on=["x", "country"])
    gives_way = (pl.col("firm") != pl.col("winner")) | (pl.col("ahead") < lead)
    return contested.filter((pl.col("rank") == SCORED) & gives_way).select("number", reason=pl.lit(IN_CONFLICT))


def _of_systems(seen: pl.DataFrame) -> pl.DataFrame:
    """Of two accounts of a system that has no firm twice, the one a stronger rule names stays; equals both give way."""
    within = seen.filter((pl.col("system") == pl.col("own_system")) & (pl.col("rank") != DECIDED))
    claims = seen.filter(pl.col("system").is_not_null()).with_columns(best=pl.col("rank").min().over("x", "system"))
    contested = claims.filter(pl.col("y").n_unique().over("x", "system") > 1).with_columns(
        alone=pl.col("y").filter(pl.col("rank") == pl.col("best")).n_unique().over("x", "system") == 1
    )
    gives_way = (pl.col("rank") > pl.col("best")) | ~pl.col("alone")
    given = contested.filter((pl.col("rank") != DECIDED) & gives_way)
    return pl.concat([within, given.select(within.columns)]).select("number", reason=pl.lit(ONE_TO_ONE))
