# SPDX-License-Identifier: EUPL-1.2
"""What is no Asterisk, or one that breaks: nothing is written of it or held for long, and calls go on beside it."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from ivr.asterisk.sounds import Sounds
from tests.asterisk.conftest import copied
from tests.asterisk.fake import CANARY, AgiCaller, head
from tests.cards import CARDS
from tests.conftest import COUNTING, with_hours
from tests.serving import PATIENCE, carrying, environment, free_port, wait_for

BROKEN = {
    "no AGI": f"GET /{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\n\r\n".encode(),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00" + CANARY.encode() + b"\n",
    "cut in a line": head().encode()[:200],
    "cut between lines": f"agi_callerid: {CANARY}\n".encode(),
    "a line of a megabyte": b"agi_callerid: " + CANARY.encode() * 150_000 + b"\n",
    "a megabyte without a line": b"x" * 1_000_000,
    "no text": b"agi_callerid: \xff\xfe" + CANARY.encode() + b"\n\n" + b"200 result=\xff\n",
    "answers that are none": (head() + f"200 result={CANARY}\n").encode(),
    "an answer of a megabyte": (head() + "200 result=0 " + CANARY * 150_000 + "\n").encode(),
    "an error": (head() + f"520-Invalid command syntax. {CANARY}\n520 End of proper usage.\n").encode(),
    "a result as large as none is": (head() + f"200 result={'9' * 5000}\n").encode(),
    "a caller who has gone": (head() + "HANGUP\n").encode(),
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, sounds: Sounds, speech: str) -> Iterator[tuple[int, int, Path]]:
    """A running `ivr asterisk`: its port, its process id, and what it writes."""
    folder, port = tmp_path_factory.mktemp("process"), free_port()
    copied(sounds, folder / "sounds", speech)
    (folder / "card").mkdir()
    (folder / "prompts").symlink_to(with_hours(folder / "card", "24/7").prompts)
    environ = environment({"IVR_LOG_LEVEL": "debug", "IVR_PROMPTS": str(folder / "prompts"), "PYTHONPATH": COUNTING})
    output = folder / "output"
    with (
        output.open("wb") as sink,
        subprocess.Popen(
            carrying(port, folder, f"--speech={speech}"),
            stdout=sink,
            stderr=sink,
            env=environ,
            # Tests that run in the background of a shell ignore it, and so would this.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads yet
        ) as started,
    ):
        wait_for(lambda: '"answering"' in output.read_text() or started.poll())
        yield port, started.pid, output
        started.send_signal(signal.SIGINT)
        assert started.wait(PATIENCE) == 1, output.read_text()


def closed(connection: socket.socket) -> bool:
    """Whether the other side closes within PATIENCE, whatever it sends before."""
    with suppress(ConnectionResetError):
        while connection.recv(65536):
            pass
    return True


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_call_is_closed(process: tuple[int, int, Path], kind: str) -> None:
    """Whatever comes in the place of a call ends its own connection, and a call beside it goes on."""
    port, _, output = process
    before = output.read_text()
    caller = AgiCaller(port)
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        with suppress(OSError):
            connection.sendall(BROKEN[kind])
        if kind.startswith("cut"):
            connection.shutdown(socket.SHUT_WR)
        assert closed(connection)
    caller.hears("één, één, twee").press("5").silence()
    assert output.read_text() == before


def test_a_thousand_that_say_nothing(process: tuple[int, int, Path]) -> None:
    """A thousand connections that say nothing, or nothing more after they began, are closed within seconds."""
    port, pid, output = process
    before = output.read_text()
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(1000)]
        for connection in silent[::2]:
            connection.sendall(head().encode()[:100])
        AgiCaller(port).press("3").hears("nul, één, nul").hang_up()
        assert all(map(closed, silent))
    wait_for(lambda: len(list(Path(f"/proc/{pid}/fd").iterdir())) <= 50)
    assert output.read_text() == before


def test_nothing_of_a_caller_is_written(process: tuple[int, int, Path]) -> None:
    """A number and a name that Asterisk tells all the same are in nothing that is written, at any level of the log."""
    port, _, output = process
    AgiCaller(port).press("3").press("9").transfer("busy").hang_up()
    written = output.read_text()
    assert "answering" in written
    for canary in (CANARY, "31612345678", "101234567"):
        assert canary not in written


def test_the_service_takes_a_published_card(process: tuple[int, int, Path], tmp_path: Path) -> None:
    """When the link leads to another card, it is loaded beside the calls, with its sounds, and answers the next one."""
    port, _, output = process
    before = output.read_text()
    new = tmp_path / "new"
    new.symlink_to(CARDS["second"])
    new.replace(output.with_name("prompts"))
    wait_for(lambda: '"answering"' in output.read_text().removeprefix(before))
    AgiCaller(port).hears("dieren")
