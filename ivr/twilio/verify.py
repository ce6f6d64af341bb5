# SPDX-License-Identifier: EUPL-1.2
"""Whether the line answers the outside as it should, and what went wrong at Twilio since the last time."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

from ivr.messages.problems import Problem
from ivr.phone.transport import Fetch, Request
from ivr.twilio.checks import Checked
from ivr.twilio.client import HOME, Twilio, TwilioError, understood

BUFFER = timedelta(minutes=5)
"""Alerts come late, "due to buffering" (https://www.twilio.com/docs/usage/monitor-alert): so much is read again."""

LONGEST_AGO = timedelta(days=29)
"""Alerts older than 30 days cannot be asked for."""

PATIENCE = 4.0
"""Seconds that Twilio waits for an answer: the `rt` of the overrides."""

TOLD = ("11200", "11205", "13227")
"""The codes that have a sentence of their own; Twilio's page explains the others."""


Asked = Callable[[], Problem | None]
"""Asks something over the network; returns None, or what is wrong."""


def ask(
    url: str, fetch: Fetch, line: Asked, fallback: Asked, clock: Callable[[], float] = monotonic
) -> Iterator[Checked]:
    """Ask the line as Twilio does, and as somebody who is not Twilio, whose requests `fetch` carries to `url`."""
    began = clock()
    problem = line()
    took = clock() - began
    if problem:
        yield Checked("line", "wrong", problem.message, problem.values)
    elif took > 2 * PATIENCE:  # it asks twice: the call, and a key
        values = {"seconds": f"{took / 2:.1f}", "patience": f"{PATIENCE:g}"}
        yield Checked("line", "wrong", "twilio-late", values)
    else:
        yield Checked("line", "ok", "twilio-line-ok")
    yield from _strangers(fetch, url)
    if problem := fallback():
        yield Checked("fallback", "wrong", problem.message, problem.values)
    else:
        yield Checked("fallback", "ok", "twilio-fallback-ok")


def _strangers(fetch: Fetch, url: str) -> Iterator[Checked]:
    """Without a signature, and with a wrong one, nobody gets an answer."""
    statuses = []
    for headers in ({}, {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}):
        try:
            statuses.append(fetch(Request("POST", url, {"CallSid": "CA" + "0" * 32}, headers)).status)
        except OSError:
            yield Checked("strangers", "unseen", "twilio-strangers-unseen")
            return
    if statuses == [403, 403]:
        yield Checked("strangers", "ok", "twilio-strangers-ok")
    else:
        yield Checked("strangers", "wrong", "twilio-strangers", {"unsigned": statuses[0], "wrongly": statuses[1]})


def since(last: str, now: datetime) -> datetime:
    """From when on alerts are asked for: the moment of the last time, a day ago where that is not known."""
    try:
        then = datetime.fromisoformat(last.strip()).astimezone(UTC)
    except ValueError:
        then = now - timedelta(days=1)
    return max(min(then, now) - BUFFER, now - LONGEST_AGO)


def alerts(twilio: Twilio, start: datetime) -> Iterator[Checked]:
    """Twilio's own record of errors, counted by code; what else stands in it may identify a caller, and is not read.

    It is not documented whether those of a region stand there or in US1, so both are asked; one must answer.
    """
    clients = ["here"] if twilio.region == HOME else ["here", "home"]
    seen: dict[str, tuple[str, str]] = {}
    failed: list[TwilioError] = []
    for name in clients:
        try:
            with understood():
                errors = getattr(twilio, name).monitor.v1.alerts.list(start_date=start, page_size=1000, limit=10_000)
        except TwilioError as error:
            failed.append(error)
            continue
        for alert in errors:
            refused = re.search(r"\bhttpResponse=403\b", str(alert.alert_text))
            seen[alert.sid] = (str(alert.error_code) + (" (403)" if refused else ""), str(alert.log_level))
    if len(failed) == len(clients):
        problem = failed[-1].problems[0]
        yield Checked("alerts", "unseen", problem.message, problem.values)
        return
    counts = Counter(seen.values())
    moment = f"{start:%Y-%m-%d %H:%M} UTC"
    if not counts:
        yield Checked("alerts", "ok", "twilio-alerts-none", {"since": moment})
    for (code, level), count in sorted(counts.items()):
        plain = code.partition(" ")[0]
        message = "twilio-alert-403" if plain != code else f"twilio-alert-{plain}" if plain in TOLD else "twilio-alert"
        values = {"code": plain, "count": count, "since": moment}
        yield Checked("alerts", "wrong" if level == "error" else "look", message, values)
