"""Pipedrive's organizations and their people: the firms as the salespeople know them, some twice."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.clock import pipedrive_time

# Fields the firm has added for itself, by the codes Pipedrive gave them.
TAX_ID, WEBSITE, ERP_NUMBER, INDUSTRY = (letter * 40 for letter in "abcd")
SEGMENT = 200  # the number of the first choice of a line of business
LEAD_OF_DEAL = 1 << 40


def lead_ids(keys: np.ndarray) -> pl.Series:
    return identifiers.guids("lead", keys)


def shown(company) -> pl.DataFrame:
    """Organizations of today. One that was merged into another is gone without a word."""
    return company.crm_accounts.filter(pl.col("t_merged") > company.now)


def _card(company, rows: pl.DataFrame) -> pl.Series:
    """The number of the customer's card in the ERP, which people see as the number of its record."""
    cards = company.customers.select(erp_number="number", card=pl.col("place").cast(pl.String))
    return rows.select("erp_number").join(cards, on="erp_number", how="left", maintain_order="left")["card"]


def organizations(company) -> pl.DataFrame:
    rows = shown(company)
    country = pl.coalesce(
        [
            pl.when((pl.col("country") == code) & (pl.col("country_word") == place)).then(pl.lit(word))
            for code, said in names.COUNTRY_WORDS.items()
            for place, word in enumerate(said)
        ]
    )
    merged = company.crm_accounts.filter(pl.col("second") & (pl.col("t_merged") <= company.now))
    swallowed = merged.select("firm", t_swallowed="t_merged")
    rows = rows.join(swallowed, on="firm", how="left", maintain_order="left")
    stamp = pl.max_horizontal(
        "t_created",
        pl.when(pl.col("t_entered") <= company.now).then("t_entered").otherwise(0),
        pl.when(~pl.col("second")).then("t_swallowed").fill_null(0),
    )
    known = ~pl.col("only_name")
    number = pl.col("street").str.extract(r"(\d+)$")
    route = pl.when("moved").then(pl.lit("ul. Nowa")).otherwise(pl.col("street").str.replace(r" \d+$", ""))
    house = pl.when("moved").then((pl.col("firm") % 90 + 1).cast(pl.String)).otherwise(number)
    moved_to = pl.lit("99-") + (100 + pl.col("firm") * 3 % 900).cast(pl.String)
    address = pl.struct(
        value=pl.when(known).then(pl.format("{} {}, {}", route, house, "town")),
        route=pl.when(known).then(route),
        street_number=pl.when(known).then(house),
        postal_code=pl.when(known & pl.col("moved")).then(moved_to).when(known).then("postcode"),
        locality=pl.when(known).then("town"),
        admin_area_level_1=pl.lit(None, pl.String),
        country=country,
    )
    site = pl.when(pl.col("has_domain") & ~pl.col("no_site")).then(pl.lit("https://www.") + pl.col("domain"))
    own = {TAX_ID: pl.col("typed_tax"), WEBSITE: site, ERP_NUMBER: _card(company, rows)}
    own[INDUSTRY] = (pl.col("segment") + SEGMENT).cast(pl.String)
    return rows.select(
        "name",
        id=pl.col("account") + 1,
        owner_id=pl.col("seller") + 1,
        address=address,
        is_deleted=pl.lit(False),
        custom_fields=pl.struct(**own),
        add_time=pipedrive_time(pl.col("t_created")),
        update_time=pipedrive_time(stamp),
    ).sort("id")


def persons(company) -> pl.DataFrame:
    """One for every organization of which more than a name is known."""
    rows = shown(company).filter(~pl.col("only_name"))
    mailbox = pl.when("has_domain").then("domain").otherwise("free_mail")
    mail = pl.format("kontakt{}@{}", pl.when("has_domain").then(pl.lit("")).otherwise("firm"), mailbox)
    said = pl.lit("+") + pl.col("country").replace_strict(names.DIALLING) + " " + pl.col("phone")
    has_phone = ~pl.col("no_phone") & ~pl.col("moved")
    surname = pl.Series(names.SURNAMES).gather(rows["account"] % len(names.SURNAMES))
    return rows.select(
        id=pl.col("account") + 1,
        name=surname,
        owner_id=pl.col("seller") + 1,
        org_id=pl.col("account") + 1,
        emails=pl.concat_list(pl.struct(value=mail, primary=pl.lit(True), label=pl.lit("work"))),
        phones=pl.concat_list(
            pl.struct(
                value=pl.when(has_phone).then(said).otherwise(pl.lit("")), primary=pl.lit(True), label=pl.lit("work")
            )
        ),
        is_deleted=pl.lit(False),
        add_time=pipedrive_time(pl.col("t_created")),
        update_time=pipedrive_time(pl.col("t_created")),
    ).sort("id")
