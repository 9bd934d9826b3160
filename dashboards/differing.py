"""Where systems say different things of one customer: the word that counts beside each it goes against."""

import polars as pl

from dashboards import stamp, tables, warehouse
from dashboards.warehouse import Filter

VALUES, CUSTOMERS = "canonical.customer_values", "canonical.customers"
MOST = 2_000


def fields() -> pl.DataFrame:
    """The fields of which accounts say different things, and how many values go unused."""
    lost = [Filter("is_winner", "=", False)]
    return warehouse.counted(VALUES, {"field": "field"}, lost).sort("counted", descending=True)


def values(field: str) -> pl.DataFrame:
    """One row per value that does not count: whose it is, and the one that counts instead."""
    found = warehouse.rows(VALUES, [Filter("field", "=", field)], order="customer_key", limit=MOST)
    found = tables.worded(found, source=stamp.source)
    kept = found.filter("is_winner").select("customer_key", kept_value="value", kept_source="source")
    other = found.filter(~pl.col("is_winner")).rename({"value": "other_value", "source": "other_source"})
    keys = tuple(kept["customer_key"].unique())
    names = warehouse.rows(CUSTOMERS, [Filter("customer_key", "in", keys)], limit=max(len(keys), 1))
    named = names.select("customer_key", customer_name="name")
    return other.join(kept, on="customer_key").join(named, on="customer_key").sort("customer_name", "account_key")
