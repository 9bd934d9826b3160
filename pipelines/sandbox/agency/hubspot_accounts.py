"""HubSpot's companies and the person known at each: the firms as the salespeople know them, some twice."""

import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.hubspot_words import (
    COMPANIES,
    CONTACTS,
    ERP_NUMBER,
    INDUSTRIES,
    NOTHING,
    TAX_ID,
    moment,
    own,
    owner,
    record_id,
    source,
)
from pipelines.sandbox.business import names
from pipelines.sandbox.business.orders import FAR


def company_id(account: str | pl.Expr = "account") -> pl.Expr:
    return record_id(COMPANIES, account)


def contact_id(key: str | pl.Expr = "account") -> pl.Expr:
    return record_id(CONTACTS, key)


def shown(company) -> pl.DataFrame:
    """Accounts of today: since when its firm is a customer, what it has swallowed, and where it came from.

    One that was merged is gone from every list; only the one it went into still names it.
    """
    now, every = company.now, company.crm_accounts
    merged = every.filter(pl.col("second") & (pl.col("t_merged") <= now))
    merged = merged.select("firm", swallowed="account", t_swallowed="t_merged", second=pl.lit(False))
    won = company.deals.filter((pl.col("junk") < 0) & (pl.col("t_won") <= now) & (pl.col("t_deleted") > now))
    won = won.group_by("firm").agg(t_first_won=pl.col("t_won").min())
    founding = company.deals.filter("is_founding").select("firm", "source")
    rows = every.filter(pl.col("t_merged") > now).join(merged, on=["firm", "second"], how="left", maintain_order="left")
    for told in (won, founding):
        rows = rows.join(told, on="firm", how="left", maintain_order="left")
    customer = pl.when("is_opening").then("t_created").otherwise(pl.max_horizontal("t_first_won", "t_created"))
    is_won = pl.col("is_opening") | pl.col("t_first_won").is_not_null()
    return rows.with_columns(
        t_customer=pl.when(is_won).then(customer).otherwise(FAR), source=pl.col("source").fill_null(5)
    ).with_columns(
        stage=pl.when(is_won).then(pl.lit("customer")).otherwise(pl.lit("opportunity")),
        t_changed=pl.max_horizontal(
            "t_created", pl.col("t_swallowed").fill_null(0), pl.when(is_won).then("t_customer")
        ),
    )


def companies(company) -> pl.DataFrame:
    rows = shown(company)
    country = pl.coalesce(
        [
            pl.when((pl.col("country") == code) & (pl.col("country_word") == place)).then(pl.lit(word))
            for code, said in names.COUNTRY_WORDS.items()
            for place, word in enumerate(said)
        ]
    )
    known, has_phone = ~pl.col("only_name"), ~pl.col("no_phone") & ~pl.col("moved")
    number = pl.col("street").str.extract(r"(\d+)$")
    street = pl.col("street").str.replace(r" \d+$", "")
    moved = pl.format("ul. Nowa {}", pl.col("firm") % 90 + 1)
    moved_to = pl.lit("99-") + (100 + pl.col("firm") * 3 % 900).cast(pl.String)
    domain = pl.when(pl.col("has_domain") & ~pl.col("no_site")).then("domain")
    trade = (pl.col("firm") - pl.col("is_twin")) % len(words.TRADES)
    industry = trade.replace_strict(dict(enumerate(INDUSTRIES)), return_dtype=pl.String)
    entered = pl.when(pl.col("t_entered") <= company.now).then("t_entered").otherwise(0)
    return rows.select(
        "name",
        **own(company_id(), "t_created", pl.max_horizontal("t_changed", entered)),
        domain=domain,
        website=pl.lit("https://www.") + domain,
        phone=pl.when(has_phone).then(_phone()),
        address=pl.when(known & pl.col("moved")).then(moved).when(known).then(pl.format("{} {}", street, number)),
        city=pl.when(known).then("town"),
        state=NOTHING,
        zip=pl.when(known & pl.col("moved")).then(moved_to).when(known).then("postcode"),
        country=country,
        industry=pl.when((pl.col("country") == "PL") & known).then(industry),
        type=pl.col("segment").replace_strict(dict(enumerate(words.SEGMENTS)), return_dtype=pl.String),
        lifecyclestage="stage",
        hs_lead_status=NOTHING,
        hs_parent_company_id=NOTHING,
        hs_merged_object_ids=company_id("swallowed"),
        hubspot_owner_id=owner(),
        hs_analytics_source=source(),
        hs_latest_source=source(),
        createdate=moment("t_created"),
        **{TAX_ID: "typed_tax", ERP_NUMBER: "erp_number"},
    ).sort("id")


def _phone() -> pl.Expr:
    return pl.lit("+") + pl.col("country").replace_strict(names.DIALLING) + " " + pl.col("phone")


def people(company) -> pl.DataFrame:
    """One contact for every company of which more than a name is known; merged as their companies are."""
    rows = shown(company).filter(~pl.col("only_name"))
    mailbox = pl.when("has_domain").then("domain").otherwise("free_mail")
    named = company.crm_accounts.filter(~pl.col("only_name"))["account"].implode()
    is_person = pl.col("swallowed").is_in(named)
    customer = pl.when(pl.col("t_customer") <= company.now).then(moment("t_customer"))
    return rows.select(
        **own(contact_id(), "t_created", "t_changed"),
        # The two contacts of a firm that is there twice are two people with two mailboxes.
        email=pl.format(
            "kontakt{}@{}", pl.when("has_domain").then("second").otherwise("firm").cast(pl.String), mailbox
        ),
        firstname=pl.lit("Anna"),
        lastname=pl.Series(names.SURNAMES).gather(rows["account"] % len(names.SURNAMES)),
        company="name",
        phone=pl.when(~pl.col("no_phone") & ~pl.col("moved")).then(_phone()),
        country="country",
        associatedcompanyid=company_id(),
        lifecyclestage="stage",
        hs_lead_status=NOTHING,
        hs_merged_object_ids=pl.when(is_person).then(contact_id("swallowed")),
        hubspot_owner_id=owner(),
        hs_analytics_source=source(),
        hs_latest_source=source(),
        createdate=moment("t_created"),
        hs_lifecyclestage_lead_date=NOTHING,
        hs_lifecyclestage_marketingqualifiedlead_date=NOTHING,
        hs_lifecyclestage_salesqualifiedlead_date=NOTHING,
        hs_lifecyclestage_opportunity_date=moment("t_created"),
        hs_lifecyclestage_customer_date=customer,
    )
