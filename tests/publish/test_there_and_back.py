# SPDX-License-Identifier: EUPL-1.2
"""The software of the release before: there and back, by the guide, with real servers and calls that cross over."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.publish.conftest import ROOT, Machine

BEFORE = "57fa929"
"""The commit of the release before; the next release writes its own here."""


pytestmark = pytest.mark.starts


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release before, as git has it."""
    folder = tmp_path_factory.mktemp("before")
    made = subprocess.run(["git", "-C", ROOT, "archive", BEFORE], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"the history of this checkout does not reach back to {BEFORE}: git fetch --unshallow")
    subprocess.run(["tar", "-x", "-C", folder], input=made.stdout, check=True)
    folder.parent.chmod(0o755)
    return folder


def test_an_upgrade_and_the_way_back(machine: Machine, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Program and card go there together, and back: the program first, then `ivr publish --back`, as the guide says.

    Afterwards both servers say what they said before; the new program refuses the card of before.
    """
    monkeypatch.chdir(before)  # Python looks where it stands before it looks there
    machine.environ["PYTHONPATH"] = str(before)
    shutil.copytree(before / "prompts", machine.link)
    machine.start()
    where = [sys.executable, "-c", "import ivr; print(ivr.__file__)"]
    assert str(before) in subprocess.run(where, env=machine.environ, capture_output=True, text=True, check=True).stdout
    told = [machine.hears(which) for which in (0, 1)]
    machine.environ["PYTHONPATH"] = str(ROOT)
    monkeypatch.chdir(ROOT)
    there = machine.publish(machine.card("new"), "--yes")
    assert there.returncode == 0, there.stdout + there.stderr
    assert machine.restarted == [0, 1]
    machine.forget()
    assert machine.publish("--back", "--yes").returncode == 1  # by the new program, which refuses the card of before
    assert machine.restarted == []
    machine.environ["PYTHONPATH"] = str(before)
    monkeypatch.chdir(before)
    back = machine.publish("--back", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    assert machine.restarted == [0, 1]
    assert [machine.hears(which) for which in (0, 1)] == told
