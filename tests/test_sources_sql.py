"""A database as a source: what it lacks or refuses is told, what breaks is asked anew, nothing is written or given away."""

import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.failures import Absent, Broken, SourceFailed, Unavailable, UnknownField
from pipelines.sandbox.answers import CLIENT_SECRET
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.vendors import spoken
from pipelines.source_options import Options
from pipelines.sql.database import Database, connected
from pipelines.sql.dialects import Login, Refused, Sqlite, SqlServer
from tests.comarch_xl_records import DAY, MOMENT, declared, table
from tests.source_at_work import TODAY, SourceAtWork, at_work, known

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(params=sorted(spoken(("_database",))))
def vendor(request, tmp_path, monkeypatch):
    """Each vendor that is read from its database, with two tables of seven rows, three to a batch."""
    its = known(request.param)
    with at_work(request.param, its.records(7), tmp_path, monkeypatch, its.STREAMS, page_rows=3) as source:
        yield source


@pytest.fixture
def customers(tmp_path, monkeypatch):
    rows = {"KntKarty": table(declared("KntKarty"), 7)}
    with at_work("comarch_xl", rows, tmp_path, monkeypatch, "knt_karty", page_rows=3) as source:
        yield source


def trouble(source: SourceAtWork, *faults: Fault) -> None:
    source.sandbox.faults = faults


def entities(source: SourceAtWork) -> tuple[str, str]:
    """The vendor's names of the two tables: the first, and the one whose keys a test knows."""
    its = known(source.system)
    streams = {stream.name: stream.entity for stream in import_module(f"pipelines.sources.{source.system}").STREAMS}
    first, second = its.STREAMS.split()
    return streams[first], streams[second]


def everything_came(source: SourceAtWork) -> bool:
    its = known(source.system)
    return source.rows(f"select count(*) from raw.{its.TABLE} where not is_deleted") == [(7,)]  # noqa: S608


def test_a_database_that_does_not_open_ends_the_load_without_telling_a_secret(vendor):
    vendor.load()
    trouble(vendor, Fault("token_refused", entity="token", times=None))
    with pytest.raises(SourceFailed) as caught:
        vendor.load(TOMORROW)
    assert CLIENT_SECRET not in str(caught.value) and "/" not in str(caught.value)
    assert everything_came(vendor)


def test_a_table_that_may_not_be_read_is_reported_and_the_others_are_read(vendor):
    first, second = entities(vendor)
    trouble(vendor, Fault("forbidden", entity=second))
    result = vendor.load()
    assert everything_came(vendor)
    skipped = known(vendor.system).STREAMS.split()[1]
    assert result.skipped == [f"{skipped}: not available: no right to read it"]
    assert vendor.rows("select is_fed from raw.coverage where not is_fed") == [(False,)]


def test_a_table_that_everything_rests_on_and_is_not_there_ends_the_load(vendor):
    first, _ = entities(vendor)
    trouble(vendor, Fault("not_found", entity=first))
    with pytest.raises(SourceFailed, match=f"{first}: not available: this installation has no such table"):
        vendor.load()


@pytest.mark.parametrize("kind", ["500", "reset"])
def test_reading_that_breaks_off_again_and_again_is_given_up_and_goes_on_another_time(vendor, kind):
    first, _ = entities(vendor)
    trouble(vendor, Fault(kind, entity=first, on=2))
    with pytest.raises(SourceFailed, match=f"{first}: gave up after 3 attempts"):
        vendor.load()
    vendor.load()
    assert everything_came(vendor)


class Failing(Sqlite):
    """A line that breaks at some questions, counted from the first."""

    def __init__(self, breaks: set[int], error: Exception) -> None:
        self.breaks, self.error, self.asked, self.connections = breaks, error, 0, 0

    def connect(self, login: Login):
        self.connections += 1
        connection = super().connect(login)
        return SimpleNamespace(cursor=lambda: self.cursor(connection), close=connection.close)

    def cursor(self, connection: sqlite3.Connection):
        cursor = connection.cursor()

        def execute(question: str, given: tuple) -> None:
            self.asked += 1
            if self.asked in self.breaks:
                raise self.error
            cursor.execute(question, given)

        return SimpleNamespace(execute=execute, fetchall=cursor.fetchall)


def database(path: Path, dialect: Sqlite | None = None) -> Database:
    options = Options("shop", {"HTTP__BACKOFF_SECONDS": "0.01", "HTTP__ATTEMPTS": "3"})
    login = Login.at(f"sqlite://{path}", "CDN", "reader", "secret", options.limits())
    return Database("shop", dialect or Sqlite(), login)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table things (id integer primary key)")
        connection.executemany("insert into things values (?)", [(number,) for number in range(5)])
        connection.commit()
    return path


def test_a_line_that_breaks_is_made_anew_and_the_question_asked_again(file):
    dialect = Failing({2}, sqlite3.OperationalError("disk I/O error"))
    there = database(file, dialect)
    assert len(there.ask("things", "select id from things")) == 5
    assert len(there.ask("things", "select id from things")) == 5
    assert (dialect.asked, dialect.connections, there.requests) == (3, 2, 3)


def test_nothing_can_be_written_through_it(file):
    with pytest.raises(SourceFailed, match="gave up"):
        database(file).ask("things", "insert into things values (99)")
    assert len(database(file).ask("things", "select id from things")) == 5


def test_a_login_in_the_address_is_refused_before_anybody_is_asked():
    given = {"BASE_URL": "mssql://reader:secret@erp:1433/CDNXL", "USER": "reader", "PASSWORD": "secret"}
    with pytest.raises(SourceFailed, match="must not hold a login") as caught:
        connected(Options("comarch_xl", given), "CDN")
    assert "secret" not in str(caught.value)


def test_a_column_that_a_version_lacks_is_empty_and_told_and_what_it_has_of_several_times_counts(customers):
    rows = table(declared("KntKarty"), 7)
    customers.load()
    with older(customers, "Knt_LastModC", "Knt_URL"):
        result = customers.load(in_another_file(customers))
    assert set(result.skipped) == {"knt_karty: not available: Knt_LastModC", "knt_karty: not available: Knt_URL"}
    assert customers.rows("select count(knt_url), count(last_mod), count(*) from raw.knt_karty") == [(0, 7, rows.height)]


def older(source: SourceAtWork, *lacking: str):
    """The source's database as an older version of the system keeps it."""
    laid_down = source.sandbox.settings

    def without(system: str) -> dict[str, str]:
        told = laid_down(system)
        with closing(sqlite3.connect(told["base_url"].removeprefix("sqlite://"))) as connection:
            for column in lacking:
                connection.execute(f"alter table KntKarty drop column {column}")
            connection.commit()
        return told

    return pytest.MonkeyPatch.context().__class__(lambda: None) if False else replaced(source, without)


class replaced:
    def __init__(self, source: SourceAtWork, settings) -> None:
        self.source, self.settings = source, settings

    def __enter__(self) -> None:
        self.source.sandbox.settings = self.settings

    def __exit__(self, *_: object) -> None:
        del self.source.sandbox.settings


def in_another_file(source: SourceAtWork) -> datetime:
    """As when the version was older from the beginning."""
    source.landing.unlink()
    return TODAY
