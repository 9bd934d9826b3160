"""Which accounts of Salesforce and customers of Business Central are which firm."""

import polars as pl

from pipelines.sandbox.business.truth_accounts import fields, typed_tax
from pipelines.sandbox.business.truth_money import customer


def in_crm(company) -> pl.DataFrame:
    shown = company.records("salesforce")["Account"].filter(~pl.col("IsDeleted"))
    owners = company.crm_accounts.select("firm", "tax_id", Id=company.crm_account_ids)
    rows = shown.join(owners, on="Id", how="left", maintain_order="left")
    is_junk = pl.col("firm").is_null()
    return rows.select(
        source=pl.lit("salesforce"),
        vendor_id="Id",
        customer=pl.when(is_junk).then(pl.lit("junk-") + pl.col("Id")).otherwise(customer(pl.col("firm"))),
        erp_reference="AccountNumber",
        valid_tax_id=typed_tax("TaxId__c"),
        **fields("BillingStreet", "BillingCity", "BillingPostalCode", "Phone", "Website", "Name"),
    )


def in_erp(company) -> pl.DataFrame:
    shown = company.records("business_central")["customers"]
    owners = company.customers.join(
        company.firms.select("firm", "tax_id"), on="firm", how="left", maintain_order="left"
    )
    rows = shown.join(owners.select("number", "firm", "tax_id"), on="number", how="left", maintain_order="left")
    return rows.select(
        source=pl.lit("business_central"),
        vendor_id="number",
        customer=customer(pl.col("firm")),
        erp_reference="number",
        valid_tax_id=typed_tax("taxRegistrationNumber"),
        **fields("addressLine1", "city", "postalCode", "phoneNumber", "website", "displayName"),
    )
