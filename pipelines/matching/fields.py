"""The fields of accounts, so written that two systems' can be compared."""

import polars as pl
import pyarrow as pa

from pipelines.matching import contacts
from pipelines.matching.names import cleaned
from pipelines.matching.tax_ids import NONE, tax_fields


def compared(
    accounts: pa.Table | pl.DataFrame,
    legal_forms: pl.DataFrame,
    common_words: pl.DataFrame,
    free_mail: pl.DataFrame,
) -> pl.DataFrame:
    """One row per account; the seeds say what a legal form is, which words say little and whose mail is anybody's."""
    accounts = pl.DataFrame(accounts).with_columns(pl.col("country_code").str.strip_chars().str.to_uppercase())
    names = cleaned(accounts["name"], legal_forms, common_words)
    accounts = accounts.join(names, on="name", how="left", maintain_order="left")
    accounts = accounts.join(
        tax_fields(accounts), on=["tax_id", "country_code"], how="left", nulls_equal=True, maintain_order="left"
    )
    fields = accounts.lazy().select(
        "account_key",
        "source",
        *(column for column in names.columns if column.startswith("name_")),
        "legal_form",
        pl.col("tax_number").alias("tax_id"),
        pl.col("tax_id_state").fill_null(NONE),
        "branch",
        *contacts.domains(free_mail),
        contacts.phone(),
        contacts.street(),
        contacts.postcode(),
        contacts.city(common_words),
        contacts.region(),
        "country_code",
    )
    return fields.collect()
