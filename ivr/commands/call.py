# SPDX-License-Identifier: EUPL-1.2
"""The command with which one calls the line: `ivr call`."""

import os
import sys
from datetime import datetime
from importlib.util import find_spec

import click

from ivr import settings
from ivr.answers import Answers
from ivr.card import KEYPAD
from ivr.commands.asking import must_speak
from ivr.editor.load import left_out, load, make_line
from ivr.messages.catalogue import Catalogue
from ivr.phone import handsets, testcall
from ivr.phone.interpreter import Call
from ivr.phone.transcript import Records, Transcript


@click.command()
@click.argument("url", required=False)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Call at this moment, such as 2026-12-25T23:00.")
@click.option("--keys", help="Press these in turn: 0-9 * #, _ one silence; at a connection c, b, n, f or *.")
@click.option("--language", help="Call the address of this language, such as en, instead of the first.")
@click.option("--expect", multiple=True, help="Fail unless these words are said; with --keys. May be given more often.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; without --keys none is pressed.")
def call(  # noqa: PLR0913 - click's way
    url: str | None,
    at: datetime | None,
    keys: str | None,
    language: str | None,
    expect: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Call the line: here in process, or a running one at URL.

    Without --keys the keys of this terminal are the telephone's.
    """
    keys = "" if as_json and keys is None else keys
    _fit_together(url, at, keys, expect)
    base = (url or "").rstrip("/").removesuffix("/voice")
    public = {"IVR_PUBLIC_URL": os.environ.get("IVR_PUBLIC_URL") or base} if url else {}
    chosen = settings.from_environ(os.environ | public, serves=False, calls=bool(url))
    transcript = (Records if as_json else Transcript)(chosen.editor_language)
    conversation = testcall.elsewhere(chosen, base, language) if url else _here(chosen, at, language)
    if keys is not None:
        testcall.listen(conversation, keys, expect, transcript, lambda text: click.echo(text, nl=False))
    else:
        handsets.in_terminal(conversation, transcript)


def _fit_together(url: str | None, at: datetime | None, keys: str | None, expect: tuple[str, ...]) -> None:
    """Refuse options that do not go together, or not here.

    What a test call expects is expected of a line that runs: without its address, or with a setting that is empty, a
    unit would call nobody and be content.
    """
    wrong = set(keys or "") - set(KEYPAD + handsets.SILENCE + "".join(handsets.OUTCOME_KEYS))
    for refused, message in (
        (url == "" or (expect and not url), "call-no-url"),
        ("" in map(str.strip, expect), "call-nothing-expected"),
        (url and at, "call-at"),
        (wrong, "call-keys-unknown"),
        (expect and keys is None, "call-expect"),
        (keys is None and not find_spec("termios"), "call-windows"),
        (keys is None and not sys.stdin.isatty(), "call-no-terminal"),
    ):
        if refused:
            say = Catalogue(settings.editor_language(os.environ)).say
            raise click.UsageError(say(message, keys="".join(sorted(wrong))))


def _here(chosen: settings.Settings, at: datetime | None, language: str | None) -> Call:
    """A call in process, once what is wrong with the card or the settings is told."""
    read = load(chosen.prompts, chosen.code)
    line = make_line(chosen, read)
    for finding in left_out(read):
        click.echo(finding.text(chosen.editor_language), err=True)
    must_speak(chosen, line.card, language)
    if not chosen.caller_id:
        click.echo(chosen.say("call-no-caller-id") + "\n", err=True)
    return testcall.here(Answers(line, chosen.public_url), language, at)
