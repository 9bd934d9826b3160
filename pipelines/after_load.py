"""What follows a load in its landing file: vanished rows are marked, odd values and coverage are written down.

Names of tables and columns in the statements are the declarations' own; every value is a parameter.
"""

# ruff: noqa: S608

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.batches import own_key, parent_key
from pipelines.failures import SourceFailed
from pipelines.reading import Keys, Reading
from pipelines.streams import Stream, snake

TABLES = """
create table if not exists raw.quarantine(
    stream varchar, row_key varchar, column_name varchar, value varchar, reason varchar);
create table if not exists raw.coverage(entity varchar, is_fed boolean, "rows" bigint, since date, note varchar,
    reason varchar);
alter table raw.coverage add column if not exists reason varchar;
create table if not exists raw.loads(stream varchar, "rows" bigint, requests bigint, loaded_at timestamp);
create table if not exists raw.fingerprints(fingerprint varchar)
"""
# A day that says since when an entity's rows reach back, best first.
SINCE = ("created_date", "posting_date", "order_date", "dcle_posting_date", "starting_date")
SINCE += ("effective_date", "date", "time")  # of tables of rates
SINCE += ("data_operacji", "data_dokumentu")
SINCE += ("za_n_data_wystawienia", "tr_n_data2", "kaz_data_zapisu", "r2_data_rozliczenia", "tr_p_termin")
FEW_ROWS = 100


# Merging a large table sorts it: beyond this DuckDB goes on in a temporary file.
MEMORY = {"memory_limit": "500MB", "autoinstall_known_extensions": False, "autoload_known_extensions": False}


def opened(landing: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(landing), config=MEMORY)


def odd_rows(landing: Path) -> dict[str, set[str]]:
    """The rows in quarantine, by table."""
    if not landing.exists():
        return {}
    with opened(landing) as connection:
        if not exists(connection, "quarantine"):
            return {}
        found: dict[str, set[str]] = {}
        for stream, row_key in connection.execute("select stream, row_key from raw.quarantine").fetchall():
            found.setdefault(stream, set()).add(row_key)
        return found


def open_rows(landing: Path, streams: Iterable[Stream]) -> dict[str, dict[str, set[Any]]]:
    """The keys of the rows that were open when last seen, by table and company: what `reread` says, asked of raw."""
    if not landing.exists():
        return {}
    found: dict[str, dict[str, set[Any]]] = {}
    with opened(landing) as connection:
        for stream in streams:
            if not stream.reread or not exists(connection, stream.name):
                continue
            condition = re.sub(r"(\w+) eq ", lambda match: f"{snake(match[1])} = ", stream.reread)
            of_companies = "company_id" in connection.table(f"raw.{stream.name}").columns
            whose = "company_id" if of_companies else "''"
            here = f"from raw.{stream.name} where not is_deleted and ({condition})"
            by_company = found.setdefault(stream.name, {})
            for company, key in connection.execute(f"select {whose}, {snake(stream.key)} {here}").fetchall():
                by_company.setdefault(company, set()).add(key)
    return found


def exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = ?"
    return bool(connection.execute(found, [table]).fetchall()[0][0])


