# SPDX-License-Identifier: EUPL-1.2
"""The real server, started as an operator starts it, and what it wrote."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseServer
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

from ivr.phone.transport import Fetch, http, signed
from tests.conftest import TOKEN

PUBLIC_URL = "https://lijn.example"
PATIENCE = 180
"""Seconds within which a server must have started, or stopped, on the slowest machine, on which much else runs."""

COMMAND = "from ivr.commands.main import main; main()"


def wait_for(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def listens(port: int, address: str = "127.0.0.1") -> bool:
    """Whether something takes connections on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def carrying(port: int, folder: Path, *options: str) -> list[str]:
    """What starts `ivr asterisk`, with its sounds in a folder."""
    return [sys.executable, "-c", COMMAND, "asterisk", f"--port={port}", f"--sounds={folder}/sounds", *options]


@contextmanager
def in_a_thread(server: BaseServer) -> Iterator[None]:
    """A server that answers beside the test until the end of the block, and is closed then."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield
        server.shutdown()
        thread.join()


class Serving:
    """A running `ivr serve`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, output: Path) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._output = output

    @property
    def written(self) -> str:
        """All that it wrote so far, to standard output and standard error."""
        return self._output.read_text(encoding="utf-8")

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in found.split()]

    def wait_for_workers(self, count: int, other_than: Sequence[int] = ()) -> None:
        """Wait until so many workers, not all of them the same as before, have said that they answer."""
        until = time.monotonic() + PATIENCE
        while (
            len(pids := self.workers) != count
            or pids == other_than
            or not all(f'"worker": {pid}}}' in self.written for pid in pids)
        ):
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{count} workers were wanted:\n{self.written}")
            time.sleep(0.05)

    def fetch(self, public_url: str = PUBLIC_URL, token: str = TOKEN) -> Fetch:
        """What carries signed requests to it."""
        return signed(http(public_url, self.url), token)

    def status(self, path: str) -> int | None:
        """The status of a page; None when nobody answers."""
        with suppress(requests.ConnectionError):
            return requests.get(self.url + path, timeout=5).status_code
        return None

    def raw(self, request: bytes, client: str = "127.0.0.1") -> bytes:
        """What it answers to these bytes, after which nothing more is sent, over a connection from this address."""
        with socket.create_connection(("127.0.0.1", self.port), 5, (client, 0)) as connection:
            answer = b""
            with suppress(OSError):  # it refused and closed before all was sent
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while received := connection.recv(65536):
                    answer += received
            return answer

    def connect(self, timeout: float = PATIENCE) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def kill(self) -> None:
        """End all of it at once, as a machine that loses its power does."""
        for pid in [self.process.pid, *self.workers]:  # the one that would start new workers first
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


def post(
    target: str,
    form: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    *,
    public_url: str = PUBLIC_URL,
    token: str = TOKEN,
) -> bytes:
    """A signed request to the letter; `headers` may add to those that are needed, and replace them."""
    body = urlencode(form)
    signature = RequestValidator(token).compute_signature(public_url + target, dict(form))
    all_headers = {
        "Host": "lijn.example",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "Content-Length": str(len(body)),
        "X-Twilio-Signature": signature,
    } | (dict(headers) if headers else {})
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a line that can start, with some settings added or changed."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    ours = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC_URL, "IVR_CALLER_ID": "+12025550123"}
    return others | ours | dict(settings)


def has_ipv6() -> bool:
    """Whether this machine can talk to itself over IPv6; not every container can."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


_given: set[int] = set()


def free_port() -> int:
    """A port on which nobody listens, and which was not given out before.

    It lies below those that Linux gives to whoever connects to something, so that none of the thousands of connections
    of another test takes it before a server does. `secrets`, because hypothesis makes `random` the same everywhere.
    """
    while (port := 10_000 + secrets.randbelow(20_000)) in _given:
        pass
    _given.add(port)
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return free_port()
    return port


@contextmanager
def serving(  # noqa: PLR0913 - a server has as many settings
    folder: Path,
    settings: Mapping[str, str] | None = None,
    *,
    port: int | None = None,
    workers: int = 1,
    command: str = COMMAND,
    options: Sequence[str] = (),
) -> Iterator[Serving]:
    """Run `ivr serve` until the block ends; `settings` are environment variables, `command` is what Python runs.

    Without a port a free one is found.
    """
    port = port or free_port()
    output = folder / f"output-{port}.txt"
    run = [sys.executable, "-c", command, "serve", "--port", str(port), "--workers", str(workers), *options]
    with output.open("wb") as file:
        process = subprocess.Popen(
            run, env=environment(settings or {}), stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
    server = Serving(process, port, output)
    try:
        server.wait_for_workers(workers)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # at once; SIGTERM lets readiness go first
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
