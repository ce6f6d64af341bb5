# SPDX-License-Identifier: EUPL-1.2
"""A machine of a line: two real servers, the card that they serve, and something that restarts them as systemd does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ivr.phone.transport import Request, http, signed
from tests.conftest import SETTINGS
from tests.publish import systemctl
from tests.serving import environment, free_port

ROOT = Path(__file__).parents[2]
NUMBER = "nul één nul, twee drie zes, vijf twee, vijf zes"


class Machine:
    """Where `ivr publish` runs. `etc` stands for /etc/ivr."""

    def __init__(self, folder: Path) -> None:
        self.etc = folder / "etc"
        self.systemd = folder / "systemd"
        self.ports = [free_port(), free_port()]
        self.link = self.etc / "prompts"
        for made in (self.etc, self.systemd, folder / "bin"):
            made.mkdir()
        program = folder / "bin" / "systemctl"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {systemctl.__file__} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        self.environ = environment(
            {
                "IVR_PUBLIC_URL": f"http://127.0.0.1:{self.ports[0]}",
                "IVR_PROMPTS": str(self.link),
                "IVR_PROBE_TOKEN": "probe0123456789abcdef",
                "IVR_EDITOR_LANGUAGE": "en",
                "IVR_TEST_SYSTEMD": str(self.systemd),
                "CALL_EXPECT": NUMBER,
                "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
            }
        )

    @property
    def command(self) -> list[str]:
        """What an operator gives, with this machine's servers."""
        servers = [option for port in self.ports for option in ("--server", f"http://127.0.0.1:{port}")]
        return [sys.executable, "-c", "from ivr.commands.main import main; main(prog_name='ivr')", "publish", *servers]

    def publish(self, *arguments: str | Path, answer: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """Give the command, and this answer to its question."""
        return subprocess.run(
            [*self.command, *map(str, arguments)],
            input=answer,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=self.environ | settings,
        )

    def card(self, name: str, *edits: tuple[str, str, str]) -> Path:
        """Our card in a folder of its own, changed: (file, what stands there, what stands there then)."""
        folder = self.etc.parent / name
        shutil.copytree(SETTINGS.prompts, folder)
        for file, old, new in edits:
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    def start(self) -> None:
        """Start the servers."""
        commands = [["systemctl", "restart", f"ivr-serve@{port}"] for port in self.ports]
        starting = [subprocess.Popen(command, env=self.environ) for command in commands]
        assert [process.wait() for process in starting] == [0] * len(commands)
        self.forget()

    def forget(self) -> None:
        """Forget which servers were restarted, and what was to go wrong."""
        for path in self.systemd.iterdir():
            if not path.name.isdigit():
                path.unlink()

    @property
    def restarted(self) -> list[int]:
        """The servers that were restarted, in turn, each as 0 or 1."""
        told = self.systemd / "restarted"
        return [self.ports.index(int(port)) for port in told.read_text().split()] if told.exists() else []

    def stop(self) -> None:
        """Stop the servers."""
        for port in self.ports:
            with suppress(FileNotFoundError):
                systemctl.stop(int((self.systemd / str(port)).read_text()))

    def hears(self, which: int) -> str:
        """What a caller hears first of a server."""
        public_url = self.environ["IVR_PUBLIC_URL"]
        fetch = signed(http(public_url, f"http://127.0.0.1:{self.ports[which]}"), "probe0123456789abcdef")
        return fetch(Request("POST", f"{public_url}/voice", {})).body.decode()

    @property
    def folders(self) -> set[str]:
        """The cards that lie beside the served one."""
        return {path.name for path in (self.etc / "cards").iterdir() if path.name != ".lock"}


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine without a card, on which nothing runs; everybody may enter its folders, unlike those of pytest."""
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        made = Machine(Path(temporary))
        made.etc.chmod(0o755)
        yield made
        made.stop()


@pytest.fixture
def running(machine: Machine) -> Machine:
    """A machine with both servers on our card, in the folder where it was before there were links."""
    machine.card("etc/prompts")
    machine.start()
    return machine
