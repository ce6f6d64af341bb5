# SPDX-License-Identifier: EUPL-1.2
"""The `ivr` command."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import shutil
import socket
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr import checks, create_app, settings
from ivr.phone import handsets, transport
from ivr.phone.events import Ended, Said
from ivr.phone.interpreter import call as dial
from ivr.phone.rules import TwimlError
from ivr.phone.transcript import Transcript
from ivr.source import CardError, Problems, messages
from ivr.twilio.command import account

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from ivr.line import Line
    from ivr.phone.events import Action
    from ivr.phone.interpreter import Call
    from ivr.settings import Settings

GUIDE = settings.default_prompts() / "README.md"
"""How to change a card, in the editor's language; also where the line was installed from a wheel."""

HERE = "https://line.example"
"""The public address of a call in process: no request leaves this machine."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="meldroutekaart-lijn")
def main() -> None:
    """The phone line of the Meldroutekaart: call it, and run it."""


main.add_command(account)


@main.command()
@click.argument("url", required=False)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Call at this moment, such as 2026-12-25T23:00.")
@click.option("--keys", help="Press these in turn: 0-9 * #, _ one silence; at a connection c, b, n, f or *.")
@click.option("--expect", multiple=True, help="Fail unless these words are said; with --keys. May be given more often.")
@click.option("--speak", is_flag=True, help="Say it aloud with espeak-ng.")
def call(
    url: str | None,
    at: datetime | None,
    keys: str | None,
    expect: tuple[str, ...],
    speak: bool,  # noqa: FBT001 - click's way
) -> None:
    """Call the line: here in process, or a running one at URL.

    Without --keys the keys of this terminal are the telephone's.
    """
    if url and at:
        raise click.UsageError("--at is for calls in process; a line that runs elsewhere has its own clock.")
    if keys is not None and (wrong := set(keys) - set(handsets.KEYPAD + handsets.SILENCE + "".join(handsets.OUTCOMES))):
        raise click.UsageError(f"--keys does not know {''.join(sorted(wrong))!r}. It takes 0-9 * # _ and c b n f.")
    if expect and keys is None:
        raise click.UsageError("--expect goes with --keys: what a person hears in the terminal, that person judges.")
    if keys is None and not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to press keys in. Use --keys, for example --keys 3.")
    if speak and not shutil.which("espeak-ng"):
        raise click.UsageError("--speak needs espeak-ng. On Debian: apt-get install espeak-ng")
    environ = dict(os.environ)
    transcript = Transcript(_editor_language())
    try:
        conversation = _elsewhere(url, environ) if url else _here(environ, at)
        if keys is not None:
            said: list[str] = []
            handsets.press_keys(_noting(conversation, said), keys, transcript, lambda text: click.echo(text, nl=False))
            for words in expect:
                if _words(words) not in _words(" ".join(said)):
                    raise click.ClickException(f"The line did not say {words!r}.")
        else:
            handsets.in_terminal(conversation, transcript, speak=settings.spoken(environ) if speak else None)
    except (handsets.HandsetError, TwimlError) as error:
        raise click.ClickException(str(error)) from None


def _noting(conversation: Call, said: list[str]) -> Call:
    """The same call, which notes what the line says."""
    event = next(conversation)
    while not isinstance(event, Ended):
        if isinstance(event, Said):
            said.append(event.text)
        action: Action = yield event
        event = conversation.send(action)
    yield event


def _words(text: str) -> str:
    """The words of a text, without the punctuation and the pauses between them."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


def _here(environ: dict[str, str], at: datetime | None) -> Call:
    """A call in process; it needs no token and no public address, so missing ones are made up."""
    chosen = _settings(settings.filled(environ, _made_up()))
    app = _app(chosen, at)
    if not chosen.caller_id:
        click.echo("IVR_CALLER_ID is not set: nothing is connected, every number is read out.\n", err=True)
    fetch = transport.signed(transport.wsgi(app, chosen.public_url), chosen.tokens[0])
    return dial(fetch, f"{chosen.public_url}/voice")


