# SPDX-License-Identifier: EUPL-1.2
"""The command of the telephone's wing that opens a page: `ivr phone`."""

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
from ivr.messages.catalogue import say
from ivr.web import local


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--port", default=8030, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--before", help="With FILE: tell what changed since this revision of git.")
def phone(file: Path | None, port: int, before: str | None) -> None:
    """Open a telephone in the browser, for this machine only. With FILE write it as one file that anybody can open."""
    from ivr.browser import app as browser  # noqa: PLC0415 - to open a page to record at needs none of it
    from ivr.browser.file import page  # noqa: PLC0415
    from ivr.editor.load import refuse_links  # noqa: PLC0415

    chosen = settings.from_environ(os.environ, serves=False)
    if file:
        refuse_links(chosen.prompts)
        file.write_text(page(chosen, datetime.now(UTC), before=before), encoding="utf-8")
        click.echo(chosen.say("phone-written", file=file))
        return
    open_page(port, browser.make(chosen), lambda url: chosen.say("phone-open", url=url))


def open_page(port: int, app: Flask, told: Callable[[str], str]) -> None:
    """Serve a page to this machine until Ctrl-C, opened where there is a screen; `told` puts its URL in a sentence."""
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        language = settings.editor_language(os.environ)
        raise click.ClickException(say(language, "phone-port", port=port, reason=error.strerror)) from None
    with listening:
        serving, url = local.server(app, listening)
        click.echo(told(url))
        with serving, NamedTemporaryFile("w", suffix=".html") as leading:
            # Everybody sees what a program was started with, so not the address: a file that only we read leads to it.
            leading.write(f'<meta http-equiv="refresh" content="0; url={url}">')
            leading.flush()
            # Without a screen there may be a browser for the terminal, which can do nothing with this page.
            if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
                webbrowser.open(Path(leading.name).as_uri())
            serving.serve_forever()
