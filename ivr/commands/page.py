# SPDX-License-Identifier: EUPL-1.2
"""The commands that write what any web space serves: `ivr page`, and `ivr fallback` for when the line cannot answer."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.editor.load import make_line, refuse_links
from ivr.language import KNOWN
from ivr.page.render import PageRenderer
from ivr.page.words import PAGE, readable


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def page(directory: Path) -> None:
    """Write the card as a page into DIRECTORY, for any web space. It has hours, but cannot say what is open now."""
    chosen = settings.from_environ(os.environ, serves=False)
    refuse_links(chosen.prompts)
    line = make_line(chosen)
    first = line.card.languages[0]
    lines = readable(line.apart())
    if not lines:
        raise click.ClickException(chosen.say("page-no-words", file=f"{first}/{PAGE}.yaml"))
    addresses = {code: f"{code}.html" if number else "index.html" for number, code in enumerate(lines)}
    renderer = PageRenderer(lines, chosen, addresses)
    directory.mkdir(parents=True, exist_ok=True)
    for code, name in addresses.items():
        file = directory / name
        file.write_text(renderer.page(code, datetime.now(UTC)), encoding="utf-8")
        click.echo(file)
    for name in sorted({f"{code}.html" for code in KNOWN} - {*addresses.values()}):
        if (file := directory / name).exists():
            click.echo(chosen.say("page-before", file=file), err=True)


@click.command()
def fallback() -> None:
    """Write the TwiML that a file host serves as Twilio's voice_fallback_url."""
    chosen = settings.from_environ(os.environ, serves=False)
    click.echo(Answers(make_line(chosen), chosen.public_url).fallback)
