"""Excel: a sheet's cells as text, under the row numbers the sheet shows."""

import re
from decimal import Decimal

import fastexcel
import polars as pl

from pipelines.files.problems import Problem
from pipelines.files.records import frame, header, numbered
from pipelines.files.settings import Format


def read_workbook(file: str, data: bytes, form: Format) -> dict[str, pl.DataFrame]:
    """The sheet that was asked for, or the first under "" and each further one that has a header under its name."""
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError:
        raise Problem(file, "is not a workbook Excel could open", "Export or save it again.") from None
    if form.sheet is not None and form.sheet not in book.sheet_names:
        raise Problem(file, f"has no sheet {form.sheet!r}", f"Its sheets: {', '.join(book.sheet_names)}.")
    first, *others = [form.sheet] if form.sheet is not None else book.sheet_names
    tables = {"": _sheet(file, first, _cells(file, book, first), form)}
    for sheet in others:
        cells = _cells(file, book, sheet)
        if any(map(any, cells)):
            tables[sheet] = _sheet(file, sheet, cells, form)
    return tables


def _cells(file: str, book: fastexcel.ExcelReader, sheet: str) -> list[tuple]:
    # Without skip_rows=0 the empty rows at the top would not be counted.
    batch, errors = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_arrow_with_errors()
    for error in errors.errors if errors else ():
        row, _ = error.position
        raise Problem(file, f"has an error in the sheet {sheet}: {error.detail}", "Mend the formula.", row + 1)
    return pl.DataFrame(batch).rows() if batch.num_columns else []


def _sheet(file: str, sheet: str, cells: list[tuple], form: Format) -> pl.DataFrame:
    if form.header_row == 0:
        top, columns = 0, numbered(len(cells[0]) if cells else 0)
    else:
        top = form.header_row or next((number for number, row in enumerate(cells, 1) if any(row)), 0)
        if not 0 < top <= len(cells):
            raise Problem(file, f"has no header in the sheet {sheet}", "Write header_row, or sheet if it is another.")
        columns = header(file, cells[top - 1], top)
    filled = [(*map(_as_excel_shows, row), number) for number, row in enumerate(cells[top:], top + 1) if any(row)]
    return frame(file, columns, filled)


def _as_excel_shows(value: str | None) -> str | None:
    """Excel keeps 15 digits of a number and shows no more; the file holds the binary noise behind them too."""
    if value and re.fullmatch(r"-?\d+\.\d+", value) and len(value.lstrip("-0.").replace(".", "")) > 15:
        return format(Decimal(f"{float(value):.15g}"), "f")
    return value
