# SPDX-License-Identifier: EUPL-1.2
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.main import main
from ivr.phone.transport import Request
from ivr.process import server
from tests.caller import Caller
from tests.cards import edit
from tests.conftest import TOKEN
from tests.languages import offered
from tests.serving import COMMAND, PATIENCE, PUBLIC_URL, Serving, environment, serving, wait_for

pytestmark = pytest.mark.starts

HEAD = b"POST /voice HTTP/1.1\r\nHost: lijn.example\r\n"
SIGNED = HEAD + b"X-Twilio-Signature: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"
"""By nobody, but only of a request with a signature is the body read."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with two workers."""
    with serving(tmp_path_factory.mktemp("server"), workers=2) as server:
        yield server


def call(server: Serving) -> Caller:
    """Somebody who calls a running server."""
    return Caller(server.fetch(), f"{PUBLIC_URL}/voice")


def status(answer: bytes) -> int:
    """The status of a raw answer; 0 when there was none."""
    return int(answer[9:12] or 0)


def test_an_answer_is_sent_whole(running: Serving) -> None:
    """Its head and its body come together, so that a proxy need not wait twice."""
    with running.connect() as connection:
        for _ in range(20):  # two packets can arrive as one, too
            connection.sendall(b"GET / HTTP/1.1\r\nHost: lijn.example\r\n\r\n")
            assert connection.recv(65536).endswith(b"</html>")


