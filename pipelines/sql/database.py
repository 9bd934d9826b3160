"""One source's conversation with a database: one connection that only reads, questions asked anew when it breaks."""

import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pipelines.failures import Broken, SourceFailed
from pipelines.http import Limits
from pipelines.source_options import Options
from pipelines.sql.dialects import DIALECTS, Dialect, Login, Refused


class Database:
    def __init__(self, source: str, dialect: Dialect, login: Login) -> None:
        self.source, self.dialect, self.login, self.limits = source, dialect, login, login.limits
        self.requests = 0
        self._connection: Any = None
        self._columns: dict[str, list[tuple]] = {}
        self._deadline = time.monotonic() + self.limits.time_limit_minutes * 60

    @property
    def asked(self) -> int:
        return self.requests

    def columns(self, table: str) -> dict[str, str]:
        """The columns a table has, by their names in small letters; none where the login may not know of it."""
        return {str(name).casefold(): str(name) for name, _ in self._described(table)}

    def version(self, table: str) -> str | None:
        """The column that the database raises whenever it writes a row; a table has one or none."""
        return next((str(name) for name, kind in self._described(table) if kind == self.dialect.version), None)

    def written(self, table: str) -> int | None:
        """Up to which number nobody is writing any more."""
        return self.ask(table, self.dialect.written)[0][0] if self.dialect.written else None

    def _described(self, table: str) -> list[tuple]:
        if table not in self._columns:
            self._columns[table] = self.ask(table, self.dialect.columns, [self.login.schema, table])
        return self._columns[table]

    def time(self) -> datetime:
        """The server's own time, UTC without a zone."""
        return datetime.fromisoformat(self.ask("clock", self.dialect.clock)[0][0])

    def ask(self, entity: str, question: str, given: Sequence[Any] = ()) -> list[tuple]:
        """The rows of an answer, all of it or nothing; what it means that there is none is raised."""
        problem = ""
        for attempt in range(int(self.limits.attempts)):
            if time.monotonic() > self._deadline:
                minutes = self.limits.time_limit_minutes
                raise SourceFailed(
                    self.source, entity, f"not done within {minutes:g} minutes (HTTP__TIME_LIMIT_MINUTES)"
                )
            try:
                return self._ask(question, given)
            except Refused as refused:
                raise SourceFailed(self.source, entity, str(refused)) from None
            except Broken as broken:
                problem = str(broken)
            if attempt + 1 < self.limits.attempts:
                wait = self.limits.backoff_seconds * 2**attempt * random.uniform(0.5, 1.5)
                time.sleep(min(wait, self.limits.longest_wait_seconds))
        raise SourceFailed(self.source, entity, f"gave up after {int(self.limits.attempts)} attempts: {problem}")

    def _ask(self, question: str, given: Sequence[Any]) -> list[tuple]:
        self.requests += 1
        try:
            if self._connection is None:
                self._connection = self.dialect.connect(self.login)
            cursor = self._connection.cursor()
            cursor.execute(question, tuple(given))
            return cursor.fetchall()
        except (Refused, ImportError):
            raise
        except Exception as error:
            meant = self.dialect.judge(error)
            if isinstance(meant, Broken):
                self.close()
            # The driver's own words name hosts and logins: they end here.
            raise meant from None

    def close(self) -> None:
        connection, self._connection = self._connection, None
        # A broken connection may refuse even this, and it is let go anyway.
        with suppress(Exception):
            if connection is not None:
                connection.close()


def connected(options: Options, schema: str) -> Database:
    """A database at BASE_URL, say mssql://server:1433/NAME, opened with USER and PASSWORD when it is first asked."""
    address = options.required("BASE_URL")
    dialect = DIALECTS.get(urlsplit(address).scheme)
    if dialect is None:
        raise SourceFailed(
            options.source, "", f"BASE_URL must begin with {' or '.join(f'{one}://' for one in DIALECTS)}"
        )
    limits: Limits = options.limits(timeout_seconds=600)
    try:
        login = Login.at(address, schema, options.required("USER"), options.secret("PASSWORD"), limits)
    except (Refused, ValueError) as error:
        raise SourceFailed(
            options.source, "", str(error) if isinstance(error, Refused) else "BASE_URL is not an address"
        ) from None
    return Database(options.source, dialect, login)
