# SPDX-License-Identifier: EUPL-1.2
"""`ivr check --due` and `--done`: what a person must look up, as a list to tick, and the date when that was done."""

import os
from datetime import UTC, datetime

import click

from ivr import settings
from ivr.editor.load import load, make_line
from ivr.messages.problems import Place
from ivr.proof import online as net
from ivr.proof import warnings


def due(*, online: bool) -> None:
    """List what must be looked up; with `online` the certificates that end soon too."""
    chosen = settings.from_environ(os.environ, serves=False, calls=online)
    now = datetime.now(UTC)
    found = list(warnings.due(warnings.Looked(make_line(chosen), chosen, now.date())))
    if online:
        found += net.certificates(chosen, now + warnings.MONTH)
    for problem in found:
        click.echo(f"☐ {problem.text(chosen.editor_language)}")
    if not found:
        click.echo(chosen.say("check-nothing-due"))


def done(ids: tuple[str, ...]) -> None:
    """Write today behind `checked:` of these numbers. Refuses the card that is served."""
    if not ids:
        return
    chosen = settings.from_environ(os.environ, serves=False)
    folder = chosen.prompts.resolve()
    if any(link.is_symlink() and link.resolve() == folder for link in folder.parent.parent.iterdir()):
        raise click.ClickException(chosen.say("check-done-served", folder=chosen.prompts))
    read = load(chosen.prompts, chosen.code)
    if unknown := [id_ for id_ in ids if id_ not in read.card.numbers]:
        known = ", ".join(read.card.numbers)
        raise click.ClickException(chosen.say("check-done-unknown", id=unknown[0], known=known))
    for id_ in ids:
        _write(read.places[id_, "checked"], f"{datetime.now(read.card.timezone):%Y-%m-%d}")


def _write(place: Place, text: str) -> None:
    """Put a text in the place of what stands there; all else in the file stays as it is, to the byte."""
    lines = place.file.read_bytes().split(b"\n")
    line = lines[place.line - 1].decode()
    begin, end = place.column - 1, place.column - 1 + place.width
    lines[place.line - 1] = (line[:begin] + text + line[end:]).encode()
    place.file.write_bytes(b"\n".join(lines))
