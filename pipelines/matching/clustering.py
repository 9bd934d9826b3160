"""Which accounts are one customer: what hangs together by merged pairs, unless it cannot be one firm."""

from collections import defaultdict

import numpy as np
import polars as pl

from pipelines.matching import conflicts
from pipelines.matching.components import components
from pipelines.matching.evidence import RULES
from pipelines.matching.rivals import losing


def refusals(pairs: pl.DataFrame, accounts: pl.DataFrame, lead: float) -> pl.DataFrame:
    """Merged pairs that cannot be: number, reason. Accounts are numbered from 0, in order; `firm` is its tax id's."""
    merged = pairs.filter(outcome="merged").with_columns(
        rank=pl.col("rule").replace_strict(dict(zip(RULES, range(len(RULES)), strict=True)), return_dtype=pl.Int64)
    )
    given = losing(merged, accounts, lead)
    edges = merged.join(given, on="number", how="anti")
    places = accounts.with_columns(cluster=clusters(edges, accounts.height))
    apart = pairs.filter(reason="decided_different").select("a", "b")
    contested = _contested(places, apart)
    hard = edges.join(places.select(a="id", cluster="cluster"), on="a").filter(pl.col("cluster").is_in(contested))
    empty = _empty(places.filter(pl.col("cluster").is_in(contested)), apart)
    ordered = hard.sort("rank", "score", "a", "b", descending=[False, True, False, False])
    rows = ordered.select("number", "a", "b", pl.col("rank") == RULES.index("decision")).iter_rows()
    refused = conflicts.refused(rows, empty)
    found = pl.DataFrame(
        {"number": list(refused), "reason": list(refused.values())}, schema={"number": pl.Int64, "reason": pl.String}
    )
    return pl.concat([given, found])


def clusters(edges: pl.DataFrame, count: int) -> np.ndarray:
    """By account, the first account of its cluster."""
    return components(count, edges["a"].to_numpy(), edges["b"].to_numpy())


def firms(pairs: pl.DataFrame, accounts: pl.DataFrame) -> pl.Series:
    """The tax id, or the first of those that people said are one firm's."""
    same = pairs.filter(rule="decision", outcome="merged")
    cluster = accounts.select("firm", cluster=pl.Series(clusters(same, accounts.height)))
    touched = cluster.filter(pl.col("firm").is_not_null() & (pl.len().over("cluster") > 1))
    if touched.is_empty():
        return accounts["firm"]
    numbers = touched["firm"].unique().sort()
    known = dict(zip(numbers, range(numbers.len()), strict=True))
    hubs = touched.with_columns(first=pl.col("firm").min().over("cluster"))
    label = components(
        numbers.len(),
        hubs["firm"].replace_strict(known, return_dtype=pl.Int64).to_numpy(),
        hubs["first"].replace_strict(known, return_dtype=pl.Int64).to_numpy(),
    )
    return accounts["firm"].replace(dict(zip(numbers, numbers.gather(label), strict=True)))


def _contested(places: pl.DataFrame, apart: pl.DataFrame) -> pl.Series:
    """Clusters with two firms of one country, with two accounts of a system that has none twice, or decided apart."""
    cluster = places.select("id", "cluster")
    decided = apart.join(cluster.rename({"id": "a"}), on="a").join(
        cluster.rename({"id": "b", "cluster": "other"}), on="b"
    )
    firms = places.filter(pl.col("firm").is_not_null()).group_by("cluster", "country").agg(pl.col("firm").n_unique())
    systems = places.filter(pl.col("system").is_not_null()).group_by("cluster", "system").len()
    found = [
        firms.filter(pl.col("firm") > 1)["cluster"],
        systems.filter(pl.col("len") > 1)["cluster"],
        decided.filter(pl.col("cluster") == pl.col("other"))["cluster"],
    ]
    return pl.concat(found).unique()


def _empty(places: pl.DataFrame, apart: pl.DataFrame) -> conflicts.Clusters:
    taxed = {
        account: (country, firm)
        for account, country, firm in places.select("id", "country", "firm").iter_rows()
        if firm is not None
    }
    systems = dict(places.filter(pl.col("system").is_not_null()).select("id", "system").iter_rows())
    kept_apart = defaultdict(set)
    for a, b in apart.iter_rows():
        kept_apart[a].add(b)
        kept_apart[b].add(a)
    return conflicts.Clusters(taxed, systems, kept_apart)


def customers(links: pl.DataFrame, account_keys: pl.Series) -> pl.DataFrame:
    """One row per account, with the smallest account key of the customer it belongs to."""
    keys = account_keys.sort()
    places = pl.DataFrame({"account_key": keys, "place": np.arange(keys.len())})
    merged = links.filter(outcome="merged")
    ends = [
        merged.select(account_key=name).join(places, on="account_key", how="left", maintain_order="left")["place"]
        for name in ("account_key", "other_account_key")
    ]
    label = components(keys.len(), ends[0].to_numpy(), ends[1].to_numpy())
    return pl.DataFrame({"account_key": keys, "cluster_key": keys.gather(label)})
