# SPDX-License-Identifier: EUPL-1.2
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import requests
from click.testing import CliRunner

from ivr.commands import main as cli


def test_the_page_is_opened_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a window, by a file that only this user reads; not in a browser for the terminal. A taken port is told."""
    opened: list[str] = []
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(Path(unquote(urlsplit(url).path)).read_text()))
    monkeypatch.setattr("werkzeug.serving.BaseWSGIServer.serve_forever", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(cli.main, ["phone", "--port", str(taken.getsockname()[1])])
    assert "die poort is bezet. Kies een andere met --port." in result.stderr
    assert opened == []
    result = CliRunner().invoke(cli.main, ["phone", "--port", "0"])
    assert result.exit_code == 0
    assert f"url={result.stdout.split()[2]}" in opened[0]


@pytest.mark.starts
def test_the_command_serves_until_it_is_stopped() -> None:
    """`ivr phone` says where the page is, serves it to this machine, writes nothing more, and ends with Ctrl-C.

    Another user of the machine, who does not know the address, gets 403.
    """
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
        guessed = url.replace(url.split("/")[3], "x" * 22), url.rsplit("/", 2)[0] + "/"
        assert [requests.get(other, timeout=10).status_code for other in guessed] == [403, 403]
        phone.send_signal(signal.SIGINT)
        assert phone.stdout.read() == "Met Ctrl-C gaat hij uit.\n"
    assert phone.returncode == 0
