"""Databases without the persons who were erased: rows are changed, then copied into a new file.

A row that was only updated still stands in the file it was updated in; only what COPY writes anew is without it.
"""

# Names of tables and columns come from DuckDB's own catalogue and from declarations, and cannot be parameters.
# ruff: noqa: S608

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from pipelines import durable
from pipelines.erased import Erased
from pipelines.personal import Table, tables
from pipelines.unpersoned import cleaned, codes_of_rows
from pipelines.warehouse_file import QUIET

ROW = "$row"


def landing(path: Path, source: str, system: str, erased: Erased) -> None:
    """One source's raw rows, rewritten into a new file."""
    with duckdb.connect(str(path), config=QUIET) as connection:
        for table, rows in raw_rows(connection, system):
            _update(connection, f"raw.{table.name}", rows, cleaned(rows, table, source, erased))
        _quarantine(connection, source, system, erased)
    _anew(path)


def remembered(path: Path, erased: Erased, by_key: dict[str, str]) -> None:
    """What only we remember, rewritten into a new file."""
    with duckdb.connect(str(path), config=QUIET) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables() where not internal").fetchall():
            _texts(connection, table, erased, by_key)
    _anew(path)


def parquet(path: Path, erased: Erased, by_key: dict[str, str]) -> None:
    """One file of remembered rows, written anew where it names somebody."""
    with duckdb.connect(":memory:", config=QUIET) as connection:
        connection.execute("create table kept as select * from read_parquet(?)", [str(path)])
        if not _texts(connection, "kept", erased, by_key):
            return
        aside = path.with_name(f".{path.name}.writing")
        target = str(aside).replace("'", "''")
        connection.execute(f"copy (select distinct * from kept order by all) to '{target}' (format parquet)")
    aside.chmod(0o600)
    durable.sync(aside)
    os.replace(aside, path)
    durable.sync(path.parent)


def codes_by_key(landings: list[tuple[Path, str, str]], erased: Erased) -> dict[str, str]:
    """The codes of erased rows, and of rows that belong to them, by the key that the warehouse has for each."""
    found: dict[str, str] = {}
    for path, source, system in landings:
        with duckdb.connect(str(path), read_only=True, config=QUIET) as connection:
            for table, rows in raw_rows(connection, system):
                codes = codes_of_rows(rows, table, source, erased)
                theirs = rows.filter(codes.is_not_null()).iter_rows(named=True)
                for row, code in zip(theirs, codes.drop_nulls().to_list(), strict=True):
                    found |= dict.fromkeys(keys_of(row, table, source), code)
    return found


def keys_of(row: dict, table: Table, source: str) -> list[str]:
    """The keys under which the warehouse may know a raw row."""
    company = row.get("company_id")
    ids = [row[name] for name in (table.key, "number") if name and row.get(name) is not None]
    leading = [source, escaped(company)] if company else [source]
    return [":".join([*leading, escaped(own)]) for own in dict.fromkeys(ids)]


def escaped(part: object) -> str:
    return str(part).replace("%", "%25").replace(":", "%3A")


def raw_rows(connection: duckdb.DuckDBPyConnection, system: str) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Each raw table with personal columns: its keys, those columns, and where each row stands."""
    for table in tables(system).values():
        there = [
            name
            for (name,) in connection.execute(
                "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = ?", [table.name]
            ).fetchall()
        ]
        named = [table.key, "company_id", "number", *(table.belongs or ())[:1], *table.columns]
        wanted = [name for name in dict.fromkeys(named) if name in there]
        if wanted:
            listed = ", ".join(f'"{name}"' for name in wanted)
            yield table, connection.sql(f'select rowid as "{ROW}", {listed} from raw.{table.name}').pl()


def _update(connection: duckdb.DuckDBPyConnection, table: str, before: pl.DataFrame, after: pl.DataFrame) -> int:
    """Write the values that changed; how many rows had one."""
    different = pl.DataFrame([before[name].ne_missing(after[name]).alias(name) for name in before.columns])
    touched = [name for name in different.columns if different[name].any()]
    if not touched:
        return 0
    changed = after.filter(different.select(pl.any_horizontal(touched)).to_series()).select(ROW, *touched)
    given = ", ".join(f'"{name}" = changed."{name}"' for name in touched)
    connection.register("changed", changed.to_arrow(compat_level=pl.CompatLevel.oldest()))
    connection.execute(f'update {table} as kept set {given} from changed where kept.rowid = changed."{ROW}"')
    connection.unregister("changed")
    return changed.height


def _texts(connection: duckdb.DuckDBPyConnection, table: str, erased: Erased, by_key: dict[str, str]) -> int:
    """Every text of a table: a code where it names somebody, or is the name that goes with an erased key."""
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where table_name = ? and data_type = 'VARCHAR' and not internal",
            [table],
        ).fetchall()
    ]
    if not columns:
        return 0
    listed = ", ".join(f'"{name}"' for name in columns)
    before = connection.sql(f'select rowid as "{ROW}", {listed} from "{table}"').pl()
    # A key is never changed: it is what rows hang on, and no text of a person's.
    named = tuple(name for name in columns if not name.endswith("_key"))
    after = cleaned(before, Table(table, None, mentions=named), "", erased)
    for name in named:
        key = f"{name.removesuffix('_name')}_key"
        if name.endswith("_name") and key in columns:
            codes = after[key].replace_strict(by_key, default=None, return_dtype=pl.String)
            text = pl.when(codes.is_not_null() & after[name].is_not_null()).then(codes).otherwise(after[name])
            after = after.with_columns(text.alias(name))
    return _update(connection, f'"{table}"', before, after)


def _quarantine(connection: duckdb.DuckDBPyConnection, source: str, system: str, erased: Erased) -> None:
    found = "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'quarantine'"
    if not connection.execute(found).fetchall()[0][0]:
        return
    before = connection.sql(f'select rowid as "{ROW}", stream, row_key, value from raw.quarantine').pl()
    hidden = [
        bool(erased.named_in(row["value"]) or erased.record(source, row["stream"], *_placed(row["row_key"])))
        for row in before.iter_rows(named=True)
    ]
    value = pl.when(pl.Series(hidden, dtype=pl.Boolean)).then(pl.lit("")).otherwise(pl.col("value"))
    _update(connection, "raw.quarantine", before, before.with_columns(value.alias("value")))


def _placed(row_key: str | None) -> tuple[str, str]:
    """A company's records carry its id in front of their own."""
    first, colon, rest = (row_key or "").partition(":")
    return (first, rest) if colon else ("", first)


def _anew(path: Path) -> None:
    """The same database in a new file, under the same name."""
    aside = path.with_name(f".{path.name}.writing")
    aside.unlink(missing_ok=True)
    with duckdb.connect(":memory:", config=QUIET) as connection:
        for alias, file, how in (("old", path, " (read_only)"), ("new", aside, "")):
            text = str(file).replace("'", "''")
            connection.execute(f"attach '{text}' as {alias}{how}")
        connection.execute("copy from database old to new")
        connection.execute("checkpoint new")
        connection.execute("detach new")
    aside.chmod(0o600)
    os.replace(aside, path)
