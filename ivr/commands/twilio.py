# SPDX-License-Identifier: EUPL-1.2
"""The commands of `ivr twilio`: `apply` writes exactly what it showed, and `undo` puts that back."""

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.commands.agree import agree
from ivr.commands.offered import must_speak
from ivr.editor.load import make_line
from ivr.messages.catalogue import say
from ivr.messages.problems import Problems
from ivr.phone import testcall, transport
from ivr.proof import online
from ivr.settings import Settings
from ivr.twilio import forget as forgetting
from ivr.twilio.account import FIELDS, Account, Change, Wanted
from ivr.twilio.checks import Checked, examine
from ivr.twilio.client import Twilio, TwilioError, credentials
from ivr.twilio.verify import Outside, alerts, ask, since
from ivr.twiml import OVERRIDES

PATIENCE = 4.0
"""Seconds that Twilio waits for an answer: the `rt` of the overrides."""

MARKS = {"ok": "✓", "change": "~", "wrong": "✗", "unseen": "?", "look": "·"}

number_option = click.option("--number", help="The number that callers dial; IVR_CALLER_ID by default.")
language_option = click.option(
    "--language", "spoken", help="The number answers in this language of the card, such as en."
)
floor_option = click.option("--floor", default=20.0, show_default=True, help="The least balance, in its own currency.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
NEW = click.Path(path_type=Path)


@click.group("twilio")
def account() -> None:
    """Set up the account and the number at Twilio, verify them, and forget calls."""


def _language() -> str:
    """The operator's language."""
    return settings.editor_language(os.environ)


def _say(message: str, **values: object) -> str:
    return say(_language(), message, **values)


def _twilio() -> Twilio:
    """The account. The line's own token is read only where there is no key, so a machine with a key needs none."""
    token = None
    if not os.environ.get("TWILIO_API_KEY"):
        problems = Problems()
        token = next(iter(settings.twilio_tokens(os.environ, partial(problems.add, None))), None)
        if problems:
            raise settings.SettingsError(problems)
    return Twilio(credentials(os.environ, token))


def _number(given: str | None, chosen: Settings) -> str:
    if not (number := given or chosen.caller_id):
        raise TwilioError("twilio-no-number")
    return number


def _gather(number: str | None, spoken: str | None, floor: float) -> tuple[Wanted, Outside]:
    """What a command needs to know of the line that it calls: the one place that depends on how it is made."""
    chosen = settings.from_environ(os.environ, serves=False, calls=True)
    line = make_line(chosen)
    must_speak(chosen, line, spoken)
    connects = sorted({one.connect for one in line.card.numbers.values() if one.connect})
    voice_url = testcall.address(f"{chosen.public_url}/voice", spoken) + OVERRIDES
    wanted = Wanted(_number(number, chosen), voice_url, chosen.fallback_url, chosen.caller_id, tuple(connects), floor)
    outside = Outside(
        voice_url,
        transport.http(chosen.public_url),
        partial(online.line, chosen),
        partial(online.fallback, chosen, Answers(line, chosen.public_url).fallback),
        PATIENCE,
    )
    return wanted, outside


@account.command()
@number_option
@language_option
@floor_option
def plan(number: str | None, spoken: str | None, floor: float) -> None:
    """Show the account and the number as they are, and what `apply` would change.

    Exit code 0: all is as it should be, 1: it could not be seen, 2: something differs.
    """
    wanted, _ = _gather(number, spoken, floor)
    findings = list(examine(Account(_twilio(), wanted.number), wanted))
    _show(findings)
    wrong = sum(one.status == "wrong" for one in findings)
    click.echo(_say("twilio-plan-summary", changes=len(_changes(findings)), wrong=wrong))
    sys.exit(_exit_code(findings))


@account.command()
@number_option
@language_option
@floor_option
@yes_option
@click.option("--before", type=NEW, help="Where to write what was before, for `undo`.")
def apply(number: str | None, spoken: str | None, floor: float, yes: bool, before: Path | None) -> None:  # noqa: FBT001 - click's way
    """Make the changes that `plan` shows, and no other. Exit code 1: not all could be seen, so not all was changed."""
    wanted, _ = _gather(number, spoken, floor)
    twilio = _twilio()
    findings = list(examine(Account(twilio, wanted.number), wanted))
    _show(findings)
    changes = _changes(findings)
    partly = any(one.status == "unseen" and one.check in ("region", "number", "insights") for one in findings)
    if partly:
        click.echo(_say("twilio-partly"))
    if not changes:
        click.echo(_say("twilio-nothing"))
        sys.exit(partly)
    if not yes:
        agree(_language(), _say("twilio-apply-question", count=len(changes)))
    found = Account(twilio, wanted.number)
    if _changes(examine(found, wanted)) != changes:  # somebody else was faster
        raise TwilioError("twilio-moved")
    file = before or Path(f"twilio-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json")
    _write_before(file, found, changes)
    # The route last, so that no call reaches a record that is not ready.
    _write(found, sorted(changes, key=lambda change: change.part == "route"), file)
    click.echo(_say("twilio-applied", count=len(changes), file=file))
    sys.exit(partly)


@account.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@yes_option
def undo(file: Path, yes: bool) -> None:  # noqa: FBT001 - click's way
    """Put back what FILE says was before."""
    twilio = _twilio()
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        number, was = str(kept["number"]), [Change(**change) for change in kept["changes"]]
        same = (kept["account"], kept["region"]) == (twilio.credentials.account, twilio.credentials.region)
    except (OSError, ValueError, TypeError, KeyError):
        raise TwilioError("twilio-undo-file", file=file) from None
    if not {(one.part, one.field) for one in was} <= FIELDS:
        raise TwilioError("twilio-undo-file", file=file)
    if not same:
        raise TwilioError("twilio-undo-other", file=file)
    found = Account(twilio, number)
    changes = [change for one in was for change in found.difference(one.part, {one.field: one.now})]
    if not changes:
        click.echo(_say("twilio-nothing"))
        return
    for change in changes:
        _diff(change)
    if not yes:
        agree(_language(), _say("twilio-undo-question", count=len(changes)))
    _write(found, changes, file)  # the route first
    click.echo(_say("twilio-undone", count=len(changes)))


@account.command()
@number_option
@language_option
@floor_option
@click.option("--last", type=NEW, help="A file that keeps the moment of the last time.")
def verify(number: str | None, spoken: str | None, floor: float, last: Path | None) -> None:
    """Read everything back, ask the line from outside, and count Twilio's errors since the last time.

    Exit code 0: all is well, 1: something could not be seen, 2: something is wrong.
    """
    wanted, outside = _gather(number, spoken, floor)
    twilio, now = _twilio(), datetime.now(UTC)
    try:
        kept = last.read_text(encoding="utf-8") if last else ""
    except (OSError, ValueError):  # the first time, or not our file
        kept = ""
    errors = list(alerts(twilio, since(kept, now)))
    findings = [*examine(Account(twilio, wanted.number), wanted), *ask(outside), *errors]
    _show(findings)
    if last and errors[0].status != "unseen":
        try:
            last.write_text(now.isoformat(timespec="seconds") + "\n", encoding="utf-8")
        except OSError as error:
            raise TwilioError("twilio-file", file=last, reason=error.strerror) from None
    sys.exit(_exit_code(findings))


@account.command()
@number_option
@yes_option
@click.option("--older", default=60, show_default=True, type=click.IntRange(2), help="Minutes since a call ended.")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1, 10_000), help="Calls at a time.")
def forget(number: str | None, yes: bool, older: int, limit: int) -> None:  # noqa: FBT001 - click's way
    """Delete Twilio's records of calls that have ended; prints counts, and nothing of a call.

    Give it again to go on. Exit code 0: all that were found are deleted, 1: there may be more.
    """
    chosen = settings.from_environ(os.environ, serves=False)
    numbers = _number(number, chosen), chosen.caller_id
    here, counts = _twilio().here, forgetting.Counts()
    sids = forgetting.find(here, *numbers, datetime.now(UTC) - timedelta(minutes=older), limit)
    if sids and not yes:
        agree(_language(), _say("twilio-forget-question", count=len(sids)))
    try:
        with click.progressbar(sids, file=sys.stderr) as shown:
            forgetting.forget(here, shown, counts)
    finally:  # after an error too
        click.echo(_say("twilio-forgot", **asdict(counts)))
    if full := len(sids) == limit:
        click.echo(_say("twilio-forget-more"))
    sys.exit(full or bool(counts.early))


