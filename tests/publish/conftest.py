# SPDX-License-Identifier: EUPL-1.2
"""A machine of a line: two real servers, the card that they serve, and something that restarts them as systemd does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from ivr.commands.main import main
from ivr.phone.transport import Request, http, signed
from tests.cards import edit
from tests.conftest import SETTINGS
from tests.publish import systemctl
from tests.serving import environment, free_port

ROOT = Path(__file__).parents[2]
NUMBER = "nul één nul, twee drie zes, vijf twee, vijf zes"


M = TypeVar("M", bound="Machine")


class Machine:
    """Where `ivr publish` runs. `etc` stands for /etc/ivr."""

    def __init__(self, folder: Path) -> None:
        self.etc = folder / "etc"
        self.systemd = folder / "systemd"
        self.ports = [free_port(), free_port()]
        self.link = self.etc / "prompts"
        for made in (self.etc, self.systemd, folder / "bin"):
            made.mkdir()
        self.program("systemctl", f'exec {sys.executable} {systemctl.__file__} "$@"')
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
        self.servers = [option for port in self.ports for option in ("--server", f"http://127.0.0.1:{port}")]

    def program(self, name: str, what: str, folder: Path | None = None) -> None:
        """Put a program where the shell finds it before Debian's, or in a folder."""
        file = (folder or self.etc.parent / "bin") / name
        file.write_text(what if what.startswith("#!") else f"#!/bin/sh\n{what}\n", encoding="utf-8")
        file.chmod(0o755)

    def gives(self, command: str, *arguments: str | Path, answer: str = "", **settings: str) -> Result:
        """What a command of an operator says with this machine's servers, and this answer to its question."""
        given = [command, *self.servers, *map(str, arguments)]
        done = CliRunner().invoke(main, given, input=answer, env=self.environ | settings)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def publish(self, *arguments: str | Path, answer: str = "", **settings: str) -> Result:
        """Give `ivr publish`."""
        return self.gives("publish", *arguments, answer=answer, **settings)

    def card(self, name: str, *edits: tuple[str, str, str]) -> Path:
        """Our card in a folder of its own, changed: (file, what stands there, what stands there then)."""
        folder = self.etc.parent / name
        shutil.copytree(SETTINGS.prompts, folder)
        for one in edits:
            edit(folder, *one)
        return folder

    def serve(self) -> None:
        """Serve our card from the next start of a server on."""
        self.link.symlink_to(self.card("etc/cards/20261101T090000Z"))

    def only_one(self) -> None:
        """Leave the second server out."""
        self.ports.pop()
        del self.servers[2:]

    def start(self) -> None:
        """Start the servers."""
        commands = [["systemctl", "restart", f"ivr-serve@{port}"] for port in self.ports]
        starting = [subprocess.Popen(command, env=self.environ) for command in commands]
        assert [process.wait() for process in starting] == [0] * len(commands)
        self.forget()

    def forget(self) -> None:
        """Forget which servers were restarted, and what was to go wrong."""
        for path in self.systemd.iterdir():
            if path.name.startswith(("restarted", "broken", "slow")):
                path.unlink()

    @property
    def restarted(self) -> list[int]:
        """The servers that were restarted, in turn, each as 0 or 1."""
        told = self.systemd / "restarted"
        return [self.ports.index(int(port)) for port in told.read_text().split()] if told.exists() else []

    def stop(self) -> None:
        """Stop all that runs."""
        for unit in (*map(str, self.ports), "nginx"):
            with suppress(FileNotFoundError):
                systemctl.stop(int((self.systemd / unit).read_text()))

    def hears(self, which: int) -> str:
        """What a caller hears first of a server."""
        public_url = self.environ["IVR_PUBLIC_URL"]
        fetch = signed(http(public_url, f"http://127.0.0.1:{self.ports[which]}"), "probe0123456789abcdef")
        return fetch(Request("POST", f"{public_url}/voice", {})).body.decode()

    @property
    def folders(self) -> set[str]:
        """The cards that lie beside the served one."""
        return {path.name for path in (self.etc / "cards").iterdir() if path.name != ".lock"}


@contextmanager
def machine_of(kind: type[M]) -> Iterator[M]:
    """A machine without a card, on which nothing runs; everybody may enter its folders, unlike those of pytest."""
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        made = kind(Path(temporary))
        made.etc.chmod(0o755)
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine without a card, on which nothing runs."""
    with machine_of(Machine) as made:
        yield made


@pytest.fixture(scope="module")
def both() -> Iterator[Machine]:
    """A machine with both servers on our card."""
    with machine_of(Machine) as made:
        made.serve()
        made.start()
        yield made


@pytest.fixture
def running(both: Machine) -> Machine:
    """That machine, as the test before left it: with our card again, unless it says otherwise."""
    both.forget()
    return both
