# SPDX-License-Identifier: EUPL-1.2
"""The commands of `ivr twilio`: `apply` writes exactly what `plan` shows."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.commands.asking import agree, must_speak
from ivr.commands.proof import show
from ivr.editor.load import make_line
from ivr.messages.catalogue import say
from ivr.messages.problems import Problems
from ivr.phone import testcall
from ivr.proof import online
from ivr.proof.proved import Result, judged
from ivr.settings import Settings
from ivr.twilio import ended_calls
from ivr.twilio.account import Account, Change, Wanted
from ivr.twilio.alerts import alerts, since
from ivr.twilio.checks import Checked, examine
from ivr.twilio.client import Twilio, TwilioError, account_of
from ivr.twiml import OVERRIDES

MARKS = {"ok": "✓", "change": "~", "wrong": "✗", "unseen": "?", "look": "·"}

number_option = click.option("--number", help="The number that callers dial; IVR_CALLER_ID by default.")
language_option = click.option(
    "--language", "spoken", help="The number answers in this language of the card, such as en."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


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
        token = next(iter(settings.tokens_of(os.environ, "TWILIO_AUTH_TOKEN", partial(problems.add, None))), None)
        if problems:
            raise settings.SettingsError(problems)
    return account_of(os.environ, token)


def _number(given: str | None, chosen: Settings) -> str:
    if not (number := given or chosen.caller_id):
        raise TwilioError("twilio-no-number")
    return number


def _gather(number: str | None, spoken: str | None) -> tuple[Wanted, Callable[[], Iterator[Result]]]:
    """What the line needs at Twilio, and what asks it from outside."""
    chosen = settings.from_environ(os.environ, serves=False, calls=True)
    line = make_line(chosen)
    must_speak(chosen, line.card, spoken)
    connects = sorted({one.connect for one in line.card.numbers.values() if one.connect})
    voice_url = testcall.address(f"{chosen.public_url}/voice", spoken) + OVERRIDES
    wanted = Wanted(_number(number, chosen), voice_url, chosen.fallback_url, chosen.caller_id, tuple(connects))
    return wanted, partial(online.ask, Answers(line, chosen.public_url), chosen)


@account.command()
@number_option
@language_option
def plan(number: str | None, spoken: str | None) -> None:
    """Show the account and the number as they are, and what `apply` would change.

    Exit code 0: all is as it should be, 1: it could not be seen, 2: something differs.
    """
    wanted, _ = _gather(number, spoken)
    findings = list(examine(Account(_twilio(), wanted.number), wanted))
    _show(findings)
    wrong = sum(one.status == "wrong" for one in findings)
    click.echo(_say("twilio-plan-summary", changes=len(_changes(findings)), wrong=wrong))
    sys.exit(_exit_code(findings))


@account.command()
@number_option
@language_option
@yes_option
def apply(number: str | None, spoken: str | None, yes: bool) -> None:  # noqa: FBT001 - click's way
    """Make the changes that `plan` shows, and no other. Exit code 1: not all could be seen, so not all was changed."""
    wanted, _ = _gather(number, spoken)
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
    if _changes(list(examine(found, wanted))) != changes:  # somebody else was faster
        raise TwilioError("twilio-moved")
    # The route last, so that no call reaches a record that is not ready.
    _write(found, sorted(changes, key=lambda change: change.part == "route"))
    click.echo(_say("twilio-applied", count=len(changes)))
    sys.exit(partly)


@account.command()
@number_option
@language_option
@click.option("--last", type=click.Path(path_type=Path), help="A file whose date tells when this was last done.")
def verify(number: str | None, spoken: str | None, last: Path | None) -> None:
    """Read everything back, ask the line from outside, and count Twilio's errors since the last time.

    Exit code 0: all is well, 1: something could not be seen, 2: something is wrong.
    """
    wanted, ask = _gather(number, spoken)
    start = since(last, datetime.now(UTC))
    findings = list(examine(Account(_twilio(), wanted.number), wanted, alerts=partial(alerts, start=start)))
    _show(findings)
    results = [*ask(), judged("strangers", [online.strangers(wanted.voice_url.removesuffix(OVERRIDES))])]
    for result in results:
        show(result, _language())
    if last and findings[-1].status != "unseen":
        last.touch()
    sys.exit(2 if any(result.status == "fail" for result in results) else _exit_code(findings))


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
    here, counts = _twilio().here, ended_calls.Counts()
    sids = ended_calls.find(here, *numbers, datetime.now(UTC) - timedelta(minutes=older), limit)
    if sids and not yes:
        agree(_language(), _say("twilio-forget-question", count=len(sids)))
    try:
        with click.progressbar(sids, file=sys.stderr) as shown:
            ended_calls.forget(here, shown, counts)
    finally:  # after an error too
        click.echo(_say("twilio-forgot", **asdict(counts)))
    if full := len(sids) == limit:
        click.echo(_say("twilio-forget-more"))
    sys.exit(full or bool(counts.early))


def _write(found: Account, changes: list[Change]) -> None:
    """Write, and read back: whether Twilio takes an empty value for every field is not documented."""
    try:
        found.write(changes)
        now = Account(found.twilio, found.number)
        ignored = [change.field for change in changes if now.value(change.part, change.field) != change.then]
        why = _say("twilio-ignored", fields=", ".join(ignored)) if ignored else ""
    except TwilioError as error:
        why = error.text(_language())
    if why:
        raise TwilioError("twilio-halfway", why=why)


def _changes(findings: list[Checked]) -> list[Change]:
    return [finding.change for finding in findings if finding.change]


def _exit_code(findings: list[Checked]) -> int:
    statuses = {finding.status for finding in findings}
    return 2 if statuses & {"change", "wrong"} else 1 if "unseen" in statuses else 0


def _show(findings: list[Checked]) -> None:
    """Print them; a password in an address is not shown, nor what stands after ? in it."""
    for finding in findings:
        click.echo(f"{MARKS[finding.status]} {finding.check:13} {_say(finding.message, **finding.values)}")
        if finding.change:
            for sign, value in (("-", finding.change.now), ("+", finding.change.then)):
                shown = re.sub(r"\?[^#]*", "?…", re.sub("//[^/]*@", "//…@", str(value))) or "(–)"
                click.echo(f"{sign:>17} {finding.change.field}: {shown}")
