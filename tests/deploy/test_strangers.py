# SPDX-License-Identifier: EUPL-1.2
"""What one stranger sends changes nothing for those who call, through the shipped proxies and to the servers alone."""

import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from ivr.phone.transport import Request
from tests.deploy.conftest import HOST, Line
from tests.deploy.test_proxy import over_https

pytestmark = pytest.mark.starts

HEAD = f"POST /voice HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
LENGTH = HEAD + "Content-Length: 9\r\n\r\n"
CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n"

ENOUGH = 50
"""Genuine requests beside the broken ones, so that they show something."""

STAY, LEAVE, RESET = "stay", "leave", "reset"
"""What a stranger does next: wait for an answer, hang up, or break the connection off."""

BROKEN = {
    "a bad chunk size": (CHUNKED + "no number\r\n", STAY),
    "a chunk longer than it says": (CHUNKED + "3\r\nabcde\r\n0\r\n\r\n", STAY),
    "a bad trailer": (CHUNKED + "0\r\nno trailer\r\n\r\n", STAY),
    "chunks that break off": (CHUNKED + "FF\r\nabc", LEAVE),
    "chunks that never come": (CHUNKED, STAY),
    "a body that breaks off": (LENGTH + "ab", LEAVE),
    "a body that is broken off": (LENGTH + "ab", RESET),
    "a body that never comes": (LENGTH, STAY),
    "a body that never ends": (LENGTH + "ab", STAY),
    "a body that is too large": (HEAD + "Content-Length: 99999\r\n\r\n" + "a" * 99999, STAY),
    "chunks that are too large": (CHUNKED + "1869F\r\n" + "a" * 99999 + "\r\n0\r\n\r\n", STAY),
    "two lengths": (HEAD + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /", STAY),
    "a promise": (HEAD + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", STAY),
    "a change of protocol": (HEAD + "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", STAY),
    "nobody to answer": (HEAD + "Content-Length: 0\r\n\r\n", RESET),
}


class Stranger:
    """Sends what is broken, over TLS and HTTP/1.1, and keeps the connections on which an answer is waited for."""

    def __init__(self, line: Line, stack: ExitStack) -> None:
        self._address = ("127.0.0.1", line.port)
        self._context = ssl.create_default_context(cafile=line.certificate)
        self._stack = stack
        self.refused = 0

    def send(self, request: str, then: str) -> None:
        """Send one request; a proxy that has had enough of it may close the connection meanwhile, or at once."""
        tcp = socket.create_connection(self._address, 10)
        if then == RESET:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            connection = self._context.wrap_socket(tcp, server_hostname=HOST)
        except ConnectionResetError:
            self.refused += 1
            return
        with suppress(OSError):
            connection.sendall(request.encode())
        if then == STAY:
            self._stack.enter_context(connection)
        else:
            connection.close()


@contextmanager
def calling(line: Line) -> Iterator[list[int]]:
    """Genuine requests one after the other, each over a connection of its own, and their statuses; 0 for no answer, or
    another than the first.
    """
    fetch, request = over_https(line), Request("POST", f"{line.public_url}/voice/number/nla/keys", {"Digits": "*"})
    right = fetch(request).body
    statuses: list[int] = []
    over = threading.Event()

    def call() -> None:
        while not over.wait(0.1):
            try:
                answer = fetch(request)
                statuses.append(answer.status if answer.body == right or answer.status != 200 else 0)
            except OSError:
                statuses.append(0)

    with ThreadPoolExecutor() as pool:
        callers = [pool.submit(call) for _ in range(2)]
        try:
            yield statuses
        finally:
            over.set()
    for caller in callers:
        caller.result()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[dict[str, Line]]:
    """A line behind each proxy; and as Compose runs it, whose servers have two workers each."""
    kinds = {"caddy": ("caddy", 1), "nginx": ("nginx", 1), "compose": ("caddy", 2)}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(Line(tmp_path_factory.mktemp(name), proxy, certificate, "", workers=workers))
            for name, (proxy, workers) in kinds.items()
        }


@pytest.fixture
def line(lines: dict[str, Line], proxy: str) -> Iterator[Line]:
    """The one of those behind a proxy, whole again after each test."""
    yield lines[proxy]
    lines[proxy].mend()


def test_a_server_that_is_killed_costs_no_call_that_is_asked_again(line: Line) -> None:
    """When one of two servers is killed, each request is answered, if need be when it is asked again or once more."""
    fetch, request = over_https(line), Request("POST", f"{line.public_url}/voice", {})
    line.servers[0].kill()
    failed = 0
    for _ in range(30):
        for _ in range(3):
            if answered := fetch(request).status == 200:
                break
            failed += 1
            time.sleep(0.5)
        assert answered
    assert failed <= 2


def test_a_connection_carries_one_request_at_a_time(line: Line) -> None:
    """Neither proxy speaks HTTP/2, in which one connection opens hundreds of requests; nor does it say its version."""
    context = ssl.create_default_context(cafile=line.certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    tcp = socket.create_connection(("127.0.0.1", line.port), 10)
    with context.wrap_socket(tcp, server_hostname=HOST) as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
        connection.sendall(HEAD.encode() + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert re.search(rb"^Server: (Caddy|nginx)\r$", answer, re.MULTILINE)


@pytest.mark.parametrize(("rate", "rounds"), [(1, 1), (20, 6)], ids=["1 a second", "20 a second"])
def test_a_broken_request_costs_nobody_else_an_answer(lines: dict[str, Line], rate: int, rounds: int) -> None:
    """While a stranger sends broken requests of every kind, every genuine request is answered."""

    def attacked(line: Line) -> list[int]:
        with ExitStack() as stack, calling(line) as statuses:
            stranger = Stranger(line, stack)
            begin = time.monotonic()
            sent = 0
            while sent < rounds * len(BROKEN) or len(statuses) <= ENOUGH:  # a busy machine answers fewer meanwhile
                for request, then in BROKEN.values():
                    time.sleep(max(0, begin + sent / rate - time.monotonic()))
                    stranger.send(request, then)
                    sent += 1
            time.sleep(1)  # a server that is held for dead because of the last one would be so for a second
        assert stranger.refused <= sent / len(BROKEN), "most of what is broken must arrive, or nothing is tried"
        return statuses

    with ThreadPoolExecutor() as pool:
        found = dict(zip(lines, pool.map(attacked, lines.values()), strict=True))
    for name, statuses in found.items():
        assert set(statuses) == {200}, f"{name}: {len(statuses) - statuses.count(200)} of {len(statuses)} not answered"
