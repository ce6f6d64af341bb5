# SPDX-License-Identifier: EUPL-1.2
"""The command of the line on one's own telephone exchange: `ivr asterisk`."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ivr import settings
from ivr.asterisk.server import Server
from ivr.asterisk.sounds import Sounds
from ivr.commands.starting import must_be_free, sound
from ivr.editor.load import make_line
from ivr.process import log

SPEECH = "espeak-ng -v {language} -s 160 --stdin --stdout"


@click.command()
@click.option("--port", default=4573, show_default=True, type=click.IntRange(1, 65535), help="Of 127.0.0.1.")
@click.option(
    "--sounds",
    default="sounds",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where Asterisk finds what is said. Beside it stands fallback.wav, which it says by itself.",
)
@click.option("--speech", default=SPEECH, show_default=True, help="Says what is not recorded: text in, WAV out.")
@click.option("--make", is_flag=True, help="Only make what is said, and end.")
def asterisk(port: int, sounds: Path, speech: str, make: bool) -> None:  # noqa: FBT001 - click's way
    """Carry the line for an Asterisk on this machine (FastAGI), without Twilio."""
    chosen = settings.from_environ(os.environ, serves=False)
    settings.refuse_printed(chosen)
    log.configure(chosen.log_level)
    folder, files = chosen.prompts.resolve(), Sounds(sounds.absolute(), speech)
    try:
        line = sound(replace(chosen, prompts=folder))
        files.prepare(line, datetime.now(UTC))
    except ModuleNotFoundError as error:
        raise click.ClickException(chosen.say("record-extra", name=error.name)) from None
    if not make:
        must_be_free("127.0.0.1", port)
        clock = partial(datetime.now, UTC)
        server = Server(line, folder, lambda other: make_line(replace(chosen, prompts=other)), files, clock)
        asyncio.run(server.serve(port, chosen.prompts))
