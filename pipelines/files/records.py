"""Records of text as a table: the names of its columns, and `_line` beside the values."""

from collections.abc import Iterable, Sequence

import polars as pl

from pipelines.files.problems import Problem

OURS = {"_file", "_line"}


def header(file: str, values: Sequence[object], line: int | None = None) -> list[str]:
    """Column names as written, without blanks around them; a nameless column is called by its place."""
    columns = [str(value or "").strip() or f"column{place}" for place, value in enumerate(values, 1)]
    seen: dict[str, str] = {}
    for column in columns:
        if column.lower() in OURS:
            raise Problem(file, f"{column} is a name of ours", "Rename the column in the export.", line)
        if column.lower() in seen:
            what = f"{seen[column.lower()]} and {column} are one name"
            raise Problem(file, what, "Rename one of the two columns in the export.", line)
        seen[column.lower()] = column
    return columns


def numbered(count: int) -> list[str]:
    """Names for the columns of a file without a header."""
    return [f"column{place}" for place in range(1, count + 1)]


def frame(file: str, columns: list[str], rows: list[tuple]) -> pl.DataFrame:
    """Each row holds the columns' values and its line."""
    kinds = {**dict.fromkeys(columns, pl.String), "_line": pl.Int64}
    values: Iterable[Sequence] = zip(*rows, strict=True) if rows else [()] * len(kinds)
    try:
        return pl.DataFrame(
            [pl.Series(name, list(given), kind) for (name, kind), given in zip(kinds.items(), values, strict=True)]
        )
    except UnicodeEncodeError:
        raise Problem(file, "holds half a character (a lone surrogate)", "Export it again.") from None
