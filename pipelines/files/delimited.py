"""CSV: every value is text, and a record with too few or too many of them is an error."""

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice

import polars as pl

from pipelines.files.problems import Problem
from pipelines.files.records import frame, header, numbered
from pipelines.files.settings import Format

BATCH = 50_000
LONGEST_VALUE = 2**31 - 1

Record = tuple[int, list[str]]


def read_csv(file: str, text: str, form: Format) -> pl.DataFrame:
    csv.field_size_limit(LONGEST_VALUE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, strict=True)
    columns, records = _headed(file, _records(file, reader), form)
    rows = _rows(file, records, columns, form)
    batches = iter(lambda: list(islice(rows, BATCH)), [])
    return pl.concat([frame(file, columns, []), *(frame(file, columns, batch) for batch in batches)])


def _records(file: str, reader: Iterator[list[str]]) -> Iterator[Record]:
    """Records by their number, as an editor counts lines where no value has a line break in it."""
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = "has a quote that is never closed" if "end of data" in str(error) else f"is broken: {error}"
            raise Problem(file, what, "A quote inside a quoted value is written twice.", number) from None


def _headed(file: str, records: Iterator[Record], form: Format) -> tuple[list[str], Iterator[Record]]:
    for number, record in records:
        if form.header_row == 0:
            return numbered(len(record)), chain([(number, record)], records)
        if number == form.header_row or (form.header_row is None and any(value.strip() for value in record)):
            return header(file, record, number), records
    raise Problem(file, "has no header", "A line names the columns; write header_row if it stands lower.")


def _rows(file: str, records: Iterator[Record], columns: list[str], form: Format) -> Iterator[tuple]:
    for number, record in records:
        if len(record) > len(columns) and not any(record[len(columns) :]):
            record = record[: len(columns)]  # a delimiter at the end of each line
        if record and len(record) != len(columns):
            raise Problem(
                file,
                f"has {len(record)} values where the header has {len(columns)} columns",
                f"A value with {form.delimiter!r} or a line break in it stands in quotes; a short last line means that"
                " the export was cut off.",
                number,
            )
        if record:
            yield (*record, number)
