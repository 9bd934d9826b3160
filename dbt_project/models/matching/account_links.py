import polars as pl

from pipelines.matching.identity import matched


def model(dbt, session):
    fed = dbt.ref("coverage").pl().filter("is_fed", pl.col("entity").is_in(["orders", "invoices"]))
    return matched(
        dbt.ref("accounts").pl(),
        dbt.ref("account_fields").pl(),
        decisions=dbt.ref("account_decisions").pl(),
        weights=dbt.ref("matching_weights").pl(),
        thresholds=dbt.ref("matching_thresholds").pl(),
        duplicate_free=dbt.ref("duplicate_free_sources").pl(),
        junk_words=dbt.ref("junk_words").pl(),
        erps=fed.select("source").unique(),
        companies=dbt.ref("companies").pl().select("source", "company"),
    ).to_arrow()
