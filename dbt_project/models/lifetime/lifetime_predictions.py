import polars as pl

from pipelines.lifetime.predicting import predictions


def model(dbt, session):
    purchases = dbt.ref("customer_purchases").pl().filter(pl.col("customer_key") != "unknown")
    fitted = dbt.ref("lifetime_parameters").pl()
    return predictions(purchases, dbt.ref("lifetime_conditions").pl(), fitted).to_arrow()
