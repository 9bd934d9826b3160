import polars as pl

from pipelines.lifetime.fitting import parameters


def model(dbt, session):
    purchases = dbt.ref("customer_purchases").pl().filter(pl.col("customer_key") != "unknown")
    remembered = dbt.ref("remembered_lifetime_parameters").pl()
    return parameters(purchases, dbt.ref("lifetime_conditions").pl(), remembered).to_arrow()
