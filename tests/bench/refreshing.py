"""Seconds and requests of a refresh, of one with nothing new, and of dbt over the SQL it runs.

python -m tests.bench.refreshing [scale]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[2]


def main(scale: str = "1") -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for name in ("first refresh", "with nothing new"):
            seconds = timed(data, scale, "refresh")
            requests, rows = loaded(data)
            print(f"{name:>18}: {seconds:6.1f} s, {requests:,} requests, {rows:,} rows")
        timed(data, scale, "load")
        with_dbt = timed(data, scale, "build")
        alone, statements = same_sql(next(data.glob("generations/.building-*")), data)
        print(f"{'dbt build':>18}: {with_dbt:6.1f} s with its tests; its {statements} models alone {alone:.1f} s")


def timed(data: Path, scale: str, command: str) -> float:
    environment = {**os.environ, "DATA_DIR": str(data), "SANDBOX_SCALE": scale, "COMPANY": "parts"}
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "pipelines", command], cwd=ROOT, env=environment, check=True, stdout=2)
    return time.monotonic() - started


def loaded(data: Path) -> tuple[int, int]:
    with duckdb.connect(str((data / "warehouse.duckdb").resolve()), read_only=True) as connection:
        return connection.execute("select sum(requests), sum(rows_loaded) from marts.source_loads").fetchone()


def same_sql(building: Path, data: Path) -> tuple[float, int]:
    """The seconds that DuckDB alone needs for every model dbt compiled, in the same order, in a file of its own."""
    nodes = json.loads((building / "target" / "manifest.json").read_text())["nodes"]
    seeds = {name: node for name, node in nodes.items() if node["resource_type"] == "seed"}
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    order = TopologicalSorter({name: node["depends_on"]["nodes"] for name, node in models.items()}).static_order()
    scratch = data / "scratch"
    scratch.mkdir()
    with duckdb.connect(str(scratch / "work.duckdb")) as connection:
        for file in building.glob("landing/*.duckdb"):
            connection.execute(f"attach '{file}' as \"{file.stem}\" (read_only)")
        connection.execute(f"attach '{building / 'remembered.duckdb'}' as remembered")
        for node in [*seeds.values(), *models.values()]:
            connection.execute(f"create schema if not exists {node['schema']}")
        # What Python made is taken as it is, like the seeds: it is no SQL of ours.
        made = {name: node for name, node in models.items() if node["language"] == "python"}
        connection.execute(f"attach '{building / 'work.duckdb'}' as built (read_only)")
        for node in [*seeds.values(), *made.values()]:
            connection.execute(f"create table {node['relation_name']} as from built.{node['schema']}.{node['alias']}")
        connection.execute("detach built")
        models = {name: node for name, node in models.items() if name not in made}
        started, count = time.monotonic(), 0
        for name in order:
            if node := models.get(name):
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                connection.execute(f"create {kind} {node['relation_name']} as {node['compiled_code']}")
                count += 1
        return time.monotonic() - started, count


if __name__ == "__main__":
    main(*sys.argv[1:])
