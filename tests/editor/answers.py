# SPDX-License-Identifier: EUPL-1.2
"""Answers about a refuge for cats, and somebody who gives them to `ivr new`."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click.testing
import yaml

from ivr.commands.main import main
from ivr.editor import new_card
from ivr.messages.problems import Problems
from ivr.phone.handsets import press_keys
from ivr.phone.transcript import Transcript
from tests.conftest import SETTINGS, line_at

ANSWERS = Path(__file__).parent.parent / "answers"
CATS = ANSWERS / "kattenopvang.yaml"

ANSWERED: dict[str, Any] = yaml.load(CATS.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
OPVANG: dict[str, str] = ANSWERED["numbers"]["opvang"]


def run(*arguments: object, **environ: str) -> click.testing.Result:
    """Run `ivr new`."""
    return click.testing.CliRunner(env=environ).invoke(main, ["new", *map(str, arguments)])


def answered(folder: Path, **numbers: dict[str, str]) -> click.testing.Result:
    """Run `ivr new` with the answers about cats, and these about the numbers."""
    file = folder.with_suffix(".yaml")
    file.write_text(
        yaml.safe_dump(ANSWERED | {"numbers": numbers}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return run(folder, "--answers", file)


def made(folder: Path) -> None:
    """Make a new card from the answers about cats."""
    problems = Problems()
    new_card.write(folder, new_card.from_file(CATS, problems))
    assert not problems


def heard(folder: Path, keys: str, at: str = "2026-11-25T14:00") -> str:
    """A whole call to a card."""
    told: list[str] = []
    line = line_at(datetime.fromisoformat(at), replace(SETTINGS, prompts=folder))
    press_keys(line, keys, Transcript("nl"), told.append)
    return "".join(told)
