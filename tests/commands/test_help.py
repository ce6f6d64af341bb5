# SPDX-License-Identifier: EUPL-1.2
import re
import subprocess
import sys

import pytest

from ivr.commands.main import COMMANDS
from tests.commands.test_check import ivr


@pytest.mark.parametrize(("group", "command"), [((), "check"), (("twilio",), "plan")])
def test_without_a_command_there_is_help(group: tuple[str, ...], command: str) -> None:
    """Who gives no command, or none of a group, reads which ones there are."""
    result = ivr(*group)
    assert (result.exit_code, f"  {command} " in result.stderr) == (2, True)


def test_help_says_of_each_command_what_the_command_says_of_itself() -> None:
    """The list of commands, which is shown without loading one, has the first sentence of the help of each."""
    told = {name: re.sub(r"\s+", " ", ivr(name, "--help").stdout) for name in COMMANDS}
    assert not [
        name
        for name, (_, sentence) in COMMANDS.items()
        if f" {name} " not in told[name] or f" {sentence}" not in told[name]
    ]


@pytest.mark.starts
@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        ("--help", ["ivr.editor.load", "ivr.phone"]),
        ("call --keys 3", ["flask", "requests", "gunicorn", "gevent", "jinja2"]),
    ],
)
def test_a_command_loads_what_it_needs(arguments: str, unneeded: list[str]) -> None:
    """Somebody who asks for help, or calls in the terminal, waits for nothing that only other commands need."""
    code = "import sys; from ivr.commands.main import main; main(standalone_mode=False); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *arguments.split()], capture_output=True, text=True, check=True)
    loaded = run.stdout.splitlines()[-1].split()
    assert "click" in loaded
    assert not [name for name in unneeded if name in loaded]
