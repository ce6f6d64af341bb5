# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser: `ivr phone` and `ivr map`, and `ivr remarks` for what readers of its file wrote."""

import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from flask import Flask

from ivr import settings
from ivr.commands.asking import must_speak
from ivr.messages.catalogue import say
from ivr.messages.problems import Problem, ProblemsError
from ivr.web import local


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--port", default=8030, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--before", help="With FILE: tell what changed since this revision of git.")
@click.option("--number", default="", help="With FILE: for the organisation of this number alone, such as essm.")
@click.option("--recorded", is_flag=True, help="With FILE: with its recordings; twelve megabytes a language.")
def phone(file: Path | None, port: int, before: str | None, number: str, recorded: bool) -> None:  # noqa: FBT001 - click's way
    """Open a telephone in the browser, for this machine only. With FILE write it as one file that anybody can open."""
    if not file and (before or number or recorded):
        raise click.UsageError("--before, --number and --recorded need a FILE to write.")
    from ivr.browser.app import make  # noqa: PLC0415 - to open a page to record at needs none of it
    from ivr.browser.file import page  # noqa: PLC0415

    chosen = settings.from_environ(os.environ, serves=False)
    if file:
        told = page(chosen, datetime.now(UTC), before=before, number=number, recorded=recorded)
        file.write_text(told, encoding="utf-8")
        click.echo(chosen.say("phone-written", file=file, size=file.stat().st_size // 1000))
        return
    open_page(port, make(chosen), lambda url: chosen.say("phone-open", url=url))


@click.command("map")
@click.option("--language", help="What is said in this language, such as en, instead of the first.")
def map_(language: str | None) -> None:
    """Print the file of `ivr phone FILE`, opened at its map: every spoken sentence, numbered."""
    from ivr.browser.file import page  # noqa: PLC0415 - as above
    from ivr.editor.load import load  # noqa: PLC0415

    chosen = settings.from_environ(os.environ, serves=False)
    read = load(chosen.prompts, chosen.code)
    must_speak(chosen, read.card, language)
    told = page(chosen, datetime.now(UTC), opened=language or "", read=read)
    if "<svg" not in told:
        raise click.ClickException(chosen.say("map-needs-graphviz"))
    click.echo(told, nl=False)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def remarks(files: tuple[Path, ...]) -> None:
    """Put together what readers wrote in the file of `ivr phone FILE`, by sentence. Exit code 2: a FILE has none."""
    from ivr.browser import remarks as written  # noqa: PLC0415
    from ivr.editor.load import make_line  # noqa: PLC0415
    from ivr.review.map_page import numbered, sections  # noqa: PLC0415

    chosen = settings.from_environ(os.environ, serves=False)
    line, today = make_line(chosen.connecting()), datetime.now(UTC).date()
    numbers = {code: numbered(sections(line, "nl", today, code)) for code in line.card.languages}
    received: list[written.Remark] = []
    wrong: list[Problem] = []
    for file in files:
        try:
            received += written.read(file)
        except ProblemsError as error:
            wrong += error.problems
    for told in written.together(chosen, line, numbers, received):
        click.echo(told)
    for problem in wrong:
        click.echo(problem.text(chosen.editor_language), err=True)
    sys.exit(2 if wrong else 0)


def open_page(port: int, app: Flask, sentence: Callable[[str], str]) -> None:
    """Serve a page to this machine until Ctrl-C, opened where there is a screen; `sentence` tells its URL."""
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        language = settings.editor_language(os.environ)
        raise click.ClickException(say(language, "phone-port", port=port, reason=error.strerror)) from None
    with listening:
        serving, url = local.server(app, listening)
        click.echo(sentence(url))
        with serving, NamedTemporaryFile("w", suffix=".html") as leading:
            # Everybody sees what a program was started with, so not the address: a file that only we read leads to it.
            leading.write(f'<meta http-equiv="refresh" content="0; url={url}">')
            leading.flush()
            # Without a screen there may be a browser for the terminal, which can do nothing with this page.
            if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
                webbrowser.open(Path(leading.name).as_uri())
            serving.serve_forever()
