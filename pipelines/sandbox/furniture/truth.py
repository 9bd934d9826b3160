"""What the warehouse should find out about the maker of furniture, known without looking at any interface."""

import polars as pl

from pipelines.sandbox.business import truth_deals, truth_lengths, truth_links, truth_money, truth_orders
from pipelines.sandbox.business.truth_accounts import accounts, fields, typed_tax
from pipelines.sandbox.business.truth_money import customer, day, day_of
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.furniture import pipedrive_accounts as organizations

USUAL_LEAD = 7


def truth(company) -> dict[str, pl.DataFrame]:
    return {
        "accounts": accounts(_in_crm(company), _in_erp(company)),
        "profitability": truth_money.profitability(company),
        "totals": truth_money.totals(truth_money.profitability(company)),
        "invoices": truth_money.as_corrections(truth_money.invoices(company)),
        "receivables": truth_money.as_corrections(truth_money.receivables(company)),
        "orders": truth_orders.orders(company),
        "order_promises": truth_orders.promises(company),
        "lengths": truth_lengths.lengths(company, USUAL_LEAD),
        "production": production(company),
        "links": truth_links.links(company),
        "deals": truth_deals.deals(company),
        "leads": leads(company),
    }


def _in_crm(company) -> pl.DataFrame:
    """An organization has the telephone and the mail of its person, and the address it was entered with."""
    rows = organizations.shown(company)
    told = organizations.organizations(company).unnest("address").unnest("custom_fields")
    people = organizations.persons(company).select(
        id="org_id", phone_told=pl.col("phones").list.first().struct.field("value")
    )
    told = told.join(people, on="id", how="left", maintain_order="left")
    told = told.join(
        rows.select("firm", "tax_id", id=pl.col("account") + 1), on="id", how="left", maintain_order="left"
    )
    told = told.with_columns(street_told=pl.concat_str("route", "street_number", separator=" "))
    return told.select(
        source=pl.lit("pipedrive"),
        vendor_id=pl.col("id").cast(pl.String),
        customer=customer(pl.col("firm")),
        erp_reference=pl.col(organizations.ERP_NUMBER),
        valid_tax_id=typed_tax(organizations.TAX_ID),
        **fields("street_told", "locality", "postal_code", "phone_told", organizations.WEBSITE, "name"),
    )


def _in_erp(company) -> pl.DataFrame:
    rows = company.records("comarch_xl")["KntKarty"]
    owners = company.customers.join(company.firms.select("firm", "tax_id"), on="firm", how="left")
    owners = owners.select("firm", "tax_id", Knt_GIDNumer="place")
    rows = rows.join(owners, on="Knt_GIDNumer", how="left", maintain_order="left")
    rows = rows.with_columns(typed=pl.concat_str("Knt_NipPrefiks", "Knt_Nip"))
    return rows.select(
        source=pl.lit("comarch_xl"),
        vendor_id=pl.col("Knt_GIDNumer").cast(pl.String),
        customer=customer(pl.col("firm")),
        erp_reference=pl.col("Knt_GIDNumer").cast(pl.String),
        valid_tax_id=typed_tax("typed"),
        **fields("Knt_Ulica", "Knt_Miasto", "Knt_KodP", "Knt_Telefon1", "Knt_URL", "Knt_Nazwa1"),
    )


def production(company) -> pl.DataFrame:
    """One row per order that has been begun: when, when it was ready, and when it was approved before."""
    now = company.now
    rows = company.known_orders.filter(pl.col("t_started") <= now)
    return rows.select(
        order_number="number",
        approved_date=day_of(pl.col("t_decided"), now),
        started_date=day_of(pl.col("t_started"), now),
        finished_date=day_of(pl.col("t_finished"), now),
    ).sort("order_number")


def leads(company) -> pl.DataFrame:
    """One row per lead that can be seen: in the inbox, or archived. Who became a deal is a lead no more."""
    now = company.now
    waiting = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now) & (pl.col("t0") > now))
    waiting = waiting.select(
        lead_id=organizations.lead_ids(waiting["deal"].to_numpy() + organizations.LEAD_OF_DEAL),
        is_junk=pl.lit(False),
        status=pl.lit("open"),
        created_date=day(pl.col("t_lead") // DAY),
    )
    loose = company.loose_leads.filter((pl.col("t_lead") <= now) & (pl.col("t_deleted") > now))
    refused = pl.col("t_refused") <= now
    loose = loose.select(
        lead_id=organizations.lead_ids(loose["lead"].to_numpy()),
        is_junk=pl.col("junk") >= 0,
        status=pl.when(refused).then(pl.lit("disqualified")).otherwise(pl.lit("open")),
        created_date=day(pl.col("t_lead") // DAY),
    )
    return pl.concat([waiting, loose]).sort("lead_id")
