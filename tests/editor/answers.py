# SPDX-License-Identifier: EUPL-1.2
"""Answers about a refuge for cats, and somebody who gives them to `ivr new`."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click.testing

from ivr.commands.main import main
from ivr.editor import new
from ivr.messages.problems import Problems
from ivr.phone.handsets import press_keys
from ivr.phone.transcript import Transcript
from tests.conftest import SETTINGS, line_at

ANSWERS = Path(__file__).parent.parent / "answers"
CATS = ANSWERS / "kattenopvang.yaml"

IN_TURN = [
    "de kattenlijn",
    "de regio Utrecht",
    "Verzonnen, voor een test",
    "",  # the time zone,
    "",  # the country
    "",  # and 112 as they are offered
    "2026-11-01",
    *["de kattenopvang", "000-111 22 33", "2026-11-02", "", "Mo-Fr 09:00-17:00; PH off"],
    *["Heb je een kat gevonden?", "Daar is plaats voor een kat zonder huis."],
    *["de dierenarts", "000-444 55 66", "2026-11-03", "", ""],
    *["Is een kat gewond of ziek?", "Die helpt dag en nacht"],
    *["de stichting", "0000-7788", "2026-11-04", "", "Sa 10:00-12:00"],
    *["Wil je een kat in huis nemen?", "Daar kun je een kat uitzoeken."],
    "",  # nobody else
    "",  # all of it is right
]
"""The answers of kattenopvang.yaml, as somebody types them."""


def run(*arguments: object, typed: list[str] | None = None, **environ: str) -> click.testing.Result:
    """Run `ivr new`; what is typed shows in the output, as on a screen."""
    runner = click.testing.CliRunner(env=environ, echo_stdin=True)
    return runner.invoke(main, ["new", *map(str, arguments)], input="".join(f"{line}\n" for line in typed or []))


def made(folder: Path) -> None:
    """Make a new card from the answers about cats."""
    problems = Problems()
    new.write(folder, new.from_file(CATS, problems))
    assert not problems


def heard(folder: Path, keys: str, at: str = "2026-11-25T14:00") -> str:
    """A whole call to a card."""
    told: list[str] = []
    line = line_at(datetime.fromisoformat(at), replace(SETTINGS, prompts=folder))
    press_keys(line, keys, Transcript("nl"), told.append)
    return "".join(told)
