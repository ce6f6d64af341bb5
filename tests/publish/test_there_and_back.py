# SPDX-License-Identifier: EUPL-1.2
"""The software of the release before: there and back, by the guide, with real servers and calls that cross over."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from functools import partial
from itertools import count, product
from pathlib import Path

import pytest

from ivr.commands.doctor import AGAIN, CURES
from ivr.phone.transport import Answer, Request, http, signed
from tests.caller import Caller
from tests.cards import edit
from tests.conftest import says
from tests.publish.conftest import ROOT, Machine, machine_of

BEFORE = "57fa929"
"""The commit of the release before; the next release writes its own here."""

SWITCHES = [
    *({*range(after)} for after in range(8)),
    *({*range(after, 9)} for after in range(1, 8)),
    {0, 2, 4, 6},
    {1, 3, 5, 7},
]
"""Which requests of a call the new server gets: on the way down, on the way up, and in turn."""

pytestmark = pytest.mark.starts


class Upgraded(Machine):
    """A machine with two releases in its /opt, of which the one before runs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.opt = folder / "opt"
        self.opt.mkdir()
        made = subprocess.run(["git", "-C", ROOT, "archive", BEFORE], capture_output=True, check=False)
        if made.returncode:
            pytest.skip(f"the history of this checkout does not reach back to {BEFORE}: git fetch --unshallow")
        before, now = (self.release(name) for name in ("ivr-before", "ivr-now"))
        subprocess.run(["tar", "-x", "-C", before], input=made.stdout, check=True)
        (now / "ivr").symlink_to(ROOT / "ivr")
        shutil.copytree(ROOT / "prompts", now / "prompts")
        (self.opt / "ivr").symlink_to("ivr-before")
        self.link.symlink_to(shutil.copytree(before / "prompts", self.etc / "cards/20261101T090000Z"))
        self.environ["PYTHONPATH"] = str(self.opt / "ivr")
        self.program("ivr", f'exec {self.opt}/ivr/bin/ivr "$@" {" ".join(self.servers)}')
        script = (ROOT / "deploy/ivr-switch").read_text(encoding="utf-8")
        self.program("ivr-switch", script.replace("/opt", str(self.opt)).replace("/etc/ivr", str(self.etc)))

    def release(self, name: str) -> Path:
        """A release in /opt, still without what it says."""
        folder = self.opt / name
        (folder / "bin").mkdir(parents=True)
        self.program(
            "ivr", f"exec {sys.executable} -c 'from ivr.commands.main import main; main()' \"$@\"", folder / "bin"
        )
        return folder

    def switch(self, release: str) -> subprocess.CompletedProcess[str]:
        """Give the command of the guide."""
        command = ["ivr-switch", release]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=self.environ)

    def one_with(self, release: str, port: int) -> None:
        """Restart one server with a release, as when the machine stands half-way."""
        folder = str(self.opt / release)
        environ = self.environ | {"PYTHONPATH": folder, "IVR_PROMPTS": f"{folder}/prompts"}
        subprocess.run(["systemctl", "restart", f"ivr-serve@{port}"], env=environ, check=True)

    @property
    def state(self) -> tuple[str, list[str], list[bytes]]:
        """Which program is served, what both servers say, and their page."""
        pages = [
            http(url, url)(Request("GET", f"{url}/", {})).body for url in map("http://127.0.0.1:{}".format, self.ports)
        ]
        return str((self.opt / "ivr").readlink()), [self.hears(which) for which in (0, 1)], pages


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Upgraded]:
    """The machine, with both servers on the release before."""
    with (
        machine_of(Upgraded) as machine,
        chdir(machine.etc),
    ):  # Python looks where it stands before it looks at PYTHONPATH
        machine.start()
        yield machine


def test_an_upgrade_and_the_way_back(upgraded: Upgraded) -> None:
    """Program and card go there together by one command, and back by the same; both servers then say what they said.

    The doctor's cure for a damaged card works where the card of before is of the other version; a release that cannot
    serve is left by itself.
    """
    before = upgraded.state
    there = upgraded.switch("ivr-now")
    assert there.returncode == 0, there.stdout + there.stderr
    assert upgraded.restarted == [0, 1]
    now = upgraded.state
    assert now[0] == "ivr-now"
    for kept, changed in zip(before[2], now[2], strict=True):
        assert kept != changed
    edit(upgraded.link, "card.yaml", "numbers:", "nummers:")
    cure = (
        CURES["card"].format(way=AGAIN).replace("/opt", str(upgraded.opt))
    )  # the card of before is one of the other version
    subprocess.run(["/bin/sh", "-c", cure], env=upgraded.environ, check=True)
    assert upgraded.state == now
    back = upgraded.switch("ivr-before")
    assert back.returncode == 0, back.stdout + back.stderr
    assert upgraded.state == before
    upgraded.forget()
    (upgraded.systemd / f"broken-{upgraded.ports[1]}").touch()  # the second server does not start with the new release
    failed = upgraded.switch("ivr-now")
    assert failed.returncode == 1
    assert str((upgraded.opt / "ivr").readlink()) == "ivr-before"
    assert upgraded.hears(0) == before[1][0]
    upgraded.forget()
    nothing = upgraded.switch("ivr-nothing")
    assert nothing.returncode == 1
    assert "ivr-before" in nothing.stderr
    assert upgraded.restarted == []


def test_calls_cross_the_switch(upgraded: Upgraded) -> None:
    """Half-way each server has its own release: whenever a call goes up or down, 1-1-2 is 112 and nothing is 404."""
    for release, port in zip(("ivr-now", "ivr-before"), upgraded.ports, strict=True):
        upgraded.one_with(release, port)
    url = upgraded.environ["IVR_PUBLIC_URL"]
    new, old = (signed(http(url, f"http://127.0.0.1:{port}"), "probe0123456789abcdef") for port in upgraded.ports)

    def crossing(requests: Iterator[int], switch: set[int], request: Request) -> Answer:
        answer = (new if next(requests) in switch else old)(request)
        assert answer.status == 200, request.url
        return answer

    for typed, switch in product(("", "3", "4*", "_", "7", "8", "34", "3#"), SWITCHES):
        caller = Caller(partial(crossing, count(), switch), f"{url}/voice")
        for key in f"{typed}112":
            caller = caller.silence() if key == "_" else caller.press(key)
        caller.hears(says("numbers.danger.first", language="en" if "8" in typed else ""))
