"""Who is who: every pair of accounts that may be one firm, and what is made of it."""

import duckdb
import polars as pl

from pipelines.matching import blocking, clustering, evidence, outcomes, scoring, telling


def matched(
    accounts: pl.DataFrame,
    fields: pl.DataFrame,
    decisions: pl.DataFrame,
    weights: pl.DataFrame,
    thresholds: pl.DataFrame,
    duplicate_free: pl.DataFrame,
    junk_words: pl.DataFrame,
    erps: pl.DataFrame,
    companies: pl.DataFrame,
) -> pl.DataFrame:
    """One row per pair: merged, proposed, or apart although something speaks for it. The order of rows is no matter.

    `erps` has the sources that have orders or invoices: ERP numbers kept in a CRM are theirs, and in a group those of
    the CRM's own company, which `companies` tells by source.
    """
    limits = {name: float(value) for name, value in thresholds.select("name", "value").iter_rows()}
    with scoring.database() as connection:
        told = {"decisions": decisions, "free": duplicate_free, "erps": erps, "companies": companies}
        for name, rows in told.items():
            connection.register(name, rows.to_arrow())
        scoring.compared(connection, completed(accounts, fields, junk_words), limits["shared_by"])
        evidence.known(connection)
        blocking.candidates(connection, int(limits["block_limit"]))
        scoring.scored(connection, weights, limits["prior"])
        outcomes.judged(connection, limits)
        _resolve(connection, limits["lead_score"])
        outcomes.settled(connection)
        return telling.told(connection)


def completed(accounts: pl.DataFrame, fields: pl.DataFrame, junk_words: pl.DataFrame) -> pl.DataFrame:
    """The fields, with what only the account itself says."""
    vendor_id = pl.col("account_key").str.split(":").list.last().str.replace_all("%3A", ":").str.replace_all("%25", "%")
    own = accounts.select(
        "account_key",
        "name",
        erp_reference=pl.col("erp_reference").str.strip_chars().replace("", None),
        vendor_id=vendor_id,
        is_junk=pl.col("name").str.strip_chars().str.to_lowercase().is_in(junk_words["word"].implode()),
    )
    return fields.join(own, on="account_key", how="inner")


def _resolve(connection: duckdb.DuckDBPyConnection, lead: float) -> None:
    """Take back what cannot be; `places` then says which customer each account belongs to."""
    pairs = connection.sql("select number, a, b, rule, outcome, reason, score from judged order by number").pl()
    accounts = connection.sql(
        "select id, case when tax_id is not null then left(tax_id, 2) end as country, tax_id as firm,"
        " case when source in (select source from free) then source end as system from compared order by id"
    ).pl()
    accounts = accounts.with_columns(firm=clustering.firms(pairs, accounts))
    refused = clustering.refusals(pairs, accounts, lead)
    merged = pairs.filter(outcome="merged").join(refused, on="number", how="anti")
    places = accounts.with_columns(cluster=clustering.clusters(merged, accounts.height))
    for name, rows in (("refused", refused), ("places", places)):
        connection.register("given", rows.to_arrow())
        connection.execute(f"create table {name} as select * from given")  # noqa: S608
