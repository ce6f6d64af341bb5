# SPDX-License-Identifier: EUPL-1.2
"""The commands of whoever records a voice: `ivr record`, which opens a page, and its parts."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr import settings
from ivr.commands.phone import open_page
from ivr.messages.problems import Problem

if TYPE_CHECKING:
    from ivr.voice.desk import Desk

_language = click.option("--language", help="A folder beside the card, such as en; the first by default.")
_by = click.option("--by", required=True, help="Initials: who speaks, or who has heard it.")


@click.group(invoke_without_command=True)
@_language
@click.option("--port", default=8031, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.pass_context
def record(context: click.Context, language: str | None, port: int) -> None:
    """Record a voice. Without a command: a page on this machine on which somebody reads line after line."""
    if context.invoked_subcommand:
        return
    desk = _desk(language)
    from ivr.voice import page  # noqa: PLC0415 - see _desk

    app = page.make(lambda: _desk(language), desk.reader)
    open_page(port, app, lambda url: desk.say("record-page", language=desk.language, url=url))


@record.command()
@_language
def sheet(language: str | None) -> None:
    """Write the sheet to read from: a page to print. It gives each line a number, which stays."""
    desk = _desk(language)
    from ivr.voice.sheet import page  # noqa: PLC0415 - see _desk

    desk.save()
    click.echo(page(desk), nl=False)


@record.command("import")
@_language
@_by
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(language: str | None, by: str, folder: Path) -> None:
    """Take in the files of FOLDER, each named by its number on the sheet, such as 012.wav. Exit code 1: not all."""
    desk = _desk(language)
    wrong = False
    for file, number, outcome in desk.take_in(folder, by):
        if isinstance(outcome, Problem):
            wrong = True
            click.echo(f"✗ {file}: {outcome.said(desk.reader)}")
        else:
            values = {"number": f"{number:03d}", "cut": f"{outcome.cut:.1f}", "level": f"{outcome.level:+.0f}"}
            click.echo(f"✓ {file}: {desk.say('record-taken', **values)}")
    _tell_what_is_left(language)
    sys.exit(1 if wrong else 0)


@record.command()
@_language
@_by
@click.option("--all", "everything", is_flag=True, help="Every line that nobody has heard yet.")
def accept(language: str | None, by: str, everything: bool) -> None:  # noqa: FBT001 - click's way
    """Note that a second person has heard all of it, and that each line says its text. Only then they are played."""
    if not everything:
        raise click.UsageError("Give --all, or accept one line after another on the page of ivr record.")
    desk = _desk(language)
    unheard = desk.entries(desk.now.unheard)
    desk.accept(unheard, by)
    click.echo(desk.say("record-accepted", count=len(unheard)))
    _tell_what_is_left(language)


@record.command()
@_language
def status(language: str | None) -> None:
    """Tell what is missing, stale or unheard, and what a second look may find. Exit code 1: something is."""
    desk = _desk(language)
    now = desk.now
    recorded = len(now.wanted) - len(now.missing)
    click.echo(desk.say("record-status", language=desk.language, count=recorded, total=len(now.wanted)))
    missing = [text for text in now.missing if text not in now.stale]
    for message, texts in (("missing", missing), ("stale", now.stale), ("unheard", now.unheard)):
        if texts:
            click.echo(desk.say(f"record-{message}", count=len(texts)))
        for entry in desk.entries(texts):
            click.echo(f"  {entry.number:03d}  {entry.text}")
            if was := now.stale.get(entry.text):
                click.echo(f"       ({desk.say('record-was', text=was.text)})")
    odd = [*now.problems, *desk.doubts()]
    for problem in odd:
        click.echo(f"- {problem.text(desk.reader)}")
    sys.exit(1 if odd or now.missing or now.unheard else 0)


def _desk(language: str | None) -> "Desk":
    """Open a language; raises ClickException where it cannot be recorded."""
    chosen = settings.from_environ(os.environ, serves=False)
    try:
        from ivr.voice.desk import Desk  # noqa: PLC0415 - it needs libraries that a server does without

        return Desk.open(chosen, language)
    except ModuleNotFoundError as error:
        raise click.ClickException(chosen.say("record-extra", name=error.name)) from None
    except LookupError:
        raise click.ClickException(chosen.say("record-language", language=language)) from None


def _tell_what_is_left(language: str | None) -> None:
    desk = _desk(language)
    values = {"missing": len(desk.now.missing), "unheard": len(desk.now.unheard), "language": desk.language}
    click.echo(desk.say("record-next", **values))
