# SPDX-License-Identifier: EUPL-1.2
"""What an operator's own commands say when something is wrong."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands.main import main
from ivr.proof import proved
from ivr.settings import from_environ
from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, Tool
from tests.deploy.test_files import settings_file
from tests.serving import free_port, has_ipv6, serving

pytestmark = pytest.mark.starts

ESSM = "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes"


def ivr(*arguments: str, **settings: str | None) -> Result:
    """Runs the command in this process, with these settings and no others."""
    none = dict.fromkeys(("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", "IVR_PUBLIC_URL", "IVR_CALLER_ID"))
    return CliRunner().invoke(main, arguments, env={**none, **settings})


CALL = ("--keys", "3", "--expect", ESSM)
LINE = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": "https://lijn.example"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a line that runs."""
    with serving(tmp_path_factory.mktemp("line")) as server:
        yield server.url


def test_expected_words_are_heard(url: str) -> None:
    """A call succeeds if the words are said, whatever the punctuation; else it ends with 1 and says which were not."""
    for words in (ESSM, "NUL één nul", "twee drie zes, vijf twee", "Druk op drie"):
        assert ivr("call", url, *CALL, "--expect", words, **LINE).exit_code == 0
    for words in ("acht acht", "één nul twee drie zesvijf", "ul één nul", "honderdtwaalf"):
        told = ivr("call", url, *CALL, "--expect", words, **LINE)
        assert (told.exit_code, f"De lijn zei niet: {words}\n" in told.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["URL", "--expect", ESSM], "--expect hoort bij --keys"),
        (CALL, "Geef haar adres"),
        (["", *CALL], "Geef haar adres"),
        (["", "--keys", "3"], "Geef haar adres"),
        (["URL", *CALL, "--expect", " "], "--expect is leeg"),
    ],
)
def test_a_test_call_calls_and_expects_something(arguments: list[str], says: str, url: str) -> None:
    """Without an address, words or keys, as where a setting is missing, nobody would be called: that is a mistake."""
    told = ivr("call", *(url if word == "URL" else word for word in arguments), **LINE)
    assert (told.exit_code, says in told.stderr) == (2, True)


def test_a_test_call_to_another_line_fails(url: str) -> None:
    """With another token, or with no line at all, nobody hears the number."""
    assert ivr("call", url, *CALL, **LINE | {"TWILIO_AUTH_TOKEN": "wrong"}).exit_code == 1
    assert ivr("call", f"http://127.0.0.1:{free_port()}", *CALL, **LINE).exit_code == 1


def test_the_command_of_a_machine_has_its_settings(tool: Tool, tmp_path: Path) -> None:
    """`deploy/ivr` gives the command what the servers have: settings, card, token, and the account if any."""
    etc, program = tmp_path / "etc", tmp_path / "ivr"
    etc.mkdir()
    shutil.copy(DEPLOY / "ivr.env", etc)
    program.write_text('#!/bin/sh\nenv -0\nprintf "last=%s" "$*"\n', encoding="ascii")
    program.chmod(0o755)
    script = (DEPLOY / "ivr").read_text(encoding="utf-8").replace("/opt/ivr/bin/ivr", str(program))
    (tmp_path / "script").write_text(script.replace("/etc/ivr", str(etc)), encoding="utf-8")

    def environ() -> dict[str, str]:
        told = tool("sh", tmp_path / "script", "call", "a b", env={"PATH": os.environ["PATH"]})
        return dict(line.split("=", 1) for line in told.split("\0"))

    few = environ()
    assert settings_file().items() <= few.items()
    assert few["IVR_PROMPTS"] == f"{etc}/prompts"
    assert few["last"] == "call a b"
    assert "TWILIO_AUTH_TOKEN_FILE" not in few
    (etc / "twilio_auth_token").write_text(TOKEN, encoding="ascii")
    (etc / "twilio.env").write_text("TWILIO_REGION=ie1\n", encoding="ascii")
    chosen = from_environ(environ())
    assert chosen.tokens == (TOKEN,)
    assert chosen.prompts == etc / "prompts"
    assert "IVR_PROMPTS=/etc/ivr/prompts " in (DEPLOY / "systemd/ivr-.service.d/sandbox.conf").read_text()
    assert environ()["TWILIO_REGION"] == "ie1"
    assert os.access(DEPLOY / "ivr", os.X_OK)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"])
def test_a_port_that_is_in_use(host: str) -> None:
    """A server whose port is in use does not start, and says which, why, and how to find out who uses it.

    The counters may have neither such a port nor the line's own.
    """
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
        port = str(taken.getsockname()[1])
        told = ivr("serve", "--host", host, "--port", port, **LINE)
        assert told.exit_code == 1
        assert f"Cannot listen on {host}, port {port}: Address already in use." in told.stderr
        assert "ss -ltnp" in told.stderr
        if host == "127.0.0.1":
            told = ivr("serve", "--port", str(free_port()), IVR_METRICS_PORT=port, **LINE)
            assert f"Cannot listen on 127.0.0.1, port {port}" in told.stderr
    told = ivr("serve", "--port", "8123", IVR_METRICS_PORT="8123", **LINE)
    assert "IVR_METRICS_PORT is 8123, where the line itself listens." in told.stderr


def test_a_proof_that_the_system_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system ends what proves the card, as when memory runs out, the operator is told so."""
    monkeypatch.setattr(proved, "wrong", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    told = ivr("serve", **LINE)
    assert told.exit_code == 1
    assert "was killed before it was done. Is there enough memory?" in told.stderr
