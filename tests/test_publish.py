"""What people read is changed by one rename, is whole, and can be taken back."""

import os
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime

import duckdb
import pytest

from dashboards import warehouse
from pipelines import attempts, durable, lock, publish, warehouse_file
from pipelines.outcomes import GateFailed, Locked
from pipelines.publish import Generations
from tests.at_step import flip_bit
from tests.firm import HERE, copy_of, expected_orders

READERS = {"threads": 4, "processes": 2}


@pytest.fixture
def firm(tmp_path):
    return copy_of("published", tmp_path)


def test_a_published_generation_has_the_modes_its_readers_need_and_no_more(firm):
    modes = {
        path.relative_to(firm.current).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in [*firm.current.rglob("*"), firm.current]
    }
    assert modes == {
        ".": 0o750,
        "landing": 0o700,
        "landing/shop.duckdb": 0o600,
        "manifest.json": 0o600,
        "parquet": 0o750,
        **{f"parquet/{path.name}": 0o440 for path in firm.current.glob("parquet/*")},
        "remembered.duckdb": 0o600,
        "warehouse.duckdb": 0o440,
    }
    assert stat.S_IMODE((firm.data / "attempts.jsonl").stat().st_mode) == 0o640
    assert {stat.S_IMODE(path.stat().st_mode) for path in (firm.data / "remembered").iterdir()} == {0o600}
    assert firm.left_over() == []


def test_every_mart_is_a_parquet_file_too_with_the_same_rows(firm):
    files = {path.stem: path for path in firm.current.glob("parquet/*.parquet")}
    names = firm.rows("select table_name from information_schema.tables where table_schema = 'marts'")
    assert set(files) == {name for (name,) in names} != set()
    for name, path in files.items():
        published = firm.rows(f'select hash(t) from marts."{name}" as t order by all')  # noqa: S608
        assert duckdb.sql(f"select hash(t) from '{path}' as t order by all").fetchall() == published  # noqa: S608


def test_the_published_file_holds_tables_with_their_words_and_nothing_else(firm):
    kinds = firm.rows("select distinct table_schema, table_type from information_schema.tables order by 1")
    assert kinds == [("canonical", "BASE TABLE"), ("marts", "BASE TABLE")]
    assert firm.rows("select count(*) from duckdb_indexes()") == [(0,)]
    assert firm.rows("select comment from duckdb_tables() where table_name = 'revenue'") == [
        ("One row per customer. It's what they bought.",)
    ]
    assert firm.rows(
        "select comment from duckdb_columns() where table_name = 'orders' and column_name = 'net_amount'"
    ) == [("What it is worth.",)]
    assert firm.rows("select tags['storage_version'] from duckdb_databases() where path is not null") == [("v1.5.0+",)]


def test_measures_and_tests_are_published_in_words(firm):
    assert firm.rows("select measure, mart, expression, unit from marts.measures") == [
        ("revenue", "revenue", "sum(revenue_amount)", "money")
    ]
    told = dict(firm.rows("select sentence, status from marts.test_results"))
    assert told["No order is worth less than nothing"] == "pass"
    assert told["orders.order_key is never empty"] == "pass"


