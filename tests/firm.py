"""A small firm that exports its orders as files, and the refreshes it runs: what the tests of the protocol share.

Its warehouse has five models (`protocol_project`), so that real dbt and real loads take seconds. States that many tests
start from are made once and copied.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from pipelines import publish
from pipelines.publish import Generations

HERE = Path(__file__).parent
SECONDS_ALLOWED = 300
# A refresh's own history, and what differs from run to run by its nature.
VARYING = (
    "marts.refreshes", "marts.source_loads", "marts.test_results", "marts.customer_key_changes",
    "marts.closed_month_changes",
    "marts.customer_lifetime_values",
    "marts.pipeline_snapshots", "marts.pipeline_change_deals", "marts.pipeline_changes",
    "marts.forecast_accuracy", "marts.forecast_records",
)  # fmt: skip


@dataclass
class Ended:
    code: int
    said: str

    @property
    def last(self) -> str:
        return self.said.strip().splitlines()[-1]


@dataclass
class Firm:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def generations(self) -> Generations:
        return Generations(self.data)

    @property
    def current(self) -> Path:
        return self.generations.current()

    def export(self, orders: int, source: str = "shop", *, broken: bool = False) -> None:
        """Orders 0 to n-1 as a full export; the broken one has a date nobody can read."""
        folder = self.folder / "files" / source
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["order_id,order_number,account_id,net_amount,ordered_at"]
        lines += [f"{row[0]},{row[1]},{row[2]},{row[3]},{row[4]}T10:00:00" for row in map(order, range(orders))]
        if broken:
            lines.append("broken,N,a,1.00,31.31.2026")
        (folder / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        """What a scheduler would set; nothing of the machine's own settings."""
        own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
        chosen = {
            "SOURCES": "files", "FILES_DIR": "files", "DATA_DIR": "data", "TIME_ZONE": "Europe/Warsaw",
            "AS_OF": "2026-03-31", "DBT_PROJECT_DIR": str(HERE / "protocol_project"), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        return own | chosen | more

    def start(
        self, command: str = "refresh", *arguments: str, at: str = "", do: str = "", **more: str
    ) -> subprocess.Popen:
        """A command of the product; `do` is what happens to it when it reaches the step `at`."""
        called = [str(HERE / "at_step.py"), at, do] if at else ["-m", "pipelines"]
        return subprocess.Popen(
            [sys.executable, *called, command, *arguments], cwd=self.folder, env=self.environment(**more), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, command: str = "refresh", *arguments: str, **more: str) -> Ended:
        process = self.start(command, *arguments, **more)
        said, _ = process.communicate(timeout=SECONDS_ALLOWED)
        return Ended(process.returncode, said)

    def figures(self) -> dict[str, list[tuple]]:
        """Every published row, by table."""
        with duckdb.connect(str((self.data / "warehouse.duckdb").resolve(strict=True)), read_only=True) as connection:
            names = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables order by 1"
            ).fetchall()
            return {
                name: connection.execute(f"select * from {name} order by all").fetchall()  # noqa: S608
                for (name,) in names
                if name not in VARYING
            }

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str((self.data / "warehouse.duckdb").resolve(strict=True)), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def orders(self) -> list[tuple]:
        return self.rows("select order_key, order_number, account_key, net_amount from canonical.orders order by 1")

    def is_whole(self) -> bool:
        """The pointer names a generation whose every byte is the published one, and it opens."""
        return publish.health(self.current) == [] and len(self.figures()) > 0

    def left_over(self) -> list[str]:
        """Whatever lies in the data folder and is not of a whole generation."""
        expected = {
            ".lock",
            "attempts.jsonl",
            "current",
            "generations",
            "logs",
            "parsed",
            "remembered",
            "warehouse.duckdb",
        }
        found = {path.name for path in self.data.iterdir()} - expected
        names = {"landing", "manifest.json", "parquet", "remembered.duckdb", "warehouse.duckdb"}
        for path in self.generations.folder.iterdir():
            found |= {path.name} if path.name.startswith(".") else {p.name for p in path.iterdir()} - names
        return sorted(found)

    def copy(self, folder: Path) -> "Firm":
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Firm(folder)


def order(number: int) -> tuple[str, str, str, Decimal, date]:
    day = date(2026, 1, 1) + timedelta(days=number % 80)
    return f"{number:05d}", f"N{number}", f"a{number % 7}", Decimal(number) + Decimal("0.50"), day


def expected_orders(orders: int, source: str = "shop") -> list[tuple]:
    made = (order(number) for number in range(orders))
    return [(f"{source}:{key}", number, f"{source}:{account}", amount) for key, number, account, amount, _ in made]


@cache
def _state(name: str) -> Firm:
    folder = Path(tempfile.mkdtemp(prefix=f"firm-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {"published": _published, "loaded": _loaded, "built": _built}[name](Firm(folder))


def copy_of(state: str, folder: Path) -> Firm:
    """published: twice, first without a row, then with 40 orders. loaded: and 60 orders brought, not built.
    built: and built, not published."""
    return _state(state).copy(folder)


def _published(firm: Firm) -> Firm:
    for orders in (0, 40):
        firm.export(orders)
        ended = firm.run()
        assert ended.code == 0, ended.said
        assert firm.orders() == expected_orders(orders)
    return firm


def _loaded(firm: Firm) -> Firm:
    copy_of("published", firm.folder)
    firm.export(60)
    ended = firm.run("load")
    assert ended.code == 0, ended.said
    return firm


def _built(firm: Firm) -> Firm:
    copy_of("loaded", firm.folder)
    ended = firm.run("build")
    assert ended.code == 0, ended.said
    return firm


def wait_for(happened, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
