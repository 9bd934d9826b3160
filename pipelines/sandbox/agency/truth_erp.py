"""Whose card each customer of enova365 is, and what of it ties the card to the firm's other accounts."""

import polars as pl

from pipelines.sandbox.business.truth_accounts import fields, typed_tax
from pipelines.sandbox.business.truth_money import customer

ADDRESS = ["AdresUlica", "AdresNrDomu", "AdresMiejscowosc", "AdresKodPocztowy", "AdresZagranicznyKodPocztowy"]


def in_erp(company) -> pl.DataFrame:
    """One row per card. In Poland the post code is a number, which has lost the zero it may begin with."""
    told = company.records("enova365")
    addresses = told["Adresy"].select("AdresTelefon", *ADDRESS, ID="Host")
    owners = company.customers.join(company.firms.select("firm", "tax_id"), on="firm", how="left")
    owners = owners.select("firm", "tax_id", ID="place")
    rows = told["Kontrahenci"].join(addresses, on="ID", how="left", maintain_order="left")
    rows = rows.join(owners, on="ID", how="left", maintain_order="left")
    is_abroad = pl.col("AdresZagranicznyKodPocztowy") != ""
    in_poland = pl.col("AdresKodPocztowy").cast(pl.String).str.zfill(5)
    rows = rows.with_columns(
        typed=pl.concat_str("EuVAT", "NIP"),
        street=pl.concat_str("AdresUlica", "AdresNrDomu", separator=" "),
        postcode=pl.when(is_abroad).then("AdresZagranicznyKodPocztowy").otherwise(in_poland),
    )
    return rows.select(
        source=pl.lit("enova365"),
        vendor_id=pl.col("ID").cast(pl.String),
        customer=customer(pl.col("firm")),
        erp_reference=pl.col("ID").cast(pl.String),
        valid_tax_id=typed_tax("typed"),
        **fields("street", "AdresMiejscowosc", "postcode", "AdresTelefon", "KontaktWWW", "Nazwa"),
    )
