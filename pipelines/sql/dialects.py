"""All in which the databases differ: how to get in, how a question is spelled, what an error means."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from pipelines.failures import Absent, Broken, Unavailable, UnknownField
from pipelines.http import Limits


class Refused(Exception):
    """The database will not go on, in words that may be shown: they hold nothing of what it said itself."""


@dataclass(frozen=True)
class Login:
    host: str
    port: int | None
    database: str
    schema: str
    user: str
    password: str
    limits: Limits

    @staticmethod
    def at(address: str, schema: str, user: str, password: str, limits: Limits) -> "Login":
        place = urlsplit(address)
        if place.username or place.password:
            raise Refused("the address must not hold a login: it belongs into USER and PASSWORD")
        return Login(place.hostname or "", place.port, unquote(place.path[1:]), schema, user, password, limits)


class Dialect(Protocol):
    mark: str  # stands for a parameter
    columns: str  # the columns of a table and their types: parameters schema and table
    clock: str  # the server's time in UTC, as text
    version: str  # the type of a column that the database raises whenever it writes a row
    written: str  # the number from which on somebody may still be writing; empty where nobody else can

    def connect(self, login: Login) -> Any: ...

    def table(self, schema: str, name: str) -> str: ...

    def select(self, what: str, rest: str, rows: int) -> str: ...

    def number(self, version: str) -> str:
        """A column of the type `version`, as a whole number."""
        ...

    def judge(self, error: Exception) -> Exception:
        """What an error of the driver means; Broken: ask again, on a new connection."""


NO_RIGHT = "not available: no right to read it"
NO_TABLE = "not available: this installation has no such table"


class SqlServer:
    """Microsoft SQL Server, by pymssql: it needs no driver installed beside it."""

    mark = "%s"
    columns = (
        "select COLUMN_NAME, DATA_TYPE from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = %s and TABLE_NAME = %s"
    )
    clock = "select convert(varchar(19), sysutcdatetime(), 126)"
    version = "timestamp"  # its old name for rowversion, and no time at all
    written = "select convert(bigint, min_active_rowversion())"
    # A question then sees one moment, holds nobody up and waits for nobody. It is the database's owner who allows it.
    allowed = "select snapshot_isolation_state from sys.databases where database_id = DB_ID()"
    # By the server's numbers. Its words are not passed on: they name logins and hosts.
    REFUSALS: Mapping[int, Callable[[str], Exception]] = {
        18456: lambda _: Refused("the login or its password is refused (18456)"),
        18452: lambda _: Refused("the login is refused: the server takes Windows logins only (18452)"),
        18470: lambda _: Refused("the login is disabled (18470)"),
        18486: lambda _: Refused("the login is locked (18486)"),
        4060: lambda _: Refused("there is no such database, or the login may not open it (4060)"),
        229: lambda _: Unavailable(f"{NO_RIGHT} (229)"),
        230: lambda said: UnknownField(_named(r"column '([^']+)'", said)),
        208: lambda _: Absent(NO_TABLE),
        207: lambda said: UnknownField(_named(r"column name '([^']+)'", said)),
    }
    # Deadlock, lock and snapshot conflicts, a server that is full or going down; below 20100 the line itself.
    AGAIN = frozenset({1205, 1222, 3960, 701, 6005, 8645, 40197, 40501, 40613, 49918, *range(20001, 20100)})

    def connect(self, login: Login) -> Any:
        import pymssql

        connection = pymssql.connect(
            server=login.host,
            port=str(login.port or 1433),
            user=login.user,
            password=login.password,
            database=login.database,
            timeout=int(login.limits.timeout_seconds),
            login_timeout=30,
            charset="UTF-8",
            appname="lead-to-cash",
            autocommit=True,  # each question by itself: nothing stays locked, and no snapshot grows old
            read_only=True,  # where the firm has a second copy for reading, from that one
        )
        with connection.cursor() as cursor:
            cursor.execute(self.allowed)
            allowed = cursor.fetchall() == [(1,)]
            cursor.execute(f"set transaction isolation level {'snapshot' if allowed else 'read committed'}")
            cursor.execute("set lock_timeout 60000")
        return connection

    def table(self, schema: str, name: str) -> str:
        return f"{quoted(schema)}.{quoted(name)}"

    def select(self, what: str, rest: str, rows: int) -> str:
        return f"select top ({rows}) {what} {rest}"

    def number(self, version: str) -> str:
        return f"convert(bigint, {version})"

    def judge(self, error: Exception) -> Exception:
        number, said = _told(error)
        if number in self.REFUSALS:
            return self.REFUSALS[number](said)
        if number in self.AGAIN or number is None:
            return Broken(f"no whole answer ({number or type(error).__name__})")
        return Refused(f"the question is refused ({number})")


class Sqlite:
    """SQLite: a database that is a file, such as the sandbox's."""

    mark = "?"
    columns = "select name, lower(type) from pragma_table_info(?2, 'main') where ?1 is not null"
    clock = "select strftime('%Y-%m-%dT%H:%M:%S', 'now')"
    version = "rowversion"
    written = ""

    def connect(self, login: Login) -> Any:
        connection = sqlite3.connect(f"file:/{quote(login.database)}?mode=ro", uri=True, isolation_level=None)
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        return connection

    def table(self, schema: str, name: str) -> str:
        return quoted(name)

    def select(self, what: str, rest: str, rows: int) -> str:
        return f"select {what} {rest} limit {rows}"

    def number(self, version: str) -> str:
        return version

    def judge(self, error: Exception) -> Exception:
        said = str(error)
        if "not a database" in said or "unable to open" in said:
            return Refused("the file is not there, or not a database that can be opened")
        if "no such table" in said:
            return Absent(NO_TABLE)
        if found := re.search(r"no such column: (?:\w+\.)?\[?(\w+)", said):
            return UnknownField(found[1])
        if any(words in said for words in ("not authorized", "prohibited", "unsafe use")):
            return Unavailable(NO_RIGHT)
        if isinstance(error, sqlite3.DatabaseError):
            return Broken(f"no whole answer ({type(error).__name__})")
        return Refused(f"the question is refused ({type(error).__name__})")


DIALECTS: Mapping[str, Dialect] = {"mssql": SqlServer(), "sqlite": Sqlite()}


def quoted(name: str) -> str:
    """A name in brackets, as both take it; SQLite would read one in double quotes as a text where no column fits."""
    if re.search(r"[\[\]%\x00]", name):
        raise Refused(f"{name!r} cannot be the name of a table or a column")
    return f"[{name}]"


def _told(error: Exception) -> tuple[int | None, str]:
    """Number and words of an error of pymssql, which nests them more or less deeply."""
    told: Any = error.args
    while isinstance(told, tuple) and len(told) == 1 and isinstance(told[0], tuple):
        told = told[0]
    number = next((one for one in told if isinstance(one, int)), None)
    words = next((one for one in told if isinstance(one, (bytes, str))), "")
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if number in (20002, 20018, None) and "18456" in said:
        number = 18456
    return number, said


def _named(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    return found[1] if found else ""
