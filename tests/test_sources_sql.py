"""A database as a source: what it lacks or refuses is told, what breaks is asked anew, nothing is ever written."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
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
from tests.sql_server import answering_from, turning_away

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
    _, second = entities(vendor)
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


def older(source: SourceAtWork, monkeypatch: pytest.MonkeyPatch, *lacking: str) -> None:
    """The database of the customers as an older version of the system keeps it."""
    laid_down = source.sandbox.settings

    def without(system: str) -> dict[str, str]:
        told = laid_down(system)
        with closing(sqlite3.connect(told["base_url"].removeprefix("sqlite://"))) as connection:
            for column in lacking:
                connection.execute(f"alter table KntKarty drop column {column}")
            connection.commit()
        return told

    monkeypatch.setattr(source.sandbox, "settings", without)


def test_a_column_that_a_version_lacks_is_empty_and_told_and_of_several_times_those_it_has_count(
    customers, monkeypatch
):
    older(customers, monkeypatch, "Knt_LastModC", "Knt_URL")
    result = customers.load()
    assert set(result.skipped) == {"knt_karty: not available: Knt_LastModC", "knt_karty: not available: Knt_URL"}
    assert customers.rows("select count(knt_url), count(last_mod), count(*) from raw.knt_karty") == [(0, 7, 7)]


def test_a_column_that_is_gone_ends_the_load(customers, monkeypatch):
    customers.load()
    older(customers, monkeypatch, "Knt_URL")
    with pytest.raises(SourceFailed, match="the field Knt_URL is gone from the source"):
        customers.load(TOMORROW)


def customers_are(source: SourceAtWork, rows: int = 7, **fields: list) -> None:
    source.sandbox.records = {"comarch_xl": {"KntKarty": table(declared("KntKarty"), rows, **fields)}}


def questions(source: SourceAtWork, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple]]:
    asked = []
    ask = Database.ask

    def listening(self, entity, question, given=()):
        asked.append((question, tuple(given)))
        return ask(self, entity, question, given)

    monkeypatch.setattr(Database, "ask", listening)
    return asked


def test_only_what_changed_is_read_again_with_an_overlap_and_never_more_than_a_batch_at_once(customers, monkeypatch):
    customers.load()
    names = [f"New {number}" for number in range(7)]
    changed = [MOMENT - 3600] * 6 + [MOMENT + 3600]
    fields = ("Knt_LastModL", "Knt_LastModO", "Knt_LastModC")
    customers_are(customers, Knt_Nazwa1=names, **dict.fromkeys(fields, changed))
    asked = questions(customers, monkeypatch)
    customers.load(sweep_days="30")
    assert customers.rows("select knt_nazwa1 from raw.knt_karty where knt_nazwa1 like 'New%'") == [("New 6",)]
    ((question, given),) = [one for one in asked if "KntKarty" in one[0] and "pragma" not in one[0]]
    # The last change is from six minutes past eight; ten minutes before it on the clock of the server.
    assert given == (MOMENT + 6 * 60 - 600,) * 3 and question.endswith("limit 3")


def test_lines_are_read_again_when_their_document_changed_though_they_do_not_say_so(tmp_path, monkeypatch):
    lines = {"TrE_TrnTStamp": [MOMENT + 60, MOMENT, MOMENT], "TrE_GIDNumer": [1, 1, 2], "TrE_GIDLp": [1, 2, 1]}
    heads = table(declared("TraNag"), 2)
    records = {"TraNag": heads, "TraElem": table(declared("TraElem"), 3, **lines)}
    with at_work("comarch_xl", records, tmp_path, monkeypatch, "tra_nag tra_elem") as source:
        source.load()
        later = heads.with_columns(TrN_LastMod=pl.Series([MOMENT, MOMENT + 7200]))
        cheaper = table(declared("TraElem"), 3, **lines, TrE_KosztKsiegowy=["1", "1", "5"])
        source.sandbox.records = {"comarch_xl": {"TraNag": later, "TraElem": cheaper}}
        source.load(sweep_days="30", overlap_minutes="0")
        found = source.rows("select gid, tr_e_koszt_ksiegowy from raw.tra_elem order by gid")
        assert found == [("1/1", Decimal("1")), ("1/2", Decimal("1.25")), ("2/1", Decimal("5"))]


def test_a_line_taken_out_of_a_document_is_gone_after_the_next_comparison_of_keys(tmp_path, monkeypatch):
    lines = table(declared("TraElem"), 3, TrE_GIDNumer=1, TrE_GIDLp=[1, 3, 7])
    records = {"TraNag": table(declared("TraNag"), 1), "TraElem": lines}
    with at_work("comarch_xl", records, tmp_path, monkeypatch, "tra_nag tra_elem", page_rows=2) as source:
        source.load()
        source.sandbox.records = {"comarch_xl": records | {"TraElem": lines.filter(pl.col("TrE_GIDLp") != 3)}}
        source.load(TOMORROW)
        assert source.keys("tra_elem", "gid") == ["1/1", "1/7"]


def test_purchases_in_the_same_tables_stay_there(tmp_path, monkeypatch):
    records = {
        "ZamNag": table(declared("ZamNag"), 4, ZaN_ZamTyp=[1280, 1152, 768, 640]),
        "ZamElem": table(declared("ZamElem"), 4),
        "TraNag": table(declared("TraNag"), 3, TrN_GIDTyp=[2033, 1521, 1489]),
    }
    with at_work("comarch_xl", records, tmp_path, monkeypatch, "zam_nag zam_elem tra_nag") as source:
        source.load()
        assert source.rows("select za_n_zam_typ from raw.zam_nag order by 1") == [(768,), (1280,)]
        assert source.rows("select za_e_gid_numer from raw.zam_elem order by 1") == [(1,), (3,)]
        assert source.rows("select tr_n_gid_typ from raw.tra_nag") == [(2033,)]


# The days that nobody has are a thousandth of the rows, and less.
MANY = 1001


def test_a_mistyped_year_is_set_aside_and_the_words_for_no_day_are_none(tmp_path, monkeypatch):
    days = [1_908_212, 0, 109_211, 999_999, 150_483] + [DAY] * (MANY - 5)
    records = {"TraNag": table(declared("TraNag"), MANY, TrN_Data2=days, TrN_GIDNumer=list(range(1, MANY + 1)))}
    with at_work("comarch_xl", records, tmp_path, monkeypatch, "tra_nag") as source:
        source.load()
        found = source.rows("select tr_n_data2 from raw.tra_nag order by tr_n_gid_numer limit 6")
        assert found == [(None,)] * 5 + [(date(2026, 1, 1),)]
        odd = source.rows("select row_key, column_name, value, reason from raw.quarantine")
        assert odd == [("1", "tr_n_data2", "1908212", "not a day of the calendar")]


def test_blanks_at_the_end_are_cut_off_and_a_number_is_read_by_its_digits(customers):
    limits = ["0.1", "12345678901.123456789", *["0"] * 5]
    customers_are(customers, Knt_Akronim="ŻÓŁW   ", Knt_MaxLimitWart=limits)
    customers.load()
    found = customers.rows("select knt_akronim, knt_max_limit_wart from raw.knt_karty order by knt_gid_numer limit 2")
    assert found == [("ŻÓŁW", Decimal("0.1")), ("ŻÓŁW", Decimal("12345678901.123456789"))]


def test_only_the_attribute_that_is_named_is_read(tmp_path, monkeypatch):
    records = {
        "Atrybuty": table(declared("Atrybuty"), 3, Atr_AtkId=[7, 8, 7]),
        "AtrybutyKlasy": table(declared("AtrybutyKlasy"), 2, AtK_ID=[7, 8], AtK_Nazwa=["Deal's number", "Colour"]),
    }
    with at_work("comarch_xl", records, tmp_path, monkeypatch, "atrybuty") as source:
        source.load()
        assert source.rows("select * from raw.atrybuty") == []
        source.load(deal_attribute="Deal's number")
        assert source.keys("atrybuty", "atr_id") == [1, 3]


# By pymssql: numbers and words as the server and the line give them.
TOLD = [
    (((18456, b"Login failed for user 'reader'.DB-Lib error message 20018"),), Refused, "its password is refused"),
    (((4060, b'Cannot open database "CDNXL"'),), Refused, "no such database"),
    ((229, b"The SELECT permission was denied on the object 'Zapisy', database 'CDNXL'"), Unavailable, "no right"),
    ((208, b"Invalid object name 'CDN.ZamHistoriaZmian'."), Absent, "no such table"),
    ((207, b"Invalid column name 'TrP_LastMod'."), UnknownField, "^TrP_LastMod$"),
    ((230, b"denied on the column 'Knt_Nip' of the object 'KntKarty'"), UnknownField, "^Knt_Nip$"),
    ((1205, b"Transaction was deadlocked"), Broken, "1205"),
    (((20004, b"Read from the server failed, 10.0.0.7:1433"),), Broken, "20004"),
    (("Connection is closed",), Broken, "no whole answer"),
    ((102, b"Incorrect syntax near 'reader'."), Refused, "^the question is refused \\(102\\)$"),
]


@pytest.mark.parametrize(("args", "kind", "words"), TOLD, ids=[str(one[0])[:12] for one in TOLD])
def test_what_sql_server_refuses_is_understood_by_its_number_and_its_words_are_not_passed_on(args, kind, words):
    meant = SqlServer().judge(Exception(*args))
    assert type(meant) is kind
    with pytest.raises(kind, match=words):
        raise meant
    assert "reader" not in str(meant) and "10.0.0.7" not in str(meant)


def test_sql_server_is_asked_in_its_own_words():
    spoken_so = SqlServer()
    there = f"from {spoken_so.table('CDN', 'TraNag')} where a >= {spoken_so.mark}"
    assert spoken_so.select("[a]", there, 100) == "select top (100) [a] from [CDN].[TraNag] where a >= %s"
    with pytest.raises(Refused):
        spoken_so.table("CDN", "TraNag] where 1 = 1 --")


# One number to a process: pymssql 2.4.6 tells a second refusal of a login by the number of the first.
def test_a_server_that_turns_the_login_away_is_asked_once_and_named_without_its_words():
    with turning_away(18456, "Login failed for user 'reader'.") as port:
        given = {"BASE_URL": f"mssql://127.0.0.1:{port}/CDNXL", "USER": "reader", "PASSWORD": "not-this-one"}
        there = connected(Options("comarch_xl", given), "CDN")
        with pytest.raises(SourceFailed) as caught:
            there.columns("TraNag")
    assert str(caught.value) == "comarch_xl, TraNag: the login or its password is refused (18456)"
    assert there.requests == 1


def test_the_same_tables_from_a_sql_server_are_the_same_rows(customers):
    customers.load()
    ours = "columns(lambda c: not starts_with(c, '_dlt'))"
    rows = f"select {ours} from raw.knt_karty order by all"  # noqa: S608
    from_a_file = customers.rows(rows)
    told = customers.sandbox.settings("comarch_xl")
    customers.landing.unlink()
    heard: list[str] = []
    with answering_from(Path(told["base_url"].removeprefix("sqlite://")), heard) as port:
        customers.load(base_url=f"mssql://127.0.0.1:{port}/CDNXL")
    assert customers.rows(rows) == from_a_file and len(from_a_file) == 7
    # Nothing but questions, none of them holding anybody up, and no more rows at once than asked for.
    said = [question for question in heard if not question.startswith(("SET ", "use "))]
    assert said[1] == "set transaction isolation level snapshot"
    assert {question.split()[0] for question in said} == {"select", "set"}
    assert len([question for question in said if question.startswith("select top (3) ")]) == 3
