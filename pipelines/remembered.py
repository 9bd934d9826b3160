"""What only we remember: a small database carried from generation to generation, and files that are never dropped.

A rollback goes back to older figures, not to a shorter memory: rows that a later generation published come back
from `remembered/*.parquet` at the next refresh.
"""

# Names of tables and columns come from DuckDB's own catalogue and cannot be parameters.
# ruff: noqa: S608

import hashlib
import os
from pathlib import Path

import duckdb

from pipelines import durable
from pipelines.warehouse_file import QUIET

TABLES = {
    "customer_keys": "account_key varchar, customer_key varchar, given_at timestamp",
    "refreshes": "refresh_id varchar, outcome varchar, failed_step varchar, reason varchar, exit_code integer,"
    " as_of date, started_at timestamp, ended_at timestamp",
    "source_loads": "source varchar, system varchar, state varchar, rows_loaded bigint, requests bigint,"
    " seconds decimal(18, 1), message varchar, loaded_at timestamp, data_as_of timestamp",
    "settings": "name varchar, value varchar",
}
# By what a row is known; rows of a table not named here are known by their day.
KEYS = {"customer_keys": "account_key", "settings": "name", "closed_months": "closed_month_key"}
# Said anew by every refresh from what it knows anyway.
REWRITTEN = ("refreshes", "source_loads")


def prepare(path: Path, kept: Path | None, world: str, earlier: list[dict], loads: list[dict]) -> None:
    """Complete the copied database, or a new one, with what the coming build reads from it."""
    with duckdb.connect(str(path), config=QUIET) as connection:
        for table, columns in TABLES.items():
            connection.execute(f"create table if not exists {table} ({columns})")
        for file in sorted(kept.glob(f"*.{_mark(world)}.parquet")) if kept else ():
            _restore(connection, file.name.split(".")[0], file)
        for table, rows in (("refreshes", [_refresh(line) for line in earlier]), ("source_loads", loads)):
            connection.execute(f"delete from {table}")
            names = [column.split()[0] for column in TABLES[table].replace("(18, 1)", "").split(",")]
            for row in rows:
                places = ", ".join("?" * len(names))
                connection.execute(f"insert into {table} values ({places})", [row[name] for name in names])
        connection.execute("checkpoint")
    path.chmod(0o600)


def setting(path: Path, name: str, value: str | None, default: str) -> str:
    """A setting that is fixed once: given now, else remembered, else the default, and remembered from now on."""
    with duckdb.connect(str(path), config=QUIET) as connection:
        found = connection.execute("select value from settings where name = ?", [name]).fetchall()
        chosen = value or (found[0][0] if found else default)
        connection.execute("delete from settings where name = ?", [name])
        connection.execute("insert into settings values (?, ?)", [name, chosen])
        connection.execute("checkpoint")
    return chosen


def keep(path: Path, kept: Path, world: str) -> None:
    """Append every row that is not there yet to the files that are never dropped."""
    kept.mkdir(mode=0o700, exist_ok=True)
    with duckdb.connect(str(path), read_only=True, config=QUIET) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables() where not internal").fetchall():
            if table not in REWRITTEN:
                _append(connection, table, kept / f"{table}.{_mark(world)}.parquet")


def _append(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    rows = f'select * from "{table}"'
    if file.exists():
        [(new,)] = connection.execute(f"select count(*) from ({rows} except {_parquet(file)})").fetchall()
        if not new:
            return
        rows = f"{_parquet(file)} union by name {rows}"
    aside = file.with_name(f".{file.name}.writing")
    connection.execute(f"copy ({rows} order by all) to '{_quoted(aside)}' (format parquet)")
    aside.chmod(0o600)
    durable.sync(aside)
    os.replace(aside, file)
    durable.sync(file.parent)


def _restore(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Rows that a generation we went back behind had published; rows we have are never replaced."""
    columns = [name for (name,) in connection.execute(
        "select column_name from duckdb_columns() where table_name = ? and not internal order by column_index", [table]
    ).fetchall()]  # fmt: skip
    if not columns:
        connection.execute(f'create table "{table}" as {_parquet(file)}')
        return
    key = KEYS.get(table) or next((name for name in columns if name in ("as_of_date", "as_of")), columns[0])
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        f'insert into "{table}" by name select {names} from ({_parquet(file)})'
        f' where "{key}" not in (select "{key}" from "{table}" where "{key}" is not null)'
    )


def _refresh(line: dict) -> dict:
    moments = {name: (line.get(name) or "").removesuffix("Z") or None for name in ("started_at", "ended_at")}
    return {**dict.fromkeys(("failed_step", "reason", "exit_code", "as_of")), **line, **moments}


def _mark(world: str) -> str:
    """Rows of a demo and of the real firm are kept apart by the file's name."""
    return hashlib.sha256(world.encode()).hexdigest()[:8]


def _parquet(file: Path) -> str:
    return f"select * from read_parquet('{_quoted(file)}')"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
