"""What every system promises, whoever its vendor is. A new one is found by its files and held to the same."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shutil import copyfile

import duckdb
import pytest

from pipelines import sources
from pipelines.configuration import BANKS, SYSTEMS
from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.vendors import spoken
from tests.source_at_work import TODAY, SourceAtWork, at_work, known, tried

VENDORS = sorted(spoken())
ROWS = 4
TYPES = {
    "text": "VARCHAR", "bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(38,9)",
    "fraction": "DECIMAL(38,9)", "date": "DATE", "timestamp": "TIMESTAMP",
    "clarion_date": "DATE", "clarion_timestamp": "TIMESTAMP", "rowversion": "BIGINT",
}  # fmt: skip
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(params=tried(VENDORS))
def system(request) -> str:
    return request.param


@pytest.fixture
def source(system, tmp_path, monkeypatch):
    with at_work(system, known(system).records(ROWS), tmp_path, monkeypatch, page_rows=3) as source:
        yield source


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """Where the landing file of each system's first load lies."""
    return tmp_path_factory.mktemp("kept")


def first_load(source: SourceAtWork, kept: Path) -> None:
    """What the first load of these records leaves behind: made once, the same for every test that goes on from it."""
    made = kept / source.landing.name
    if made.exists():
        copyfile(made, source.landing)
        return
    source.load()
    copyfile(source.landing, made)


def streams(system: str) -> list:
    declared = import_module(f"pipelines.sources.{system}").STREAMS
    return [*declared, *(stream.lines for stream in declared if stream.lines)]


def held(source) -> dict[str, list[tuple]]:
    """Every row of every stream; what dlt and a load write about themselves is left out."""
    ours = "columns(lambda c: not starts_with(c, '_dlt'))"
    with duckdb.connect(str(source.landing), read_only=True) as connection:
        return {
            stream.name: connection.execute(f"select {ours} from raw.{stream.name} order by all").fetchall()  # noqa: S608
            for stream in streams(source.system)
        }


def test_every_system_of_the_network_has_a_stand_in_that_behaves_like_its_vendor():
    assert set(VENDORS) == {found.name for found in iter_modules(sources.__path__)} - set(BANKS) - {"files"}
    assert {*VENDORS, *BANKS, "files"} >= set(SYSTEMS)


def test_every_declared_column_is_there_in_its_declared_type_and_every_key_once(source, system, kept):
    first_load(source, kept)
    found = {(table, column): kind for table, column, kind in source.rows(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'raw'"
    )}  # fmt: skip
    for stream in streams(system):
        for column in stream.columns:
            assert found[stream.name, column.name] == TYPES[column.type], f"{stream.name}.{column.name}"
    for stream in import_module(f"pipelines.sources.{system}").STREAMS:
        if stream.key:
            key = next(column.name for column in stream.columns if column.field == stream.key)
            scope = ", company_id" if (stream.name, "company_id") in found else ""
            twice = f"select {key} from raw.{stream.name} group by {key}{scope} having count(*) > 1"  # noqa: S608
            assert source.rows(twice) == [], stream.name


def test_a_second_load_of_the_same_day_changes_no_row(source, kept):
    first_load(source, kept)
    before = held(source)
    source.load()
    assert held(source) == before and any(before.values())


def test_what_is_gone_at_the_source_is_marked_the_day_after_and_nothing_else(source, system, kept):
    first_load(source, kept)
    stream = next(
        one for one in import_module(f"pipelines.sources.{system}").STREAMS if one.name == known(system).TABLE
    )
    key = next(column.name for column in stream.columns if column.field == stream.key)
    before = source.keys(stream.name, key)
    table = source.sandbox.records.table(system, known(system).ENTITY)
    source.sandbox.records.without(system, known(system).ENTITY, table.frame[table.key[0]][0])
    source.load(TOMORROW)
    assert len(source.keys(stream.name, key)) == len(before) - 1
    gone = f"select count(*) from raw.{stream.name} where is_deleted"  # noqa: S608
    assert source.rows(gone) == [(1,)]


def counted(source) -> dict[str, int]:
    return dict(source.rows('select entity, "rows" from raw.coverage where is_fed'))


def test_a_vendor_without_a_record_makes_every_table_and_fills_them_on_a_later_day(system, tmp_path, monkeypatch):
    records = known(system).records(ROWS)
    empty = {name: frame.clear() for name, frame in records.items()}
    for name in ("empty", "never_empty"):
        (tmp_path / name).mkdir()
    with at_work(system, empty, tmp_path / "empty", monkeypatch) as source:
        source.load()
        made = counted(source)
        assert made.keys() == {stream.name for stream in streams(system)} and set(made.values()) == {0}
        source.sandbox.records = {system: records}
        source.load(TOMORROW)
        with at_work(system, records, tmp_path / "never_empty", monkeypatch) as other:
            other.load(TOMORROW)
            assert counted(source) == counted(other)
        assert counted(source)[known(system).TABLE] == ROWS
        assert held(source) == held(other)


def test_a_load_that_was_cut_off_goes_on_the_next_time_and_is_the_same_as_one_that_was_not(
    source, system, tmp_path, monkeypatch, kept
):
    source.sandbox.faults = [Fault("500", entity=known(system).ENTITY, on=2, times=3)]
    with pytest.raises(SourceFailed, match="gave up"):
        source.load()
    source.load()
    other = tmp_path / "undisturbed"
    other.mkdir()
    with at_work(system, known(system).records(ROWS), other, monkeypatch, page_rows=3) as undisturbed:
        first_load(undisturbed, kept)
        assert held(source) == held(undisturbed)


@pytest.mark.long
def test_what_comes_day_by_day_is_the_same_as_all_of_it_at_once(system, tmp_path, monkeypatch):
    records = known(system).records(ROWS)
    for name in ("daily", "at_once"):
        (tmp_path / name).mkdir()
    # Everybody's lists of stages, users and the like are there from the first day on.
    half = {name: frame.head(ROWS // 2) if name == known(system).ENTITY else frame for name, frame in records.items()}
    with at_work(system, half, tmp_path / "daily", monkeypatch, page_rows=3) as daily:
        daily.load()
        before = counted(daily)[known(system).TABLE]
        daily.sandbox.records = {system: records}
        daily.load(TOMORROW)
        with at_work(system, records, tmp_path / "at_once", monkeypatch, page_rows=3) as at_once:
            at_once.load(TOMORROW)
            assert held(daily) == held(at_once)
        assert before < counted(daily)[known(system).TABLE] == ROWS
