"""What the README says can be done, can be done."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_make_command_of_the_readme_exists():
    for target in re.findall(r"make ([a-z][a-z-]+)", README):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), f"README names `make {target}`, the Makefile does not have it"


def test_every_path_of_the_readme_exists():
    named = re.findall(r"[`(]((?:pipelines|dbt_project|dashboards|tests)/[\w./]*)", README)
    assert "dashboards/picture.png" in named
    for path in named:
        assert (ROOT / path).exists(), f"README names {path}"


def test_every_table_of_the_readme_is_a_mart():
    for table in re.findall(r"`marts\.(\w+)`", README):
        there = any((ROOT / "dbt_project/models/marts").rglob(f"{table}.sql"))
        assert there or table == "measures", f"README names marts.{table}"


def test_make_alone_lists_the_commands():
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("help", "refresh", "dashboard", "test", "lint", "docs", "bench"):
        assert f"make {target}" in listed


def test_constraints_pin_versions_and_name_no_host():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-]+==[\w.+!]+", line) for line in lines)
