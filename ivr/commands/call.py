# SPDX-License-Identifier: EUPL-1.2
"""The command with which one calls the line: `ivr call`."""

import os
import shutil
import sys
from datetime import UTC, datetime
from importlib.util import find_spec

import click

from ivr import settings
from ivr.answers import Answers
from ivr.card import KEYPAD
from ivr.commands.offered import must_speak
from ivr.editor.load import left_out, load, make_line
from ivr.phone import handsets, testcall, transport
from ivr.phone.interpreter import Call
from ivr.phone.interpreter import call as dial
from ivr.phone.rules import TwimlError
from ivr.phone.transcript import Transcript


@click.command()
@click.argument("url", required=False)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Call at this moment, such as 2026-12-25T23:00.")
@click.option("--keys", help="Press these in turn: 0-9 * #, _ one silence; at a connection c, b, n, f or *.")
@click.option("--language", help="Call the address of this language, such as en, instead of the first.")
@click.option("--expect", multiple=True, help="Fail unless these words are said; with --keys. May be given more often.")
@click.option("--speak", is_flag=True, help="Say it aloud with espeak-ng.")
def call(  # noqa: PLR0913, PLR0917 - click's way
    url: str | None,
    at: datetime | None,
    keys: str | None,
    language: str | None,
    expect: tuple[str, ...],
    speak: bool,  # noqa: FBT001 - click's way
) -> None:
    """Call the line: here in process, or a running one at URL.

    Without --keys the keys of this terminal are the telephone's.
    """
    _fit_together(url, at, keys, expect, speak=speak)
    base = (url or "").rstrip("/").removesuffix("/voice")
    public = {"IVR_PUBLIC_URL": os.environ.get("IVR_PUBLIC_URL") or base} if url else {}
    chosen = settings.from_environ(os.environ | public, serves=False, calls=bool(url))
    transcript = Transcript(chosen.editor_language)
    try:
        conversation = testcall.elsewhere(chosen, base, language) if url else _here(chosen, at, language)
        if keys is not None:
            testcall.listen(conversation, keys, expect, transcript, lambda text: click.echo(text, nl=False))
        else:
            handsets.in_terminal(conversation, transcript, speak=speak)
    except testcall.NotSaidError as error:
        raise click.ClickException(f"The line did not say {str(error)!r}.") from None
    except (handsets.HandsetError, TwimlError) as error:
        raise click.ClickException(str(error)) from None


def _fit_together(
    url: str | None, at: datetime | None, keys: str | None, expect: tuple[str, ...], *, speak: bool
) -> None:
    """Refuse options that do not go together, or not here."""
    if url and at:
        raise click.UsageError("--at is for calls in process; a line that runs elsewhere has its own clock.")
    if keys is not None and (wrong := set(keys) - set(KEYPAD + handsets.SILENCE + "".join(handsets.OUTCOME_KEYS))):
        raise click.UsageError(f"--keys does not know {''.join(sorted(wrong))!r}. It takes 0-9 * # _ and c b n f.")
    if expect and keys is None:
        raise click.UsageError("--expect goes with --keys: what a person hears in the terminal, that person judges.")
    if keys is None and not find_spec("termios"):
        raise click.UsageError(
            "Keys are pressed here on Linux and macOS only. Use --keys, or the telephone: ivr phone."
        )
    if keys is None and not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to press keys in. Use --keys, for example --keys 3.")
    if speak and not shutil.which("espeak-ng"):
        raise click.UsageError("--speak needs espeak-ng. On Debian: apt-get install espeak-ng")


def _here(chosen: settings.Settings, at: datetime | None, language: str | None) -> Call:
    """A call in process, to a line that listens to nobody else."""
    read = load(chosen.prompts, chosen.code)
    line = make_line(chosen, read)
    for finding in left_out(read):
        click.echo(finding.text(chosen.editor_language), err=True)
    must_speak(chosen, line, language)
    zone = line.card.timezone
    if at and at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        raise click.UsageError(f"{at:%Y-%m-%dT%H:%M} does not exist in {zone}: the clocks go forward then.")
    if not chosen.caller_id:
        click.echo(chosen.say("call-no-caller-id") + "\n", err=True)
    answers = Answers(line, chosen.public_url)
    return dial(transport.direct(answers, lambda: at or datetime.now(UTC)), testcall.address(answers.url, language))
