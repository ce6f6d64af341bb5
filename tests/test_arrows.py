# SPDX-License-Identifier: EUPL-1.2
"""Which part of `ivr/` imports which: the floors of the house, from the ground up."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IVR = ROOT / "ivr"

HEART = "card hours position dialogue address world script number_page sentences line twiml answers recording".split()

ARROWS = {
    "language": "",
    "messages": "",
    "heart": "language",
    "settings": "language messages",
    "web": "heart language settings",
    "page": "heart messages settings web",
    "editor": "heart language messages page settings",
    "phone": "heart messages settings",
    "app": "editor heart page settings web",
    "process": "settings web",
    "proof": "editor heart language messages page phone settings web",
    "review": "editor heart language messages page phone proof settings",
    "voice": "editor heart messages page phone proof settings web",
    "browser": "editor heart language messages page phone proof review settings web",
    "twilio": "messages",
    "publish": "editor messages phone",
    "asterisk": "heart messages process proof voice",
    "commands": "app asterisk browser editor heart language messages page phone process proof publish review settings "
    "twilio voice web",
}
"""What each part imports."""


def part(module: str) -> str:
    """The part of the house in which a module stands; `ivr` itself only hands `create_app` out."""
    name = [*module.split("."), ""][1]
    return "heart" if name in HEART else name


def imported(file: Path) -> set[str]:
    """The parts that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {part(module) for module in found if module.split(".")[0] == "ivr"}


def test_each_part_imports_what_the_table_says_and_all_of_it() -> None:
    """An arrow that the table does not name fails, and so does one that nothing needs."""
    arrows: defaultdict[str, set[str]] = defaultdict(set)
    for file in sorted(IVR.rglob("*.py")):
        here = part(".".join(["ivr", *file.relative_to(IVR).with_suffix("").parts]))
        if here != "__init__":
            arrows[here] |= imported(file) - {here}
    assert arrows == {here: set(there.split()) for here, there in ARROWS.items()}


def test_each_part_imports_only_from_floors_below_its_own() -> None:
    """The README's table of floors is true: what stands beside each other on a floor does not know each other."""
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| floor |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", table, re.MULTILINE)
    floors = {
        name: int(floor)
        for floor, parts in rows
        for name in re.findall("[a-z]+", parts.replace(".py", ""))
        if name != "the"
    }
    assert floors.keys() == ARROWS.keys()
    for here, there in ARROWS.items():
        assert not {one for one in there.split() if floors[one] >= floors[here]}, here


@pytest.mark.starts
def test_the_rules_of_the_line_load_nothing_of_what_surrounds_them() -> None:
    """Who reads or tests the dialogue needs no Flask, no Twilio, no YAML and no wing."""
    code = "import sys, ivr.dialogue; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "ivr.dialogue" in loaded
    assert {"flask", "twilio", "yaml", "phonenumbers", "click"}.isdisjoint(loaded)
    wings = {f"ivr.{folder.name}" for folder in IVR.iterdir() if folder.is_dir()} - {"ivr.language"}
    assert wings.isdisjoint(loaded)


@pytest.mark.starts
def test_an_exchange_of_ones_own_needs_nothing_of_twilio() -> None:
    """What carries the line on Asterisk loads neither Twilio's package nor our TwiML, so no change there breaks it."""
    code = "import sys, ivr.commands.asterisk; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "ivr.asterisk.sounds" in loaded
    assert {"twilio", "flask", "ivr.twiml", "ivr.answers"}.isdisjoint(loaded)


def test_click_lives_in_the_commands_only() -> None:
    """What a command does can be called without the command."""
    users = {file.relative_to(IVR).parts[0] for file in IVR.rglob("*.py") if "import click" in file.read_text("utf-8")}
    assert users == {"commands"}
