"""`<entity>.sql` and `_view.sql`, run over a folder's tables in a DuckDB that can reach nothing else."""

from pathlib import Path

import duckdb
import polars as pl

from pipelines.files.culprits import culprit, said
from pipelines.files.problems import Problem

# A select sees the folder's tables and nothing else: no file, no network, no Python variable, no way to change that.
LOCKS = (
    "set enable_external_access = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set python_enable_replacements = false",
    "set lock_configuration = true",
)


def locked(tables: dict[str, pl.DataFrame], time_zone: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for name, table in tables.items():
        connection.register(name, table.to_arrow(compat_level=pl.CompatLevel.oldest()))
    # Where a select makes a moment of a text, it is the system's own clock.
    connection.execute(f"set timezone = '{time_zone}'")
    for lock in LOCKS:
        connection.execute(lock)
    return connection


def make_views(connection: duckdb.DuckDBPyConnection, views: dict[str, Path]) -> list[Problem]:
    """Views may rest on each other, in whatever order they stand in the folder."""
    waiting = dict(views)
    while waiting:
        problems: dict[str, Problem] = {}
        for name, path in waiting.items():
            try:
                connection.execute(f'create view "{name}" as {_one_select(connection, path)}')
            except duckdb.Error as error:
                problems[name] = Problem(path.name, *said(error))
            except Problem as problem:
                problems[name] = problem
        if len(problems) == len(waiting):
            return list(problems.values())
        waiting = {name: views[name] for name in problems}
    return []


def selected(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> pl.DataFrame:
    """What the select gives; a Problem names its column, its value and the key, as far as they can be known."""
    view = f"select {path.stem}"
    query = _one_select(connection, path)
    try:
        columns = [column.lower() for column in connection.sql(query).columns]
        connection.execute(f'create temp view "{view}" as {query}')
    except duckdb.Error as error:
        raise Problem(path.name, *said(error)) from None
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise Problem(path.name, "gives this column twice", "Name each output column once.", column=twice[0])
    rows = connection.view(view)
    try:
        return rows.pl()
    except duckdb.Error as error:
        raise culprit(rows, path.name, key, error) from None


def _one_select(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    try:
        statements = connection.extract_statements(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise Problem(path.name, "is not utf-8", "Save the select as utf-8.") from None
    except duckdb.Error as error:
        raise Problem(path.name, *said(error)) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Problem(path.name, "is not one select", "It holds a single select over the folder's tables.")
    return statements[0].query
