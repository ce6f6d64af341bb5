# SPDX-License-Identifier: EUPL-1.2
"""The commands of whoever records a voice: `ivr record`, which opens a page, and its parts."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ivr import settings
from ivr.commands.phone import open_page
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import Problem, RecordError

if TYPE_CHECKING:
    from ivr.voice.desk import Desk

Command = TypeVar("Command", bound=Callable[..., Any])


def _language(command: Command) -> Command:
    return click.option("--language", help="A folder beside the card, such as en; the first by default.")(command)


def _by(command: Command) -> Command:
    return click.option("--by", required=True, help="Initials: who speaks, or who has heard it.")(command)


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

    open_page(
        port,
        lambda url: f"{_say('record-page', language=desk.language)} {url}\nCtrl-C ends it.",
        lambda listening: page.server(desk, _reader(), listening),
    )


@record.command()
@_language
def sheet(language: str | None) -> None:
    """Write the sheet to read from: a page to print. It gives each line a number, which stays."""
    desk = _desk(language)
    from ivr.voice import sheet as sheets  # noqa: PLC0415 - see _desk

    with _told():
        desk.book.save()
    click.echo(sheets.page(desk, _reader()), nl=False)


@record.command("with")
@_language
@click.option("--by", help="Who speaks; the name of the command by default.")
@click.option("--all", "again", is_flag=True, help="Also what is recorded already.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def with_(language: str | None, by: str | None, again: bool, command: tuple[str, ...]) -> None:  # noqa: FBT001 - click's way
    """Let COMMAND say each line that is missing: a text on its standard input, a WAV on its standard output.

    Write -- before it. With espeak-ng: ivr record with -- espeak-ng -v nl --stdin --stdout
    """
    desk = _desk(language)
    with _told():
        for count, total, entry in desk.speak(command, by or Path(command[0]).name, again=again):
            click.echo(f"{count}/{total}  {entry.number:03d}  {entry.text}")
    _next(desk)


@record.command("import")
@_language
@_by
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(language: str | None, by: str, folder: Path) -> None:
    """Take in the files of FOLDER, each named by its number on the sheet, such as 012.wav. Exit code 1: not all."""
    desk = _desk(language)
    wrong = False
    with _told():
        for file, number, told in desk.take_in(folder, by):
            if isinstance(told, Problem):
                wrong = True
                click.echo(f"✗ {file}: {told.said(_reader())}")
            else:
                values = {"number": f"{number:03d}", "cut": f"{told.cut:.1f}", "level": f"{told.level:+.0f}"}
                click.echo(f"✓ {file}: {_say('record-taken', **values)}")
    _next(desk)
    sys.exit(1 if wrong else 0)


@record.command()
@_language
@_by
@click.option("--all", "everything", is_flag=True, help="Every line that nobody has heard yet.")
@click.argument("numbers", nargs=-1, type=click.IntRange(1))
def accept(language: str | None, by: str, everything: bool, numbers: tuple[int, ...]) -> None:  # noqa: FBT001 - click's way
    """Note that a second person has heard these lines, and that each says its text. Only then they are played."""
    if everything == bool(numbers):
        raise click.UsageError("Give the NUMBERS of lines, or --all.")
    desk = _desk(language)
    with _told():
        heard = desk.accept(numbers, by)
    click.echo(_say("record-accepted", count=len(heard)))
    _next(desk)


@record.command()
@_language
def status(language: str | None) -> None:
    """Tell what is missing, stale or unheard, and what a second look may find. Exit code 1: something is."""
    desk = _desk(language)
    now = desk.standing
    recorded = len(now.wanted) - len(now.missing)
    click.echo(_say("record-status", language=desk.language, count=recorded, total=len(now.wanted)))
    for problem in now.problems:
        click.echo(f"- {problem.text(_reader())}")
    missing = [text for text in now.missing if text not in now.stale]
    for message, texts in (("missing", missing), ("stale", now.stale), ("unheard", now.unheard)):
        entries = desk.entries(texts)
        if entries:
            click.echo(_say(f"record-{message}", count=len(entries)))
        for entry in entries:
            was = now.stale.get(entry.text)
            click.echo(
                f"  {entry.number:03d}  {entry.text}" + (f" ({_say('record-was', text=was.text)})" if was else "")
            )
    doubts = list(desk.doubts())
    for problem in doubts:
        click.echo(f"- {problem.said(_reader())}")
    sys.exit(1 if now.problems or now.missing or now.unheard or doubts else 0)


def _reader() -> str:
    return settings.editor_language(os.environ)


def _say(message: str, **values: object) -> str:
    return Catalogue(_reader()).say(message, **values)


def _desk(language: str | None) -> "Desk":
    """Everything about a language; raises ClickException where it cannot be recorded."""
    try:
        from ivr.voice.desk import Desk  # noqa: PLC0415 - it needs libraries that a server does without
    except ModuleNotFoundError as error:
        raise click.ClickException(_say("record-extra", name=error.name)) from None
    chosen = settings.from_environ(os.environ, serves=False)
    try:
        return Desk.open(chosen, language)
    except LookupError:
        raise click.ClickException(_say("record-language", language=language)) from None


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong in the block is printed in words; what was kept before that stays."""
    try:
        yield
    except RecordError as error:
        raise click.ClickException(error.text(_reader())) from None


def _next(desk: "Desk") -> None:
    """What is left to do."""
    now = desk.standing
    click.echo(_say("record-next", missing=len(now.missing), unheard=len(now.unheard), language=desk.language))
