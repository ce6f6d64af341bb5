# SPDX-License-Identifier: EUPL-1.2
"""Servers and proxies as they are deployed, started for real on free ports of this machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeAlias

import pytest

from ivr.phone.transport import http, signed
from tests.caller import Caller
from tests.conftest import LINE, TOKEN
from tests.serving import Serving, free_port, has_ipv6, listens, serving, wait_for

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
HOST = "lijn.example"
ADDRESSES = {HOST: "127.0.0.1", f"nginx.{HOST}": "198.18.0.2", f"caddy.{HOST}": "198.18.1.2"}
"""Where the names of a line lead: to this machine, or to one of its network namespaces, by addresses kept for tests."""

Tool: TypeAlias = Callable[..., str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs a program of a Debian package and returns what it prints; `tool("caddy", "validate", ...)`."""

    def run(program: str, *arguments: str | Path, **options: Any) -> str:  # noqa: ANN401 - those of subprocess.run
        command = [needed(program), *map(str, arguments)]
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=900, **options
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


def needed(program: str) -> str:
    """The path of a program. Without it the test is skipped, but never in CI, which has deploy/packages.txt."""
    if found := shutil.which(program, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"):
        return found
    missing = f"{program} is not here. On Debian, as root: scripts/debian-packages deploy/packages.txt"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def speaks_every_language(url: str, public_url: str) -> None:
    """Call a service in each language of our card, whose 1-1-2 is heard there in its own words."""
    for code in LINE.card.languages:
        caller = Caller(signed(http(public_url, url), TOKEN), f"{public_url}/voice/{code}")
        caller.press("1").hears(LINE.spoken(code).sentences.language.digits("112"))


@contextmanager
def running(
    command: Sequence[str | Path],
    port: int,
    output: Path,
    environ: Mapping[str, str] | None = None,
    address: str = "127.0.0.1",
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that listens on a port, while it does; what it writes goes to `output`."""
    with output.open("wb") as sink, subprocess.Popen(command, stdout=sink, stderr=sink, env=environ) as process:
        try:
            wait_for(lambda: process.poll() is not None or listens(port, address))
            assert process.poll() is None, f"Nothing listens on port {port}:\n{output.read_text()}"
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class Line:
    """Two `ivr serve` behind one of the shipped proxies; the public address is that of the proxy."""

    def __init__(  # noqa: PLR0913 - a machine differs in as many ways
        self,
        folder: Path,
        proxy: str,
        certificate: Path,
        prefix: str,
        *,
        workers: int = 1,
        host: str = HOST,
        ports: tuple[int, int] | None = None,
    ) -> None:
        self.folder = folder
        self.host = host
        self.address = ADDRESSES[host]
        self.public_url = f"https://{host}{prefix}"
        self.certificate = certificate
        self.servers: list[Serving] = []
        self.ports = [free_port(), free_port()]
        self.port_80, self.port = ports or (free_port(), free_port())
        self._prefix = prefix
        self._proxy = proxy
        self._workers = workers
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start the servers, each on a copy of the prompts that a test may change, then the proxy."""
        with ExitStack() as stack:
            self._stack = stack
            for port in self.ports:
                shutil.copytree(ROOT / "prompts", self.folder / f"prompts-{port}")
                self.servers.append(self._start(port))
            stack.enter_context(PROXIES[self._proxy](self))
            self._stack = stack.pop_all()  # all of it runs
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all of them."""
        self._stack.close()

    def _start(self, port: int) -> Serving:
        settings = {
            "IVR_PUBLIC_URL": self.public_url,
            "IVR_PROMPTS": str(self.folder / f"prompts-{port}"),
            "IVR_SECURITY_CONTACT": "mailto:beheer@lijn.example",
            "IVR_SECURITY_EXPIRES": f"{datetime.now(UTC).date() + timedelta(days=365)}",
        }
        return self._stack.enter_context(serving(self.folder, settings, port=port, workers=self._workers))

    def restart(self, which: int, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop a server, by default as systemd does, and start it anew."""
        self.servers[which].process.send_signal(how)
        self.servers[which].process.wait(30)
        self.servers[which] = self._start(self.ports[which])

    def mend(self) -> None:
        """Start anew what a test has killed."""
        for which, server in enumerate(self.servers):
            if server.process.poll() is not None:
                self.servers[which] = self._start(self.ports[which])

    @property
    def proxy_log(self) -> str:
        """Everything that the proxy wrote."""
        return "".join(path.read_text() for path in self.folder.glob("proxy*.log"))

    @contextmanager
    def _caddy(self) -> Iterator[None]:
        environ = os.environ | {
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
            "CADDY_HOST": self.host,
            "CADDY_PREFIX": self._prefix,
            "CADDY_TLS": f"{self.certificate} {self.certificate}",
            "CADDY_UPSTREAMS": " ".join(f"127.0.0.1:{port}" for port in self.ports),
            "CADDY_HTTP_PORT": str(self.port_80),
            "CADDY_ADMIN": f"localhost:{free_port()}",  # Debian's own Caddy may run on this machine
            "CADDY_HTTPS_PORT": str(self.port),
            "GOMEMLIMIT": "400MiB",  # that of Compose
        }
        command: list[str | Path] = [needed("caddy"), "run", "--adapter", "caddyfile", "--config"]
        command.append(DEPLOY / "proxy/Caddyfile")
        with running(command, self.port, self.folder / "proxy.log", environ) as self.process:
            yield

    @contextmanager
    def _nginx(self) -> Iterator[None]:
        site = (DEPLOY / "proxy/nginx.conf").read_text()
        six = "[::1]" if has_ipv6() else "127.0.0.2"
        for shipped, here in {
            '"~^(?<below>': f'"~^{self._prefix}(?<below>',
            '"GET " /;': f'"GET " {self._prefix}/;',
            "127.0.0.1:8000": f"127.0.0.1:{self.ports[0]}",
            "127.0.0.1:8001": f"127.0.0.1:{self.ports[1]}",
            "listen 80": f"listen {self.address}:{self.port_80}",
            "listen [::]:80": f"listen {six}:{self.port_80}",
            "listen 443": f"listen {self.address}:{self.port}",
            "listen [::]:443": f"listen {six}:{self.port}",
            "server_name lijn.example.nl": f"server_name {self.host}",
            "/etc/letsencrypt/live/lijn.example.nl/fullchain.pem": str(self.certificate),
            "/etc/letsencrypt/live/lijn.example.nl/privkey.pem": str(self.certificate),
            "/var/log/nginx/ivr.log": str(self.folder / "proxy-site.log"),
        }.items():
            assert shipped in site, f"{shipped} does not stand in the configuration any more"
            site = site.replace(shipped, here)
        (self.folder / "ivr.conf").write_text(site)
        # What Debian's own nginx.conf says besides, as far as it matters, with the guide's number of connections.
        (connections,) = re.findall(r"(worker_connections \d+)/'", (DEPLOY / "README.md").read_text())
        (self.folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log stderr;\n"
            f"events {{ {connections}; }}\n"
            "http {\n"
            + "".join(
                f"{kind}_temp_path {self.folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"access_log {self.folder}/proxy-access.log; include {self.folder}/ivr.conf;\n}}\n"
        )
        # As systemd starts it, which allows 1,024 open files unless it is told otherwise.
        unit = (DEPLOY / "systemd/nginx.service.d/ivr.conf").read_text()
        (files,) = re.findall(r"^LimitNOFILE=(\d+)$", unit, re.MULTILINE) or ["1024"]
        command: list[str | Path] = [needed("prlimit"), f"--nofile={files}", needed("nginx")]
        command += ["-c", self.folder / "nginx.conf", "-e", "stderr"]
        with running(command, self.port, self.folder / "proxy.log", address=self.address) as self.process:
            yield


PROXIES = {"caddy": Line._caddy, "nginx": Line._nginx}  # noqa: SLF001 - one class, two ways


@pytest.fixture(scope="session")
def certificate(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for lijn.example, and its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    key, found = folder / "key.pem", folder / "certificate.pem"
    subject = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:*.{HOST}")
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    tool("openssl", "req", "-x509", *kind, *subject, "-keyout", key, "-out", found)
    found.write_text(found.read_text() + key.read_text())
    return found


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def proxy(request: pytest.FixtureRequest) -> str:
    """Each of the proxies that deploy/ has a configuration for."""
    name: str = request.param
    needed(name)
    return name


@pytest.fixture(scope="module", params=["", "/lijn"], ids=["plain", "prefix"])
def prefix(request: pytest.FixtureRequest) -> str:
    """The path of the public address, which the proxy takes off."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, proxy: str, certificate: Path, prefix: str) -> Iterator[Line]:
    """A line behind a proxy, one for all tests of a file: each start costs more than most of those tests."""
    with Line(tmp_path_factory.mktemp("line"), proxy, certificate, prefix) as started:
        yield started


@pytest.fixture
def line(shared: Line) -> Iterator[Line]:
    """That line, whole again after each test."""
    yield shared
    shared.mend()


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public names lead to their machines."""
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **options: look_up(ADDRESSES.get(host, host), *rest, **options)
    )
