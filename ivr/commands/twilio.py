# SPDX-License-Identifier: EUPL-1.2
"""The commands of `ivr twilio`, and what they need to know of the line."""

import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.commands import account as steps
from ivr.commands.offered import must_speak
from ivr.editor.load import make_line
from ivr.messages.problems import Problems
from ivr.phone import testcall, transport
from ivr.proof import online
from ivr.settings import Settings
from ivr.twilio.account import Wanted
from ivr.twilio.client import Twilio, TwilioError, credentials
from ivr.twilio.verify import Outside
from ivr.twiml import OVERRIDES

PATIENCE = 4.0
"""Seconds that Twilio waits for an answer: the `rt` of the overrides."""

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
    raise SystemExit(steps.plan(_twilio(), wanted, _language()))


@account.command()
@number_option
@language_option
@floor_option
@yes_option
@click.option("--before", type=NEW, help="Where to write what was before, for `undo`.")
def apply(number: str | None, spoken: str | None, floor: float, yes: bool, before: Path | None) -> None:  # noqa: FBT001 - click's way
    """Make the changes that `plan` shows, and no other. Exit code 1: not all could be seen, so not all was changed."""
    wanted, _ = _gather(number, spoken, floor)
    raise SystemExit(steps.apply(_twilio(), wanted, _language(), yes=yes, before=before))


@account.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@yes_option
def undo(file: Path, yes: bool) -> None:  # noqa: FBT001 - click's way
    """Put back what FILE says was before."""
    steps.undo(_twilio(), file, _language(), yes=yes)


@account.command()
@number_option
@language_option
@floor_option
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for machines.")
@click.option("--last", type=NEW, help="A file that keeps the moment of the last time.")
def verify(number: str | None, spoken: str | None, floor: float, as_json: bool, last: Path | None) -> None:  # noqa: FBT001 - click's way
    """Read everything back, ask the line from outside, and count Twilio's errors since the last time.

    Exit code 0: all is well, 1: something could not be seen, 2: something is wrong.
    """
    wanted, outside = _gather(number, spoken, floor)
    raise SystemExit(steps.verify(_twilio(), wanted, outside, _language(), as_json=as_json, last=last))


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
    done = steps.forget(_twilio(), numbers, timedelta(minutes=older), limit, _language(), yes=yes)
    raise SystemExit(0 if done else 1)
