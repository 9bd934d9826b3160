"""Whose project an hour was worked for, where the time sheets are a system of their own."""

from datetime import datetime

import pytest

from pipelines import company_facts
from pipelines.erased import Erased
from pipelines.load import load
from tests import staged

FOLDERS = {
    "erp": {"orders.csv": "order_id,order_number\n1,ZO/1\n2,ZO/2\n"},
    "other_erp": {"orders.csv": "order_id,order_number\n7,ZO/2\n"},
    "clock": {
        "orders.csv": "order_id,order_number\nown,P-1\n",
        "time_entries.csv": "time_entry_id,worked_date,hours,order_id,order_reference\n"
        "a,2026-03-02,1,, zo/1 \nb,2026-03-02,1,,ZO/2\nc,2026-03-02,1,,ZO/3\n"
        "d,2026-03-02,1,own,ZO/1\ne,2026-03-02,1,,\n",
    },
}


COMPANIES = "source,company,reason\nerp,north,\nclock,north,\nother_erp,south,\n"


@pytest.mark.parametrize(
    ("companies", "named_twice"),
    [
        pytest.param(None, None, id="one company", marks=pytest.mark.long),
        pytest.param(COMPANIES, "erp:2", id="a group"),
    ],
)
def test_an_hour_is_of_the_order_whose_number_it_names_if_only_one_of_its_company_is_called_so(
    companies, named_twice, tmp_path
):
    attached = []
    for name, files in FOLDERS.items():
        folder = tmp_path / "files" / name
        folder.mkdir(parents=True)
        for file, content in files.items():
            (folder / file).write_text(content, encoding="utf-8")
        landing, settings = tmp_path / f"{name}.duckdb", {"folder": str(folder), "time_zone": "Europe/Warsaw"}
        load(name, "files", landing, tmp_path / name, settings=settings, now=datetime(2026, 3, 31), erased=Erased())
        attached.append({"path": str(landing), "alias": name, "read_only": True})
    told = {"SOURCES": "files", "INSTANCES": " ".join(f"files:{name}:{name}" for name in FOLDERS)}
    facts = {"companies.csv": companies} if companies else {}
    project = company_facts.project(staged.PROJECT, tmp_path / "company", tmp_path, facts)
    with staged.built(tmp_path, attached, "time_entries", project=project, **told) as connection:
        found = connection.sql(
            "select time_entry_key, order_key from work.canonical.time_entries order by 1"
        ).fetchall()
    assert dict(found) == {
        "clock:a": "erp:1",
        "clock:b": named_twice,
        "clock:c": None,
        "clock:d": "clock:own",
        "clock:e": None,
    }
