# SPDX-License-Identifier: EUPL-1.2
"""The `ivr` command: call the line, and run it. What else it can do stands in the modules beside this one."""

import os
import shutil
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import click

from ivr import settings
from ivr.app import create_app
from ivr.card import KEYPAD
from ivr.commands.asterisk import asterisk
from ivr.commands.editor import new, translate
from ivr.commands.page import page
from ivr.commands.phone import must_speak, phone
from ivr.commands.proof import check, diff, map_
from ivr.commands.publish import publish
from ivr.commands.record import record
from ivr.commands.starting import must_be_free, sound
from ivr.commands.twilio import account
from ivr.editor.load import load, make_line
from ivr.editor.source import opened
from ivr.messages.catalogue import Catalogue
from ivr.messages.files import OddFileError
from ivr.messages.problems import CardError, ProblemsError
from ivr.phone import handsets, testcall, transport
from ivr.phone.interpreter import Call
from ivr.phone.interpreter import call as dial
from ivr.phone.rules import TwimlError
from ivr.phone.transcript import Transcript
from ivr.process import log
from ivr.proof import checks


class _Commands(click.Group):
    """The commands; what is wrong with the settings or the card is printed in words."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return self._invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.ClickException as error:
            told = _misused(error) if isinstance(error, click.UsageError) else error.format_message()
            click.echo(_catalogue().say("refused", told=told), err=True)
            ctx.exit(error.exit_code)

    def _invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ProblemsError as error:
            begin = "\n" if isinstance(error, CardError) else ""
            raise click.ClickException(begin + error.text(settings.editor_language(os.environ))) from None
        except (click.Abort, KeyboardInterrupt):
            click.echo("\n" + _catalogue().say("stopped"), err=True)
            ctx.exit(1)
        except OddFileError as error:
            raise click.ClickException(_catalogue().say(error.message, file=error.file)) from None
        except OSError as error:
            reason = _catalogue().reason(error.strerror)
            raise click.ClickException(": ".join(map(str, filter(None, (error.filename, reason))))) from None


def _catalogue() -> Catalogue:
    """The messages, in the language of whoever reads them, whatever else is wrong with the settings."""
    return Catalogue(settings.editor_language(os.environ))


def _misused(error: click.UsageError) -> str:
    """How a command was given that cannot be; what click alone knows, it says in English."""
    told, say = error.format_message(), _catalogue().say
    if name := getattr(error, "option_name", "") or getattr(error, "command_name", ""):
        told = say("usage-unknown", name=name)
    elif isinstance(error, click.MissingParameter) and error.param:
        told = say("usage-missing", name=error.param.human_readable_name)
    return say("usage", told=told, command=error.ctx.command_path if error.ctx else "ivr")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="meldroutekaart-lijn")
def main() -> None:
    """The phone line of the Meldroutekaart: call it, and run it."""


for command in (check, map_, diff, new, translate, account, publish, phone, page, record, asterisk):
    main.add_command(command)


@main.command()
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
    for finding in checks.left_out(read):
        click.echo(finding.text(chosen.editor_language), err=True)
    must_speak(chosen, line, language)
    zone = line.card.timezone
    if at and at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        raise click.UsageError(f"{at:%Y-%m-%dT%H:%M} does not exist in {zone}: the clocks go forward then.")
    if not chosen.caller_id:
        click.echo(chosen.say("call-no-caller-id") + "\n", err=True)
    return dial(transport.direct(line, lambda: at or datetime.now(UTC)), testcall.address(line.url, language))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the line for Twilio, behind a proxy that ends TLS."""
    from ivr.process.server import serve as run  # noqa: PLC0415 - a call needs no server

    chosen = settings.from_environ(os.environ)
    settings.refuse_printed(chosen)
    log.configure(chosen.log_level)
    line = sound(chosen)
    must_be_free(host, port)
    if chosen.metrics_port == port:
        raise click.ClickException(f"IVR_METRICS_PORT is {port}, where the line itself listens. Choose another.")
    if chosen.metrics_port:
        must_be_free("127.0.0.1", chosen.metrics_port)
    try:
        app = create_app(chosen, line=line)
    except PermissionError as error:  # a style or a logo beside the card
        values = {"file": error.filename, "cure": opened(Path(error.filename))}
        raise click.ClickException(chosen.say("setting-prompts-denied", **values)) from None
    run(app, chosen, host=host, port=port, workers=workers)


@main.command()
def fallback() -> None:
    """Write the TwiML that a file host serves as Twilio's voice_fallback_url."""
    click.echo(make_line(settings.from_environ(os.environ, serves=False)).fallback)
