# SPDX-License-Identifier: EUPL-1.2
"""Two loads: a closed loop, in which everybody waits for an answer, and an open one, in which nobody does.

A closed loop measures how much a server can do. An open loop sends on a fixed schedule, as callers do, and counts
from the moment a request was due: so the time in a queue shows.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field


class _Connection(asyncio.Protocol):
    """One kept-alive connection; one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.statuses: dict[bytes, int] = {}
        self._buffer = b""
        self._answered: asyncio.Future[bool] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self.transport = None
        if self._answered and not self._answered.done():
            self._answered.set_result(False)

    async def ask(self, request: bytes) -> bytes | None:
        """Send a request and return the status of its answer; None when the connection broke off."""
        if self.transport is None:
            return None
        self._buffer = b""
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._buffer[9:12] if await self._answered else None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if found and self._answered and not self._answered.done():
            lowered = head.lower()
            at = lowered.find(b"\r\ncontent-length:")
            length = int(lowered[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(body) >= length:
                self._answered.set_result(True)
                if b"\r\nconnection: close" in lowered and self.transport:
                    self.transport.close()
                    self.transport = None


@dataclass
class Load:
    """What came of it: when each answered request was due and the seconds that it took, and how many were not."""

    answered: list[tuple[float, float]] = field(default_factory=list)
    duration: float = 0.0
    refused: int = 0
    unanswered: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.answered) / self.duration

    def percentile(self, percent: float) -> float:
        """Milliseconds within which so many percent were answered."""
        ordered = sorted(took for _, took in self.answered) or [float("inf")]
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def once(port: int, request: bytes) -> bool:
    """Whether one request is answered well, over a connection of its own."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(request)
            return connection.recv(12).endswith(b"200")
    except OSError:
        return False


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


async def closed(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send all requests over so many connections, each as soon as its last one was answered."""
    load = Load()
    following = iter(requests)

    async def caller() -> None:
        connection = await _connect(port)
        for request in following:
            if connection.transport is None:
                connection = await _connect(port)
            await _one(connection, request, time.perf_counter(), load)
        if connection.transport:
            connection.transport.close()

    begin = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(connections)))
    load.duration = time.perf_counter() - begin
    return load


async def opened(port: int, requests: Sequence[bytes], rate: float, seconds: float, connections: int = 64) -> Load:
    """Send `rate` requests a second for so many seconds, over free connections; wait 10 s for the last answers."""
    load = Load()
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await _connect(port))

    async def ask(request: bytes, due: float) -> None:
        connection = await free.get()
        if connection.transport is None:
            connection = await _connect(port)
        try:
            await _one(connection, request, due, load)
        finally:
            free.put_nowait(connection)

    begin = time.perf_counter()
    tasks = []
    for count in range(int(rate * seconds)):
        due = begin + count / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        tasks.append(asyncio.create_task(ask(requests[count % len(requests)], due)))
    load.duration = time.perf_counter() - begin
    _, late = await asyncio.wait(tasks, timeout=10)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    load.unanswered += len(late)
    while not free.empty():
        if transport := free.get_nowait().transport:
            transport.close()
    return load


async def pipelined(port: int, request: bytes, connections: int, genuine: Sequence[bytes], pause: float = 0.2) -> Load:
    """Ask genuine requests one by one, each over a connection of its own, `pause` seconds apart.

    Meanwhile so many connections send one request over and over, and wait for no answer.
    """
    load = Load()

    async def flood() -> None:
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answers = asyncio.create_task(reader.read(-1))  # so that they fill no buffer
            try:
                with suppress(OSError):
                    while not answers.done():
                        writer.write(request)
                        await writer.drain()
            finally:
                answers.cancel()
                writer.close()
                await asyncio.gather(answers, return_exceptions=True)

    floods = [asyncio.create_task(flood()) for _ in range(connections)]
    for one in genuine:
        await asyncio.sleep(pause)
        due = time.perf_counter()
        connection = await _connect(port)
        await _one(connection, one, due, load)
    for task in floods:
        task.cancel()
    await asyncio.gather(*floods, return_exceptions=True)
    return load


async def _one(connection: _Connection, request: bytes, due: float, load: Load) -> None:
    status = await connection.ask(request)
    if status == b"200":
        load.answered.append((due, time.perf_counter() - due))
    elif status is None:
        load.unanswered += 1
    else:
        load.refused += 1
