"""A refresh brings what changed and nothing else: the same day twice, three days one by one, one source alone, none."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.sources import business_central, salesforce
from tests.part_of_project import needed_by, part_of_project

ROOT = Path(__file__).parent.parent
LAST_DAY = date(2026, 11, 20)
# What tells of the loading itself, and of days gone by, differs from run to run; everything else may not.
ABOUT_THE_RUN = {
    "marts.refreshes", "marts.source_loads", "marts.customer_key_changes", "marts.closed_month_changes",
    "marts.pipeline_snapshots", "marts.pipeline_change_deals", "marts.pipeline_changes",
    "marts.customer_lifetime_values", "marts.forecast_accuracy", "marts.forecast_records",
}  # fmt: skip


def refresh(folder: Path, as_of: date, **settings: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if key not in ("SOURCES", "COMPANY", "DATA_DIR")}
    environment |= {"DATA_DIR": str(folder), "AS_OF": as_of.isoformat(), "SANDBOX_SCALE": "0.03", **settings}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", "refresh"], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def published(folder: Path, **settings: str) -> Path:
    done = refresh(folder, settings.pop("as_of", LAST_DAY), **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "warehouse.duckdb"


def fingerprints(warehouse: Path) -> dict[str, tuple[int, int]]:
    """Rows and an order-free hash of every published table."""
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('canonical', 'marts')"
        ).fetchall()
        # What a closed month was when it was closed is remembered by the days that were refreshed.
        remembered = {"marts.exceptions": "where code <> 'closed_month_changed'"}
        return {
            table: connection.execute(
                f"select count(*), sum(hash(t)::hugeint) from {table} as t {remembered.get(table, '')}"  # noqa: S608
            ).fetchone()
            for (table,) in tables
            if table not in ABOUT_THE_RUN
        }


def rows(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def full_load(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    return folder, fingerprints(published(folder))


@pytest.mark.long
def test_a_second_refresh_on_the_same_day_changes_no_figure_and_asks_little(full_load):
    folder, before = full_load
    first = rows(folder / "warehouse.duckdb", "select sum(requests) from marts.source_loads")
    assert first[0][0] > 0
    assert fingerprints(published(folder)) == before

    requests = dict(rows(folder / "warehouse.duckdb", "select source, requests from marts.source_loads"))
    token, companies = 1, 1
    assert requests["salesforce"] <= len(salesforce.STREAMS) + token
    reread = sum(stream.reread is not None for stream in business_central.STREAMS)
    assert requests["business_central"] <= len(business_central.STREAMS) + reread + token + companies


@pytest.mark.long
def test_three_daily_refreshes_equal_one_full_load_on_the_third_day(full_load, tmp_path):
    for ago in (2, 1, 0):
        warehouse = published(tmp_path, as_of=LAST_DAY - timedelta(days=ago))
    daily, full = fingerprints(warehouse), full_load[1]
    assert daily.keys() == full.keys()
    assert {table for table in full if daily[table] != full[table]} == set()


@pytest.mark.long
@pytest.mark.parametrize("alone, silent", [("salesforce", "invoices"), ("business_central", "deals")])
def test_one_system_alone_builds_and_says_what_is_missing(tmp_path, alone, silent):
    warehouse = published(tmp_path, COMPANY="parts", SOURCES=alone)
    fed = rows(warehouse, f"select coalesce(bool_or(is_fed), false) from canonical.coverage where entity = '{silent}'")  # noqa: S608
    assert fed == [(False,)]


@pytest.mark.long
def test_an_empty_company_builds(tmp_path):
    project = part_of_project(tmp_path / "project", *needed_by("order_cycle_time", "profitability_lines"))
    warehouse = published(tmp_path / "data", SANDBOX_SCALE="0", DBT_PROJECT_DIR=str(project))
    assert rows(warehouse, "select count(*) from marts.order_cycle_time") == [(0,)]
    assert rows(warehouse, "select count(*) from marts.measures")[0][0] > 0
