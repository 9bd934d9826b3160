"""Writes what people read: a new DuckDB file of canonical and marts, their comments, and nothing else."""

# Names of tables and columns come from DuckDB's own catalogue and cannot be parameters.
# ruff: noqa: S608

from pathlib import Path

import duckdb

from pipelines import durable
from pipelines.crash_points import reached
from pipelines.outcomes import GateFailed

SCHEMAS = ("canonical", "marts")
# The oldest format that keeps our types: clients an analyst has today can open it.
STORAGE_VERSION = "v1.5.0"

Hashes = dict[str, dict]


def write(work: Path, target: Path, additions: dict[str, duckdb.DuckDBPyRelation | object]) -> Hashes:
    """Copy dbt's tables into a new file and say what every column holds, as dbt left it."""
    with connect() as connection:
        connection.execute(f"attach {_text(work)} as work (read_only)")
        connection.execute(f"attach {_text(target)} as warehouse (storage_version '{STORAGE_VERSION}')")
        for schema in SCHEMAS:
            connection.execute(f"create schema warehouse.{schema}")
        found = tables(connection, "work")
        hashes = {}
        for position, (schema, table) in enumerate(found):
            name = f'{schema}."{table}"'
            connection.execute(f"create table warehouse.{name} as select * from work.{name}")
            hashes[f"{schema}.{table}"] = column_hashes(connection, "work", schema, table)
            if position == len(found) // 2:
                reached("writing")
        _comment(connection)
        for table, (frame, description, words) in additions.items():
            connection.register("addition", frame)
            connection.execute(f'create table warehouse.marts."{table}" as select * from addition')
            connection.unregister("addition")
            connection.execute(f'comment on table warehouse.marts."{table}" is {_text(description)}')
            for column, word in words.items():
                connection.execute(f'comment on column warehouse.marts."{table}"."{column}" is {_text(word)}')
            hashes[f"marts.{table}"] = column_hashes(connection, "warehouse", "marts", table)
        connection.execute("checkpoint warehouse")
        connection.execute("detach warehouse")
    return hashes


def write_parquet(warehouse: Path, folder: Path) -> None:
    """Every mart once more as a file of its own, for programs that open Parquet and not DuckDB."""
    folder.mkdir(exist_ok=True)
    with connect() as connection:
        connection.execute(f"attach {_text(warehouse)} as warehouse (read_only)")
        for schema, table in tables(connection, "warehouse"):
            if schema == "marts":
                target = _text(folder / f"{table}.parquet")
                connection.execute(f'copy warehouse.{schema}."{table}" to {target} (format parquet, compression zstd)')
        connection.execute("detach warehouse")


def scan(path: Path, expected: Hashes, digest: str) -> None:
    """Read every column back from the closed file. Opening and counting would miss four of five flipped bits."""
    if durable.sha256(path) != digest:
        raise GateFailed("The new warehouse changed on the disk after it was closed; nothing was published.")
    if path.with_name(path.name + ".wal").exists():
        raise GateFailed(f"A file {path.name}.wal lies beside the new warehouse; nothing was published.")
    try:
        with duckdb.connect(str(path), read_only=True, config=QUIET) as connection:
            found = {
                f"{schema}.{table}": column_hashes(connection, path.stem, schema, table)
                for schema, table in tables(connection, path.stem)
            }
    except duckdb.Error as error:
        raise GateFailed("The new warehouse cannot be read back from the disk; nothing was published.") from error
    different = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
    if different:
        raise GateFailed(f"The new warehouse is not what dbt built ({', '.join(different)}); nothing was published.")


# A missing extension is never looked for outside; no file is read by name.
QUIET = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=QUIET)


def tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select table_schema, table_name from information_schema.tables"
        f" where table_catalog = ? and table_schema in {SCHEMAS} order by all",
        [database],
    ).fetchall()


def column_hashes(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> dict:
    """Row count, and per column a hash that does not depend on the order of the rows."""
    names = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?"
        " order by column_index",
        [database, schema, table],
    ).fetchall()
    hashed = ", ".join(f'cast(sum(hash("{name}")) as varchar)' for (name,) in names)
    # A result that is not read to its end would block the next statement, hence fetchall.
    counted = f'select count(*), {hashed} from {database}.{schema}."{table}"'
    [(rows, *hashes)] = connection.execute(counted).fetchall()
    return {"rows": rows, "columns": dict(zip((name for (name,) in names), hashes, strict=True))}


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    """The words about tables and columns that dbt wrote into the work file."""
    described = connection.execute(
        "select 'table', schema_name, table_name, null, comment, database_name from duckdb_tables()"
        " union all select 'table', schema_name, view_name, null, comment, database_name from duckdb_views()"
        " union all select 'column', schema_name, table_name, column_name, comment, database_name from duckdb_columns()"
    ).fetchall()
    for kind, schema, table, column, comment, database in described:
        if comment and schema in SCHEMAS and database == "work":
            name = f'warehouse.{schema}."{table}"' + (f'."{column}"' if column else "")
            connection.execute(f"comment on {kind} {name} is {_text(comment)}")


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
