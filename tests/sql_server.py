"""As much of Microsoft SQL Server as turns a login away: the server's side of a connection, byte by byte.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

PRELOGIN, LOGIN = 0x12, 0x10
# Version, and that this server cannot encrypt: two options, their places, and the end of the list.
GREETING = struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF) + bytes([15, 0, 0, 0, 0, 0]) + bytes([2])


def packet(body: bytes) -> bytes:
    return struct.pack(">BBHHBB", 4, 1, len(body) + 8, 0, 1, 0) + body


def refusal(number: int, words: str) -> bytes:
    """An error of the server, and that there is no more."""
    name = "ERP"
    told = struct.pack("<iBB", number, 1, 14) + struct.pack("<H", len(words)) + words.encode("utf-16-le")
    told += bytes([len(name)]) + name.encode("utf-16-le") + bytes([0]) + struct.pack("<I", 1)
    return b"\xaa" + struct.pack("<H", len(told)) + told + b"\xfd" + struct.pack("<HHQ", 2, 0, 0)


def answered(connection: socket.socket, number: int, words: str) -> None:
    with connection:
        while head := connection.recv(8):
            kind, _, length = struct.unpack(">BBH", head[:4])
            rest = length - 8
            while rest > 0:
                rest -= len(connection.recv(rest)) or rest
            connection.sendall(packet(GREETING if kind == PRELOGIN else refusal(number, words)))
            if kind == LOGIN:
                return


@contextmanager
def turning_away(number: int, words: str) -> Iterator[int]:
    """The port of a server that answers every login with this error, for as long as the block."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                answered(listening.accept()[0], number, words)
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
