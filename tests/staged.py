"""Staging models tried with hand-made rows: landing files of any system, and one real run of dbt over them."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tests.part_of_project import needed_by, part_of_project
from tests.seldom_searched import DBT

PROJECT = Path(__file__).parents[1] / "dbt_project"
NUMBER = "decimal(38, 9)"
TYPES = {"text": "varchar", "decimal": NUMBER, "fraction": NUMBER, "int": "bigint", "bool": "boolean"}
TYPES |= {"clarion_date": "date", "clarion_timestamp": "timestamp", "rowversion": "bigint"}


def landing(
    folder: Path, system: str, streams: list, leading: dict, rows: dict[str, list[dict]], label: str = ""
) -> dict:
    """A landing file with every declared table, and these rows; a label tells a second instance of a system."""
    stem = f"{system}__{label}" if label else system
    path = folder / f"{stem}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        for stream in [each for parent in streams for each in (parent, parent.lines) if each]:
            columns = dict.fromkeys([*leading, *stream.extra, *(["document_id"] if stream.parent else [])], "varchar")
            columns |= {column.name: TYPES.get(column.type, column.type) for column in stream.columns}
            columns["is_deleted"] = "boolean"
            declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table raw.{stream.name} ({declared})")
            for row in rows.get(stream.name, []):
                assert set(row) <= set(columns), f"{stream.name} has no {set(row) - set(columns)}"
                values = leading | {"is_deleted": False} | row
                connection.table(f"raw.{stream.name}").insert([values.get(name) for name in columns])
        odd = "stream varchar, row_key varchar, column_name varchar, value varchar, reason varchar"
        connection.execute(f"create table raw.quarantine ({odd})")
        for row in rows.get("quarantine", []):
            connection.table("raw.quarantine").insert(row)
        connection.execute("create table raw.coverage (entity varchar, is_fed boolean, rows bigint, since date)")
    return {"path": str(path), "alias": stem, "read_only": True}


@contextmanager
def built(
    folder: Path,
    attached: list[dict[str, Any]],
    models: str,
    as_of: str = "2026-03-31",
    project: Path = PROJECT,
    **settings: str,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """What dbt makes of these landing files, each of the instance it is named after; `work` holds the models named."""
    attached = [*attached, {"path": str(folder / "remembered.duckdb"), "alias": "remembered"}]
    work = {"type": "duckdb", "path": str(folder / "work.duckdb"), "threads": 2, "attach": attached}
    profile = {"lead_to_cash": {"target": "work", "outputs": {"work": work}}}
    (folder / "profiles.yml").write_text(json.dumps(profile), encoding="utf-8")
    stems = [file["alias"] for file in attached if file["alias"] != "remembered"]
    needed = needed_by(*(model.rpartition(".")[2] for model in models.split()))
    part = part_of_project(folder / "part", *needed, project=project)
    environment = os.environ | {
        "SOURCES": " ".join(dict.fromkeys(stem.split("__")[0] for stem in stems)),
        "INSTANCES": " ".join(f"{stem.split('__')[0]}:{stem.replace('__', '@')}:{stem}" for stem in stems),
        "TIME_ZONE": "Europe/Warsaw",
        "AS_OF": as_of,
        **settings,
    }
    command = [*DBT, "build"]
    places = {
        "profiles-dir": folder,
        "project-dir": part,
        "target-path": folder / "target",
        "log-path": folder / "logs",
    }
    command += [f"--{option}={place}" for option, place in places.items()]
    command += ["--exclude-resource-type=test", "--exclude-resource-type=unit_test"]
    subprocess.run([*command, "--select", *(f"+{model}" for model in models.split())], env=environment, check=True)
    with duckdb.connect(":memory:") as connection:
        for file in (*attached, {"path": work["path"], "alias": "work"}):
            connection.execute(f"attach '{file['path']}' as {file['alias']} (read_only)")
        yield connection
