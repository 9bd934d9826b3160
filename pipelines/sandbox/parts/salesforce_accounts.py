"""Salesforce's accounts: the firms as the salespeople know them, some twice, some merged, some junk."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.business.firms import count
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.clock import DAY, NEVER, salesforce_time
from pipelines.sandbox.parts import words

JUNK = 1 << 40
JUNK_A_MONTH = 0.4
USERS = words.SELLERS + words.MANAGERS


def user_ids() -> pl.Series:
    return identifiers.salesforce_ids("005", np.arange(1, len(USERS) + 1))


def account_ids(keys: np.ndarray) -> pl.Series:
    return identifiers.salesforce_ids("001", keys)


def account_records(company) -> pl.DataFrame:
    rows = company.crm_accounts
    merged = pl.col("t_merged") <= company.now
    country = pl.coalesce(
        [
            pl.when((pl.col("country") == code) & (pl.col("country_word") == place)).then(pl.lit(word))
            for code, said in names.COUNTRY_WORDS.items()
            for place, word in enumerate(said)
        ]
    )
    stamp = latest(company.now, "t_created", "t_entered", "t_merged")
    site = pl.when(pl.col("has_domain") & ~pl.col("no_site")).then(pl.lit("https://www.") + pl.col("domain"))
    frame = rows.select(
        Id=account_ids(rows["account"].to_numpy()),
        Name="name",
        AccountNumber="erp_number",
        ParentId=pl.lit(None, pl.String),
        MasterRecordId=pl.when(merged).then(account_ids(rows["account"].to_numpy() // 2 * 2)),
        Type=_word(words.SEGMENTS, "segment"),
        Industry=_word(words.INDUSTRIES, "segment"),
        BillingStreet=_known(
            pl.when("moved").then(pl.lit("ul. Nowa ") + (pl.col("firm") % 90 + 1).cast(pl.String)).otherwise("street")
        ),
        BillingPostalCode=_known(
            pl.when("moved")
            .then(pl.lit("99-") + (100 + pl.col("firm") * 3 % 900).cast(pl.String))
            .otherwise("postcode")
        ),
        BillingCity=_known(pl.col("town")),
        BillingState=pl.lit(None, pl.String),
        BillingCountry=country,
        Phone=pl.when(~pl.col("no_phone") & ~pl.col("moved")).then(
            pl.lit("+") + pl.col("country").replace_strict(names.DIALLING) + " " + pl.col("phone")
        ),
        Website=site,
        OwnerId=user_ids().gather(rows["seller"]),
        CurrencyIsoCode="currency",
        TaxId__c="typed_tax",
        CreatedDate=salesforce_time(pl.col("t_created")),
        SystemModstamp=salesforce_time(stamp),
        IsDeleted=merged,
    )
    return pl.concat([frame, _junk(company, frame.schema)]).sort("Id")


def _known(value: pl.Expr) -> pl.Expr:
    return pl.when(~pl.col("only_name")).then(value)


def _word(said: list[str], column: str) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(said)), return_dtype=pl.String)


def _junk(company, schema: pl.Schema) -> pl.DataFrame:
    """Accounts somebody made to try the form, half of them deleted later."""
    many = [count(company.scale, JUNK_A_MONTH, month) for month in range(len(company.months))]
    key = np.concatenate([(month << 24) + np.arange(there) for month, there in enumerate(many)])
    first = np.array([first for first, _ in company.months])[key >> 24]
    created = (first + company.dice.whole(key, "day of junk", 0, 24)) * DAY + 12 * 3600
    gone = np.where(company.dice.happens(key, "junk cleared", 0.5), created + 20 * DAY, NEVER * DAY)
    word = np.array(names.JUNK)[company.dice.whole(key, "junk word", 0, len(names.JUNK) - 1)]
    frame = pl.DataFrame({"key": key + JUNK, "t": created, "gone": gone, "name": word}).filter(
        pl.col("t") <= company.now
    )
    is_gone = pl.col("gone") <= company.now
    frame = frame.select(
        Id=account_ids(frame["key"].to_numpy()),
        Name="name",
        OwnerId=pl.lit(user_ids()[0]),
        CurrencyIsoCode=pl.lit("PLN"),
        CreatedDate=salesforce_time(pl.col("t")),
        SystemModstamp=salesforce_time(pl.when(is_gone).then("gone").otherwise("t")),
        IsDeleted=is_gone,
    )
    return frame.select(
        [pl.col(name) if name in frame.columns else pl.lit(None, kind).alias(name) for name, kind in schema.items()]
    )
