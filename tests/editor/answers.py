# SPDX-License-Identifier: EUPL-1.2
"""Answers about a refuge for cats, and somebody who gives them to `ivr new`."""

from pathlib import Path

import click.testing

from ivr.commands.main import main

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
    *["de kattenopvang", "000-111 22 33", "2026-11-02", "Mo-Fr 09:00-17:00; PH off"],
    *["Heb je een kat gevonden?", "Daar is plaats voor een kat zonder huis."],
    *["de dierenarts", "000-444 55 66", "2026-11-03", ""],
    *["Is een kat gewond of ziek?", "Die helpt dag en nacht"],
    *["de stichting", "0000-7788", "2026-11-04", "Sa 10:00-12:00"],
    *["Wil je een kat in huis nemen?", "Daar kun je een kat uitzoeken."],
    "",  # nobody else
    "",  # all of it is right
]
"""The answers of kattenopvang.yaml, as somebody types them."""


def run(*arguments: object, typed: list[str] | None = None, **environ: str) -> click.testing.Result:
    """Run `ivr new`; what is typed shows in the output, as on a screen."""
    runner = click.testing.CliRunner(env=environ, echo_stdin=True)
    return runner.invoke(main, ["new", *map(str, arguments)], input="".join(f"{line}\n" for line in typed or []))
