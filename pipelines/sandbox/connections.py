"""Connections that can be cut: uvicorn keeps its transports to itself, and a broken line is one of the faults."""

import asyncio
import socket
import struct

from uvicorn.protocols.http.h11_impl import H11Protocol

OPEN: dict[tuple[str, int], asyncio.Transport] = {}
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends a reset instead of a farewell


class Connection(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        OPEN[self.client] = transport

    def connection_lost(self, reason: Exception | None) -> None:
        OPEN.pop(self.client, None)
        super().connection_lost(reason)


async def reset(client: tuple[str, int]) -> None:
    transport = OPEN[client]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()
    await gone(client)


async def hang_up(client: tuple[str, int]) -> None:
    """What was written so far is sent, then the line is closed."""
    OPEN[client].close()
    await gone(client)


async def gone(client: tuple[str, int]) -> None:
    while client in OPEN:
        await asyncio.sleep(0.001)
