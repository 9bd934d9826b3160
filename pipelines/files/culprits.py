"""Which output column and which key a select fails on: DuckDB's own message names neither.

Columns and rows that are not asked for are not computed, so asking for fewer of them closes in on the one that fails.
"""

import re
from dataclasses import dataclass

import duckdb

from pipelines.files.problems import Problem


def culprit(rows: duckdb.DuckDBPyRelation, file: str, key: str, error: duckdb.Error) -> Problem:
    failing = [column for column in rows.columns if _failure(rows, column)]
    # A where or a join fails whatever is asked for: then no column is to blame.
    if not failing or len(failing) == len(rows.columns) > 1:
        return Problem(file, said(error)[0], "Mend the select, or the value in the export.")
    column = failing[0]
    names = {name.lower() for name in rows.columns}
    found = _Search(rows, key, column).key() if key in names and column.lower() != key else None
    exact = None if found is None else _failure(rows.filter(_is(key, found)), column)
    what = said(exact or error)[0]
    quoted = re.search(r"[\"']([^\"']*)[\"']", what)
    shown = None if found is None else f"{found}{_origin(rows, names, _is(key, found))}"
    remedy = "Mend the value in the export, or read it another way in the select."
    return Problem(file, what, remedy, column=column, key=shown, value=quoted[1] if quoted else None)


def _failure(rows: duckdb.DuckDBPyRelation, column: str) -> duckdb.Error | None:
    try:
        rows.select(duckdb.ColumnExpression(column)).pl()
    except duckdb.Error as failure:
        return failure
    return None


def _is(key: str, value: object) -> duckdb.Expression:
    return duckdb.ColumnExpression(key) == duckdb.ConstantExpression(value)


@dataclass
class _Search:
    rows: duckdb.DuckDBPyRelation
    key_column: str
    column: str

    def key(self) -> object:
        """The first key whose row fails, found by halving."""
        column = duckdb.ColumnExpression(self.key_column)
        keys = self.rows.select(column).filter(column.isnotnull()).distinct().pl().to_series().sort()
        low, high = 0, keys.len()
        while high - low > 1:
            middle = (low + high) // 2
            ends = duckdb.ConstantExpression(keys[low]), duckdb.ConstantExpression(keys[middle - 1])
            if _failure(self.rows.filter(column.between(*ends)), self.column):
                high = middle
            else:
                low = middle
        fails = low < high and _failure(self.rows.filter(_is(self.key_column, keys[low])), self.column)
        return keys[low] if fails else None


def _origin(rows: duckdb.DuckDBPyRelation, names: set[str], is_found: duckdb.Expression) -> str:
    if not {"_file", "_line"} <= names:
        return ""
    found = rows.filter(is_found).select(duckdb.ColumnExpression("_file"), duckdb.ColumnExpression("_line")).limit(1)
    file, line = found.pl().row(0)
    return f" ({file}, line {line})"


def said(error: duckdb.Error) -> tuple[str, str]:
    """DuckDB's own words on one line, and the place in the select where it gives one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" ^~")]
    place = next((line for line in lines if re.match(r"LINE \d+:", line)), None)
    words = " ".join(line for line in lines[:3] if line is not place).rstrip(".")
    return f"does not run: {words}", f"Mend it at {place}" if place else "Mend the select."
