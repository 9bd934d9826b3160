"""Decisions that the pages left in the firm's inbox: each file is checked and added to the firm's file, then it goes.

A file is first taken under a name the pages do not know, so that nobody takes back what is already being read. Killed
anywhere in between, the next refresh finds it under that name; a decision that is there already is not added twice.
"""

import csv
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pipelines import decisions, durable
from pipelines.crash_points import reached
from pipelines.decisions import COLUMNS, Refused
from pipelines.outcomes import is_disk_full

LARGEST = 1 << 20
TAKEN = ".taking"

Say = Callable[[str], None]


def take_over(company_dir: Path, say: Say) -> None:
    """Every decision of the inbox into the firm's file. What cannot be taken is said, and the refresh goes on."""
    inbox = company_dir / "inbox"
    try:
        if any(_waiting(inbox)) or any(_taken(inbox)):
            with decisions.alone(company_dir):
                _take_over(company_dir, inbox, say)
        else:
            reached("decisions_appended")
    except OSError as error:
        if is_disk_full(error):
            raise
        say(f"  warning: The decisions in {inbox} could not be taken over and wait for the next refresh: {error}.")


def _take_over(company_dir: Path, inbox: Path, say: Say) -> None:
    for path in _waiting(inbox):
        taking = path.with_name(f".{path.name}{TAKEN}")
        if not taking.exists():  # an earlier file of that name comes first
            with suppress(FileNotFoundError):  # taken back at this very moment
                path.rename(taking)
    found = {path: _read(path, say) for path in _taken(inbox)}
    added = decisions.add(company_dir, [row for rows in found.values() for row in rows])
    reached("decisions_appended")
    for path, rows in found.items():
        if rows:
            path.unlink()
    durable.sync(inbox)
    if added:
        say(f"  decisions: {added} of the inbox added to {company_dir / decisions.NAME}")


def _waiting(inbox: Path) -> Iterator[Path]:
    return (path for path in sorted(inbox.glob("*.csv")) if not path.name.startswith("."))


def _taken(inbox: Path) -> list[Path]:
    return sorted(inbox.glob(f".*.csv{TAKEN}"))


def _read(path: Path, say: Say) -> list[list[str]]:
    """The decisions of one file; none, and a warning, where it cannot be read or is refused."""
    try:
        try:
            return _rows(path)
        except Refused as error:
            _refuse(path, str(error), say)
    except OSError as error:
        if is_disk_full(error):
            raise
        say(f"  warning: The inbox: {path} could not be taken over and stays there: {error.strerror}.")
    return []


def _rows(path: Path) -> list[list[str]]:
    now, rows = datetime.now(UTC), []
    for number, (line, row) in enumerate(_lines(path)):
        if number == 0 and row != COLUMNS:
            raise Refused(f"line 1: the columns must be {','.join(COLUMNS)}")
        if number and row:
            try:
                rows.append(decisions.checked(row, now))
            except Refused as error:
                raise Refused(f"line {line}, {error}") from error
    if not rows:
        raise Refused("line 2: it holds no decision")
    return rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    try:
        reader = csv.reader(io.StringIO(_content(path).decode("utf-8-sig"), newline=""), strict=True)
        return [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"it is not a CSV file in utf-8: {error}") from error


def _content(path: Path) -> bytes:
    """What stands in the file; a link or a pipe that somebody put there is neither followed nor waited for."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused("it is not a plain file")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(f"it is larger than {LARGEST >> 20} MB")
    return content


def _refuse(path: Path, why: str, say: Say) -> None:
    """Out of the way, with the reason beside it."""
    name = path.name.removeprefix(".").removesuffix(TAKEN)
    refused = path.parent / "refused"
    refused.mkdir(mode=0o700, exist_ok=True)
    sentence = f"{name}, {why}. Nothing of it was taken; correct it in {refused} and put it back into {path.parent}."
    durable.write(refused / f"{name}.reason.txt", f"{sentence}\n".encode())
    path.replace(refused / name)
    say(f"  warning: The inbox: {sentence}")