class AfterLoad:
    def __init__(self, connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
        self.connection, self.reading = connection, reading
        connection.execute("drop schema if exists raw_staging cascade")
        connection.execute(TABLES)

    def _all(self, query: str, params: Iterable[Any] = ()) -> list[tuple]:
        return self.connection.execute(query, list(params)).fetchall()

    def vanished(self) -> set[str]:
        """Mark what is gone from its source. Told are the streams of which older rows turn out never to have come."""
        for stream, scope in self.reading.without_rows:
            here = "where company_id = ?" if scope else ""
            self._all(f"delete from raw.{stream.name} {here}", [scope] if scope else [])
        for table, documents in self.reading.without_lines.items():
            self._drop_lines(table, pl.concat(documents).unique())
        return {keys.stream.name for keys in self.reading.keys if self._compare(keys)}

    def _drop_lines(self, table: str, documents: pl.DataFrame) -> None:
        same = " and ".join(f"{table}.{name} = documents.{name}" for name in documents.columns)
        with _registered(self.connection, "documents", documents):
            self._all(f"delete from raw.{table} using documents where {same}")

    def _compare(self, keys: Keys) -> bool:
        """Bring is_deleted in line with the keys there are; true when the source has older rows that raw lacks."""
        stream, table = keys.stream, f"raw.{keys.stream.name}"
        key = snake(stream.key or "")
        here, scope = ("company_id = ?", [keys.scope]) if keys.scope else ("true", [])
        living = self._all(f"select count(*) from {table} where {here} and not is_deleted", scope)[0][0]
        if not keys.frame.height and living > FEW_ROWS and stream.gone_means == "deleted":
            raise self.reading.failed(stream, f"the source shows no key at all, though {living:,} rows came from it")
        with _registered(self.connection, "found", keys.frame):
            self._all(
                f"update {table} set is_deleted = true where {here} and not is_deleted"
                f" and {key} not in (select {key} from found where {key} is not null)",
                scope,
            )
            self._all(
                f"update {table} set is_deleted = found.is_deleted from found where {here}"
                f" and {table}.{key} = found.{key} and {table}.is_deleted <> found.is_deleted",
                scope,
            )
            self._mark_lines(stream, keys.scope)
            if not stream.cursor or keys.reached is None:
                return False
            missed = (
                f"select count(*) from found anti join (select {key} from {table} where {here}) using ({key})"
                f" where {snake(stream.cursor)} < ? or {snake(stream.cursor)} is null"
            )
            return self._all(missed, [*scope, keys.reached])[0][0] > 0

    def _mark_lines(self, stream: Stream, scope: str) -> None:
        """Lines go and come back with their document."""
        if not stream.lines:
            return
        company = ["company_id"] if scope else []
        pairs = zip([*company, *parent_key(stream)], [*company, *own_key(stream)], strict=True)
        same = " and ".join(f"lines.{there} = documents.{here}" for there, here in pairs)
        self._all(
            f"update raw.{stream.lines.name} as lines set is_deleted = documents.is_deleted"
            f" from raw.{stream.name} as documents where {same} and lines.is_deleted <> documents.is_deleted"
        )

    def quarantined(self) -> int:
        """Write down what was set aside; a source of which too much was is not to be used."""
        settled = "delete from raw.quarantine where stream = ? and list_contains(?, row_key)"
        for stream, row_keys in self.reading.read_again.items():
            self._all(settled, [stream, [*row_keys]])
        found = [(one.stream, one.row_key, one.column_name, one.value, one.reason) for one in self.reading.quarantined]
        names = ["stream", "row_key", "column_name", "value", "reason"]
        frame = pl.DataFrame(found, schema=dict.fromkeys(names, pl.String), orient="row")
        with _registered(self.connection, "found", frame):
            self._all("insert into raw.quarantine select distinct * from found except select * from raw.quarantine")
        percent = self.reading.options.number("QUARANTINE_PERCENT", 0.1)
        rows = "select stream, count(distinct row_key), count(*) from raw.quarantine group by 1 order by 1"
        total = 0
        for stream, odd, values in self._all(rows):
            total += values
            all_rows = self._all(f"select count(*) from raw.{stream}")[0][0]
            if odd * 100 > percent * all_rows:
                raise SourceFailed(self.reading.source, stream, self._too_many(stream, odd, all_rows, percent))
        return total

    def _too_many(self, stream: str, odd: int, rows: int, percent: float) -> str:
        example = self._all("select column_name, reason from raw.quarantine where stream = ? limit 1", [stream])[0]
        return (
            f"{odd:,} of {rows:,} rows hold a value that cannot be read, for example {example[0]} ({example[1]});"
            f" at most {percent:g} % may (QUARANTINE_PERCENT)"
        )

    def covered(self, streams: Iterable[Stream], loaded_at: datetime) -> None:
        """Which streams are fed, how many rows each has and since when; and a line per stream for this load."""
        for stream in streams:
            note = "; ".join(self.reading.notes.get(stream.name, ())) or None
            fed = stream.name not in self.reading.skipped
            why = None if fed else self.reading.reasons.get(stream.name)
            for table in filter(None, (stream, stream.lines)):
                rows, since = self._all(f"select count(*), {self._since(table)} from raw.{table.name}")[0]
                self._all("delete from raw.coverage where entity = ?", [table.name])
                self._all(
                    "insert into raw.coverage values (?, ?, ?, ?, ?, ?)", [table.name, fed, rows, since, note, why]
                )
            counts = [self.reading.rows[stream.name], self.reading.requests[stream.name]]
            self._all("insert into raw.loads values (?, ?, ?, ?)", [stream.name, *counts, loaded_at])

    def _since(self, stream: Stream) -> str:
        there = {column.name for column in stream.columns}
        day = next((name for name in SINCE if name in there), None)
        # Empty dates are the first day there ever was in Business Central, and in enova365 that of the last century.
        return f"min({day}) filter ({day} > date '1900-01-01')::date" if day else "null::date"


class _registered:
    """A frame that SQL can see under a name, for as long as the block."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
        self.connection, self.name, self.frame = connection, name, frame

    def __enter__(self) -> None:
        self.connection.register(self.name, self.frame.to_arrow(compat_level=pl.CompatLevel.oldest()))

    def __exit__(self, *_: object) -> None:
        self.connection.unregister(self.name)
