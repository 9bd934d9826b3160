"""Who may see which rows, decided in one place: each table a page asks for is narrowed to its reader before any filter.

Off, everybody who reaches the pages sees everything: they are served to this machine alone. With LOGIN=on readers sign
in, and `access.csv` in COMPANY_DIR says what they see; who is not in it sees nothing. The file itself is not narrowed:
it is for those who may read it.
"""

# Texts of SQL are put together of names that are written here; values stay apart.
# ruff: noqa: S608

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit import runtime

from dashboards.configuration import company_dir, setting

COLUMNS = ["email", "role", "person", "region"]
# What each role sees: every row or some, and the names of our own people or not.
ROLES = ("all", "no_names", "own", "region")
NAMES = ("owner_name", "manager_name")
# Tables that tell of figures, loads and calendars, and of no customer.
OPEN = {
    "marts.measures", "marts.figures", "marts.figure_tests", "marts.refreshes", "marts.source_loads", "marts.not_read",
    "marts.test_results", "marts.calendar", "marts.reporting_rates", "canonical.coverage", "canonical.exchange_rates",
}  # fmt: skip
OF_ACCOUNTS = "account_key in (select account_key from canonical.account_matches where customer_key in ({mine}))"
# How a row says whose it is; the first of these columns that a table has decides.
PATHS = {
    "customer_key": "customer_key in ({mine})",
    "account_key": OF_ACCOUNTS,
    "order_key": "order_key in (select order_key from canonical.orders where " + OF_ACCOUNTS + ")",
    "deal_key": "deal_key in (select deal_key from canonical.deals where " + OF_ACCOUNTS + ")",
    "invoice_key": "invoice_key in (select invoice_key from canonical.invoices where " + OF_ACCOUNTS + ")",
}


@dataclass(frozen=True)
class Reader:
    """Somebody's rights. `person` is the key of one of our people, `region` a region or a country of customers."""

    role: str
    person: str = ""
    region: str = ""

    @property
    def sees_all(self) -> bool:
        return self.role in ("all", "no_names")

    @property
    def sees_names(self) -> bool:
        return self.role != "no_names"


EVERYTHING = Reader("all")
# Whom this process reads for, where it serves nobody. No address, setting or header leads here.
_acting: str | None = None


class NotAllowed(Exception):
    """Nobody is signed in, or nothing says what they may see. The message says whom to ask."""


class WrongAccess(Exception):
    """`access.csv` cannot be read as it is; the message names the line."""


def is_asked() -> bool:
    return setting("LOGIN").strip().lower() == "on"


@contextmanager
def acting(email: str | None) -> Iterator[None]:
    """Reads with the rights of somebody who is not there: for a mail or a file made by a command.

    All threads of the process read so; where pages are served that would be everybody, and it is refused.
    """
    global _acting
    if runtime.exists():
        raise RuntimeError("Where pages are served, everybody reads for themselves.")
    before, _acting = _acting, email.strip().lower() if email else None
    try:
        yield
    finally:
        _acting = before


def signed_in() -> str | None:
    """The address the reader signed in with."""
    if _acting is not None:
        return _acting
    user = st.user.to_dict()
    return str(user["email"]).strip().lower() if user.get("is_logged_in") and user.get("email") else None


def known() -> dict[str, Reader]:
    """Everybody whom `access.csv` names, by address."""
    return readers(path(), _changed(path()))


def reader() -> Reader:
    if not is_asked():
        # A mail reaches somebody: what the firm wrote down of them holds without a sign-in too.
        return known().get(_acting, EVERYTHING) if _acting else EVERYTHING
    email = signed_in()
    found = known().get(email or "")
    if found is None:
        raise NotAllowed(email or "")
    return found


def path() -> Path:
    return company_dir() / "access.csv"


@lru_cache(maxsize=4)
def readers(file: Path, _changed: int) -> dict[str, Reader]:
    """Everybody's rights by address; nobody's where there is no file."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = list(csv.reader(lines)) or [[]]
    if header != COLUMNS:
        raise WrongAccess(f"access.csv, line 1: the columns must be {','.join(COLUMNS)}.")
    found = {}
    for number, row in enumerate(rows, start=2):
        if row:
            email, rights = _read(row, number)
            if email in found:
                raise WrongAccess(f"access.csv, record {number}: {email} is there twice.")
            found[email] = rights
    return found


def _read(row: list[str], number: int) -> tuple[str, Reader]:
    if len(row) != len(COLUMNS):
        raise WrongAccess(f"access.csv, record {number}: it has {len(row)} values, not {len(COLUMNS)}.")
    email, role, person, region = (value.strip() for value in row)
    if role not in ROLES:
        raise WrongAccess(f"access.csv, record {number}, role: {role!r} is none of {', '.join(ROLES)}.")
    needed = {"own": person, "region": region}.get(role, "nothing")
    if not needed or not email:
        lacking = "email" if not email else {"own": "person", "region": "region"}[role]
        raise WrongAccess(f"access.csv, record {number}, {lacking}: role {role!r} needs one.")
    return email.lower(), Reader(role, person, region)


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def narrowed(
    table: str, columns: dict[str, str], rights: Reader, replaced: dict[str, str] | None = None
) -> tuple[str, list[str]]:
    """What stands for a table in a statement of this reader, and the values its rights need, in their order.

    `replaced` are columns that something else stands for; its values come before those of the rights.
    A table that does not say whose its rows are has none for a reader who may not see all."""
    schema, _, name = table.rpartition(".")
    whole = f'{schema}."{name}"'
    rows, values = ("true", []) if rights.sees_all or table in OPEN else _rows(columns, rights)
    hidden = [] if rights.sees_names else [column for column in NAMES if column in columns]
    others = dict(replaced or {}) | dict.fromkeys(hidden, "cast(null as varchar)")
    if rows == "true" and not others:
        return whole, []
    names = ", ".join(f'{expression} as "{column}"' for column, expression in others.items())
    told = f" replace ({names})" if others else ""
    return f"(select *{told} from {whole} where {rows}) as narrowed", values


def _rows(columns: dict[str, str], rights: Reader) -> tuple[str, list[str]]:
    if rights.role == "own":
        mine, values = "select customer_key from canonical.customers where owner_key = ?", [rights.person]
    else:
        mine = "select customer_key from canonical.customers where region = ? or country_code = ?"
        values = [rights.region, rights.region]
    path_to = next((PATHS[column] for column in PATHS if column in columns), None)
    parts, given = ([path_to.format(mine=mine)], values) if path_to else ([], [])
    if rights.role == "own" and "owner_key" in columns:
        parts, given = [*parts, "owner_key = ?"], [*given, rights.person]
    return f"({' or '.join(parts)})" if parts else "false", given
