"""Salesforce's accounts: the firms as the salespeople know them, some twice, some merged, some junk."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import names
from pipelines.sandbox.business.firms import count
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, NEVER, START, number, salesforce_time
from pipelines.sandbox.parts import words
from pipelines.sandbox.parts.business_central_master import mistyped

JUNK = 1 << 40
JUNK_A_MONTH = 0.4
USERS = words.SELLERS + words.MANAGERS


def user_ids() -> pl.Series:
    return identifiers.salesforce_ids("005", np.arange(1, len(USERS) + 1))


def account_ids(keys: np.ndarray) -> pl.Series:
    return identifiers.salesforce_ids("001", keys)


def accounts(company) -> pl.DataFrame:
    """One row per account ever opened: `account` is twice the firm, plus one for a second account of the same firm."""
    dice, firms = company.dice, company.firms.filter("in_crm")
    founded = company.deals.filter("is_founding").select("firm", t_created="t0")
    rows = firms.join(founded, on="firm", how="left", maintain_order="left")
    age = dice.whole(rows["firm"].to_numpy(), "days known before the start", 30, 2400)
    before = (number(START) - pl.Series(age)) * DAY + 10 * 3600 + pl.col("firm") % 20_000
    rows = rows.with_columns(t_created=pl.col("t_created").fill_null(before), account=pl.col("firm") * 2)
    first = rows.with_columns(t_merged=pl.lit(FAR), second=pl.lit(False))
    key = rows["account"].to_numpy() + 1
    opened = rows["t_created"].to_numpy() // DAY + dice.whole(key, "days to the second account", 30, 1500)
    opened = np.maximum(opened, number(START) - 300) * DAY + 11 * 3600
    merged = np.where(
        dice.happens(key, "merged", 0.4), opened + DAY * dice.whole(key, "days to the merge", 40, 300), FAR
    )
    second = rows.with_columns(
        account=pl.Series(key), t_created=pl.Series(opened), t_merged=pl.Series(merged), second=pl.lit(True)
    ).filter(pl.Series(dice.happens(key, "second account", 0.1)))
    every = pl.concat([first, second])
    return every.with_columns(**_spelling(company, every)).filter(pl.col("t_created") <= company.now)


def _spelling(company, rows: pl.DataFrame) -> dict[str, pl.Expr | pl.Series]:
    """What was typed for name, tax id and ERP number."""
    dice, key = company.dice, rows["account"].to_numpy()
    second = rows["second"].to_numpy()
    manner = np.where(
        second, dice.pick(key, "name of a second", 20, 20, 40, 20), dice.pick(key, "name in the CRM", 52, 14, 20, 14)
    )
    full = pl.col("core_name") + " " + pl.col("country").replace_strict(names.FORMS)
    plain = (
        pl.col("core_name")
        .str.replace_many(["ł", "Ł"], ["l", "L"])
        .str.normalize("NFKD")
        .str.replace_all(r"[^A-Za-z0-9 -]", "")
    )
    swapped = (
        pl.col("core_name").str.slice(0, 2)
        + pl.col("core_name").str.slice(3, 1)
        + pl.col("core_name").str.slice(2, 1)
        + pl.col("core_name").str.slice(4)
    )
    way = pl.Series(manner)
    name = (
        pl.when(way == 0)
        .then(full)
        .when(way == 1)
        .then(full.str.to_uppercase())
        .when(way == 2)
        .then(plain)
        .otherwise(swapped)
    )
    tax = np.where(
        second,
        dice.pick(key, "tax id of a second", 30, 60, 10, 0.001),
        dice.pick(key, "tax id in the CRM", 68, 20, 8, 4),
    )
    dashed = pl.col("tax_id").str.replace(r"^(\d{3})(\d{3})(\d{2})(\d{2})$", "$1-$2-$3-$4")
    prefixed = pl.when(pl.col("country") == "PL").then(pl.lit("PL ") + pl.col("tax_id")).otherwise("tax_id")
    form = pl.Series(dice.pick(key, "form of the tax id", 60, 25, 15))
    right = pl.when(form == 0).then("tax_id").when(form == 1).then(dashed).otherwise(prefixed)
    placeholder = pl.when(pl.col("firm") % 2 == 0).then(pl.lit("0000000000")).otherwise(pl.lit("1111111111"))
    kind = pl.Series(tax)
    typed = (
        pl.when(kind == 0)
        .then(right)
        .when(kind == 1)
        .then(pl.lit(None))
        .when(kind == 2)
        .then(mistyped(pl.col("tax_id")))
        .otherwise(placeholder)
    )
    opened = company.customers.filter(pl.col("second") == 0).select("firm", t_opened="t_opened", erp="number")
    numbers = rows.select("firm").join(opened, on="firm", how="left", maintain_order="left")
    keeps = dice.happens(key, "ERP number kept", np.where(second, 0.15, 0.55))
    entered = np.maximum(numbers["t_opened"].fill_null(FAR).to_numpy() + DAY, rows["t_created"].to_numpy() + 60)
    # Entered on the telephone, in a hurry: nothing but a name.
    bare = dice.happens(key, "only a name", 0.03)
    t_entered = pl.Series(np.where(keeps & ~bare, entered, FAR))
    moved = pl.Series(dice.happens(key, "moved house", 0.12))
    return {
        "name": name,
        "typed_tax": pl.when(pl.Series(bare)).then(pl.lit(None)).otherwise(typed),
        "t_entered": t_entered,
        "moved": moved,
        "only_name": pl.Series(bare),
        "no_phone": pl.Series(dice.happens(key, "no phone", 0.2) | bare),
        "no_site": pl.Series(dice.happens(key, "no website", 0.3) | bare),
        "country_word": pl.Series(dice.whole(key, "country word", 0, 3)),
        "erp_number": pl.when(t_entered <= company.now).then(numbers["erp"]).otherwise(None),
    }


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
