"""Pairs of accounts that may be one customer, the money behind them, and what each of the two says."""

import json

import polars as pl

from dashboards import facts, header, periods, stamp, warehouse
from dashboards.decisions import Decision
from dashboards.warehouse import Filter
from dashboards.worked_out import once

PAIRS, ACCOUNTS = "canonical.account_pairs", "canonical.accounts"
# More than people decide in a year; only the keys and words of a pair are read, so that even these take no time.
MOST = 100_000
# A line of the comparison, and the fields of matching it stands for.
COMPARED = {
    "name": ("name",),
    "tax_id": ("tax_id",),
    "street": ("street",),
    "postcode": ("postcode",),
    "city": ("city", "region"),
    "country_code": ("country",),
    "website_domain": ("domain",),
    "email_domain": ("mail_domain",),
    "phone": ("phone",),
    "erp_reference": ("erp_reference",),
}


def year() -> periods.Period:
    return periods.resolve("last_12_months", facts.as_of())


@once
def revenue() -> pl.DataFrame:
    """Revenue of the last twelve full months by account."""
    by, days = {"account_key": "account_key"}, header.between("posted_date", year())
    found = warehouse.summed("profitability_lines", "revenue_amount", by, days)
    return found.rename({"revenue_amount": "revenue"})


def open_deals() -> pl.DataFrame:
    """Open deals by account: how many, and their money in the reporting currency."""
    is_open = [Filter("bucket", "=", "open_deal")]
    amounts = warehouse.summed("funnel_to_cash", "deal_amount", {"deal_key": "deal_key"}, is_open)
    deals = warehouse.counted("canonical.deals", {"deal_key": "deal_key", "account_key": "account_key"})
    joined = amounts.join(deals, on="deal_key", how="inner")
    return joined.group_by("account_key").agg(open_deals=pl.len(), open_deals_amount=pl.sum("deal_amount"))


@once
def money() -> pl.DataFrame:
    """What hangs on each account: its revenue of a year and its open deals."""
    found = revenue().join(open_deals(), on="account_key", how="full", coalesce=True)
    sums = [pl.col(name).cast(pl.Float64).fill_null(0) for name in ("revenue", "open_deals_amount")]
    return found.with_columns(money=sums[0] + sums[1])


def proposed(decided: list[Decision]) -> pl.DataFrame:
    """The pairs that wait for a person and that nobody has decided yet, most money first."""
    found = warehouse.rows(PAIRS, [Filter("outcome", "=", "proposed")], order="confidence", limit=MOST)
    done = {one.pair for one in decided}
    keys = ("account_key", "other_account_key")
    is_left = [frozenset(pair) not in done for pair in found.select(keys).iter_rows()]
    found = found.filter(pl.Series(is_left, dtype=pl.Boolean))
    known = money()
    for side, key in zip(("first", "second"), keys, strict=True):
        of_it = known.select(pl.col("account_key").alias(key), pl.col("money").alias(f"{side}_money"))
        found = found.join(of_it, on=key, how="left").with_columns(pl.col(f"{side}_money").fill_null(0))
    found = found.with_columns(money=pl.col("first_money") + pl.col("second_money"))
    return found.sort("money", "confidence", "account_pair_key", descending=[True, True, False])


def behind(queue: pl.DataFrame) -> float:
    """The money of all accounts in the queue; an account in two pairs counts once."""
    sides = (("account_key", "first_money"), ("other_account_key", "second_money"))
    parts = [queue.select(pl.col(key).alias("key"), pl.col(value).alias("money")) for key, value in sides]
    return pl.concat(parts).unique("key")["money"].sum()


def accounts(keys: list[str]) -> dict[str, dict]:
    """Accounts by key, with the name of the owner and what hangs on them."""
    found = warehouse.rows(ACCOUNTS, [Filter("account_key", "in", tuple(keys))], limit=len(keys) or 1)
    owners = [key for key in found["owner_key"] if key]
    people = warehouse.rows("canonical.people", [Filter("person_key", "in", tuple(owners))], limit=len(owners) or 1)
    named = people.select(pl.col("person_key").alias("owner_key"), pl.col("name").alias("owner_name"))
    found = found.join(named, on="owner_key", how="left").join(money(), on="account_key", how="left")
    erp = erp_sources()
    return {row["account_key"]: _read(row, erp) for row in found.iter_rows(named=True)}


def erp_sources() -> set[str]:
    fed = [Filter("is_fed", "=", True), Filter("entity", "in", ("orders", "invoices"))]
    return set(warehouse.counted("canonical.coverage", {"source": "source"}, fed)["source"])


def compared(pair: dict, first: dict, second: dict) -> list[tuple[str, object, object, bool | None]]:
    """Line by line what the two say, and whether matching found it to agree; None where it told nothing."""
    agreed, disagreed = facts.listed(pair["agreed"]), facts.listed(pair["disagreed"])
    lines, told = [], set()
    for name, fields in COMPARED.items():
        values = first.get(name), second.get(name)
        told.update(fields)
        verdict = _verdict(fields, agreed, disagreed)
        if any(values) or verdict is not None:
            lines.append((name, *values, verdict))
    evidence = json.loads(pair["evidence"] or "{}")
    for field in [field for field in agreed + disagreed if field not in told]:
        values = evidence.get(field)
        both = values if isinstance(values, list) and len(values) == 2 else (values, values)
        lines.append((field, *both, field in agreed))
    return lines


@once
def coverage() -> pl.DataFrame:
    """Accounts and their revenue by the rule that joined them, per source."""
    by = {"account_key": "account_key", "source": "source", "rule": "rule"}
    found = warehouse.counted("canonical.account_matches", by).join(revenue(), on="account_key", how="left")
    sums = {"counted": pl.sum("counted"), "revenue": pl.sum("revenue")}
    return found.group_by("source", "rule").agg(**sums).sort("source", "counted", descending=[False, True])


@once
def in_both() -> tuple[int, pl.DataFrame]:
    """How many customers are in a CRM and in an ERP, and a year's revenue by whether the customer is."""
    flags = {"customer_key": "customer_key", "crm": "is_in_crm", "erp": "is_in_erp"}
    customers = warehouse.counted("canonical.customers", flags).with_columns(is_both=pl.col("crm") & pl.col("erp"))
    period = periods.by_months(year())
    sold = warehouse.measure("revenue", {"customer_key": "customer_key"}, header.between("month", period))
    joined = sold.join(customers, on="customer_key", how="left").with_columns(pl.col("is_both").fill_null(False))
    return customers["is_both"].sum(), joined.group_by("is_both").agg(pl.sum("revenue"))


def sources() -> list[str]:
    """The systems that deliver accounts."""
    fed = [Filter("is_fed", "=", True), Filter("entity", "=", "accounts")]
    return [stamp.source(name) for name in warehouse.counted("canonical.coverage", {"source": "source"}, fed)["source"]]


def _read(row: dict, erp: set[str]) -> dict:
    """An account as it is compared: its own number stands for the ERP's where it is the ERP's."""
    number = row["account_key"].rpartition(":")[2] if row["source"] in erp else row["erp_reference"]
    return row | {"erp_reference": number, "city": row["city"] or row["region"]}


def _verdict(fields: tuple[str, ...], agreed: list[str], disagreed: list[str]) -> bool | None:
    if any(field in disagreed for field in fields):
        return False
    return True if any(field in agreed for field in fields) else None
