"""Is it gone? Every file of a folder is searched: its bytes, what is packed in it, every text of every table.

DuckDB and Parquet pack their texts, so bytes alone would not find what everybody could still read; and tables alone
would not find what was deleted and still lies in the file.
"""

# Names of tables and columns come from DuckDB's own catalogue and cannot be parameters.
# ruff: noqa: S608

import bz2
import gzip
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.warehouse_file import QUIET

UNPACK = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ": lzma.decompress,
}
TABLES = (".duckdb", ".db")


@dataclass
class Searched:
    files: int = 0
    found: dict[str, set[str]] = field(default_factory=dict)  # text -> the files that hold it
    unread: list[str] = field(default_factory=list)


def search(folders: list[Path], texts: list[str]) -> Searched:
    """Each text, in whatever case, in every file beneath these folders."""
    result = Searched(found={text: set() for text in texts})
    needles = {text: _spellings(text) for text in texts}
    for path in _files(folders):
        result.files += 1
        name = path.name if path.parent in folders else f"{path.parent.name}/{path.name}"
        try:
            for text in _in_bytes(path.read_bytes(), needles) | _in_tables(path, texts):
                result.found[text].add(name)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, duckdb.Error) as error:
            result.unread.append(f"{name} ({type(error).__name__})")
    return result


def _files(folders: list[Path]) -> Iterator[Path]:
    seen = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _spellings(text: str) -> list[bytes]:
    """As bytes may hold it: utf-8 and utf-16, as JSON escapes it, in small and in large letters."""
    cases = {text, text.lower(), text.upper(), text.title()}
    escaped = {json.dumps(case)[1:-1] for case in cases}
    return [*{case.encode() for case in cases | escaped}, *{case.encode("utf-16-le") for case in cases}]


def _in_bytes(content: bytes, needles: dict[str, list[bytes]]) -> set[str]:
    found = {text for text, spelled in needles.items() if any(needle in content for needle in spelled)}
    for start, unpack in UNPACK.items():
        if content.startswith(start):
            found |= _in_bytes(unpack(content), needles)
    if content.startswith(b"PK\x03\x04"):
        with suppress(zipfile.BadZipFile):
            found |= _in_zip(content, needles)
    return found


def _in_zip(content: bytes, needles: dict[str, list[bytes]]) -> set[str]:
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(content)) as packed:
        return set().union(*(_in_bytes(packed.read(name), needles) for name in packed.namelist()))


def _in_tables(path: Path, texts: list[str]) -> set[str]:
    """The texts that a cell holds, whatever the type of its column."""
    quoted = str(path).replace("'", "''")
    with duckdb.connect(":memory:", config=QUIET) as connection:
        if path.suffix == ".parquet":
            connection.execute(f"create view searched as select * from read_parquet('{quoted}')")
            tables = [("memory", "main", "searched")]
        elif path.suffix in TABLES:
            connection.execute(f"attach '{quoted}' as searched (read_only)")
            tables = connection.execute(
                "select database_name, schema_name, table_name from duckdb_tables() where database_name = 'searched'"
            ).fetchall()
        else:
            return set()
        found: set[str] = set()
        for place in tables:
            found |= _in_table(connection, place, texts)
    return found


def _in_table(connection: duckdb.DuckDBPyConnection, place: tuple[str, str, str], texts: list[str]) -> set[str]:
    columns = connection.execute(
        "select column_name from duckdb_columns() where (database_name, schema_name, table_name) = (?, ?, ?)"
        " and regexp_matches(data_type, 'VARCHAR|JSON|BLOB|ENUM|UNION|VARIANT')",
        list(place),
    ).fetchall()
    if not columns:
        return set()
    name = ".".join(f'"{part}"' for part in place)
    asked = " or ".join(f"contains(lower({_readable(column)}), lower(wanted.text))" for (column,) in columns)
    rows = connection.execute(
        f"select text from unnest(?::varchar[]) as wanted(text) where exists (select 1 from {name} where {asked})",
        [texts],
    ).fetchall()
    return {text for (text,) in rows}


def _readable(column: str) -> str:
    return f"coalesce(cast(\"{column}\" as varchar), '')"
