"""At its thousandth page a load holds no more than at its hundredth, whatever the vendor: its process is measured."""

import os
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from pipelines import batches, child, landing
from pipelines.erased import Erased
from pipelines.sandbox import pipedrive_api
from pipelines.sandbox.server import serve
from pipelines.sandbox.vendors import spoken
from tests.source_at_work import QUICK, TODAY, known

pytestmark = pytest.mark.long
EARLY, LATE, ROWS = 100, 1000, 20
LONG = "a text that fills its row " * 150
# Nine hundred pages more, were they kept, would be three times as much. Keys are: what is gone is found by them.
ALLOWED_MB = 24
UNPACED = {"http__requests_per_second": "100000", "searches_per_second": "100000"}
# What waits to be written waits for less, so that it has been written several times by the hundredth page.
WAITING = 500


def many(system: str, rows: int) -> dict[str, pl.DataFrame]:
    """So many records of the vendor's first entity, each some 4 KB, told apart by the number at the end of its key."""
    its = known(system)
    one = its.records(1)[its.ENTITY]
    (key,) = spoken()[system].keys(one)
    if one[key].dtype == pl.String:
        first = re.sub(r"\d+$", "", one[key][0])
        width = len(one[key][0]) - len(first)
        keys = pl.Series(key, [f"{first}{number:0{width}}" for number in range(1, rows + 1)])
    else:
        keys = pl.Series(key, range(1, rows + 1), dtype=one[key].dtype)
    texts = [column.field for column in read(system).columns if column.type == "text" and column.field in one.columns]
    filled = next(name for name in texts if name != key and " " in (one[name][0] or ""))
    copies = pl.DataFrame([one[name].new_from_index(0, rows) for name in one.columns])
    return {its.ENTITY: copies.with_columns(keys, pl.lit(LONG).alias(filled))}


def read(system: str):
    streams = import_module(f"pipelines.sources.{system}").STREAMS
    return next(stream for stream in streams if stream.name == known(system).TABLE)


def in_child(job: dict, report: Callable[[dict], None]) -> dict:
    """A load as a refresh makes it, of one stream; with it, the most that was held whenever rows had been handed on."""
    batches.ROWS = WAITING
    import_module(f"pipelines.sources.{job['system']}").STREAMS = [read(job["system"])]
    held: list[tuple[int, float]] = []

    def heard(said: dict) -> None:
        told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        held.append((said["rows"], int(told[1]) / 1024))

    return landing.in_child(job, heard) | {"held": held}


@pytest.mark.parametrize("system", sorted(spoken()))
def test_a_load_holds_no_more_at_its_thousandth_page_than_at_its_hundredth(system, tmp_path, monkeypatch):
    # However many tokens a plan gives out a day.
    monkeypatch.setattr(pipedrive_api, "DAILY_TOKENS", 10**9)
    work = tmp_path / "work"
    work.mkdir()
    environment = landing.ENVIRONMENT | {"DLT_DATA_DIR": str(work), "DLT_PROJECT_DIR": str(work)}
    environment |= {"DATA_WRITER__BUFFER_MAX_ITEMS": str(WAITING)}
    with serve({system: many(system, LATE * ROWS)}, page_rows=ROWS) as sandbox:
        job = {
            "source": system,
            "system": system,
            "landing": str(tmp_path / f"{system}.duckdb"),
            "workdir": str(work),
            "settings": sandbox.settings(system) | QUICK | UNPACED,
            "now": TODAY.isoformat(),
            "erased": Erased().told(),
        }
        task = "tests.test_sources_memory:in_child"
        answer = child.run(task, job, os.environ | environment, tmp_path / "log", lambda _: None)
    assert not answer.get("failed") and not answer.get("crashed"), answer
    assert answer["rows"][known(system).TABLE] >= LATE * ROWS
    # Once the last page is read, what dlt and DuckDB need to write all of it comes on top, within limits of their own.
    while_reading = [(rows, most) for rows, most in answer["held"] if rows < LATE * ROWS]
    early = next(most for rows, most in while_reading if rows >= EARLY * ROWS)
    last, late = while_reading[-1]
    assert last > 0.9 * LATE * ROWS
    print(f"{system}: {early:.0f} MB at page {EARLY}, {late:.0f} MB at page {last // ROWS}")
    assert late - early < ALLOWED_MB
