# SPDX-License-Identifier: EUPL-1.2
"""The command of the line on one's own telephone exchange: `ivr asterisk`."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ivr import dialogue, settings
from ivr.asterisk.server import Server
from ivr.asterisk.sounds import Sounds
from ivr.commands.starting import must_be_free, sound
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.position import Keys
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
@click.option(
    "--heard",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fail unless a telephone that pressed 3 heard, in this WAV, the first sentence and the words of CALL_EXPECT.",
)
def asterisk(port: int, sounds: Path, speech: str, heard: Path | None) -> None:
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
    if heard:
        _compare(line, files, heard.read_bytes())
    else:
        must_be_free("127.0.0.1", port)
        load, clock = (lambda other: make_line(replace(chosen, prompts=other))), partial(datetime.now, UTC)
        asyncio.run(Server(line, folder, load, files, clock).serve(port, chosen.prompts))


def _compare(line: Line, files: Sounds, heard: bytes) -> None:
    """Fail unless a test call heard the first sentence, and after a key words that do not come from the card."""
    from ivr.phone import testcall  # noqa: PLC0415 - it knows Twilio
    from ivr.voice import audio  # noqa: PLC0415 - whoever has all files needs no libraries for sound

    words = testcall.words(os.environ["CALL_EXPECT"])
    start, world = dialogue.start(line.card), line.world(datetime.now(UTC))
    page = line.parts(dialogue.step(line.card, start, Keys("3"), world), world)
    number = [part for part in page if words in testcall.words(part.text)]
    for expected, told in ((line.parts(start, world)[:1], "first sentence"), (number, words)):
        if not any(audio.hears(heard, files.answer([part]).read_bytes()) for part in expected):
            raise click.ClickException(f"The telephone did not hear: {told}.")
