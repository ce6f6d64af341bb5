# SPDX-License-Identifier: EUPL-1.2
"""Strangers who hold thousands of connections open, and who is answered meanwhile.

Each proxy stands in a network namespace, as on a machine of its own, with the shipped limits of connections. The
strangers come from three addresses at once, and the calls from a fourth. For an hour, by hand:
FLOOD_SECONDS=3600 .venv/bin/python -m pytest -s -o faulthandler_timeout=0 tests/deploy/test_flood.py
"""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from ivr.phone.transport import Request
from tests.deploy.conftest import ADDRESSES, DEPLOY, HOST, ROOT, Line, Tool, needed
from tests.deploy.test_proxy import over_https
from tests.serving import PATIENCE

pytestmark = pytest.mark.starts

SECONDS = int(os.environ.get("FLOOD_SECONDS", "5"))
"""For so long every call must be answered, once the first ten seconds are over."""

STRANGERS = {"bodies": 4150, "hellos": 4200, "heads": 1500}
MEMORY = 512
"""MB that the proxy may have: in Compose it is killed above that, and a server with systemd has a thousand for all."""


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """What this thread opens and starts stands in a network namespace."""
    setns = ctypes.CDLL(None, use_errno=True).setns
    with Path("/proc/thread-self/ns/net").open() as here, Path(f"/run/netns/{namespace}").open() as there:
        assert setns(there.fileno(), 0) == 0, os.strerror(ctypes.get_errno())
        try:
            yield
        finally:
            assert setns(here.fileno(), 0) == 0


@contextmanager
def machine(tool: Tool, folder: Path, proxy: str, certificate: Path) -> Iterator[Line]:
    """A line on a machine of its own, which is asked from four addresses of this one."""
    host, name = f"{proxy}.{HOST}", f"{proxy}-{os.getpid()}"
    address, link = ADDRESSES[host], f"{proxy}{os.getpid() % 10000}"
    network = address.removesuffix(".2")
    tool("ip", "netns", "add", name)
    try:
        tool("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
        for last in (1, 3, 4, 5):  # the first is that of whoever calls
            tool("ip", "address", "add", f"{network}.{last}/24", "dev", link)
        tool("ip", "link", "set", link, "up")
        tool("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            tool("ip", "-n", name, "link", "set", device, "up")
        tool("ip", "netns", "exec", name, needed("nft"), "--file", DEPLOY / "proxy/limits.nft")
        with ExitStack() as stack:
            with inside(name):
                line = stack.enter_context(Line(folder, proxy, certificate, "", host=host, ports=(80, 443)))
            yield line
    finally:
        tool("ip", "link", "delete", link)  # a namespace lives on for as long as its last connection
        tool("ip", "netns", "delete", name)


@contextmanager
def strangers(line: Line) -> Iterator[None]:
    """All of them at once, each from an address of its own."""
    network = line.address.removesuffix(".2")
    program = [sys.executable, "-m", "tests.deploy.stranger", line.host, line.address, "443"]
    running = [
        subprocess.Popen([*program, f"{network}.{last}", kind, str(count)], cwd=ROOT)
        for last, (kind, count) in enumerate(STRANGERS.items(), 3)
    ]
    try:
        yield
        assert [process.poll() for process in running] == [None] * len(running), "a stranger gave up"
    finally:
        for process in running:
            process.kill()
            process.wait()


def megabytes(process: int, what: str) -> int:
    """What /proc says of the memory of a process and of the processes that it started, in MB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    own = int(status.split(f"{what}:")[1].split()[0]) // 1024
    return own + sum(megabytes(int(child), what) for child in children)


def answered(line: Line) -> bool:
    """Whether Twilio gets an answer in three tries, as stands after # in our addresses.

    It would wait for less long; but how long it takes is a matter of who else has the processors of this machine.
    """
    request = Request("POST", f"{line.public_url}/voice/number/nla/keys", {"Digits": "*"}, timeout=(15, 15))
    for _ in range(3):
        with suppress(OSError):
            if over_https(line)(request).status == 200:
                return True
    return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a network namespace")
def test_slow_strangers_silence_nobody(tool: Tool, certificate: Path, tmp_path: Path) -> None:
    """While strangers hold 9,850 slow connections, or try to, every call is answered, within the memory there is."""

    def attacked(proxy: str) -> tuple[list[bool], int]:
        (tmp_path / proxy).mkdir()
        with machine(tool, tmp_path / proxy, proxy, certificate) as line, strangers(line):
            time.sleep(10)
            patience = time.monotonic() + PATIENCE  # where other tests have the processors, they all come later
            while not answered(line) and time.monotonic() < patience:
                pass
            until, answers = time.monotonic() + SECONDS, []
            while time.monotonic() < until:
                answers.append(answered(line))
                time.sleep(0.1)
            return answers, megabytes(line.process.pid, "VmHWM")

    for proxy in ("nginx", "caddy"):
        needed(proxy)
        answers, memory = attacked(proxy)
        print(proxy, len(answers), "calls,", memory, "MB")
        assert all(answers), f"{proxy}: {answers.count(False)} of {len(answers)} were not answered"
        assert memory < MEMORY, proxy
