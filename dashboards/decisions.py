"""What a reader decides about two accounts: a file in the firm's inbox, which the next refresh takes over."""

import csv
import getpass
import io
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from dashboards import access, export
from dashboards.configuration import company_dir, setting

COLUMNS = ["account_key_a", "account_key_b", "decision", "who", "when", "reason"]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Ours, and not yet taken by a refresh: what can still be taken back.
WAITING = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}\.csv")
LARGEST = 1 << 20


@dataclass(frozen=True)
class Decision:
    first: str
    second: str
    decision: str
    who: str
    when: str
    reason: str
    # The file it waits in; none once a refresh has it.
    file: str | None = None

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.first, self.second))


def inbox() -> Path:
    return company_dir() / "inbox"


def are_on() -> bool:
    """Whether readers may decide: as the setting says; unset, only where nobody but this machine is served.

    Who sees a part of the customers decides about none.
    """
    if not access.reader().sees_all:
        return False
    chosen = setting("DECISIONS").strip().lower()
    return chosen == "on" if chosen else is_alone()


def who() -> str | None:
    """The reader's name: of the login, else of this machine's user; None where neither says who is reading."""
    if st.user.get("email"):
        return str(st.user["email"])
    return getpass.getuser() if is_alone() else None


def is_alone() -> bool:
    """Whether the pages are for this machine: so configured, and so asked for, as a proxy would not ask."""
    if not serves_itself(st.get_option("server.address"), st.get_option("server.allowedHosts")):
        return False
    passed_on = any(name.lower().startswith(("x-forwarded", "forwarded", "via")) for name in st.context.headers)
    return not passed_on and urlsplit(st.context.url or "").hostname in {None, *LOOPBACK}


def serves_itself(address: str | None, hosts: list[str] | None) -> bool:
    return address in LOOPBACK and bool(hosts) and set(hosts) <= LOOPBACK


def decide(first: str, second: str, decision: str, by: str, why: str) -> str:
    """Leaves the decision in the inbox; the name of its file. A file is there whole or not at all."""
    now = datetime.now(UTC).replace(microsecond=0)
    row = [first, second, decision, export.harmless(by), now.strftime("%Y-%m-%dT%H:%M:%SZ"), export.harmless(why)]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([COLUMNS, row])
    folder = inbox()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now.strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}.csv"
    aside = folder / f".{name}"
    try:
        # Who may read the inbox may read what lies in it: the refresh can be another user's.
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), folder.stat().st_mode & 0o660 | 0o600)
            file.write(written.getvalue())
            file.flush()
            os.fsync(file.fileno())
        aside.rename(folder / name)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    return name


def undo(name: str) -> bool:
    """Takes a decision back; False where a refresh already has it."""
    if not WAITING.fullmatch(name):
        return False
    try:
        (inbox() / name).unlink()
    except FileNotFoundError:
        return False
    return True


def waiting() -> list[Decision]:
    """What lies in the inbox, oldest first; what no refresh would take is left to the refresh to say."""
    found = []
    for path in sorted(inbox().glob("*.csv")) + sorted(inbox().glob(".*.csv.taking")):
        name = path.name if WAITING.fullmatch(path.name) else None
        found += [Decision(*row, name) for row in _rows(path)]
    return found


def taken() -> list[Decision]:
    """What refreshes have taken over, or somebody wrote down by hand."""
    return [Decision(*row) for row in _rows(company_dir() / "account_decisions.csv")]


def _rows(path: Path) -> list[list[str]]:
    try:
        if (path.is_symlink() and path.parent == inbox()) or not path.is_file() or path.stat().st_size > LARGEST * 16:
            return []
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    return [row for row in rows[1:] if len(row) == len(COLUMNS)] if rows and rows[0] == COLUMNS else []