def _elsewhere(url: str, environ: dict[str, str]) -> Call:
    """A call to a running line; it is signed for the public address, which may be another than the one called."""
    base = url.rstrip("/").removesuffix("/voice")
    chosen = _settings(settings.filled(environ, {"IVR_PUBLIC_URL": base}))
    fetch = transport.signed(transport.http(chosen.public_url, connect_to=base), chosen.tokens[0])
    return dial(fetch, f"{chosen.public_url}/voice")


def _made_up() -> dict[str, str]:
    """What a line on nobody's internet needs for settings."""
    return {"TWILIO_AUTH_TOKEN": secrets.token_hex(16), "IVR_PUBLIC_URL": HERE}


def _editor_language() -> str:
    return settings.editor_language(os.environ)


def _settings(environ: dict[str, str]) -> Settings:
    try:
        return settings.from_environ(environ)
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from None


def _app(chosen: Settings, at: datetime | None = None) -> Flask:
    def clock() -> datetime:
        return at or datetime.now(UTC)

    try:
        return create_app(chosen, clock)
    except CardError as error:
        raise click.ClickException("\n" + error.text(chosen.editor_language)) from None


def _wrong(line: Line, language: str) -> str:
    """What the proofs find, one a line; empty where the line may be served."""
    proofs = checks.prove(line, measure=False)
    return "\n".join(finding.text(language) for result in proofs for finding in result.findings)


def _cannot(error: OSError) -> click.ClickException:
    return click.ClickException(f"{error.filename}: {error.strerror}")


def _must_be_free(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # what follows says the same as we do
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {reason}. Stop what listens there (ss -ltnp shows it), or choose "
            "another --host or --port."
        ) from None


@main.command(epilog=f"\b\nThe guide for editors shows such a file, under 'Een nieuwe kaart':\n{GUIDE}")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take them from a file.")
def new(directory: Path, answers: Path | None) -> None:
    """Make a card for another region in DIRECTORY, from the answers to a few questions."""
    from ivr import new as making  # noqa: PLC0415 - a call needs no templates

    language = _editor_language()
    try:
        if not making.free(directory):
            raise click.ClickException(messages()["new-not-empty"][language].format(directory=directory))
        if answers is None:
            directory.mkdir(parents=True, exist_ok=True)  # before the questions, so that none is answered for nothing
    except OSError as error:
        raise _cannot(error) from None

    def ask(question: str, default: str, check: Callable[[str], str]) -> str:
        def checked(typed: str) -> str:
            try:
                return check(typed)
            except making.AnswerError as error:
                raise click.UsageError(str(error)) from None

        answer: str = click.prompt(
            question, default=default, value_proc=checked, show_default=bool(default), prompt_suffix="\n> "
        )
        return answer

    today = datetime.now(UTC).date()
    problems = Problems()
    given = making.from_file(answers, today, problems) if answers else making.by_asking(ask, today, language)
    if problems:
        raise click.ClickException("\n" + CardError(problems).text(language))
    try:
        making.write(directory, given)
    except OSError as error:
        raise _cannot(error) from None
    _tell_of_new(directory, today, language)