def test_no_header_changes_what_was_asked_for(running: Serving) -> None:
    """Headers that tell of scheme and path, even against each other, or that ask for HTTP/2, make no difference."""
    told = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Ssl": "on",
        "SCRIPT_NAME": "/elsewhere",
        "PATH_INFO": "/elsewhere",
    }
    told |= {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"}
    asked = Request("POST", f"{PUBLIC_URL}/voice", {}, told)
    answer = running.fetch()(asked)
    assert (answer.status, answer.body) == (200, running.fetch()(replace(asked, headers={})).body)


def test_a_language_with_a_mistake_does_not_keep_the_line_from_starting(tmp_path: Path) -> None:
    """The server starts without it, and writes down why."""
    offered(tmp_path / "card", "nl", "en", "pl")
    (tmp_path / "card/en/line.yaml").write_text("danger: Call.\n", encoding="utf-8")
    edit(tmp_path / "card", "pl/line.yaml", "danger: ", f"danger: {'Uwaga. ' * 40}")
    with serving(tmp_path, {"IVR_PROMPTS": str(tmp_path / "card")}) as server:
        assert "English?" not in call(server).said
        told = [json.loads(line) for line in server.written.splitlines() if "language left out" in line]
    assert [line["language"] for line in told] == ["en", "pl"]
    assert "en/line.yaml" in told[0]["problem"]


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"POST /voice HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"POST /" + b"a" * server.LIMITS["limit_request_line"] + b" HTTP/1.1\r\n\r\n", 400),
        (HEAD + b"X-A: " + b"a" * server.LIMITS["limit_request_field_size"] + b"\r\n\r\n", 400),
        (HEAD + b"X-A: a\r\n" * (server.LIMITS["limit_request_fields"] + 1) + b"\r\n", 400),
        (HEAD + b"Expect: something\r\nContent-Length: 0\r\n\r\n", 400),
        (HEAD + b"Content-Length: 0\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (HEAD + b"Bad Header: x\r\n\r\n", 400),
        (SIGNED + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n", 400),
        (SIGNED + b"Transfer-Encoding: chunked\r\n\r\nFF\r\nbreaks off", 400),
        # Of a body without a length no more is read than it may have.
        (SIGNED + b"Transfer-Encoding: chunked\r\n\r\n9000\r\n" + b"a" * 0x9000 + b"\r\n0\r\n\r\n", 400),
        (b"BREW /voice HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"OPTIONS /voice HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"GET /voice HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"POST /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_what_is_no_request_of_ours_gets_a_status_without_a_body(
    running: Serving, request_: bytes, refused: int
) -> None:
    """Each refusal is a status and nothing to read; it quotes nothing of what was sent."""
    answer = running.raw(request_)
    assert status(answer) == refused
    assert answer.endswith(b"\r\n\r\n")


def test_a_request_has_a_limit_in_time(tmp_path: Path) -> None:
    """A head that is never finished is closed, and a body that never comes is refused, each within its seconds."""
    hurried = f"from ivr.process import server, worker; server.IDLE = worker.REQUEST = 1; {COMMAND}"
    with serving(tmp_path, command=hurried) as server, server.connect() as head, server.connect() as body:
        begin = time.monotonic()
        head.sendall(HEAD)
        body.sendall(SIGNED + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nab")
        assert head.recv(100) == b""
        assert status(body.recv(100)) == 408
        assert time.monotonic() - begin >= 1


def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    """A worker that computes without end is replaced, and the next call is answered."""
    hangs = "from ivr.answers import Answers; Answers.go_on = lambda *_: next(one for one in iter(int, 1) if one)"
    with serving(tmp_path, command=f"from ivr.process import server; server.STUCK = 3; {hangs}; {COMMAND}") as server:
        before = server.workers
        with pytest.raises(ConnectionError):
            server.fetch()(Request("POST", f"{PUBLIC_URL}/voice/menu/main/silence", {}, timeout=(5, PATIENCE)))
        server.wait_for_workers(1, other_than=before)
        call(server).hears("één, één, twee")


def test_a_worker_that_dies_is_replaced(running: Serving) -> None:
    """A worker that is killed costs no call: another answers, and a new one takes its place."""
    before = running.workers
    os.kill(before[0], signal.SIGKILL)
    call(running).press("1").hears("één, één, twee")
    running.wait_for_workers(2, other_than=before)
    call(running).press("1").hears("één, één, twee")


def test_readiness_goes_first_and_requests_in_flight_are_answered(tmp_path: Path) -> None:
    """After SIGTERM the server is not ready but still answers calls; what was asked before it stopped is answered."""
    hurried = f"from ivr.process import server, worker; server.DRAIN = 6; worker.REQUEST = 30; {COMMAND}"
    with serving(tmp_path, command=hurried) as server:
        assert server.status("/health/ready") == 200
        in_flight = socket.create_connection(("127.0.0.1", server.port), 15)
        in_flight.sendall(HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na")
        server.process.send_signal(signal.SIGTERM)
        time.sleep(2)  # by now the workers would have stopped
        assert server.status("/health/ready") == 503
        assert server.status("/health/live") == 200
        call(server).press("1").hears("één, één, twee")
        wait_for(lambda: server.status("/health/live") is None)
        with in_flight:
            in_flight.sendall(b"=b")
            assert status(in_flight.recv(100)) == 403
        assert server.process.wait(PATIENCE) == 0


def test_who_is_in_a_hurry_need_not_wait(tmp_path: Path) -> None:
    """SIGINT stops the server at once, also while it lets readiness go, and a worker that does not yet listen too."""
    slow = "old = worker.Worker.init_process; worker.Worker.init_process = lambda w: (time.sleep(w.age - 1), old(w))"
    patient = f"server.GRACE = server.DRAIN = 3 * {PATIENCE}; {slow}; {COMMAND}"
    with serving(tmp_path, command=f"import time; from ivr.process import server, worker; {patient}") as server:
        server.process.send_signal(signal.SIGTTIN)  # one worker more
        wait_for(lambda: len(server.workers) == 2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
        assert '"level": "error"' not in server.written


def test_the_start_is_written_down_without_the_secret(running: Serving) -> None:
    """The log begins with the settings, of the tokens only their number. Nothing is counted unless it is asked for."""
    start = json.loads(running.written.splitlines()[0])
    assert (start["event"], start["public_url"], start["tokens"]) == ("starting", PUBLIC_URL, 1)
    assert start["metrics_port"] is None
    assert TOKEN not in running.written


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is niet ingevuld."),
        ({"IVR_PUBLIC_URL": ""}, "IVR_PUBLIC_URL is niet ingevuld."),
        ({"IVR_PROMPTS": "/nowhere"}, "Het bestand card.yaml is er niet, of mag niet gelezen worden."),
    ],
)
def test_a_line_that_cannot_work_does_not_start(changes: dict[str, str], says: str) -> None:
    """A missing setting or a missing card stops the start with a sentence."""
    result = CliRunner().invoke(main, ["serve"], env=environment({}) | changes)
    assert (result.exit_code, says in result.stderr) == (1, True)
