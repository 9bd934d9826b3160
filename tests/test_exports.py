"""A file opens as what was shown: texts as texts, whatever they look like, numbers as numbers, days as days."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from dashboards import export, generation, warehouse, words
from dashboards.pages import PAGES
from tests.downloaded import Book, offered
from tests.paged import page

EVIL = (
    "=1+1", "+1+1", "-1+1", "-2", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠A", "  =1+1",
    "\u00a0=1+1", "\ufeff=1+1", "'=1+1", '"=1+1', "\"=1+1\"", " \t +1", "=HYPERLINK(\"http://example.invalid\",\"Alfa\")",
    "=cmd|' /C calc'!A0", "=IMPORTXML(\"http://example.invalid\")", "Alfa;=1+1", "Alfa,=1+1", "Alfa\t=1+1",
    "Alfa\n=1+1", "Alfa\";=1+1", "Alfa\",\"=1+1", "Alfa; @A", "Alfa;-1+1", "Alfa;'＝1",
)  # fmt: skip
HARMLESS = ("Alfa Parts", "Müller & Söhne", "Żak, Jan", "Brake - disc", "a=b", "1-2", "jan@firm.pl", "Line\nbreak", "")
SIGNS = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"-?\d+([.,]\d+)?(e[+-]?\d+)?")


@pytest.fixture
def firm(small_firm, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(small_firm.folder))
    yield small_firm
    generation.close()


def runs(cell: str) -> bool:
    """Whether a spreadsheet would compute a cell instead of showing it."""
    return cell.strip(" \u00a0\ufeff").startswith(SIGNS) and not NUMBER.fullmatch(cell.strip())


@pytest.mark.parametrize("comma", [True, False], ids=["comma", "point"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_file_is_run_whichever_separator_the_spreadsheet_is_set_to(separator, comma):
    frame = pl.DataFrame({"=head": EVIL, "Name;=1+1": EVIL[::-1], "amount": range(len(EVIL))})
    content = export.to_csv(frame, decimal_comma=comma).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row]
    assert [cell for cell in cells if runs(cell)] == []


def test_a_text_that_only_looks_a_little_like_a_formula_stays_as_it_is():
    frame = pl.DataFrame({"name": HARMLESS})
    [_, *rows] = csv.reader(io.StringIO(export.to_csv(frame).decode("utf-8-sig"), newline=""))
    assert tuple(row[0] if row else "" for row in rows) == HARMLESS
    assert export.safe(frame).equals(frame)


def test_every_sheet_of_a_workbook_holds_texts_as_texts():
    pairs = [(text, text) for text in EVIL]
    book = Book(export.to_xlsx(pl.DataFrame({"=head": EVIL, "@b": EVIL}), pairs, pairs))
    assert book.formulas() == []
    assert "hyperlink" not in "".join(book.raw.values()).lower().replace("hyperlink(", "")
    assert [text for text in book.texts() if text.lstrip(" \u00a0\ufeff").startswith(SIGNS)] == []
    for at in range(3):
        assert book.sheet(at, has_header=False).height >= len(EVIL), "no text was left out"


def test_numbers_stay_numbers_and_days_stay_days():
    frame = pl.DataFrame({
        "amount": [Decimal("-1234.50"), Decimal("0.10"), None],
        "share": [-0.25, float("nan"), 1e15],
        "days": [-3, 0, 2**40],
        "day": [date(2026, 2, 28), None, date(1900, 1, 1)],
        "moment": [datetime(2026, 3, 29, 2, 30), None, datetime(2026, 1, 1)],
        "utc": [datetime(2026, 3, 29, 2, 30, tzinfo=UTC), None, None],
        "is_open": [True, False, None],
    })  # fmt: skip
    back = Book(export.to_xlsx(frame, [], [])).sheet(0)
    assert back["amount"].to_list() == [-1234.5, 0.1, None]
    assert back["days"].to_list() == [-3, 0, 2**40] and back["share"][0] == -0.25
    assert back["day"].dt.date().to_list() == [date(2026, 2, 28), None, date(1900, 1, 1)]
    assert back["moment"][0] == back["utc"][0] == datetime(2026, 3, 29, 2, 30)
    assert back["is_open"].to_list() == [True, False, None]
    [_, first, *_] = csv.reader(io.StringIO(export.to_csv(frame).decode("utf-8-sig")))
    assert first[:4] == ["-1234.50", "-0.25", "-3", "2026-02-28"]
    polish = export.to_csv(frame, decimal_comma=True).decode("utf-8-sig").splitlines()[1]
    assert polish.startswith("-1234,50;-0,25;-3;2026-02-28;")


def test_what_a_spreadsheet_cannot_hold_is_written_as_text_and_never_left_out():
    frame = pl.DataFrame({"day": [date(201, 1, 2), date(2026, 1, 2)], "note": ["A" * 40_000, "short"]})
    back = Book(export.to_xlsx(frame, [("a", "B" * 40_000)], [])).sheet(0, has_header=False)
    assert back.to_series(0)[1] == "0201-01-02"
    assert len(back.to_series(1)[1]) == export.LONGEST and back.to_series(1)[1].endswith("…")


@pytest.mark.parametrize("name", PAGES)
def test_every_file_of_a_page_has_the_rows_shown_in_the_reader_s_language(firm, monkeypatch, name):
    address = {"customer": a_customer()} if name == "customer" else {}
    monkeypatch.setattr(words, "text", known_only(words.text))
    with words.speaking("pl"), offered(monkeypatch) as files:
        app = page(name, {"lang": "pl"}, **address)
    assert not app.error and not app.exception
    saved = {file.name: file for file in files}
    books = [file for file in saved.values() if file.name.endswith(".xlsx")]
    assert books
    for file in books:
        book, lines = Book(file.bytes), saved[file.name.replace(".xlsx", ".csv")].bytes.decode("utf-8-sig")
        [header, *rows] = csv.reader(io.StringIO(lines, newline=""), delimiter=";")
        assert book.sheets == ["Dane", "Opis", "Definicje"] and book.formulas() == []
        data = book.sheet(0, has_header=False)
        assert list(data.row(0)) == header and data.height - 1 == len(rows), file.name
        assert [cell for row in rows for cell in row if runs(cell)] == []
        about = dict(book.sheet(1, has_header=False).rows())
        told, of, whole = (int(re.sub(r"\D", "", part) or 0) for part in about["Wiersze"].partition(" z "))
        assert told == len(rows) <= whole and of == 0, file.name
        assert {"Zawartość", "Stan danych", "Testy", "Adres"} <= set(about), file.name


def a_customer() -> str:
    return warehouse.query("select customer_key from marts.customer_profitability order by 1 limit 1").item()


def known_only(told):
    """Every text asked for has words of its own in the language spoken."""

    def heard(code, *given, **more):
        assert words.knows(code), code
        return told(code, *given, **more)

    return heard
