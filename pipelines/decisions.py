"""What people decided about pairs of accounts: a file of the firm's, to which decisions are added and never lost."""

import csv
import fcntl
import getpass
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines import company_facts, durable

NAME = "account_decisions.csv"
COLUMNS = ["account_key_a", "account_key_b", "decision", "who", "when", "reason"]
WORDS = ("same", "different", "parent")
KEY = re.compile(r"[a-z][a-z0-9_]*(@[a-z0-9_]+)?:[^\x00-\x1f\x7f]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")
# What a spreadsheet would run as a formula.
FORMULA = re.compile(r"[ \u00a0]*[=+\-@＝＋－＠]")
LONGEST = 1000


class Refused(ValueError):
    """A decision that is none: the column, its value, and what is wrong with it."""


def made(first: str, decision: str, second: str, who: str | None, why: str | None, now: datetime) -> list[str]:
    """A decision taken now, as a row of the file."""
    when = now.astimezone(UTC).replace(microsecond=0)
    return checked([first, second, decision, who or getpass.getuser(), when.isoformat(), why or ""], now)


def checked(row: list[str], now: datetime) -> list[str]:
    """The row as it is kept; Refused says which value is wrong."""
    if len(row) != len(COLUMNS):
        raise Refused(f"it has {len(row)} values, not {len(COLUMNS)}; the columns are {','.join(COLUMNS)}")
    first, second, decision, who, when, reason = (value.strip() for value in row)
    for column, key in (("account_key_a", first), ("account_key_b", second)):
        if not KEY.fullmatch(key) or len(key) > LONGEST:
            raise Refused(f"column {column}: {key[:80]!r} is not an account key; salesforce:0011t00001 is one")
    if first == second:
        raise Refused(f"column account_key_b: {second!r} is the same account; a decision is about two")
    if decision not in WORDS:
        raise Refused(f"column decision: {decision[:80]!r} is none of {', '.join(WORDS)}")
    return [first, second, decision, _harmless(who), _moment(when, now), _harmless(reason)]


def add(company_dir: Path, rows: list[list[str]]) -> int:
    """Adds the rows that are not there yet; how many these were. The lock must be held."""
    # Where the file is a link into somebody's repository, the link stays.
    path = (company_dir / NAME).resolve()
    known: list[list[str]] = []
    before = _line(COLUMNS, "\n")
    if path.exists():
        company_facts.check(path, COLUMNS)
        before = path.read_bytes()
        known = list(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")))
    fresh = [row for at, row in enumerate(rows) if row not in known and row not in rows[:at]]
    if fresh:
        # A reader of the file takes one way of ending lines for all of them.
        ending = "\r\n" if b"\r\n" in before else "\n"
        whole = before if before.endswith(b"\n") else before + ending.encode()
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        durable.write(path, whole + b"".join(_line(row, ending) for row in fresh), mode)
        durable.sync(path.parent)
    return len(fresh)


@contextmanager
def alone(company_dir: Path) -> Iterator[None]:
    """One writer at a time; a refresh at work keeps nobody from deciding, so this is a lock of its own."""
    company_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(company_dir / f".{NAME}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _moment(text: str, now: datetime) -> str:
    """A day as it is; a moment in UTC, to the second. Of two decisions the later one counts, so none is of tomorrow."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(f"column when: {text[:80]!r} is no moment; 2026-11-21T14:05:00Z is one") from error
    if moment > now + timedelta(days=1):
        raise Refused(f"column when: {text!r} is in the future")
    return day.isoformat() if day else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(text: str) -> str:
    """One line of text that no spreadsheet runs."""
    plain = CONTROL.sub(" ", text).strip()[:LONGEST]
    return f"'{plain}" if FORMULA.match(plain) else plain


def _line(row: list[str], ending: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator=ending).writerow(row)
    return written.getvalue().encode("utf-8")
