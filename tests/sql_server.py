"""As much of Microsoft SQL Server as its driver notices: it turns logins away, or answers from a file of SQLite.

What it is asked must be worded as that server wants it. https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
"""

import re
import socket
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

PRELOGIN, LOGIN, BATCH, ATTENTION = 0x12, 0x10, 0x01, 0x06
# Version, and that this server cannot encrypt: two options, their places, and the end of the list.
GREETING = struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF) + bytes([15, 0, 0, 0, 0, 0]) + bytes([2])
SIZE = 4096
QUESTION = re.compile(r"select top \((\d+)\) (.+) from \[(?:CDN|dbo)\]\.\[(\w+)\] (.*)", re.DOTALL)
COLUMNS = re.compile(
    r"select COLUMN_NAME, DATA_TYPE from INFORMATION_SCHEMA\.COLUMNS"
    r" where TABLE_SCHEMA = N'(\w+)' and TABLE_NAME = N'(\w+)'"
)
# What a row's last change was numbered with is eight bytes, and a number only when it is made one.
NUMBERED = re.compile(r"convert\(bigint, (\[\w+\])\)")
WRITTEN = "select convert(bigint, min_active_rowversion())"


def text(words: str, length: str = "B") -> bytes:
    return struct.pack(f"<{length}", len(words)) + words.encode("utf-16-le")


def done(rows: int = 0, flags: int = 0) -> bytes:
    return b"\xfd" + struct.pack("<HHQ", flags, 0, rows)


def refusal(number: int, words: str) -> bytes:
    """An error of the server, and that there is no more."""
    told = struct.pack("<iBB", number, 1, 14) + text(words, "H") + text("ERP") + b"\0" + struct.pack("<I", 1)
    return b"\xaa" + struct.pack("<H", len(told)) + told + done(flags=2)


def welcome(_: str) -> bytes:
    told = b"\x01" + struct.pack(">I", 0x74000004) + text("SQL Server") + bytes([15, 0, 0, 0])
    return b"\xad" + struct.pack("<H", len(told)) + told + done()


def rows(names: list[str], found: list[tuple]) -> bytes:
    """A result: whole numbers as such, everything else as text."""
    whole = [all(isinstance(row[place], int | None) for row in found) for place in range(len(names))]
    told = b"\x81" + struct.pack("<H", len(names))
    for name, is_whole in zip(names, whole, strict=True):
        kind = b"\x26\x08" if is_whole else b"\xe7" + struct.pack("<H", 8000) + bytes([9, 4, 208, 0, 52])
        told += struct.pack("<IH", 0, 1) + kind + text(name)
    for row in found:
        told += b"\xd1" + b"".join(value(one, is_whole) for one, is_whole in zip(row, whole, strict=True))
    return told + done(len(found), 0x10)


def value(given: Any, is_whole: bool) -> bytes:
    if is_whole:
        return b"\x00" if given is None else b"\x08" + struct.pack("<q", given)
    if given is None:
        return b"\xff\xff"
    words = str(given).encode("utf-16-le")
    return struct.pack("<H", len(words)) + words


def answer(file: Path, question: str) -> bytes:
    """What the server would say to a question; one that it would not understand is refused as there."""
    if question.startswith("select snapshot_isolation_state"):
        return rows(["snapshot_isolation_state"], [(1,)])
    if question.lower().startswith(("set ", "use [")):
        return done()
    if asked := COLUMNS.fullmatch(question):
        kind = "replace(lower(type), 'rowversion', 'timestamp')"
        spelled = f"select name, {kind} from pragma_table_info('{asked[2]}') where '{asked[1]}' in ('CDN', 'dbo')"  # noqa: S608
    elif question == WRITTEN:
        spelled = "select 9000000000"
    elif asked := QUESTION.fullmatch(question):
        spelled = f"select {asked[2]} from [{asked[3]}] {asked[4]} limit {asked[1]}"  # noqa: S608
        spelled = NUMBERED.sub(r"\1", spelled).replace("[CDN].", "").replace("[dbo].", "")
    else:
        return refusal(102, f"Incorrect syntax near '{question[:20]}'.")
    with closing(sqlite3.connect(file)) as connection:
        try:
            cursor = connection.execute(spelled)
        except sqlite3.OperationalError as error:
            return refusal(208 if "no such table" in str(error) else 102, str(error))
        return rows([column[0] for column in cursor.description], cursor.fetchall())


def message(connection: socket.socket) -> tuple[int, bytes]:
    """One message of the client, of however many packets."""
    body = b""
    while True:
        kind, status, length = struct.unpack(">BBH4x", whole(connection, 8))
        body += whole(connection, length - 8)
        if status & 1:
            return kind, body


def whole(connection: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        more = connection.recv(length - len(got))
        if not more:
            raise OSError("the client hung up")
        got += more
    return got


def send(connection: socket.socket, body: bytes) -> None:
    most = SIZE - 8
    parts = [body[start : start + most] for start in range(0, len(body), most)]
    for number, part in enumerate(parts):
        last = number + 1 == len(parts)
        connection.sendall(struct.pack(">BBHHBB", 4, last, len(part) + 8, 0, (number + 1) % 256, 0) + part)


def conversation(connection: socket.socket, login: Callable[[str], bytes], ask: Callable[[str], bytes]) -> None:
    with connection:
        while True:
            kind, body = message(connection)
            if kind == PRELOGIN:
                send(connection, GREETING)
            elif kind == LOGIN:
                send(connection, login(""))
            elif kind == BATCH:
                headers = struct.unpack("<I", body[:4])[0]
                send(connection, ask(body[headers:].decode("utf-16-le").strip()))
            elif kind == ATTENTION:
                send(connection, done(flags=0x20))
            else:
                return


@contextmanager
def serving(login: Callable[[str], bytes], ask: Callable[[str], bytes]) -> Iterator[int]:
    """The port of the server, for as long as the block."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection = listening.accept()[0]
            except OSError:
                return
            Thread(target=quietly, args=(connection,), daemon=True).start()

    def quietly(connection: socket.socket) -> None:
        try:
            conversation(connection, login, ask)
        except OSError:
            return

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def turning_away(number: int, words: str) -> Any:
    """A server that answers every login with this error."""
    return serving(lambda _: refusal(number, words), lambda _: b"")


def answering_from(file: Path, heard: list[str]) -> Any:
    """A server whose schema, CDN or dbo, is a file of SQLite; what it is asked is heard."""

    def ask(question: str) -> bytes:
        heard.append(question)
        return answer(file, question)

    return serving(welcome, ask)
