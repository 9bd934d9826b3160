"""enova365's database: what changed is told by the database's own number, what is nobody's business stays there."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.sql.database import Database
from pipelines.sql.dialects import Sqlite
from tests.enova365_records import declared, table
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed
from tests.sql_server import answering_from

pytestmark = pytest.mark.long
TOMORROW = TODAY + timedelta(days=1)
AS_READ = {"sweep_days": "30", "overlap_entries": "0"}


@pytest.fixture
def customers(tmp_path, monkeypatch):
    """Seven customers, numbered 1000 to 1006 by their last change, three to a question."""
    with at_work("enova365", served(), tmp_path, monkeypatch, "kontrahenci", page_rows=3) as source:
        yield source


def served(rows: int = 7, **fields: list) -> dict[str, pl.DataFrame]:
    return {"Kontrahenci": table(declared("Kontrahenci"), rows, **fields)}


def questions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple]]:
    asked = []
    ask = Database.ask

    def listening(self, entity, question, given=()):
        asked.append((question, tuple(given)))
        return ask(self, entity, question, given)

    monkeypatch.setattr(Database, "ask", listening)
    return asked


def altered(source: SourceAtWork, monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """The database as another installation keeps it."""
    laid_down = source.sandbox.settings

    def otherwise(system: str) -> dict[str, str]:
        told = laid_down(system)
        with closing(sqlite3.connect(told["base_url"].removeprefix("sqlite://"))) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return told

    monkeypatch.setattr(source.sandbox, "settings", otherwise)


def names(source: SourceAtWork) -> list[str]:
    return [name for (name,) in source.rows("select nazwa from raw.kontrahenci order by id")]


def edited(source: SourceAtWork, row: int, stamp: int, name: str) -> None:
    before = source.sandbox.records.table("enova365", "Kontrahenci").frame
    source.sandbox.records = {"enova365": {"Kontrahenci": changed(before, row, Stamp=stamp, Nazwa=name)}}


@pytest.mark.parametrize("column", ["Stamp", "Wersja"])
def test_only_what_the_database_numbered_since_is_read_whatever_the_column_is_called(customers, monkeypatch, column):
    altered(customers, monkeypatch, f"alter table Kontrahenci rename column Stamp to {column}")
    customers.load()
    edited(customers, 2, 2_000, "New")
    asked = questions(monkeypatch)
    result = customers.load(**AS_READ)
    assert names(customers)[2] == "New" and result.rows["kontrahenci"] == 2
    ((question, given),) = [one for one in asked if "from [Kontrahenci]" in one[0]]
    assert f"[{column}] >= ?" in question and given == (1_006,)


def test_a_table_that_has_no_such_column_is_read_in_full_and_says_so(customers, monkeypatch):
    altered(customers, monkeypatch, "alter table Kontrahenci drop column Stamp")
    customers.load()
    edited(customers, 2, 0, "New")
    result = customers.load(**AS_READ)
    assert names(customers)[2] == "New" and result.rows["kontrahenci"] == 7
    told = "read in full each time: no column of its table is a rowversion"
    assert customers.rows("select is_fed, note from raw.coverage") == [(True, told)]


def test_what_somebody_was_still_writing_is_read_again(customers, monkeypatch):
    monkeypatch.setattr(Sqlite, "written", "select 1003")
    customers.load()
    # Written under a number that others had passed by the time it was there to be read.
    edited(customers, 0, 1_004, "Late")
    customers.load(**AS_READ)
    assert names(customers)[0] == "Late"


def test_purchases_wages_and_stock_of_closed_periods_stay_there(tmp_path, monkeypatch):
    of_what = [*["DokHandlowe"] * 3, "Skladki"]
    records = {
        "DokHandlowe": table(declared("DokHandlowe"), 4, Kategoria=[2, 4, 302, 102]),
        "PozycjeDokHan": table(declared("PozycjeDokHan"), 4, Dokument=[1, 2, 3, 4]),
        "Platnosci": table(declared("Platnosci"), 4, Dokument=[1, 2, 1, 1], DokumentType=of_what),
        "Zaplaty": table(declared("Zaplaty"), 2, PodmiotType=["Kontrahenci", "Pracownicy"]),
        "OkresyMag": table(declared("OkresyMag"), 2, Zamkniety=[True, False]),
        "Zasoby": table(declared("Zasoby"), 3, Okres=[1, 2, 2], PartiaTyp=[1, 1, 2]),
    }  # fmt: skip
    read = "dok_handlowe pozycje_dok_han platnosci zaplaty okresy_mag zasoby"
    with at_work("enova365", records, tmp_path, monkeypatch, read) as source:
        source.load()
        found = {name: source.keys(name) for name in read.split()}
    assert found == {
        "dok_handlowe": [1, 3], "pozycje_dok_han": [1, 3], "platnosci": [1, 3], "zaplaty": [1], "okresy_mag": [1, 2],
        "zasoby": [2],
    }  # fmt: skip


def test_without_periods_nothing_tells_which_stock_is_todays_and_the_rest_is_read(tmp_path, monkeypatch):
    records = {"Towary": table(declared("Towary"), 2), "Zasoby": table(declared("Zasoby"), 2)}
    with at_work("enova365", records, tmp_path, monkeypatch, "towary zasoby okresy_mag") as source:
        source.load()
        found = source.rows("select entity, is_fed, reason from raw.coverage order by entity")
    assert found == [("okresy_mag", False, "not_there"), ("towary", True, None), ("zasoby", False, "not_there")]


def test_of_a_firms_own_fields_only_those_that_are_named_are_read(tmp_path, monkeypatch):
    parents = ["DokHandlowe", "DokHandlowe", "Towary", "Kontrahenci"]
    fields = {"ParentType": parents, "Name": ["Client's deal", "PESEL", "Group", "Segment"]}
    records = {"Features": table(declared("Features"), 4, **fields, Parent=[1, 1, 5, 6], Lp=0)}
    with at_work("enova365", records, tmp_path, monkeypatch, "features") as source:
        source.load()
        assert source.keys("features", "feature") == []
        source.load(deal_feature="Client's deal", category_feature="Group")
        assert source.keys("features", "feature") == ["DokHandlowe/1/Client's deal/0", "Towary/5/Group/0"]


def test_a_draft_that_was_thrown_away_is_gone_the_day_after_with_its_lines(tmp_path, monkeypatch):
    whole = {name: table(declared(name), 3, Stan=0) for name in ("DokHandlowe", "PozycjeDokHan")}
    with at_work("enova365", whole, tmp_path, monkeypatch, "dok_handlowe pozycje_dok_han", page_rows=2) as source:
        source.load()
        source.sandbox.records = {"enova365": {name: frame.filter(pl.col("ID") != 2) for name, frame in whole.items()}}
        source.load(TOMORROW)
        assert source.keys("dok_handlowe") == source.keys("pozycje_dok_han") == [1, 3]


def test_the_log_is_read_on_from_its_last_entry_and_tells_of_sales_only(tmp_path, monkeypatch):
    log = table(declared("ChangeInfos"), 4, Type=[1, 2, 5, 5], SourceTable=["DokHandlowe"] * 3 + ["Kontrahenci"])
    records = {"DokHandlowe": table(declared("DokHandlowe"), 3, Kategoria=[302, 302, 4]), "ChangeInfos": log}
    with at_work("enova365", records, tmp_path, monkeypatch, "dok_handlowe change_infos") as source:
        source.load()
        assert source.keys("change_infos") == [1]
        more = changed(log, 1, Type=11, ID=9)
        source.sandbox.records = {"enova365": records | {"ChangeInfos": more}}
        asked = questions(monkeypatch)
        source.load(**AS_READ)
        assert source.keys("change_infos") == [1, 9]
        assert [given for question, given in asked if "from [ChangeInfos]" in question] == [(1,)]


def test_a_quantity_that_is_kept_as_a_float_is_the_number_people_typed(tmp_path, monkeypatch):
    lines = table(declared("PozycjeDokHan"), 2, IloscValue=[0.1 + 0.2, 1 / 3], Dokument=1)
    records = {"DokHandlowe": table(declared("DokHandlowe"), 1), "PozycjeDokHan": lines}
    with at_work("enova365", records, tmp_path, monkeypatch, "dok_handlowe pozycje_dok_han") as source:
        source.load()
        found = source.rows("select ilosc_value from raw.pozycje_dok_han order by id")
        assert found == [(Decimal("0.3"),), (Decimal("0.333333333"),)]
        assert source.rows("select * from raw.quarantine") == []


def test_from_a_sql_server_the_same_rows_come_by_its_own_words(customers):
    ours = "select columns(lambda c: not starts_with(c, '_dlt')) from raw.kontrahenci order by all"
    customers.load()
    from_a_file = customers.rows(ours)
    told = customers.sandbox.settings("enova365")
    customers.landing.unlink()
    heard: list[str] = []
    with answering_from(Path(told["base_url"].removeprefix("sqlite://")), heard) as port:
        there = f"mssql://127.0.0.1:{port}/FIRM"
        customers.load(base_url=there)
        assert customers.rows(ours) == from_a_file and len(from_a_file) == 7
        heard.clear()
        customers.load(base_url=there, **AS_READ)
    (read,) = [question for question in heard if "from [dbo].[Kontrahenci]" in question]
    assert read.startswith("select top (3) ") and "convert(bigint, [Stamp]) >= 1006" in read
