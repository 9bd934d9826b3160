"""Files: what a folder of exports becomes, and what its owner is told when something in it is wrong."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines.sources.files import FilesError, read

ORDERS = "order_id,order_number,ordered_at,net_amount,requested_date\n"


@pytest.fixture
def crm(tmp_path):
    """A folder that is a system called crm, and a way to put files into it."""
    folder = tmp_path / "crm"
    folder.mkdir()

    class Folder:
        path = folder

        def has(self, name: str, content: str | bytes, encoding: str = "utf-8") -> "Folder":
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
            return self

        def rows(self, entity: str, *columns: str) -> list[tuple]:
            return read(folder, "Europe/Warsaw").tables[entity].select(columns).rows()

        def complaint(self) -> str:
            with pytest.raises(FilesError) as error:
                read(folder, "Europe/Warsaw")
            return str(error.value)

    return Folder()


# What is read


def test_a_file_named_after_an_entity_feeds_it_with_the_contracts_types(crm):
    crm.has("orders.csv", ORDERS + '007,A/1,2026-01-05 12:30,"1 234.50",2026-02-01\n008,A/2,2026-07-05,,\n')
    assert crm.rows("orders", "order_id", "order_number", "ordered_at", "net_amount", "requested_date") == [
        ("007", "A/1", datetime(2026, 1, 5, 11, 30), Decimal("1234.50"), date(2026, 2, 1)),
        ("008", "A/2", datetime(2026, 7, 4, 22, 0), None, None),
    ]


def test_every_row_knows_its_file_and_record(crm):
    crm.has("orders.csv", 'order_id,order_number,hold_reason\n1,A,"two\nlines"\n\n2,B,\n')
    assert crm.rows("orders", "order_id", "_file", "_line", "is_deleted") == [
        ("1", "orders.csv", 2, False),
        ("2", "orders.csv", 4, False),
    ]


def test_an_entity_nobody_feeds_is_empty_typed_and_not_fed(crm):
    crm.has("people.csv", "person_id,name\n")
    load = read(crm.path)
    fed = {row["entity"]: row["is_fed"] for row in load.coverage.to_dicts()}
    assert fed["people"] and not fed["payments"]
    assert load.tables["people"].height == load.tables["payments"].height == 0
    assert load.tables["payments"].schema["amount"] == pl.Decimal(18, 2)


def test_names_are_case_insensitive(crm):
    crm.has("Orders.CSV", "Order_ID,ORDER_NUMBER\n1,A\n")
    assert crm.rows("orders", "order_id", "order_number") == [("1", "A")]


def test_columns_outside_the_contract_and_other_files_are_reported_not_loaded(crm):
    crm.has("orders.csv", "order_id,order_number,mood\n1,A,good\n").has("notes.txt", "hello").has("~$orders.xlsx", b"")
    load = read(crm.path)
    assert "mood" not in load.tables["orders"].columns
    assert "orders.csv: not in the contract, so not loaded: mood." in load.reported
    assert "Not read, being neither a table nor a select: notes.txt, ~$orders.xlsx." in load.reported


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12,30", "12.30"), ("1 234,5", "1234.50"), ("-7", "-7.00"), (",5", "0.50"), ("1,500", "1.50")],
)
def test_a_decimal_comma_is_honoured(crm, written, meant):
    crm.has("files.toml", 'delimiter = ";"\ndecimal_mark = ","\n')
    crm.has("orders.csv", f"order_id;order_number;net_amount\n1;A;{written}\n")
    assert crm.rows("orders", "net_amount") == [(Decimal(meant),)]


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1250", "Łódź sp. z o.o."), ("cp1251", "Ромашка"), ("utf-16", "Żuk")]
)
def test_each_file_may_have_its_own_encoding(crm, encoding, name):
    crm.has("files.toml", f'[files.accounts]\nencoding = "{encoding}"\n')
    crm.has("accounts.csv", f"account_id,name\n1,{name}\n", encoding).has("people.csv", "person_id,name\n1,Zażółć\n")
    assert crm.rows("accounts", "name") == [(name,)]
    assert crm.rows("people", "name") == [("Zażółć",)]


def test_words_for_nothing_are_nothing(crm):
    crm.has("files.toml", 'nothing = ["brak", "-"]\n')
    crm.has("accounts.csv", "account_id,name,tax_id,city,created_at\n1,A,Brak,-,brak\n")
    assert crm.rows("accounts", "tax_id", "city", "created_at") == [(None, None, None)]


def test_the_systems_currency_fills_what_the_rows_do_not_say(crm):
    crm.has("files.toml", 'currency = "PLN"\n')
    crm.has("orders.csv", "order_id,order_number,currency_code\n1,A,EUR\n2,B,\n").has("quotes.csv", "quote_id\n1\n")
    assert crm.rows("orders", "currency_code") == [("EUR",), ("PLN",)]
    assert crm.rows("quotes", "currency_code") == [("PLN",)]


def test_json_lines_keep_numbers_as_they_are_written(crm):
    crm.has(
        "orders.jsonl",
        '{"order_id": 7, "order_number": "A", "net_amount": 0.10}\n\n{"order_id": "8", "order_number": "B"}\n',
    )
    assert crm.rows("orders", "order_id", "net_amount", "_line") == [("7", Decimal("0.10"), 1), ("8", None, 3)]


def test_a_gzipped_file_is_read_like_the_file(crm):
    crm.has("orders.csv.gz", gzip.compress(b"order_id,order_number\n1,A\n", mtime=0))
    assert crm.rows("orders", "order_id", "_file") == [("1", "orders.csv.gz")]


def test_a_parquet_file_keeps_its_types_and_its_doubles_lose_their_noise(crm):
    pl.DataFrame(
        {"order_id": [1], "order_number": ["A"], "net_amount": [0.1 + 0.2], "ordered_at": [datetime(2026, 1, 5)]}
    ).write_parquet(crm.path / "orders.parquet")
    assert crm.rows("orders", "order_id", "net_amount", "ordered_at", "_line") == [
        ("1", Decimal("0.30"), datetime(2026, 1, 4, 23), 1)
    ]


def workbook(path: Path, sheets: dict[str, list[list]]) -> None:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


def test_an_excel_sheet_is_read_as_text_by_its_own_row_numbers(crm):
    title, blank = ["Orders of 2026"], []
    header = ["order_id", "order_number", "ordered_at", "net_amount"]
    rows = [["007", 12, datetime(2026, 1, 5), 0.1], blank, ["8", 13, None, 1234.5]]
    workbook(crm.path / "orders.xlsx", {"Cover": [["nothing here"]], "Data": [title, blank, header, *rows]})
    crm.has("files.toml", '[files.orders]\nsheet = "Data"\nheader_row = 3\n')
    assert crm.rows("orders", "order_id", "order_number", "ordered_at", "net_amount", "_line") == [
        ("007", "12", datetime(2026, 1, 4, 23), Decimal("0.10"), 4),
        ("8", "13", None, Decimal("1234.50"), 6),
    ]


def test_further_sheets_of_a_workbook_are_tables_for_the_selects(crm):
    workbook(crm.path / "book.xlsx", {"First": [["a"], ["1"]], "Second": [["b"], ["2"]]})
    crm.has("people.sql", 'select a as person_id, b as name from book, "book.Second"')
    assert crm.rows("people", "person_id", "name") == [("1", "2")]


# Selects


def test_one_flat_export_can_feed_several_entities(crm):
    crm.has("export.csv", "Nr;Poz;Data;Firma;Ile;Kwota\nZ/1;1;31.12.2025;Żuk;2;10,50\nZ/1;2;31.12.2025;Żuk;1;0,99\n")
    crm.has("files.toml", 'delimiter = ";"\ndecimal_mark = ","\n')
    crm.has("_lines.sql", "select *, strptime(data, '%d.%m.%Y') as day from export;")
    crm.has(
        "orders.sql", "select nr as order_id, nr as order_number, any_value(day) as ordered_at from _lines group by nr"
    )
    crm.has(
        "order_lines.sql",
        "select nr || poz as order_line_id, nr as order_id, ile as quantity,"
        " kwota as net_amount, _file, _line from _lines",
    )
    assert crm.rows("orders", "order_id", "ordered_at", "_file", "_line") == [
        ("Z/1", datetime(2025, 12, 30, 23), "orders.sql", None)
    ]
    assert crm.rows("order_lines", "order_line_id", "net_amount", "_file", "_line") == [
        ("Z/11", Decimal("10.50"), "export.csv", 2),
        ("Z/12", Decimal("0.99"), "export.csv", 3),
    ]


def test_a_select_wins_over_a_file_of_its_name_and_may_read_it(crm):
    crm.has("people.csv", "who\nAnna\n").has("people.sql", "select who as person_id, upper(who) as name from people")
    assert crm.rows("people", "person_id", "name") == [("Anna", "ANNA")]


def test_views_may_rest_on_each_other_in_any_order(crm):
    crm.has("raw.csv", "x\n1\n").has("_a.sql", "select x + 1 as x from _b").has("_b.sql", "select x::int as x from raw")
    crm.has("people.sql", "select x as person_id, 'n' as name from _a -- the end")
    assert crm.rows("people", "person_id") == [("2",)]


def test_the_data_may_lie_apart_and_its_sql_is_not_ours(crm, tmp_path, monkeypatch):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "staff.csv").write_text("who\nAnna\n")
    (tmp_path / "exports" / "truth.sql").write_text("drop table x")
    crm.has("people.sql", "select who as person_id, who as name from staff")
    monkeypatch.setenv("EXPORTS", str(tmp_path))
    for place in ("../exports", "$EXPORTS/exports"):
        crm.has("files.toml", f'data = "{place}"\n')
        assert crm.rows("people", "person_id") == [("Anna",)]


@pytest.mark.parametrize(
    "sql",
    [
        "select content as person_id, 'x' as name from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select file as person_id, 'x' as name from glob('/etc/*')",
        "attach '/tmp/other.duckdb'",
        "copy (select 1) to '/tmp/out.csv'",
        "set enable_external_access = true",
        "install httpfs",
        "select * from frame",
        "select 1 as person_id; select 2",
        "create table x as select 1",
    ],
)
def test_a_select_reaches_nothing_but_the_folders_tables(crm, sql):
    frame = pl.DataFrame({"person_id": ["python"], "name": ["variable"]})
    complaint = crm.has("people.sql", sql).complaint()
    assert "people.sql" in complaint and frame.height == 1
    assert "root:" not in complaint and "Traceback" not in complaint


# Patterns, and files that change


def test_a_file_pattern_accumulates_and_the_later_file_wins(crm):
    crm.has("orders_2025.csv", "order_id,order_number\n1,old\n2,B\n").has(
        "orders_2026.csv", "order_id,order_number\n1,new\n"
    )
    load = read(crm.path)
    assert load.tables["orders"].select("order_id", "order_number").sort("order_id").rows() == [
        ("1", "new"),
        ("2", "B"),
    ]
    assert load.accumulating == {"orders"}
    assert read(crm.has("people.csv", "person_id,name\n").path).accumulating == {"orders"}


def test_a_pattern_named_in_files_toml_is_one_table_for_the_selects(crm):
    crm.has("files.toml", '[files."sales_*.csv"]\ndelimiter = ";"\n')
    crm.has("sales_01.csv", "nr;who\n1;A\n").has("sales_02.csv", "nr;who\n2;B\n")
    crm.has("people.sql", "select nr as person_id, who as name, _file, _line from sales")
    assert crm.rows("people", "person_id", "_file") == [("1", "sales_01.csv"), ("2", "sales_02.csv")]


def test_an_unchanged_folder_is_not_read_again_and_any_change_is(crm):
    crm.has("orders.csv", "order_id,order_number\n1,A\n")
    first = read(crm.path).fingerprint
    assert read(crm.path, known=first) is None
    (crm.path / "orders.csv").touch()
    assert read(crm.path, known=first) is None
    for name, content in {
        "orders.csv": "order_id,order_number\n1,B\n",
        "files.toml": 'currency = "PLN"',
        "people.sql": "select 1 as person_id, 'x' as name",
        "_view.sql": "select 1 as x",
    }.items():
        again = read(crm.has(name, content).path, known=first)
        assert again is not None and again.fingerprint != first
        first = again.fingerprint
    assert read(crm.path, "Europe/Moscow", known=first) is not None


# What stops a load, and what is said then


def test_a_broken_date_is_named_by_file_line_column_and_value(crm):
    crm.has(
        "orders.csv", ORDERS + "1,A,2026-01-01,1,2026-01-09\n2,B,2026-01-02,1,31.12.2026\n3,C,2026-01-02,1,2026-02-30\n"
    )
    assert crm.complaint() == (
        "orders.csv, line 3, column requested_date: '31.12.2026' is not a date (and 1 more in this column). "
        "Write it like 2026-12-31, or make it in orders.sql: strptime(requested_date, '%d.%m.%Y')."
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("net_amount", "12,30", "line 2, column net_amount: '12,30' is not a number"),
        ("net_amount", "1.234.5", "'1.234.5' is not a number"),
        ("net_amount", "NaN", "'NaN' is not a number"),
        ("net_amount", "1e3", "'1e3' is not a number"),
        ("net_amount", "1.005", "'1.005' has more than 2 decimals"),
        ("net_amount", "12345678901234567.00", "is not a number of at most 16 digits"),
        ("ordered_at", "yesterday", "'yesterday' is not a date and time"),
        ("ordered_at", "2026-02-29", "'2026-02-29' is not a date and time"),
        ("ordered_at", "2026-03-29 02:30", "is a time the clocks skipped in Europe/Warsaw"),
        ("requested_date", "2026-01-05 13:00", "'2026-01-05 13:00' is not a date"),
        ("is_cancelled", "maybe", "'maybe' is neither true nor false"),
    ],
)
def test_a_value_that_is_not_of_its_type_stops_the_load(crm, column, value, said):
    crm.has("orders.csv", f'order_id,order_number,{column}\n1,A,"{value}"\n')
    assert said in crm.complaint()


def test_a_word_the_contract_does_not_know_is_an_error_and_not_a_deal_that_counts_nowhere(crm):
    crm.has("deals.csv", "deal_id,status\n1,won\n2,Won\n")
    assert crm.complaint() == (
        "deals.csv, line 3, column status: 'Won' is not one of open, won, lost. "
        "Turn the system's words into these in deals.sql."
    )


def test_a_missing_required_column_is_named_with_the_columns_there_are(crm):
    crm.has("orders.csv", "order_key,order_number\n1,A\n")
    assert crm.complaint() == (
        "orders.csv, column order_id: orders need it, and it is not there. "
        "It has: order_key, order_number. Name the column so, or write orders.sql that selects it."
    )


def test_the_wrong_delimiter_is_recognised(crm):
    assert "set delimiter in files.toml" in crm.has("orders.csv", "order_id;order_number\n1;A\n").complaint()


def test_a_missing_optional_column_is_empty(crm):
    crm.has("orders.csv", "order_id,order_number\n1,A\n")
    assert crm.rows("orders", "channel", "net_amount", "ordered_at") == [(None, None, None)]


def test_a_duplicate_key_is_named_with_both_lines(crm):
    crm.has("orders.csv", "order_id,order_number\n1,A\n2,B\n1,C\n")
    assert "orders.csv, line 4, column order_id: '1' stands there more than once, first on line 2" in crm.complaint()


def test_an_empty_key_is_an_error(crm):
    crm.has("orders.csv", "order_id,order_number\n1,A\n ,B\n")
    assert "orders.csv, line 3, column order_id" in crm.complaint() and "is empty" in crm.complaint()


def test_a_wrong_encoding_is_named_by_line_column_and_value(crm):
    crm.has("accounts.csv", "account_id,name\n1,Alfa\n2,Łódź\n", "cp1250")
    complaint = crm.complaint()
    assert "accounts.csv, line 3, column name" in complaint and "is not utf-8" in complaint
    assert 'encoding = "cp1250"' in complaint


def test_utf8_declared_as_something_else_is_not_mangled(crm):
    crm.has("files.toml", 'encoding = "cp1250"').has("accounts.csv", "account_id,name\n1,Łódź\n")
    assert "accounts.csv: is utf-8, but files.toml says cp1250" in crm.complaint()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("orders.csv", b"order_id,order_number\n1,A\n2\n", "line 3: has 1 values where the header has 2 columns"),
        ("orders.csv", b"order_id,order_number\n1,A,B\n", "line 2: has 3 values where the header has 2 columns"),
        ("orders.csv", b'order_id,order_number\n1,A\n2,"B\n', "line 3: has a quote that is never closed"),
        ("orders.csv", b"", "orders.csv: has no header"),
        ("orders.csv", b"Order_Id,order_id,order_number\n1,1,A\n", "Order_Id and order_id are one name"),
        ("orders.csv", b"order_id,order_number,_line\n1,1,A\n", "_line is a name of ours"),
        ("orders.csv", "order_id\n1\n".encode("utf-16-le"), "Is it utf-16?"),
        ("orders.csv.gz", b"not gzip", "is not a whole gz file"),
        ("orders.csv.gz", gzip.compress(b"order_id\n1\n", mtime=0)[:-6], "is not a whole gz file"),
        ("orders.parquet", b"PAR1 cut off", "is not a whole Parquet file"),
        ("orders.xlsx", b"not a workbook", "is not a workbook Excel could open"),
        ("orders.jsonl", b'{"order_id": "1"}\n{broken\n', "line 2: is not JSON"),
        ("orders.jsonl", b"[1]\n", "line 1: '[1]' is not an object"),
        ("files.toml", b"currency = PLN", "files.toml: cannot be read"),
        ("files.toml", b'colour = "red"', "files.toml: 'colour' is not a setting"),
        ("files.toml", b'[files.orders]\nencodign = "cp1250"', "'encodign' is not a setting of a file"),
        ("files.toml", b'encoding = "cp99999"', "'cp99999' is not a known encoding"),
        ("files.toml", b'delimiter = ";;"', "is not one character"),
        ("files.toml", b'time_zone = "Warsaw"', "'Warsaw' is not a time zone"),
        ("files.toml", b'currency = "zloty"', "'zloty' is not a currency code"),
        ("files.toml", b'data = "$NO_SUCH_PLACE/x"', "needs NO_SUCH_PLACE, which is not set"),
        ("files.toml", b'data = "../nowhere"', "'../nowhere' is not a folder"),
        ("order.sql", b"select 1", "order.sql: is neither an entity of the contract nor a view (_name.sql)"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_file_and_the_place(crm, name, content, said):
    complaint = crm.has(name, content).complaint()
    assert complaint.startswith(name) and said in complaint


def test_two_files_of_one_stem_are_an_error_that_names_both(crm):
    complaint = crm.has("orders.csv", "order_id,order_number\n").has("Orders.jsonl", "").complaint()
    assert "orders.csv" in complaint and "Orders.jsonl" in complaint and "Rename or remove one" in complaint


def test_an_excel_error_cell_is_not_taken_for_an_empty_one(crm):
    book = xlsxwriter.Workbook(crm.path / "orders.xlsx")
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["order_id", "order_number", "net_amount"])
    sheet.write_row(1, 0, ["1", "A"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    assert "orders.xlsx, line 2: has an error in the sheet Data" in crm.complaint()


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(crm):
    workbook(crm.path / "orders.xlsx", {"Data": [["order_id"]]})
    complaint = crm.has("files.toml", '[files.orders]\nsheet = "Dane"\n').complaint()
    assert "orders.xlsx: has no sheet 'Dane'. Its sheets: Data." in complaint


def test_a_value_a_select_cannot_cast_is_named_by_column_value_and_key(crm):
    rows = "".join(f"{n},{'2026-01-0' + str(n % 9 + 1)}\n" for n in range(100, 5000))
    crm.has("export.csv", "id,day\n" + rows.replace("4321,2026-01-02", "4321,31/12/2026"))
    crm.has(
        "orders.sql",
        "select id as order_id, id as order_number, cast(day as date) as ordered_at, _file, _line from export",
    )
    complaint = crm.complaint()
    assert "orders.sql, column ordered_at, key 4321 (export.csv, line 4223): '31/12/2026'" in complaint


def test_a_value_a_select_passes_on_unread_is_named_by_column_value_and_key(crm):
    crm.has("export.csv", "id,day,amount\n1,2026-01-01,5\n2,2026-01-02,five\n")
    crm.has("orders.sql", "select id as order_id, id as order_number, amount as net_amount, _file, _line from export")
    assert "orders.sql, column net_amount, key 2 (export.csv, line 3): 'five' is not a number" in crm.complaint()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("selec 1", "people.sql: does not run: Parser Error"),
        ("select nope as person_id from staff", 'column "nope" not found'),
        ("select 1 as person_id, 2 as person_id, 'x' as name", "column person_id: gives this column twice"),
        ("select who as person_id from staff", "people.sql, column name: people need it"),
        ("select who as person_id, who as name from staff where cast(who as int) > 1", "Could not convert string"),
        ("select null as person_id, who as name from staff", "column person_id: is empty"),
        ("select 'a' as person_id, who as name from staff", "key a: 'a' stands there more than once"),
    ],
)
def test_a_broken_select_is_named_with_what_the_database_says(crm, sql, said):
    crm.has("staff.csv", "who\nAnna\nEwa\n").has("people.sql", sql)
    assert said in crm.complaint()


def test_a_broken_view_is_named(crm):
    crm.has("_view.sql", "select nope from nowhere").has("people.sql", "select 1 as person_id, 'x' as name from _view")
    assert "_view.sql: does not run: Catalog Error" in crm.complaint()


def test_all_that_is_wrong_is_said_at_once(crm):
    crm.has("orders.csv", "order_id,order_number,net_amount\n1,A,x\n").has("people.csv", "person_id\n1\n")
    crm.has("deals.sql", "select 1 as deal_id, 'won' as status, 'much' as amount")
    complaint = crm.complaint()
    assert (
        "orders.csv, line 2" in complaint
        and "people.csv, column name" in complaint
        and "deals.sql, column amount" in complaint
    )
