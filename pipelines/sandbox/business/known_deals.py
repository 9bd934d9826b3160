"""Deals as the salespeople see them: what they are worth, where they stand, on which account and for which order."""

import numpy as np
import polars as pl

from pipelines.sandbox.business.orders import EURO, FAR
from pipelines.sandbox.business.sales import LONGEST, WON

PROPOSAL = 3


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
    guess = dice.skewed(key, "value of a deal", company.manner.deal_value, 0.9) / np.where(is_euro, EURO, 1)
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
