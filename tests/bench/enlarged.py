"""What is published, as if the firm had many times as many customers with as many documents each.

    python -m tests.bench.enlarged <times> <folder>

Each row about a customer or a document is written once more for each further copy, under keys of its own; products,
people and figures of the firm stay as they are. The pages read the folder as DATA_DIR. It is for measuring how fast
they are, not for reading: figures of the firm no longer add up to those of its customers.
"""

import sys
from pathlib import Path

import duckdb

from dashboards import generation

# What a table says about a customer or a document, by one of these.
GROWING = {
    "customer_key", "account_key", "lead_key", "deal_key", "quote_key", "order_key", "shipment_key", "invoice_key",
    "payment_key", "document_key", "from_key", "anchor_key", "member_key", "debtor_key", "deal_line_key",
}  # fmt: skip
SHARED = {
    "owner_key", "person_key", "manager_key", "product_key", "item_key", "proposed_item_key", "campaign_key",
    "group_key",
}  # fmt: skip


def main(times: str, folder: str) -> None:
    if generation.current() is None:
        raise SystemExit("Nothing is published here: run make refresh first, or set DATA_DIR.")
    published = generation.data_dir() / "warehouse.duckdb"
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(target / "warehouse.duckdb")) as connection:
        connection.execute(f"attach '{published.resolve()}' as small (read_only)")
        for schema, table in tables(connection):
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{table} as {enlarged(connection, schema, table, int(times))}")
        rows = connection.sql("select sum(estimated_size)::bigint from duckdb_tables() where database_name <> 'small'")
        print(f"{rows.fetchall()[0][0]:,} rows in {target / 'warehouse.duckdb'}")


def tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.sql(
        "select schema_name, table_name from duckdb_tables() where database_name = 'small'"
    ).fetchall()


def enlarged(connection: duckdb.DuckDBPyConnection, schema: str, table: str, times: int) -> str:
    found = connection.execute(
        "select column_name from information_schema.columns"
        " where table_catalog = 'small' and table_schema = ? and table_name = ?",
        (schema, table),
    ).fetchall()
    keys = [name for (name,) in found if name.endswith("_key")]
    if not GROWING & set(keys):
        return f"from small.{schema}.{table}"
    own = ", ".join(f"{key} || copied as {key}" for key in keys if key not in SHARED)
    copies = f"(select case when n = 1 then '' else '~' || n end as copied from range(1, {times + 1}) as r(n))"  # noqa: S608
    return f"select rows.* replace ({own}) from small.{schema}.{table} as rows cross join {copies}"  # noqa: S608


if __name__ == "__main__":
    main(*sys.argv[1:])