def _write_before(file: Path, found: Account, changes: list[Change]) -> None:
    """What was before, in a file of its own that only this user may read: an address may hold a password."""
    who = found.twilio.credentials
    told = {"account": who.account, "region": who.region, "number": found.number, "changes": [*map(asdict, changes)]}
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(told, out, indent=2)
    except OSError as error:
        raise TwilioError("twilio-file", file=file, reason=error.strerror) from None


def _write(found: Account, changes: list[Change], file: Path) -> None:
    """Write, and read back: whether Twilio takes an empty value for every field is not documented."""
    try:
        found.write(changes)
        now = Account(found.twilio, found.number)
        ignored = [change.field for change in changes if now.value(change.part, change.field) != change.then]
        why = _say("twilio-ignored", fields=", ".join(ignored)) if ignored else ""
    except TwilioError as error:
        why = error.text(_language())
    if why:
        raise TwilioError("twilio-halfway", why=why, file=file)


def _changes(findings: Iterable[Checked]) -> list[Change]:
    return [finding.change for finding in findings if finding.change]


def _exit_code(findings: list[Checked]) -> int:
    statuses = {finding.status for finding in findings}
    return 2 if statuses & {"change", "wrong"} else 1 if "unseen" in statuses else 0


def _show(findings: list[Checked]) -> None:
    for finding in findings:
        click.echo(f"{MARKS[finding.status]} {finding.check:13} {finding.text(_language())}")
        if finding.change:
            _diff(finding.change)


def _diff(change: Change) -> None:
    """Print what it is and what it becomes; a password in an address is not shown, nor what stands after ? in it."""
    for sign, value in (("-", change.now), ("+", change.then)):
        shown = re.sub(r"\?[^#]*", "?…", re.sub("//[^/]*@", "//…@", str(value))) or "(–)"
        click.echo(textwrap.indent(f"{sign} {change.field}: {shown}", " " * 16))
