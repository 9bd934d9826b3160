"""Accounts and what was made of them: what the tests and the measurements of matching share."""

import os
import zlib
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines.matching import clustering, identity
from pipelines.matching.fields import compared
from pipelines.sandbox.company import Company
from pipelines.sources.files import read

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "dbt_project" / "seeds"
COLUMNS = (
    "account_key", "source", "name", "tax_id", "country_code", "region", "website_domain", "email_domain", "phone",
    "street", "postcode", "city", "erp_reference",
)  # fmt: skip


@cache
def seed(name: str) -> pl.DataFrame:
    return pl.read_csv(SEEDS / f"{name}.csv", infer_schema=False)


def accounts(lines: str) -> pl.DataFrame:
    """Accounts written as CSV with a header; the part of the key before ':' is the source."""
    given = pl.read_csv("\n".join(map(str.strip, lines.strip().splitlines())).encode(), infer_schema=False)
    given = given.with_columns(source=pl.col("account_key").str.split(":").list.first())
    missing = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in given.columns]
    return given.with_columns(missing).select(COLUMNS)


class Matched:
    """What is made of accounts, with the shipped seeds but for the firm's own facts."""

    def __init__(
        self,
        rows: pl.DataFrame,
        decisions: str = "",
        duplicate_free: tuple[str, ...] = (),
        erps: tuple[str, ...] = (),
        companies: tuple[tuple[str, str], ...] = (),
    ):
        header = "account_key_a,account_key_b,decision,who,when,reason\n"
        decided = pl.read_csv((header + decisions).encode(), infer_schema=False)
        fields = compared(rows, seed("legal_forms"), seed("common_words"), seed("free_mail_domains"))
        free, with_orders = (
            pl.DataFrame({"source": list(names)}, schema={"source": pl.String}) for names in (duplicate_free, erps)
        )
        self.links = identity.matched(
            rows,
            fields,
            decided,
            seed("matching_weights"),
            seed("matching_thresholds"),
            free,
            seed("junk_words"),
            with_orders,
            pl.DataFrame(companies, schema={"source": pl.String, "company": pl.String}, orient="row"),
        )
        self.customers = clustering.customers(self.links, rows["account_key"])

    def customer(self, key: str) -> set[str]:
        """Every account of the customer this one belongs to."""
        of = dict(self.customers.iter_rows())
        return {account for account, cluster in of.items() if cluster == of[key]}

    def pair(self, one: str, other: str) -> tuple[str, str, str | None] | None:
        """Outcome, rule and reason of two accounts."""
        first, second = sorted((one, other))
        found = self.links.filter(account_key=first, other_account_key=second)
        return found.select("outcome", "rule", "reason").row(0) if found.height else None

    def figures(self, firms: pl.DataFrame) -> dict[str, float]:
        """Precision and recall of pairs, of what is merged and of that with what is proposed.

        A pair is two accounts of one customer; with proposals, also two accounts of customers a proposal ties. It is
        right if both are accounts of one firm; all such pairs are what could be found.
        """
        true = _pairs(firms, "firm")
        merged = _pairs(self.customers, "cluster_key")
        shown = pl.concat([merged, self._proposed()]).unique()
        told = {}
        for name, found in (("merged", merged), ("shown", shown)):
            right = found.join(true, on=found.columns).height
            told[f"{name} precision"] = right / max(found.height, 1)
            told[f"{name} recall"] = right / max(true.height, 1)
        return told

    def _proposed(self) -> pl.DataFrame:
        tied = self.links.filter(outcome="proposed").select(l="account_key", r="other_account_key")
        for end, side in (("l", "a"), ("r", "b")):
            own = self.customers.rename({"account_key": end, "cluster_key": "cluster"})
            every = self.customers.rename({"account_key": side, "cluster_key": "cluster"})
            tied = tied.join(own, on=end).join(every, on="cluster").drop("cluster")
        return tied.select(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).unique()


def _pairs(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    both = rows.select(by, a="account_key").join(rows.select(by, b="account_key"), on=by)
    return both.filter(pl.col("a") < pl.col("b")).select("a", "b")


def published(warehouse: Path) -> pl.DataFrame:
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as connection:
        return connection.sql(f"select {', '.join(COLUMNS)} from canonical.accounts").pl()  # noqa: S608


def firms_of(rows: pl.DataFrame, as_of: date, scale: float) -> pl.DataFrame:
    """The firm of the sandbox company that each account really is."""
    truth = Company(as_of, scale).truth()["accounts"].select("source", "vendor_id", firm="customer")
    keyed = rows.select("account_key", "source", vendor_id=pl.col("account_key").str.split(":").list.last())
    return keyed.join(truth, on=["source", "vendor_id"], how="left").select("account_key", "firm")


def with_tax_ids_on(rows: pl.DataFrame, percent: int) -> pl.DataFrame:
    """The same accounts, with tax ids left on so many of a hundred, whichever they are."""
    kept = [zlib.crc32(key.encode()) % 100 < percent for key in rows["account_key"]]
    return rows.with_columns(tax_id=pl.when(pl.Series(kept, dtype=pl.Boolean)).then("tax_id"))


def without_references(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(erp_reference=pl.lit(None, pl.String))


def stores_and_resellers() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The stores of AdventureWorks as its CRM and its ERP know them, and which of them are the same."""
    read_in = {name: read(ROOT / "tests" / "systems_who" / name).tables["accounts"] for name in ("stores", "resellers")}
    rows = pl.concat(
        [
            table.with_columns(source=pl.lit(source), account_key=source + ":" + pl.col("account_id")).select(COLUMNS)
            for source, table in read_in.items()
        ]
    )
    number = pl.col("account_key").str.extract(r"(\d+)$").cast(pl.Int64)
    return rows, rows.select("account_key", firm=number)


def labelled_names() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Company names in pairs, each pair an account of two systems that says nothing else; pairs labelled both ways are
    left out. Beside the accounts, one row per pair: account_key, other_account_key, is_match."""
    with duckdb.connect() as connection:
        pairs = connection.sql(
            "select name1, name2, is_match = 'true' as is_match"
            " from read_csv(?, all_varchar = true) where schema in ('Company', 'Organization', 'LegalEntity')"
            " qualify count(distinct is_match) over (partition by least(name1, name2), greatest(name1, name2)) = 1",
            params=[str(shared_data() / "er_company_names" / "nomenklatura_name_cases.csv")],
        ).pl()
    keys = {side: side + ":" + pl.int_range(pl.len()).cast(pl.String) for side in ("crm", "erp")}
    pairs = pairs.with_columns(account_key=keys["crm"], other_account_key=keys["erp"])
    ends = [("crm", "account_key", "name1"), ("erp", "other_account_key", "name2")]
    rows = pl.concat([pairs.select(account_key=key, source=pl.lit(source), name=name) for source, key, name in ends])
    missing = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in rows.columns]
    return rows.with_columns(missing).select(COLUMNS), pairs.select("account_key", "other_account_key", "is_match")


def proposed_names(rows: pl.DataFrame, pairs: pl.DataFrame) -> tuple[float, float]:
    """Precision and recall of the labelled pairs that are merged or proposed."""
    shown = Matched(rows).links.filter(pl.col("outcome") != "apart")
    told = pairs.join(shown, on=["account_key", "other_account_key"], how="semi")["is_match"]
    return told.mean(), told.sum() / pairs["is_match"].sum()


def shared_data() -> Path:
    return Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")
