"""What was sent, held back or failed: one line each in `sent.jsonl`, so that nothing is sent twice and all is known."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dashboards import generation, sending
from dashboards.configuration import setting
from dashboards.posting import NotSent
from dashboards.sending import Message

SENT, HELD, FAILED = "sent", "held back", "failed"


class Busy(Exception):
    """Somebody else is sending now."""


@contextmanager
def alone() -> Iterator[None]:
    """One sender at a time: two would each find that nothing was sent yet."""
    handle = os.open(generation.data_dir() / ".sending.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("Messages are being sent by another process; nothing was done.") from error
        yield
    finally:
        os.close(handle)


def today(now: datetime) -> date:
    """The day it is where the firm is. `now` is UTC without a zone."""
    return now.replace(tzinfo=UTC).astimezone(ZoneInfo(setting("TIME_ZONE"))).date()


def lines() -> list[dict]:
    """The log, oldest first; a half-written line is not one."""
    try:
        written = (generation.data_dir() / "sent.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in written:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def was_sent(key: str, recipient: str) -> bool:
    return any(
        line.get("key") == key and line.get("recipient") == recipient and line.get("result") == SENT for line in lines()
    )


def deliver(message: Message, kind: str, rule: str = "", values: dict | None = None) -> bool:
    """Sends what was not sent yet and writes down how it ended. Whether the recipient has it now."""
    if was_sent(message.key, message.recipient):
        return True
    known = {"kind": kind, "recipient": message.recipient, "subject": message.subject, "rule": rule}
    known |= {"key": message.key, "values": values or {}}
    try:
        sending.send(message)
    except NotSent as error:
        note(**known, result=FAILED, reason=str(error))
        return False
    note(**known, result=SENT)
    return True


def note(*, kind: str, recipient: str, result: str, **more) -> None:
    """A line, on the disk before anything else is done. The file is the owner's alone: it holds figures."""
    moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    line = {"moment": moment, "kind": kind, "recipient": recipient, "generation": generation.folder()}
    line |= more | {"result": result}
    path = generation.data_dir() / "sent.jsonl"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "ab+") as file:
        os.fchmod(file.fileno(), 0o600)
        torn = file.tell() and file.seek(-1, os.SEEK_END) and file.read(1) != b"\n"
        file.write(b"\n" * bool(torn) + json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