def test_of_sixty_flipped_bits_in_a_new_file_none_is_published(firm, tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes((firm.current / "warehouse.duckdb").read_bytes())
    known = publish.manifest(firm.current)
    whole = path.read_bytes()
    for seed in range(60):
        flip_bit(path, seed)
        with pytest.raises(GateFailed):
            warehouse_file.scan(path, known["tables"], known["files"]["warehouse.duckdb"]["sha256"])
        path.write_bytes(whole)
    warehouse_file.scan(path, known["tables"], known["files"]["warehouse.duckdb"]["sha256"])


@pytest.mark.parametrize("deed", ["flip:1", "flip:2", "stranger"])
def test_a_new_file_that_changed_before_it_was_published_is_refused(tmp_path, deed):
    firm = copy_of("built", tmp_path)
    ended = firm.run("publish", at="written", do=deed)
    assert ended.code == 6, ended.said
    assert "nothing was published" in ended.last
    assert firm.is_whole()
    assert firm.orders() == expected_orders(40)


@pytest.mark.parametrize("name", ["warehouse.duckdb", "landing/shop.duckdb", "remembered.duckdb"])
def test_a_damaged_published_file_is_found_and_rolled_back(firm, name):
    before, damaged = firm.generations.all()[-2:]
    flip_bit(damaged / name, seed=5)
    checked = firm.run("health")
    assert checked.code == 6
    assert f"{damaged.name}/{name} is damaged" in checked.said
    back = firm.run("rollback")
    assert back.code == 0, back.said
    assert firm.current == before
    assert firm.is_whole()
    assert firm.run("health").code == 0


def test_a_damaged_landing_file_is_not_copied(firm):
    flip_bit(firm.current / "landing/shop.duckdb", seed=5)
    ended = firm.run("load")
    assert ended.code == 6
    assert "landing/shop.duckdb" in ended.last
    assert "rollback" in ended.last


def test_a_stranger_s_wal_beside_the_published_file_is_named(firm):
    (firm.current / "warehouse.duckdb.wal").write_bytes(b"not ours")
    checked = firm.run("health")
    assert checked.code == 6
    assert "warehouse.duckdb.wal was not put there by a refresh" in checked.said


def test_rolled_back_twice_there_is_nothing_left_to_go_back_to(firm):
    assert firm.run("rollback").code == 0
    assert firm.orders() == []
    ended = firm.run("rollback")
    assert ended.code == 6
    assert "no whole older generation" in ended.last
    assert [line["outcome"] for line in attempts.read(firm.data)][-1] == "rolled_back"


def test_the_next_attempt_sorts_after_every_earlier_one_though_the_clock_went_back(tmp_path):
    future = "000007-20991231T235959Z"
    started = attempts.start(tmp_path, date(2026, 1, 1), [future])
    assert started.refresh_id > future
    attempts.append(tmp_path, started.line(0, "published", None))
    [line] = attempts.read(tmp_path)
    assert line["ended_at"] >= line["started_at"]


def test_a_half_written_line_is_passed_over_and_does_not_spoil_the_next(tmp_path):
    (tmp_path / "attempts.jsonl").write_text('{"refresh_id": "000001-x"}\n{"refresh_id": "0000')
    attempts.append(tmp_path, {"refresh_id": "000003-x"})
    assert [line["refresh_id"] for line in attempts.read(tmp_path)] == ["000001-x", "000003-x"]


HOLDER = """
import sys, time
from pathlib import Path
from pipelines import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_refresh_ends_at_once_and_a_dead_holder_blocks_nobody(firm):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, firm.data], stdout=subprocess.PIPE, cwd=HERE.parent)
    holder.stdout.readline()
    started = time.monotonic()
    ended = firm.run("refresh")
    assert ended.code == 3, ended.said
    assert time.monotonic() - started < 15
    assert f"(process {holder.pid})" in ended.last
    assert firm.left_over() == []
    with pytest.raises(Locked), lock.held(firm.data):
        pass
    holder.kill()
    holder.communicate()
    with lock.held(firm.data):
        pass


READER = """
import sys, time
from pathlib import Path
from tests.test_publish import reading
mistakes, last = [], 0
until = time.monotonic() + 120
while not Path(sys.argv[2]).exists() and time.monotonic() < until:
    last = reading(last, mistakes)
print(mistakes, last)
"""


def reading(last: int, mistakes: list) -> int:
    """One rerun of a page: the pointer is resolved, two tables are asked, both must be of one generation."""
    [(orders, revenue)] = warehouse.query(
        "select (select max(number) from canonical.orders), (select max(number) from marts.revenue)"
    ).rows()
    if orders != revenue or orders < last:
        mistakes.append((last, orders, revenue))
    return max(orders, last)


def numbered(generations: Generations, number: int) -> str:
    """A finished folder of a generation whose every row says its number."""
    name = f"{number:06d}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    building = generations.building(name)
    building.mkdir()
    with closing(duckdb.connect(str(building / "warehouse.duckdb"))) as connection:
        for table in ("canonical.orders", "marts.revenue"):
            connection.execute(f"create schema {table.split('.')[0]}")
            connection.execute(f"create table {table} as select {number} as number from range(1000)")  # noqa: S608
    durable.write_json(building / "manifest.json", {"refresh_id": name, "files": {}})
    return name


def test_readers_never_fail_and_never_see_two_generations_at_once_while_fifty_are_published(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    generations, done, mistakes = Generations(tmp_path), tmp_path / "done", []
    generations.prepare()
    first = numbered(generations, 1)
    publish.publish(generations, generations.building(first), first)
    seen = [0] * READERS["threads"]
    stop = threading.Event()

    def read(position: int) -> None:
        while not stop.is_set():
            try:
                seen[position] = reading(seen[position], mistakes)
            except Exception as error:
                mistakes.append(repr(error))

    threads = [threading.Thread(target=read, args=[position]) for position in range(READERS["threads"])]
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(HERE.parent)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, tmp_path, done], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(READERS["processes"])
    ]
    for thread in threads:
        thread.start()
    for number in range(2, 52):
        name = numbered(generations, number)
        before = generations.current()
        publish.publish(generations, generations.building(name), name)
        publish.drop_old(generations, before)
    newest = reading(0, mistakes)
    time.sleep(0.5)
    stop.set()
    done.touch()
    for thread in threads:
        thread.join()
    assert mistakes == []
    assert newest == 51
    assert seen == [51] * READERS["threads"]
    for process in processes:
        assert process.communicate(timeout=60)[0].strip() == "[] 51"
    assert len(generations.all()) == publish.KEPT


def test_a_publication_survives_messages_that_fail(tmp_path):
    """This firm has no measures to watch and a digest that names nobody, so that both commands fail."""
    firm = copy_of("built", tmp_path)
    (firm.data / "company").mkdir(exist_ok=True)
    rule = "{name: Revenue, measure: revenue, above: 1, to: director@firm.pl}"
    (firm.data / "company/alerts.yml").write_text(f"rules: [{rule}]\n")
    (firm.data / "company/digest.yml").write_text("recipients: nobody\n")
    ended = firm.run("publish", SMTP__HOST="127.0.0.1", SMTP__FROM="figures@firm.pl")
    assert ended.code == 0 and "with code 0" in ended.said
    told = [line for line in ended.said.splitlines() if line.startswith(("  alerts: ", "  digest: "))]
    assert told[0].startswith("  alerts: code 1, Something unexpected happened")
    assert told[1] == "  digest: code 2, digest.yml: it must say `recipients:` and below it a list, and nothing else."
    assert len(told) == 2 and firm.is_whole()