def _tell_of_new(directory: Path, today: date, language: str) -> None:
    """Say how to call a new card, or what keeps a line from starting with it."""
    program = shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "ivr" else "ivr"
    command = f"IVR_PROMPTS={shlex.quote(str(directory.resolve()))} {program}"
    try:
        wrong = _wrong(checks.whole(_settings(_made_up() | {"IVR_PROMPTS": str(directory)}), today), language)
    except CardError as error:  # answers that are good by themselves can be too long together
        wrong = error.text(language)
    values = {"directory": directory, "command": command, "wrong": wrong}
    if wrong:
        raise click.ClickException(messages()["new-unfinished"][language].format(**values))
    click.echo(messages()["new-done"][language].format(**values))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the line for Twilio, behind a proxy that ends TLS."""
    from ivr.server import serve as run  # noqa: PLC0415 - a call needs no server

    chosen = _settings(dict(os.environ))
    app = _app(chosen)
    # With a number of its own to show, the line that is served is whole already.
    line = app.extensions["line"] if chosen.caller_id else checks.whole(chosen, datetime.now(UTC).date())
    if wrong := _wrong(line, chosen.editor_language):
        raise click.ClickException(f"\n{wrong}")
    _must_be_free(host, port)
    if chosen.metrics_port == port:
        raise click.ClickException(f"IVR_METRICS_PORT is {port}, where the line itself listens. Choose another.")
    if chosen.metrics_port:
        _must_be_free("127.0.0.1", chosen.metrics_port)
    run(app, chosen, host=host, port=port, workers=workers)


@main.command()
@click.option("--strict", is_flag=True, help="Warnings count: exit code 1.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for machines.")
@click.option("--online", is_flag=True, help="Also call the public address, and look for the fallback.")
def check(strict: bool, as_json: bool, online: bool) -> None:  # noqa: FBT001 - click's way
    """Check the card, the sentences and the settings.

    Exit code 0: good, 1: warnings and --strict, 2: something is wrong.
    """
    language = _editor_language()
    results: list[checks.Result] = []
    for result in _checked(online=online):
        results.append(result)
        if not as_json:
            _show(result, language)
    count = Counter(result.status for result in results)
    if as_json:
        told = [
            {
                "check": result.name,
                "status": result.status,
                "promise": result.title(language),
                "findings": [finding.text(language) for finding in result.findings],
            }
            for result in results
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        values = {"total": len(results), "good": count["pass"], "warnings": count["warn"], "wrong": count["fail"]}
        click.echo("\n" + messages()["check-summary"][language].format(**values))
    sys.exit(2 if count["fail"] else 1 if strict and count["warn"] else 0)


def _begin(name: str) -> None:
    """Show on a terminal which check is running; its result is written over it."""
    if sys.stderr.isatty():
        click.echo(f"… {name}\r", nl=False, err=True)


def _show(result: checks.Result, language: str) -> None:
    mark, colour = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}[result.status]
    click.echo(f"{click.style(mark, fg=colour)} {result.name:12} {result.title(language)}")
    for finding in result.findings:
        click.echo(textwrap.indent(finding.text(language), "    "))


def _checked(*, online: bool) -> Iterator[checks.Result]:
    """Run every check; those of the card need no settings, so an editor's machine has none."""
    environ = settings.filled(os.environ, {})
    absent = not online and not {"TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", "IVR_PUBLIC_URL"} & environ.keys()
    now = datetime.now(UTC).date()
    status, findings = ("warn", (checks.Finding("settings-absent", {}),)) if absent else ("pass", ())
    try:
        chosen = settings.from_environ(settings.filled(environ, _made_up()) if absent else environ)
    except settings.SettingsError as error:
        status, findings = "fail", (checks.Finding("problem", {"problem": str(error)}),)
        instead = {"IVR_CALLER_ID": checks.ANY_CALLER_ID, "IVR_PROMPTS": environ.get("IVR_PROMPTS", "")}
        chosen = settings.from_environ(_made_up() | instead)
    yield checks.Result("settings", status, findings)
    try:
        line = checks.whole(chosen, now)
    except CardError as error:
        yield checks.Result("card", "fail", error.problems)
        return
    yield checks.Result("card", "pass")
    yield from checks.prove(line, measure=True, begin=_begin)
    yield from checks.warn(line, chosen, now)
    if online and status != "fail":
        yield from checks.ask(line, chosen)


@main.command("map")
@click.option("--mermaid", is_flag=True, help="Mermaid for a README, instead of a page to print.")
def map_(mermaid: bool) -> None:  # noqa: FBT001 - click's way
    """Draw the whole line: a page with every spoken sentence."""
    from ivr import map as maps  # noqa: PLC0415 - a call needs no drawing

    line = _app(_any_settings()).extensions["line"]
    try:
        click.echo((maps.mermaid if mermaid else maps.page)(line, _editor_language()), nl=False)
    except maps.NotInstalledError as error:
        raise click.ClickException(str(error)) from None


@main.command()
def fallback() -> None:
    """Write the TwiML that a file host serves as Twilio's voice_fallback_url."""
    click.echo(_app(_any_settings()).extensions["line"].fallback)


def _any_settings() -> Settings:
    """The settings of this machine; those that the line's own text does not depend on are made up."""
    return _settings(settings.filled(os.environ, _made_up() | {"IVR_CALLER_ID": checks.ANY_CALLER_ID}))
