# SPDX-License-Identifier: EUPL-1.2
"""The commands of the proofs' wing: `ivr check` and `ivr diff`."""

import json
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.editor.load import load, make_line
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import CardError, Problem, blocks
from ivr.proof import proved, warnings
from ivr.proof.doubted_truth import exchanged
from ivr.proof.online import ask, certificates
from ivr.proof.warnings import Looked
from ivr.publish.servers import Exchange
from ivr.review import sheet
from ivr.review.compared import COMMITTED, BeforeError, card_before, compared
from ivr.review.in_words import on_holidays, seven_days, usually


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count: exit code 1.")
@click.option("--online", is_flag=True, help="Also call the public address, and look for the fallback.")
@click.option(
    "--server",
    "servers",
    multiple=True,
    help="With --online: call this server too, by itself, such as http://127.0.0.1:8000.",
)
@click.option("--due", is_flag=True, help="Only list what a person must call about or look up this month.")
def check(strict: bool, online: bool, servers: tuple[str, ...], due: bool) -> None:  # noqa: FBT001 - click's way
    """Check the card, the sentences and the settings.

    Exit code 0: good, 1: warnings and --strict, 2: something is wrong.
    """
    if servers and not online:
        raise click.UsageError("--server goes with --online.")
    if due:
        _due(online=online)
        return
    language = settings.editor_language(os.environ)
    say = Catalogue(language).say
    results: list[proved.Result] = []
    click.echo(say("check-folder", folder=Path(os.environ.get("IVR_PROMPTS") or settings.default_prompts()).resolve()))
    for result in checked(online=online, servers=servers):
        results.append(result)
        show(result, language)
    count = Counter(result.status for result in results)
    values = {"total": len(results), "good": count["pass"], "warnings": count["warn"], "wrong": count["fail"]}
    click.echo("\n" + say("check-summary", **values))
    if missing := blocks([finding for result in results for finding in result.findings], language):
        click.echo(f"\n{missing}")
    sys.exit(2 if count["fail"] else 1 if strict and count["warn"] else 0)


def _due(*, online: bool) -> None:
    """List what must be looked up; with `online` the certificates that end soon too."""
    chosen = settings.from_environ(os.environ, serves=False, calls=online)
    now = datetime.now(UTC)
    due = list(warnings.due(Looked(make_line(chosen), chosen, now.date())))
    if online:
        due += certificates(chosen, now + warnings.MONTH)
    for problem in due:
        click.echo(f"☐ {problem.text(chosen.editor_language)}")
    if not due:
        click.echo(chosen.say("check-nothing-due"))


def show(result: proved.Result, language: str) -> None:
    """Print what a check found."""
    mark, colour = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}[result.status]
    click.echo(f"{click.style(mark, fg=colour)} {result.name:12} {result.title(language)}")
    for finding in result.findings:
        click.echo(textwrap.indent(finding.text(language), "    "))


def checked(*, online: bool, servers: tuple[str, ...]) -> Iterator[proved.Result]:
    """Run every check; those of the card need no settings, so an editor's machine has none.

    On a machine of `ivr asterisk` that is what is asked over the network, and a public address only where there is one.
    """
    exchange = online and Exchange.here()
    online = online and (not exchange or bool(os.environ.get("IVR_PUBLIC_URL")))
    needs = ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", "IVR_PUBLIC_URL")
    absent = not online and not exchange and not any(map(os.environ.get, needs))
    now = datetime.now(UTC).date()
    language = settings.editor_language(os.environ)
    findings: tuple[Problem, ...]
    status, findings = ("warn", (Problem("found-settings-absent", {}),)) if absent else ("pass", ())
    try:
        chosen = settings.from_environ(os.environ, serves=not (absent or online or exchange), calls=online)
        if not absent:
            settings.refuse_printed(chosen)
    except settings.SettingsError as error:
        status, findings = "fail", error.problems
        chosen = settings.from_environ({"IVR_PROMPTS": os.environ.get("IVR_PROMPTS", "")}, serves=False)
    yield proved.Result("settings", status, findings)
    try:
        read = load(chosen.prompts, chosen.code)
    except CardError as error:
        yield proved.Result("card", "fail", error.problems)
        return
    line = make_line(chosen.connecting(), read)
    answers = Answers(line, chosen.public_url)
    swapped: tuple[Problem, ...] = ()
    with suppress(BeforeError):  # without a card that is committed nobody knows what two numbers exchanged since
        swapped = tuple(exchanged(card_before(COMMITTED, chosen.prompts, chosen.code)[0], read))
    yield proved.Result("card", "warn" if swapped else "pass", (*swapped, *_meant(line, language, now)))
    yield warnings.languages(read, chosen.prompts)
    yield from proved.prove(answers, measure=True)
    yield from warnings.warn(Looked(line, chosen, now, read.places))
    if online and status != "fail":
        yield from ask(answers, chosen, servers)
    if exchange:
        told = Problem("online-exchange", {"folder": str(chosen.prompts)})
        yield proved.judged("servers", [] if Exchange(str(chosen.prompts)).serves() else [told])


def _meant(line: Line, language: str, today: date) -> Iterator[Problem]:
    """What the opening hours say, in words: nobody sees in `Mo-Fr, Su` that it is open at night."""
    say = Catalogue(language).say
    for number in line.card.numbers.values():
        if number.hours:
            values = {"id": number.id, "hours": usually(line, say, number, today)}
            values["week"] = seven_days(line, say, number.hours, today)
            yield Problem("check-hours-mean", values | {"holidays": on_holidays(say, number.hours, today)})


@click.command()
@click.argument("before", required=False)
@click.option("--html", is_flag=True, help="A page to print, on which two people sign for every number.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for machines.")
def diff(before: str | None, html: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Tell what changes for callers, compared with BEFORE.

    BEFORE is a folder with a card, or a revision that git knows; without it, what is committed. Exit code 0 whether or
    not something changed, 1: the card has mistakes.
    """
    chosen = settings.from_environ(os.environ, serves=False)
    comparison = compared(chosen, before, whole=html or as_json)
    if html:
        today = datetime.now(comparison.line.card.timezone).date()
        click.echo(sheet.page(comparison, chosen.editor_language, today), nl=False)
    elif as_json:
        click.echo(json.dumps([change.row() for change in comparison.changes], ensure_ascii=False, indent=2))
    else:
        click.echo("\n- ".join([comparison.heading, *(change.text for change in comparison.changes)]))
