# SPDX-License-Identifier: EUPL-1.2
"""What `ivr check --online` sees that a call does not: a server that stands still, and a certificate that ends."""

import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands import main as cli
from ivr.editor.load import fingerprint
from ivr.proof import online
from tests.conftest import SETTINGS, TOKEN
from tests.serving import environment, free_port, serving


@pytest.mark.starts
def test_a_server_that_stands_still_is_seen(tmp_path: Path) -> None:
    """Each server is asked by itself: one that is stopped, and one with another token, are told."""
    ours = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": "https://lijn.example"}
    with serving(tmp_path, ours) as one, serving(tmp_path, ours | {"TWILIO_AUTH_TOKEN": "other"}) as other:
        stopped = f"http://127.0.0.1:{free_port()}"
        assert online.server(SETTINGS, one.url, fingerprint(SETTINGS.prompts)) is None
        asked = ("--server", one.url, "--server", stopped, "--server", other.url)
        told = CliRunner().invoke(cli.main, ["check", "--online", *asked], env=environment(ours))
    assert "✗ servers" in told.stdout
    assert f"De server op {stopped} antwoordt niet. Start hem" in told.stdout
    assert f"De server op {other.url} antwoordt, maar niet als een lijn met deze instellingen" in told.stdout
    assert f"De server op {one.url}" not in told.stdout
    assert told.exit_code == 2


@pytest.mark.starts
def test_a_server_that_speaks_another_card_is_seen(tmp_path: Path) -> None:
    """A server that started before the card in the folder came there is told, with what to restart."""
    shutil.copytree(SETTINGS.prompts, tmp_path / "prompts")
    chosen = replace(SETTINGS, prompts=tmp_path / "prompts")
    with serving(tmp_path, {"IVR_PROMPTS": str(chosen.prompts)}) as server:
        assert online.server(chosen, server.url, fingerprint(chosen.prompts)) is None
        with (chosen.prompts / "nl" / "chapters.yaml").open("a", encoding="utf-8") as chapters:
            chapters.write("# Nothing that callers hear.\n")
        told = online.server(chosen, server.url, fingerprint(chosen.prompts))
    assert told is not None
    assert told.text("en").startswith(f"The server at {server.url} reads out another card than {chosen.prompts} holds")


def test_servers_are_asked_online_only() -> None:
    """--server without --online is a mistake that is told, and not a check that asks nobody."""
    told = CliRunner().invoke(cli.main, ["check", "--server", "http://127.0.0.1:8000"])
    assert told.exit_code == 2
    assert "--server goes with --online" in told.stderr


@contextmanager
def encrypted(certificate: Path) -> Iterator[str]:
    """Something that speaks TLS with a certificate, for as long as the block lasts; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                connection, _ = listening.accept()
                with connection:
                    if not connection.recv(1, socket.MSG_PEEK):
                        return  # told to stop
                    with suppress(OSError), context.wrap_socket(connection, server_side=True) as client:
                        client.recv(1)

        answering = threading.Thread(target=answer)
        answering.start()
        yield f"https://localhost:{listening.getsockname()[1]}"
        socket.create_connection(listening.getsockname()).close()
        answering.join()


@pytest.fixture
def valid_for(tmp_path: Path) -> Callable[[int], Path]:
    """Makes a certificate of localhost that is valid for so many days, and its key in the same file."""

    def make(days: int) -> Path:
        key, found = tmp_path / "key.pem", tmp_path / f"{days}.pem"
        openssl = shutil.which("openssl") or "openssl"
        kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days))
        name = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        command = [openssl, "req", "-x509", *kind, *name, "-keyout", str(key), "-out", str(found)]
        subprocess.run(command, check=True, capture_output=True)
        found.write_text(found.read_text() + key.read_text())
        return found

    return make


@pytest.mark.starts("openssl")
@pytest.mark.parametrize("days", [90, 45, 7])
@pytest.mark.parametrize(("left", "told"), [(0.2, True), (0.3, False)])
def test_a_certificate_that_ends_soon_is_seen(
    valid_for: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, days: int, left: float, *, told: bool
) -> None:
    """When a quarter of its life is left there is a warning with its host and day, for the fallback's too."""
    certificate = valid_for(days)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    now = datetime.now(UTC) + timedelta(days=days * (1 - left))
    with encrypted(certificate) as url:
        for settings in (
            replace(SETTINGS, public_url=url),
            replace(SETTINGS, public_url="http://127.0.0.1", fallback_url=f"{url}/fallback.xml"),
        ):
            problems = list(online.certificates(settings, now))
            assert len(problems) == told
            for problem in problems:
                assert re.match(r"The certificate of localhost is valid until 20\d\d-\d\d-\d\d\.", problem.said("en"))
                assert "Het certificaat van localhost" in problem.said("nl")


@pytest.mark.starts("openssl")
def test_a_certificate_that_is_not_valid_is_told_by_the_call(valid_for: Callable[[int], Path]) -> None:
    """Where no connection is made there is nothing to say of a date: the call itself fails and says why."""
    with encrypted(valid_for(20)) as url:
        assert list(online.certificates(replace(SETTINGS, public_url=url), datetime.now(UTC))) == []
        problem = online.line(replace(SETTINGS, public_url=url))
    assert problem is not None
    assert "verify failed" in str(problem)


@pytest.mark.starts("openssl")
def test_what_the_system_trusts_is_trusted(valid_for: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """An organisation's own authority too, which requests does not know."""
    certificate = valid_for(90)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as url:
        settings = replace(SETTINGS, public_url=url)
        assert len(list(online.certificates(settings, datetime.now(UTC) + timedelta(days=89)))) == 1
        problem = online.line(settings)  # what listens there ends a handshake, and then the connection
    assert "verify failed" not in str(problem)
