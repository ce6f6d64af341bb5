# SPDX-License-Identifier: EUPL-1.2
"""The commands of the editor's wing: `ivr new`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr import make_line, settings
from ivr.editor.messages import Catalogue
from ivr.editor.problems import CardError, Problems
from ivr.proof import checks

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDE = settings.default_prompts() / "README.md"
"""How to change a card, in the editor's language; also where the line was installed from a wheel."""


@click.command(epilog=f"\b\nThe guide for editors shows such a file, under 'Een nieuwe kaart':\n{GUIDE}")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take them from a file.")
def new(directory: Path, answers: Path | None) -> None:
    """Make a card for another region in DIRECTORY, from the answers to a few questions."""
    from ivr.editor import new as making  # noqa: PLC0415 - a call needs no templates

    language = settings.editor_language(os.environ)
    if not making.free(directory):
        raise click.ClickException(Catalogue(language).say("new-not-empty", directory=directory))
    absent = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    if answers is None:
        directory.mkdir(parents=True, exist_ok=True)  # before the questions, so that none is answered for nothing
        click.echo(Catalogue(language).say("new-begin", back=making.GO_BACK) + "\n")

    def ask(question: str, default: str, check: Callable[[str], str]) -> str:
        def checked(typed: str) -> str:
            try:
                return check(typed)
            except making.AnswerError as error:
                raise click.UsageError(str(error)) from None

        answer: str = click.prompt(
            question, default=default, value_proc=checked, show_default=bool(default), prompt_suffix="\n> "
        )
        return answer

    problems = Problems()
    try:
        given = making.from_file(answers, problems) if answers else making.by_asking(ask, language)
    except click.Abort:
        for folder in absent:
            folder.rmdir()
        raise
    if problems:
        raise CardError(problems)
    name = Path(sys.argv[0])
    program = shlex.quote(str(name.absolute())) if name.name == "ivr" else "ivr"
    making.write(directory, given, program)
    _tell_of_new(directory, program, language)


def _tell_of_new(directory: Path, program: str, language: str) -> None:
    """Say how to call a new card, or what keeps a line from starting with it."""
    command = f"IVR_PROMPTS={shlex.quote(str(directory.resolve()))} {program}"
    try:
        line = make_line(settings.Settings(prompts=directory, caller_id=checks.ANY_CALLER_ID))
        found = checks.wrong(line).values()
        wrong = "\n".join(problem.text(language) for problems in found for problem in problems)
    except CardError as error:  # answers that are good by themselves can be too long together
        wrong = error.text(language)
    values = {"directory": directory, "command": command, "wrong": wrong}
    if wrong:
        raise click.ClickException(Catalogue(language).say("new-unfinished", **values))
    click.echo(Catalogue(language).say("new-done", **values))
