# SPDX-License-Identifier: EUPL-1.2
"""`ivr serve` as an operator starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import SETTINGS, TOKEN

IVR = [sys.executable, "-c", "from ivr.cli import main; main(prog_name='ivr')"]


def environment(**changes: str) -> dict[str, str]:
    """The settings of a line that can start, with some changed; an empty one is left out."""
    settings = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": "https://lijn.example"} | changes
    others = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    return others | {name: value for name, value in settings.items() if value}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def served(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real server, until the end of the block."""
    command = [*IVR, "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        try:
            yield server
        finally:
            server.terminate()


def test_a_served_line_is_called_from_elsewhere() -> None:
    """`ivr call URL` reaches a line that runs as deployed, signed for its public address; SIGTERM ends it in peace."""
    port = free_port()
    with served(port) as server:
        result = subprocess.run(
            [*IVR, "call", f"http://127.0.0.1:{port}", "--keys", "4"],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "De Arbeidsinspectie. … nul, acht … nul, nul … vijf, één … vijf, één." in result.stdout, result.stderr
        assert result.stdout.endswith("(de lijn hangt op)\n")
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is not set."),
        ({"IVR_PUBLIC_URL": ""}, "IVR_PUBLIC_URL is not set."),
        ({"IVR_PROMPTS": "/nowhere"}, "Het bestand card.yaml is er niet, of mag niet gelezen worden."),
    ],
)
def test_a_line_that_cannot_work_does_not_start(changes: dict[str, str], says: str) -> None:
    """A missing setting or a missing card stops the start with a sentence, and no traceback."""
    result = subprocess.run(
        [*IVR, "serve"], env=environment(**changes), capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_card_with_a_mistake_does_not_start(tmp_path: Path) -> None:
    """The service does not start on a card that fails, and says where the mistake is."""
    shutil.copytree(SETTINGS.prompts, tmp_path / "prompts")
    lines = tmp_path / "prompts" / "nl" / "line.yaml"
    lines.write_text(lines.read_text(encoding="utf-8") + "extra: Hallo.\n", encoding="utf-8")
    result = subprocess.run(
        [*IVR, "serve"],
        env=environment(IVR_PROMPTS=str(tmp_path / "prompts")),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 1
    assert "line.yaml:" in result.stderr
    assert "extra wordt nergens gezegd." in result.stderr
