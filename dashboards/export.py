"""What is shown, as a file. A text that a spreadsheet would run as a formula is made harmless in every format."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Before these signs a spreadsheet set to another separator begins a new cell, quoted or not.
BROKEN_OFF = re.compile(r"([;,\t\r\n|][\s\u00a0\ufeff\"']*)(?=[=+@＝＋＠]|[-－][^\s,;])")
SHEETS = ("data", "about", "definitions")
# What a cell of a spreadsheet holds at most; a longer text would be left out whole.
LONGEST = 32_767
# Earlier days are no dates to a spreadsheet, and are written as texts.
FIRST_YEAR = 1900


def harmless(value: str | None) -> str | None:
    """A leading apostrophe keeps a spreadsheet from reading the text as a formula."""
    if value is None or not value.lstrip(" \u00a0\ufeff").startswith(FORMULA_STARTS):
        return value
    return "'" + value


def harmless_line(value: str | None) -> str | None:
    """A text among separators: what a spreadsheet could take for a cell of its own is harmless, too."""
    return value if value is None else BROKEN_OFF.sub(r"\1'", harmless(value))


def safe(frame: pl.DataFrame, make=harmless) -> pl.DataFrame:
    """The same frame with harmless texts, headings included."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    changed = frame.with_columns(pl.col(name).map_elements(make, return_dtype=pl.String) for name in texts)
    return changed.rename({name: make(name) for name in frame.columns})


def to_csv(frame: pl.DataFrame, decimal_comma: bool = False) -> bytes:
    """The way a spreadsheet of the reader's country opens it: with a decimal comma, semicolons part the columns."""
    form = {"separator": ";", "decimal_comma": True} if decimal_comma else {}
    return safe(frame, harmless_line).write_csv(include_bom=True, **form).encode()


def to_xlsx(
    frame: pl.DataFrame, about: list[tuple[str, str]], definitions: list[tuple[str, str]], sheets=SHEETS
) -> bytes:
    """Three sheets: the rows, what they are about, and what the figures mean. `sheets` are their names."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    options |= {"remove_timezone": True}
    with xlsxwriter.Workbook(target, options) as book:
        _data(book, sheets[0], safe(frame))
        for name, pairs in zip(sheets[1:], (about, definitions), strict=True):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, 1, 90)
            for row, (label, value) in enumerate(pairs):
                sheet.write_string(row, 0, _short(harmless(label)))
                sheet.write_string(row, 1, _short(harmless(value)))
    return target.getvalue()


def _data(book, name: str, frame: pl.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    kinds = {date: book.add_format({"num_format": "yyyy-mm-dd"}), Decimal: book.add_format({"num_format": "#,##0.00"})}
    kinds[datetime] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, bold)
        values = frame[name].to_list()
        for row, value in enumerate(values, start=1):
            _cell(sheet, row, column, value, kinds)
        longest = max((len(str(value)) for value in values[:200] if value is not None), default=8)
        sheet.set_column(column, column, min(max(len(name), longest) + 2, 48))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(frame.height, 1), max(frame.width - 1, 0))


def _cell(sheet, row: int, column: int, value, kinds: dict) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case datetime() | date() if value.year >= FIRST_YEAR:
            sheet.write_datetime(row, column, value, kinds[type(value)])
        case int() | float() | Decimal():
            sheet.write_number(row, column, value, kinds.get(type(value)))
        case _:
            sheet.write_string(row, column, _short(str(value)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
