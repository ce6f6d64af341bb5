# SPDX-License-Identifier: EUPL-1.2
"""A recording from the real server: it goes out in parts, and nobody who reads slowly holds it for long."""

import socket
import time
from pathlib import Path

import gevent
import pytest
from gunicorn.workers.ggevent import GeventWorker

from ivr import dialogue, recording
from ivr.phone.rules import parse
from ivr.process import worker
from tests.conftest import BY_DAY, PUBLIC_URL, answers
from tests.recorded import ours, record
from tests.serving import COMMAND, PATIENCE, serving

pytestmark = pytest.mark.starts


def test_a_long_answer_goes_out_in_parts(tmp_path: Path) -> None:
    """Whole to whoever reads it; who reads none of it is let go, others are answered meanwhile, and nothing is told."""
    prompts = ours(tmp_path)
    line = record(prompts, "nl", "en")
    (play,) = parse(answers(line).answer(dialogue.start(line.card), line.world(BY_DAY))).iter("Play")
    path = str(play.text).removeprefix(PUBLIC_URL)
    head = f"GET {path} HTTP/1.1\r\nHost: lijn.example\r\n"
    hurried = f"from ivr.process import worker; worker.REQUEST = 1; {COMMAND}"
    settings = {"IVR_PROMPTS": str(prompts), "IVR_LOG_LEVEL": "debug"}
    with serving(tmp_path, settings, command=hurried) as server:
        before = server.written
        answer = server.raw(f"{head}Connection: close\r\n\r\n".encode())
        body = answer.partition(b"\r\n\r\n")[2]
        assert len(body) > 100_000
        assert any(row.text for row in recording.unpack(body)[1])
        held = Path(f"/proc/{server.workers[0]}/fd")
        few = len(list(held.iterdir()))
        slow = [socket.socket() for _ in range(4)]
        for connection in slow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(f"{head}\r\n".encode() * 12)  # more than the kernel takes for one that does not read
        for let_go in (False, True):  # they are let in, and, since they read nothing, let go
            until = time.monotonic() + PATIENCE
            while (len(list(held.iterdir())) <= few) != let_go:
                assert time.monotonic() < until
                time.sleep(0.05)
        for connection in slow:
            connection.settimeout(10)
            received = b""
            while part := connection.recv(1 << 20):
                received += part
            assert b"HTTP/1.1 408" not in received  # in the middle of a sound nothing else can be said
            connection.close()
        assert server.status("/health/ready") == 200
        told = server.written.removeprefix(before)
        assert not [wrong for wrong in ("sound", '"level": "error"', path) if wrong in told]


class Connection:
    """Notes how much is sent."""

    def __init__(self, turns: list[str]) -> None:
        self._turns = turns

    def sendall(self, part: bytes) -> None:
        """Take it all."""
        self._turns.append(f"{len(part)} bytes")


def test_a_call_is_answered_between_two_parts() -> None:
    """Whoever fetches much, and reads it as fast as it comes, keeps nobody waiting until the end."""
    turns: list[str] = []
    whole = worker._Whole(Connection(turns))  # type: ignore[arg-type]  # noqa: SLF001
    gevent.spawn(turns.append, "a call")
    for _ in range(2):
        whole.sendall(b"head")
        whole.sendall(bytes(worker.AT_ONCE))
    assert turns == ["16388 bytes", "a call", "16388 bytes"]


@pytest.mark.parametrize(("sent", "end"), [(1, gevent.Timeout), (worker.AT_ONCE + 1, StopIteration)])
def test_who_takes_too_long_is_let_go(monkeypatch: pytest.MonkeyPatch, sent: int, end: type[BaseException]) -> None:
    """With a refusal while nothing was sent; in the middle of a sound without a word, which would be heard in it."""

    def answers(_: object, __: object, ___: object, sock: Connection, ____: object) -> None:
        sock.sendall(bytes(sent))
        gevent.sleep(60)

    monkeypatch.setattr(worker, "REQUEST", 0.01)
    monkeypatch.setattr(GeventWorker, "handle_request", answers)
    made = object.__new__(worker.Worker)
    with pytest.raises(end):
        made.handle_request("", None, Connection([]), "")  # type: ignore[arg-type]
