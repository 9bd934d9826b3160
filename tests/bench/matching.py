"""What matching finds and what it costs: spellings, the sandbox company, real stores, and a million generated accounts.

python -m tests.bench.matching [accounts] [warehouse of the sandbox company at size 1]
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.sandbox.identifiers import polish
from tests import who

AS_OF = date(2026, 11, 20)
FORMS = [" Sp. z o.o.", " spółka z ograniczoną odpowiedzialnością", " S.A.", "", " SP ZOO"]
TRADES = ["Auto", "Moto", "Agro", "Hurt", "Serwis", "Metal", "Drew", "Bud", "Trans", "Elektro", "Piekarnia", "Hotel"]
SYLLABLES = [c + v for c in "bcdfghjklmnprstwz" for v in ("a", "e", "i", "o", "u", "ar", "en", "ol")]


def main(accounts: str = "1000000", warehouse: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        of_the_sandbox(Path(warehouse) if warehouse else refreshed(Path(folder)))
    if (who.shared_data() / "adventureworks_dw").is_dir():
        rows, firms = who.stores_and_resellers()
        told("stores and resellers", who.Matched(rows), firms)
    if (who.shared_data() / "er_company_names").is_dir():
        precision, recall = who.proposed_names(*who.labelled_names())
        print(f"{'264 labelled pairs of names':>42}: proposed precision {precision:.4f}, proposed recall {recall:.4f}")
    rows, firms = generated(int(accounts))
    started = time.monotonic()
    found = who.Matched(rows)
    minutes, peak = (time.monotonic() - started) / 60, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    told(f"{rows.height:,} generated", found, firms)
    print(f"{'':>44}{minutes:.1f} minutes, {peak:.1f} GB at most")


def refreshed(data: Path) -> Path:
    asked = {"DATA_DIR": str(data), "SANDBOX_SCALE": "1", "COMPANY": "parts", "AS_OF": AS_OF.isoformat()}
    command = [sys.executable, "-m", "pipelines", "refresh"]
    subprocess.run(command, cwd=who.ROOT, env=os.environ | asked, check=True, stdout=2)
    return data / "warehouse.duckdb"


def of_the_sandbox(warehouse: Path) -> None:
    rows = who.published(warehouse)
    firms = who.firms_of(rows, AS_OF, 1)
    for title, given in (("ERP numbers kept", rows), ("no ERP numbers", who.without_references(rows))):
        for percent in (100, 70, 0):
            told(f"sandbox, {title}, tax ids {percent} %", who.Matched(who.with_tax_ids_on(given, percent)), firms)


def told(title: str, found: who.Matched, firms: pl.DataFrame) -> None:
    figures = ", ".join(f"{name} {value:.4f}" for name, value in found.figures(firms).items())
    print(f"{title:>42}: {figures}; {found.links.filter(outcome='proposed').height:,} proposals")


def generated(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accounts of a CRM and an ERP, one in ten of them a second account of a firm, and the firm of each."""
    dice = np.random.default_rng(7)
    firms = count - count // 10
    firm = np.concatenate([np.arange(firms), dice.choice(firms, count // 10, replace=False)])
    facts = _facts(firms, dice).gather(pl.Series(firm)).with_columns(again=pl.Series(np.arange(count) >= firms))
    share = {name: dice.random(count) for name in ("form", "slip", "shout", "moved", "phone", "site", "tax", "wrong")}
    facts = facts.with_columns([pl.Series(f"of_{name}", drawn) for name, drawn in share.items()])
    again = pl.col("again")
    slip = pl.col("core").str.slice(0, 6) + pl.col("core").str.slice(7)
    core = pl.when(again & (pl.col("of_slip") < 0.1)).then(slip).otherwise("core")
    form = pl.Series(FORMS).gather(pl.Series((share["form"] * len(FORMS)).astype(int)))
    name = core + pl.when(again).then(form).otherwise(pl.lit(FORMS[0]))
    moved = again & (pl.col("of_moved") < 0.12)
    other = pl.Series(dice.choice(["shop", "crm", "erp"], count, p=[0.6, 0.2, 0.2]))
    first = pl.when(pl.col("firm") % 2 == 0).then(pl.lit("crm")).otherwise(pl.lit("erp"))
    typed = pl.when(pl.col("of_wrong") < 0.04).then(pl.lit("1111111111")).otherwise("tax_id")
    rows = facts.select(
        source=pl.when(again).then(other).otherwise(first),
        name=pl.when(pl.col("of_shout") < 0.15).then(name.str.to_uppercase()).otherwise(name),
        tax_id=pl.when(pl.col("of_tax") < 0.65).then(typed),
        country_code=pl.lit("PL"),
        website_domain=pl.when(pl.col("of_site") < 0.5).then("domain"),
        phone=pl.when((pl.col("of_phone") < 0.75) & ~moved).then("phone"),
        street=pl.when(moved).then(pl.lit("ul. Nowa 7")).otherwise("street"),
        postcode=pl.when(moved).then(pl.lit("99-111")).otherwise("postcode"),
        city="city",
    )
    key = rows["source"] + ":" + pl.Series(np.arange(count)).cast(pl.String)
    rows = rows.with_columns(account_key=key, region=None, email_domain=None, erp_reference=None)
    rows = rows.with_columns(pl.col("region", "email_domain", "erp_reference").cast(pl.String)).select(who.COLUMNS)
    return rows, pl.DataFrame({"account_key": key, "firm": firm})


def _facts(firms: int, dice: np.random.Generator) -> pl.DataFrame:
    """What is true of each firm. One in fifty has the name of another."""
    number = np.arange(firms)
    named = np.where(number % 50 == 49, np.maximum(number - 25, 0), number)
    word = ["".join(SYLLABLES[at] for at in drawn) for drawn in dice.integers(0, len(SYLLABLES), (firms, 3))]
    trade = pl.Series(TRADES).gather(pl.Series(named % len(TRADES)))
    core = trade + "-" + pl.Series(word).gather(pl.Series(named)).str.to_titlecase()
    town = (dice.random(firms) ** 2 * 800).astype(int)
    street, house = (pl.Series(drawn).cast(pl.String) for drawn in (dice.integers(1, 3000, firms), number % 90))
    return pl.DataFrame(
        {
            "firm": number,
            "core": core,
            "tax_id": pl.select(polish(number)).to_series(),
            "domain": core.str.to_lowercase() + pl.Series(number).cast(pl.String) + ".pl",
            "phone": pl.Series(dice.integers(100_000_000, 999_999_999, firms)).cast(pl.String),
            "street": "Ulica" + street + " " + house,
            "postcode": pl.Series(10_000 + town * 25 + number % 25).cast(pl.String),
            "city": "Miasto" + pl.Series(town).cast(pl.String),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
