# SPDX-License-Identifier: EUPL-1.2
import os
import signal
import socket
import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner

from ivr.commands import main as cli


def test_the_page_is_opened_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a window, and not in a browser for the terminal; a port that is taken is told."""
    opened: list[str] = []
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("werkzeug.serving.BaseWSGIServer.serve_forever", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(cli.main, ["phone", "--port", str(taken.getsockname()[1])])
    assert "die poort is bezet. Kies een andere met --port." in result.stderr
    assert opened == []
    result = CliRunner().invoke(cli.main, ["phone", "--port", "0"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"De telefoon: {opened[0]}\n")


def test_the_command_serves_until_it_is_stopped() -> None:
    """`ivr phone` says where the page is, serves it to this machine, writes nothing more, and ends with Ctrl-C."""
    command = [sys.executable, "-c", "from ivr.commands.main import main; main()", "phone", "--port", "0"]
    environ = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
        # A shell lets what it starts in the background, these tests too, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads yet
    ) as phone:
        assert phone.stdout is not None
        url = phone.stdout.readline().removeprefix("De telefoon: ").strip()
        assert requests.get(f"{url}state", timeout=10).json()["wrong"] == ""
        phone.send_signal(signal.SIGINT)
        assert phone.stdout.read() == "Met Ctrl-C gaat hij uit.\n"
    assert phone.returncode == 0
