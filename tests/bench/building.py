"""Seconds and memory of the dbt build, model by model, and how both grow when the company is ten times as large.

    python -m tests.bench.building [size]

The company of this size (10) is loaded once, through its interfaces. Ten times that is one ERP with ten such companies:
every Business Central table ten times under ten company ids, 1.2 million orders of firms that buy from all of them,
beside the same CRM. Memory is that of dbt's process while the model was at work, with all that runs beside it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import duckdb
import psutil

ROOT = Path(__file__).parents[2]
COPIES = 10
SHOWN = 25
EVERY_SECONDS = 0.2


def main(size: str = "10") -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        pipelines(data, size, "load")
        building = next(data.glob("generations/.building-*"))
        told = [measured(data, size, building)]
        multiply(building / "landing" / "business_central.duckdb")
        told.append(measured(data, size, building))
        show(float(size), *told)


def pipelines(data: Path, size: str, command: str) -> subprocess.Popen:
    environment = {**os.environ, "DATA_DIR": str(data), "SANDBOX_SCALE": size, "COMPANY": "parts"}
    process = subprocess.Popen([sys.executable, "-m", "pipelines", command], cwd=ROOT, env=environment, stdout=2)
    if command == "load" and process.wait():
        raise SystemExit("the company could not be loaded")
    return process


def measured(data: Path, size: str, building: Path) -> dict:
    """One build: seconds in all, orders, the highest memory, and both of each model."""
    started, samples, done = time.monotonic(), [], Event()
    process = pipelines(data, size, "build")
    sampler = Thread(target=sample, args=(process.pid, samples, done))
    sampler.start()
    failed = process.wait()
    done.set()
    sampler.join()
    if failed:
        raise SystemExit("the build failed")
    results = json.loads((building / "target" / "run_results.json").read_text())["results"]
    models = {
        result["unique_id"].split(".")[-1]: (result["execution_time"], peak(samples, result["timing"]))
        for result in results
        if result["unique_id"].startswith("model.")
    }
    with duckdb.connect(str(building / "work.duckdb"), read_only=True) as connection:
        orders, lines = connection.execute(
            "select (select count(*) from canonical.orders), (select count(*) from canonical.invoice_lines)"
        ).fetchone()
    highest = max(size for _, size in samples)
    return {"seconds": time.monotonic() - started, "orders": orders, "lines": lines, "peak": highest, "models": models}


def sample(pid: int, samples: list, done: Event) -> None:
    """The memory of the process and all it started, as time goes by."""
    parent = psutil.Process(pid)
    while not done.wait(EVERY_SECONDS):
        size = 0
        for process in [parent, *_children(parent)]:
            try:
                size += process.memory_info().rss
            except psutil.Error:
                continue
        samples.append((time.time(), size / 1e6))


def _children(parent: psutil.Process) -> list[psutil.Process]:
    try:
        return parent.children(recursive=True)
    except psutil.Error:
        return []


def peak(samples: list, timing: list[dict]) -> float:
    moments = [
        datetime.fromisoformat(part[end]).timestamp() for part in timing for end in ("started_at", "completed_at")
    ]
    if not moments:
        return 0
    first, last = min(moments) - EVERY_SECONDS, max(moments) + EVERY_SECONDS
    return max((size for moment, size in samples if first <= moment <= last), default=0)


def multiply(landing: Path) -> None:
    """The rows of the company once more for each further company; our keys name the company, so they stay unique."""
    with duckdb.connect(str(landing)) as connection:
        tables = connection.execute(
            "select table_name from information_schema.columns"
            " where column_name = 'company_id' and table_schema = 'raw'"
        ).fetchall()
        copies = f"cross join (select unnest(range(2, {COPIES + 1})) as copy)"
        for (table,) in tables:
            connection.execute(
                f'insert into raw."{table}" by name select rows.* replace ('  # noqa: S608
                "company_id || '-' || copy as company_id, company_name || ' ' || copy as company_name)"
                f' from raw."{table}" as rows {copies}'
            )
        connection.execute("checkpoint")


def show(size: float, small: dict, large: dict) -> None:
    for told, factor in ((small, 1), (large, COPIES)):
        print(
            f"size {size * factor:g}: {told['orders']:,} orders, {told['lines']:,} invoice lines:"
            f" {told['seconds']:.0f} s with its tests, {told['peak']:,.0f} MB at most"
        )
    times = large["seconds"] / small["seconds"]
    print(f"{COPIES} times the documents: {times:.1f} times the seconds")
    print(f"{'model':<34}{'s':>8}{'MB':>8}{'s':>10}{'MB':>8}{'times':>8}")
    longest = sorted(large["models"], key=lambda name: -large["models"][name][0])
    for name in longest[:SHOWN]:
        (before, low), (after, high) = small["models"].get(name, (0, 0)), large["models"][name]
        growth = after / before if before else 0
        print(f"{name:<34}{before:>8.1f}{low:>8,.0f}{after:>10.1f}{high:>8,.0f}{growth:>8.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
