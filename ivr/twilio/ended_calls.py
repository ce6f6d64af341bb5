# SPDX-License-Identifier: EUPL-1.2
"""Deleting the records of calls that have ended. Nothing of a call leaves this module but counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from twilio.rest import Client

from ivr.twilio.client import TwilioError, understood

ENDED = ("completed", "busy", "failed", "no-answer", "canceled")
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values: calls with these have ended."""

TOO_EARLY = 20009
"""Twilio's code for a call that cannot be deleted yet."""


@dataclass(slots=True)
class Counts:
    """How many records were deleted, were gone already, or cannot be deleted yet; and the events of the deleted ones.

    `after` counts the events that can still be read; of `hidden` calls Twilio no longer shows any.
    """

    deleted: int = 0
    gone: int = 0
    early: int = 0
    before: int = 0
    after: int = 0
    hidden: int = 0


@understood()
def find(client: Client, number: str, caller_id: str | None, until: datetime, limit: int) -> list[str]:
    """The SIDs of at most `limit` calls that ended before `until`: to our number, and from it to where we connected.

    Other numbers of the account are left alone.
    """
    sids: dict[str, None] = {}
    for sid, ended in _calls(client, number, caller_id or number):
        if len(sids) == limit:
            break
        if ended is not None and ended < until:
            sids[sid] = None
    return list(sids)


def _calls(client: Client, number: str, caller_id: str) -> Iterator[tuple[str, datetime | None]]:
    for status in ENDED:
        for which in ({"to": number}, {"from_": caller_id}):
            for call in client.calls.stream(status=status, page_size=200, **which):
                yield call.sid, call.end_time or call.date_updated  # a call that failed has no end


def forget(client: Client, sids: Iterable[str], counts: Counts) -> None:
    """Delete these calls, one after the other. `counts` holds what was done also when TwilioError is raised."""
    for sid in sids:
        before = _events(client, sid) or 0
        try:
            client.calls(sid).delete()
        except TwilioError as error:
            if error.code == TOO_EARLY:
                counts.early += 1
            elif error.status == 404:
                counts.gone += 1
            else:
                raise
        else:
            counts.deleted += 1
            counts.before += before
            after = _events(client, sid)
            counts.after += after or 0
            counts.hidden += after is None


@understood()
def _events(client: Client, sid: str) -> int | None:
    """How many events of a call can be read; None where Twilio says that there is no such call."""
    try:
        return sum(1 for _ in client.calls(sid).events.stream(page_size=1000))
    except TwilioError as error:
        if error.status != 404:
            raise
        return None
