"""A file as a table: what stands there as text, with `_file` and `_line`. No type is guessed."""

import gzip
import io
import json
import zlib
from pathlib import Path

import polars as pl

from pipelines.files.delimited import read_csv
from pipelines.files.encodings import decoded
from pipelines.files.folder import Part
from pipelines.files.problems import Problem
from pipelines.files.records import frame, header
from pipelines.files.settings import Format
from pipelines.files.workbook import read_workbook


def read_part(part: Part) -> dict[str, pl.DataFrame]:
    """The tables of one file: its own under "", and the further sheets of a workbook under their names."""
    file, form = part.path.name, part.format
    data = _content(part.path)
    match Path(file.lower().removesuffix(".gz")).suffix:
        case ".parquet":
            tables = {"": _read_parquet(file, data)}
        case ".csv":
            tables = {"": read_csv(file, decoded(file, data, form), form)}
        case ".jsonl" | ".ndjson":
            tables = {"": _read_json_lines(file, decoded(file, data, form))}
        case _:
            tables = read_workbook(file, data, form)
    return {name: _without_nothing(table, form).with_columns(_file=pl.lit(file)) for name, table in tables.items()}


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    if not path.name.lower().endswith(".gz"):
        return data
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Problem(path.name, "is not a whole gz file", "Export or copy it again.") from None


def _without_nothing(table: pl.DataFrame, form: Format) -> pl.DataFrame:
    """Empty and blank values, and the words the system writes for nothing, made null."""
    text = pl.selectors.string()
    bare = text.str.strip_chars()
    is_something = (bare != "") & ~bare.str.to_lowercase().is_in(list(form.nothing))
    return table.with_columns(pl.when(is_something).then(text).name.keep())


def _read_parquet(file: str, data: bytes) -> pl.DataFrame:
    try:
        table = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError):
        raise Problem(file, "is not a whole Parquet file", "Export or copy it again.") from None
    table.columns = header(file, table.columns)
    return table.with_columns(_line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _read_json_lines(file: str, text: str) -> pl.DataFrame:
    """Numbers stay the text they are written as; a nested value becomes its JSON."""
    rows = [(number, _object(file, line, number)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    columns = header(file, names)
    return frame(file, columns, [(*(row.get(name) for name in names), number) for number, row in rows])


def _object(file: str, line: str, number: int) -> dict[str, str | None]:
    try:
        row = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Problem(file, f"is not JSON: {error}", "Each line is one object.", number) from None
    if not isinstance(row, dict):
        raise Problem(file, "is not an object", 'Each line is one: {"order_id": "1"}.', number, value=line)
    return {name: _text(value) for name, value in row.items()}


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
