# SPDX-License-Identifier: EUPL-1.2
"""The command of the telephone's wing that opens a page: `ivr phone`."""

import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from flask import Flask

from ivr import settings
from ivr.messages.catalogue import say
from ivr.web import local


@click.command()
@click.option("--port", default=8030, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
def phone(port: int) -> None:
    """Open a telephone in the browser, for this machine only."""
    from ivr.browser import app as browser  # noqa: PLC0415 - a call in the terminal needs no page

    chosen = settings.from_environ(os.environ, serves=False)
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
