"""What is shown, as a file. A text that a spreadsheet would run as a formula is made harmless in every format."""

import io
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: str | None) -> str | None:
    """A leading apostrophe keeps a spreadsheet from reading the text as a formula."""
    if value is None or not value.lstrip(" \u00a0\ufeff").startswith(FORMULA_STARTS):
        return value
    return "'" + value


def safe(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame with harmless texts, headings included."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    changed = frame.with_columns(pl.col(name).map_elements(harmless, return_dtype=pl.String) for name in texts)
    return changed.rename({name: harmless(name) for name in frame.columns})


def to_csv(frame: pl.DataFrame, decimal_comma: bool = False) -> bytes:
    """The way a spreadsheet of the reader's country opens it: with a decimal comma, semicolons part the columns."""
    form = {"separator": ";", "decimal_comma": True} if decimal_comma else {}
    return safe(frame).write_csv(include_bom=True, **form).encode()


def to_xlsx(frame: pl.DataFrame, about: list[tuple[str, str]], definitions: list[tuple[str, str]]) -> bytes:
    """Three sheets: the rows, what they are about, and what the figures mean."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(target, options) as book:
        _data(book, safe(frame))
        for name, pairs in (("about", about), ("definitions", definitions)):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, 1, 90)
            for row, (label, value) in enumerate(pairs):
                sheet.write_string(row, 0, harmless(label))
                sheet.write_string(row, 1, harmless(value))
    return target.getvalue()


def _data(book, frame: pl.DataFrame) -> None:
    sheet = book.add_worksheet("data")
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
        case datetime() | date():
            sheet.write_datetime(row, column, value, kinds[type(value)])
        case int() | float() | Decimal():
            sheet.write_number(row, column, value, kinds.get(type(value)))
        case _:
            sheet.write_string(row, column, str(value))
