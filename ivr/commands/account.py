# SPDX-License-Identifier: EUPL-1.2
"""What the commands of `ivr twilio` do: `apply` writes exactly what it showed, and `undo` puts that back."""

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from ivr.commands.agree import agree
from ivr.messages.catalogue import say
from ivr.twilio import forget as forgetting
from ivr.twilio.account import FIELDS, Account, Change, Wanted
from ivr.twilio.checks import Checked, examine
from ivr.twilio.client import Twilio, TwilioError
from ivr.twilio.verify import Outside, alerts, ask, since

MARKS = {"ok": "✓", "change": "~", "wrong": "✗", "unseen": "?", "look": "·"}


def plan(twilio: Twilio, wanted: Wanted, language: str) -> int:
    """Show everything; returns the exit code."""
    findings = list(examine(Account(twilio, wanted.number), wanted))
    _show(findings, language)
    wrong = sum(one.status == "wrong" for one in findings)
    click.echo(say(language, "twilio-plan-summary", changes=len(_changes(findings)), wrong=wrong))
    return _exit_code(findings)


def apply(twilio: Twilio, wanted: Wanted, language: str, *, yes: bool, before: Path | None) -> int:
    """Show everything, ask, look again, and write; returns the exit code, 1 where not all could be seen.

    Raises TwilioError when the second look finds another difference.
    """
    findings = list(examine(Account(twilio, wanted.number), wanted))
    _show(findings, language)
    changes = _changes(findings)
    partly = any(one.status == "unseen" and one.check in ("region", "number", "insights") for one in findings)
    if partly:
        click.echo(say(language, "twilio-partly"))
    if not changes:
        click.echo(say(language, "twilio-nothing"))
        return int(partly)
    if not yes:
        agree(language, say(language, "twilio-apply-question", count=len(changes)))
    found = Account(twilio, wanted.number)
    if _changes(examine(found, wanted)) != changes:
        raise TwilioError("twilio-moved")
    file = before or Path(f"twilio-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json")
    _write_before(file, found, changes)
    # The route last, so that no call reaches a record that is not ready.
    _write(found, sorted(changes, key=lambda change: change.part == "route"), file, language)
    click.echo(say(language, "twilio-applied", count=len(changes), file=file))
    return int(partly)


def _write_before(file: Path, found: Account, changes: list[Change]) -> None:
    """What was before, in a file of its own that only this user may read: an address may hold a password."""
    who = found.twilio.credentials
    told = {"account": who.account, "region": who.region, "number": found.number, "changes": [*map(asdict, changes)]}
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(told, out, indent=2)
    except OSError as error:
        raise TwilioError("twilio-file", file=file, reason=error.strerror) from None


def _write(found: Account, changes: list[Change], file: Path, language: str) -> None:
    """Write, and read back: whether Twilio takes an empty value for every field is not documented."""
    try:
        found.write(changes)
        now = Account(found.twilio, found.number)
        ignored = [change.field for change in changes if now.value(change.part, change.field) != change.then]
        why = say(language, "twilio-ignored", fields=", ".join(ignored)) if ignored else ""
    except TwilioError as error:
        why = error.text(language)
    if why:
        raise TwilioError("twilio-halfway", why=why, file=file)


def undo(twilio: Twilio, file: Path, language: str, *, yes: bool) -> None:
    """Put back what was before, the route first."""
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
        click.echo(say(language, "twilio-nothing"))
        return
    for change in changes:
        _diff(change)
    if not yes:
        agree(language, say(language, "twilio-undo-question", count=len(changes)))
    _write(found, changes, file, language)
    click.echo(say(language, "twilio-undone", count=len(changes)))


def verify(  # noqa: PLR0913 - what is asked of three sides, and how it is told
    twilio: Twilio, wanted: Wanted, outside: Outside, language: str, *, as_json: bool, last: Path | None
) -> int:
    """Print everything; returns the exit code. `last` keeps the moment of a run that could read the alerts."""
    now = datetime.now(UTC)
    try:
        kept = last.read_text(encoding="utf-8") if last else ""
    except (OSError, ValueError):  # the first time, or not our file
        kept = ""
    errors = list(alerts(twilio, since(kept, now)))
    findings = [*examine(Account(twilio, wanted.number), wanted), *ask(outside), *errors]
    if as_json:
        told = [{"check": one.check, "status": one.status, "text": one.text(language)} for one in findings]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(findings, language)
    if last and errors[0].status != "unseen":
        try:
            last.write_text(now.isoformat(timespec="seconds") + "\n", encoding="utf-8")
        except OSError as error:
            raise TwilioError("twilio-file", file=last, reason=error.strerror) from None
    return _exit_code(findings)


def forget(  # noqa: PLR0913 - which calls, how many, and how it is told
    twilio: Twilio, numbers: tuple[str, str | None], older: timedelta, limit: int, language: str, *, yes: bool
) -> bool:
    """Delete calls, with progress on a terminal; returns whether none is left. Counts are shown after an error too."""
    counts = forgetting.Counts()
    sids = forgetting.find(twilio.here, *numbers, datetime.now(UTC) - older, limit)
    if sids and not yes:
        agree(language, say(language, "twilio-forget-question", count=len(sids)))
    try:
        with click.progressbar(sids, file=sys.stderr) as shown:
            forgetting.forget(twilio.here, shown, counts)
    finally:
        click.echo(say(language, "twilio-forgot", **asdict(counts)))
    if full := len(sids) == limit:
        click.echo(say(language, "twilio-forget-more"))
    return not (full or counts.early)


def _changes(findings: Iterable[Checked]) -> list[Change]:
    return [finding.change for finding in findings if finding.change]


def _exit_code(findings: list[Checked]) -> int:
    statuses = {finding.status for finding in findings}
    return 2 if statuses & {"change", "wrong"} else 1 if "unseen" in statuses else 0


def _show(findings: list[Checked], language: str) -> None:
    for finding in findings:
        click.echo(f"{MARKS[finding.status]} {finding.check:13} {finding.text(language)}")
        if finding.change:
            _diff(finding.change)


def _diff(change: Change) -> None:
    """Print what it is and what it becomes; a password in an address is not shown, nor what stands after ? in it."""
    for sign, value in (("-", change.now), ("+", change.then)):
        shown = re.sub(r"\?[^#]*", "?…", re.sub("//[^/]*@", "//…@", str(value))) or "(–)"
        click.echo(textwrap.indent(f"{sign} {change.field}: {shown}", " " * 16))
