"""Case by case, what practitioners get right: dbt's unit tests, over a company without a single record."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.seldom_searched import DBT

PROJECT = Path(__file__).parent.parent / "dbt_project"


@pytest.mark.long
def test_every_case_holds_and_an_empty_company_builds(tmp_path):
    environment = os.environ | {
        "SOURCES": "", "INSTANCES": "", "AS_OF": "2026-11-20", "DBT_WORK_FILE": str(tmp_path / "work.duckdb"),
        "DBT_PROFILES_DIR": str(PROJECT),
    }  # fmt: skip
    # What dbt says to itself of three hundred cases is a tenth of its work.
    folders = [
        "--log-level-file",
        "error",
        "--target-path",
        str(tmp_path / "target"),
        "--log-path",
        str(tmp_path / "logs"),
    ]
    done = subprocess.run(
        [*DBT, "build", "--project-dir", str(PROJECT), *folders],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    broken = [result["unique_id"] for result in results if result["status"] not in ("success", "pass", "no-op")]
    assert broken == [], done.stdout
    cases = [result for result in results if result["unique_id"].startswith("unit_test.")]
    assert len(cases) >= 50, "the cases did not run"
