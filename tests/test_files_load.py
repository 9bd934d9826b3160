"""Files in the landing file: replaced, accumulated, left alone when unchanged, untouched when something is wrong."""

from datetime import datetime

import duckdb
import pytest
import yaml

from pipelines.failures import SourceFailed
from pipelines.files.contract import CONTRACT, read_contract
from pipelines.load import load

STAGING = CONTRACT.parents[1] / "staging" / "files"


@pytest.fixture
def crm(tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()
    landing = tmp_path / "crm.duckdb"

    class Crm:
        def has(self, **files: str | None) -> "Crm":
            for name, content in files.items():
                file = folder / f"{name}.csv"
                file.unlink() if content is None else file.write_text(content)
            return self

        def load(self) -> dict[str, int]:
            settings = {"folder": str(folder), "time_zone": "Europe/Warsaw"}
            result = load("crm", "files", landing, tmp_path / "work", settings=settings, now=datetime(2026, 11, 21))
            return {name: rows for name, rows in result.rows.items() if rows}

        def sees(self, query: str) -> list[tuple]:
            with duckdb.connect(str(landing), read_only=True) as connection:
                return connection.execute(query).fetchall()

    return Crm()


ORDERS = "select order_id, order_number from raw.orders order by 1"


def test_every_entity_has_its_table_with_the_contracts_types_and_says_whether_it_is_fed(crm):
    crm.has(orders="order_id,order_number,ordered_at\n1,A,2026-01-05\n").load()
    assert crm.sees("select ordered_at, net_amount from raw.orders") == [(datetime(2026, 1, 4, 23), None)]
    types = dict(crm.sees("select column_name, data_type from duckdb_columns() where table_name = 'invoice_lines'"))
    assert types["net_amount"] == "DECIMAL(18,4)" and types["_line"] == "BIGINT" and types["invoice_id"] == "VARCHAR"
    tables = {name for (name,) in crm.sees("select table_name from duckdb_tables() where schema_name = 'raw'")}
    assert read_contract().keys() | {"coverage", "quarantine"} <= tables
    fed = crm.sees("select entity, rows, since from raw.coverage where is_fed")
    assert [(entity, rows, str(since)) for entity, rows, since in fed] == [("orders", 1, "2026-01-05")]


def test_a_full_export_replaces_and_an_unchanged_one_is_not_read_again(crm):
    crm.has(orders="order_id,order_number\n1,A\n2,B\n")
    assert crm.load() == {"orders": 2}
    assert crm.load() == {}
    assert crm.sees(ORDERS) == [("1", "A"), ("2", "B")]
    crm.has(orders="order_id,order_number\n2,C\n").load()
    assert crm.sees(ORDERS) == [("2", "C")]
    crm.has(orders=None).load()
    assert crm.sees(ORDERS) == [] and crm.sees("select 1 from raw.coverage where is_fed") == []


def test_a_file_pattern_keeps_what_earlier_files_brought(crm):
    crm.has(orders_2025="order_id,order_number\n1,A\n2,B\n").load()
    crm.has(orders_2025=None, orders_2026="order_id,order_number\n2,new\n3,C\n").load()
    assert crm.sees(ORDERS) == [("1", "A"), ("2", "new"), ("3", "C")]


def test_nothing_of_a_system_is_loaded_when_one_value_in_it_is_broken(crm):
    crm.has(orders="order_id,order_number,ordered_at\n1,A,2026-01-05\n").load()
    crm.has(people="person_id,name\n1,Anna\n", orders="order_id,order_number,ordered_at\n1,A,31.12.2026\n2,B,\n")
    with pytest.raises(SourceFailed) as failure:
        crm.load()
    assert str(failure.value).startswith("crm: orders.csv, line 2, column ordered_at: '31.12.2026' is not a date")
    assert crm.sees(ORDERS) == [("1", "A")] and crm.sees("select * from raw.people") == []


def test_staging_gives_every_entity_and_every_column_of_the_contract():
    written = yaml.safe_load((STAGING / "_files.yml").read_text())["models"]
    staged = {model["name"]: [column["name"] for column in model["columns"]] for model in written}
    promised = {model["name"]: model["columns"] for model in yaml.safe_load(CONTRACT.read_text())["models"]}
    for entity in read_contract():
        assert staged[f"stg_files__{entity}"] == [column["name"] for column in promised[entity]], entity
        assert (STAGING / f"stg_files__{entity}.sql").exists()
