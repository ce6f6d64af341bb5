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
from ivr.recording import WIDTH, unpack

ALIKE = 0.7
"""The least correlation, of 1, of what a test call hears. A network changes a sound; other words stay below 0.3."""

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
@click.option(
    "--heard",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fail unless a telephone that pressed 3 heard, in this WAV, the first sentence and the words of CALL_EXPECT.",
)
def asterisk(port: int, sounds: Path, speech: str, make: bool, heard: Path | None) -> None:  # noqa: FBT001 - click's way
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
        _compare(line, files, heard)
    elif not make:
        must_be_free("127.0.0.1", port)
        clock = partial(datetime.now, UTC)
        server = Server(line, folder, lambda other: make_line(replace(chosen, prompts=other)), files, clock)
        asyncio.run(server.serve(port, chosen.prompts))


def _compare(line: Line, files: Sounds, heard: Path) -> None:
    """Fail unless a test call heard the first sentence, and after a key words that do not come from the card."""
    from ivr.phone import testcall  # noqa: PLC0415 - it knows Twilio
    from ivr.voice import audio  # noqa: PLC0415 - whoever has all files needs no libraries for sound

    samples = heard.read_bytes()[44:]
    sound, now, start = (
        audio.from_bytes(samples[: len(samples) // WIDTH * WIDTH]),
        datetime.now(UTC),
        dialogue.start(line.card),
    )
    page = dialogue.step(line.card, start, Keys("3"), line.world(now))
    words = testcall.words(os.environ["CALL_EXPECT"])
    number = [part for part in line.parts(page, line.world(now)) if words in testcall.words(part.text)]
    for expected, told in ((line.parts(start, line.world(now))[:1], "first sentence"), (number, words)):
        files_of = [files.answer([part]).read_bytes() for part in expected]
        if not any(audio.places(sound, audio.trimmed(audio.from_bytes(unpack(data)[0])), ALIKE) for data in files_of):
            raise click.ClickException(f"The telephone did not hear: {told}.")
