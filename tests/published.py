"""A refresh of the sandbox company and what really happened in it: made once a size, shared by files and workers."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.sandbox.business.firm import Firm
from pipelines.sandbox.companies import SIMULATED
from pipelines.sandbox.group import Group
from tests.part_of_project import needed_by, part_of_project

ROOT = Path(__file__).parent.parent
AS_OF = date(2026, 11, 20)
CENT = 0.005


class Published:
    """What is published of a company of this size, and the truth about it."""

    def __init__(self, folder: Path, scale: str, name: str = "parts"):
        self.scale, self.folder, self.name = scale, folder, name
        self.warehouse = (folder / "warehouse.duckdb").resolve(strict=True)

    @cached_property
    def company(self) -> Firm | Group:
        return SIMULATED[self.name](AS_OF, float(self.scale))

    @cached_property
    def truth(self) -> dict[str, pl.DataFrame]:
        return self.company.truth()

    def rows(self, sql: str) -> pl.DataFrame:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql(sql).pl()

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """Every account with the firm it really is and the customer it was taken for."""
        found = self.rows(
            "select source, account_key, customer_key, split_part(account_key, ':', -1) as vendor_id"
            " from canonical.account_matches"
        )
        return self.truth["accounts"].join(found, on=["source", "vendor_id"], how="left")


def published(factory: pytest.TempPathFactory, scale: str, company: str = "parts") -> Published:
    """Refreshes where nobody has yet; whoever comes meanwhile waits, and a failed refresh fails for all."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"published-{company}-{scale}"
    folder.mkdir(exist_ok=True)
    said = folder / "said"
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(_refreshed(folder, scale, company))
    assert (folder / "warehouse.duckdb").exists(), said.read_text()
    return Published(folder, scale, company)


def _refreshed(folder: Path, scale: str, company: str) -> str:
    settings = {"DATA_DIR": str(folder), "AS_OF": AS_OF.isoformat(), "SANDBOX_SCALE": scale, "COMPANY": company}
    environment = {key: value for key, value in os.environ.items() if key != "SOURCES"} | settings
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "refresh"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def files_refreshed(folder: Path, systems: Path, data: Path, as_of: str, marts: str = "") -> Callable[..., list[tuple]]:
    """A refresh of folders of files in `data`, in dollars, whole or of what these marts need: asked as by anybody."""
    settings = {
        "SOURCES": "files", "FILES_DIR": str(systems), "SHARED_DATA": str(data), "DATA_DIR": str(folder / "data"),
        "TIME_ZONE": "UTC", "REPORTING_CURRENCY": "USD", "AS_OF": as_of,
    }  # fmt: skip
    if marts:
        part = part_of_project(folder / "project", *needed_by(*marts.split()))
        settings["DBT_PROJECT_DIR"] = str(part)
    environment = {key: value for key, value in os.environ.items() if key != "COMPANY"} | settings
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "refresh"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr

    def asked(query: str, **parameters: str) -> list[tuple]:
        with duckdb.connect(str((folder / "data/warehouse.duckdb").resolve()), read_only=True) as connection:
            return connection.execute(query, parameters).fetchall()

    return asked


def compared(truth: pl.DataFrame, found: pl.DataFrame, on: str | list[str], pairs: dict[str, str]) -> list[dict]:
    """Rows in which any pair of columns differs, or which only one side has."""
    both = truth.join(found, on=on, how="full", coalesce=True, suffix="_found")
    differs = pl.lit(False)
    for known, seen in pairs.items():
        seen = f"{seen}_found" if seen in truth.columns else seen
        is_money = both.schema[known].is_numeric()
        same = (pl.col(known) - pl.col(seen)).abs() <= CENT if is_money else pl.col(known).eq_missing(pl.col(seen))
        differs |= ~same.fill_null(pl.col(known).is_null() & pl.col(seen).is_null())
    return both.filter(differs).head(5).to_dicts()
