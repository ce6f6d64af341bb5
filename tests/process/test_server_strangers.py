# SPDX-License-Identifier: EUPL-1.2
"""What strangers send to the server itself, without a proxy before it, keeps no call from being answered."""

import re
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from ivr.phone.transport import Request
from tests.process.test_server import HEAD, call, status
from tests.serving import COMMAND, PATIENCE, PUBLIC_URL, Serving, serving

pytestmark = pytest.mark.starts


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with two workers."""
    with serving(tmp_path_factory.mktemp("server"), workers=2) as server:
        yield server


@pytest.mark.parametrize("head", [HEAD, HEAD + b"X-Header: half"], ids=["silent", "half a header"])
def test_slow_clients_do_not_keep_calls_from_being_answered(running: Serving, head: bytes) -> None:
    """With 600 connections that dribble their requests byte by byte, a call is answered while they are all held."""
    slow = [running.connect() for _ in range(600)]
    try:
        for connection in slow:
            connection.sendall(head)
        call(running).press("1").hears("één, één, twee")
        for connection in slow:
            connection.settimeout(0)
            with pytest.raises(BlockingIOError):  # which a closed one does not raise
                connection.recv(1)
    finally:
        for connection in slow:
            connection.close()


def test_more_strangers_than_files_are_allowed(tmp_path: Path) -> None:
    """With 1,500 silent connections a call is answered, also where a service starts with 1,024 open files, as systemd
    has it; and no image of the memory is ever left behind, which would hold requests.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    few = f"from ivr.process import server; server.IDLE = 3 * {PATIENCE}; "
    few += f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (1024, {most})); "
    few += "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2); "
    with serving(tmp_path, command=few + COMMAND) as server, ExitStack() as slow:
        for _ in range(1500):
            slow.enter_context(server.connect()).sendall(b"P")
        call(server).press("1").hears("één, één, twee")
        limits = Path(f"/proc/{server.workers[0]}/limits").read_text(encoding="ascii")
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)


class Flood:
    """Sends one request many times over one connection without waiting for an answer; `left` are still unanswered."""

    def __init__(self, server: Serving, times: int) -> None:
        self.left = times
        self._connection = server.connect()
        self._request = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"

    def send(self) -> None:
        """Send all of it, as fast as the server takes it."""
        self._connection.sendall(self._request * self.left)

    def receive(self) -> None:
        """Receive all that is answered."""
        answered = b""
        with self._connection:
            while self.left:
                *whole, answered = (answered + self._connection.recv(65536)).split(b"alive\n")
                self.left -= len(whole)


def test_many_requests_on_one_connection_let_others_go_first(tmp_path: Path) -> None:
    """While four connections send 1,000 requests each without waiting, a call is answered before half of those are."""
    with serving(tmp_path) as server, ThreadPoolExecutor(8) as pool:
        floods = [Flood(server, 1000) for _ in range(4)]
        tasks = [pool.submit(do) for flood in floods for do in (flood.send, flood.receive)]
        while sum(flood.left for flood in floods) == 4_000:
            time.sleep(0.001)
        server.fetch()(Request("POST", f"{PUBLIC_URL}/voice", {}))
        left = sum(flood.left for flood in floods)
        for task in tasks:
            task.result()
    assert left > 2_000


def test_a_body_that_nobody_reads_ends_the_connection(tmp_path: Path) -> None:
    """What is left of a body after the answer is not waited for, nor thrown away for as long as it comes."""
    patient = f"from ivr.process import server; server.IDLE = 3 * {PATIENCE}; {COMMAND}"
    with serving(tmp_path, command=patient) as server:
        for body in (b"Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n", b"Content-Length: 99999999\r\n\r\n"):
            with server.connect() as connection:
                connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + body)
                answer = connection.recv(4096)
                assert status(answer) == 200
                while connection.recv(4096):  # the end of the answer, and of the connection
                    pass
