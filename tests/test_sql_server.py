"""Microsoft SQL Server: what it says by numbers, how it is asked, and its driver against a server of its protocol."""

from pathlib import Path

import pytest

from pipelines.failures import Absent, Broken, SourceFailed, Unavailable, UnknownField
from pipelines.source_options import Options
from pipelines.sql.database import connected
from pipelines.sql.dialects import Refused, SqlServer
from tests.comarch_xl_records import declared, table
from tests.source_at_work import at_work
from tests.sql_server import answering_from, turning_away


@pytest.fixture
def customers(tmp_path, monkeypatch):
    rows = {"KntKarty": table(declared("KntKarty"), 7)}
    with at_work("comarch_xl", rows, tmp_path, monkeypatch, "knt_karty", page_rows=3) as source:
        yield source


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
