# SPDX-License-Identifier: EUPL-1.2
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands import main as cli
from tests.mistakes import GOOD

WITHOUT = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in ("termios", "tty", "fcntl", "resource", "pwd", "grp"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
for name in ("termios", "tty", "fcntl", "resource", "pwd", "grp"):
    sys.modules.pop(name, None)  # what the interpreter itself has loaded

from click.testing import CliRunner
from werkzeug.serving import BaseWSGIServer

BaseWSGIServer.serve_forever = lambda _: None
from ivr.commands.main import main

folder, answers = sys.argv[1:]
for command in (
    ["phone", "--port", "0"],
    ["check"],
    ["diff"],
    ["map"],
    ["new", f"{folder}/new", "--answers", answers],
    ["page", f"{folder}/page"],
    ["translate"],
    ["call", "--keys", "1"],
):
    result = CliRunner().invoke(main, command)
    assert result.exit_code in (0, 1) and isinstance(result.exception, SystemExit | None), (command, result.output)
    print(command[0], result.exit_code)
assert not {"termios", "tty", "fcntl", "resource"} & set(sys.modules)
"""
"""Each command of an editor, where the modules are hidden that Windows does not have."""


@pytest.mark.starts("dot", "graphviz")
def test_an_editor_needs_nothing_that_windows_has_not(tmp_path: Path) -> None:
    """An editor's commands run without the modules of Unix: a card is heard, checked, drawn and translated."""
    answers = Path(__file__).parent.parent / "answers" / "kattenopvang.yaml"
    environ = os.environ | {"IVR_PROMPTS": str(GOOD), "IVR_CALLER_ID": "+12025550100"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT, str(tmp_path), str(answers)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert dict(line.split() for line in done.stdout.splitlines()) == {
        "phone": "0",
        "check": "0",
        "diff": "0",
        "map": "0",
        "new": "0",
        "page": "0",
        "translate": "0",
        "call": "0",
    }


def test_keys_are_pressed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no terminal gives its keys one by one, whoever calls by hand is told of the telephone in the browser."""
    monkeypatch.setattr("ivr.commands.call.find_spec", lambda _: None)
    assert "Gebruik --keys, of de telefoon: ivr phone." in CliRunner().invoke(cli.main, ["call"]).stderr
