# SPDX-License-Identifier: EUPL-1.2
"""A server under measurement: a process of its own, and what it used."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import apps
from tests.bench.load import once
from tests.serving import COMMAND, free_port

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Contender:
    """A running server with one worker."""

    process: subprocess.Popen[bytes]
    port: int
    started: float
    """Seconds from the start of the process to the first answer."""

    @property
    def workers(self) -> list[int]:
        """The processes that answer: the children of gunicorn, or the process itself."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()] or [self.process.pid]

    @property
    def cpu(self) -> float:
        """Seconds of processor that the worker used so far."""
        stats = [Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2] for pid in self.workers]
        return sum(int(stat.split()[11]) + int(stat.split()[12]) for stat in stats) / TICKS

    @property
    def memory(self) -> float:
        """Megabytes of the largest worker, with all that it shares."""
        found = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in self.workers]
        return max(int(re.findall(r"VmRSS:\s*(\d+)", status)[0]) for status in found) / 1024


@contextmanager
def running(name: str, server: str, first: bytes, prompts: Path | None = None) -> Iterator[Contender]:
    """Serve an app; `first` is the request whose answer ends the start."""
    port = free_port()
    module = ["-m", "tests.bench.serve", name, server, str(port), *([str(prompts)] if prompts else [])]
    with _process(module, {}, port, first) as contender:
        yield contender


@contextmanager
def as_deployed(first: bytes, prompts: Path | None = None) -> Iterator[Contender]:
    """Run `ivr serve` with one worker."""
    port = free_port()
    command = ["-c", COMMAND, "serve", "--workers", "1", "--port", str(port)]
    environ = {"TWILIO_AUTH_TOKEN": apps.TOKEN, "IVR_PUBLIC_URL": apps.PUBLIC_URL, "IVR_CALLER_ID": "+12025550123"}
    with _process(command, environ | ({"IVR_PROMPTS": str(prompts)} if prompts else {}), port, first) as contender:
        yield contender


@contextmanager
def _process(command: Sequence[str], environ: dict[str, str], port: int, first: bytes) -> Iterator[Contender]:
    begin = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *command], env=os.environ | environ, stdout=quiet, stderr=quiet)
    try:
        while not once(port, first):
            if process.poll() is not None or time.perf_counter() > begin + 30:
                raise RuntimeError(f"It did not start: {' '.join(command)}")
            time.sleep(0.005)
        yield Contender(process, port, time.perf_counter() - begin)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
