# SPDX-License-Identifier: EUPL-1.2
"""What went wrong at Twilio since the last time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ivr.twilio.account import Account, Wanted
from ivr.twilio.checks import Checked
from ivr.twilio.client import HOME, TwilioError, understood

BUFFER = timedelta(minutes=15)
"""So much is read again: a look takes a while, and alerts come late, "due to buffering"
(https://www.twilio.com/docs/usage/monitor-alert)."""

LONGEST_AGO = timedelta(days=29)
"""Alerts older than 30 days cannot be asked for."""


def since(last: Path | None, now: datetime) -> datetime:
    """From when on alerts are asked for: `last`, a file, is touched after each look; without it a day is read."""
    then = datetime.fromtimestamp(last.stat().st_mtime, UTC) if last and last.exists() else now - timedelta(days=1)
    return max(min(then, now) - BUFFER, now - LONGEST_AGO)


def alerts(account: Account, _: Wanted, *, start: datetime) -> Iterator[Checked]:
    """Twilio's own record of errors, counted by code; what else stands in it may identify a caller, and is not read.

    It is not documented whether those of a region stand there or in US1, so both are asked; one must answer.
    """
    regions = ["here"] if account.twilio.region == HOME else ["here", "home"]
    seen: dict[str, tuple[str, bool]] = {}
    failed: list[TwilioError] = []
    asked = {"log_level": "error", "start_date": start, "page_size": 1000, "limit": 10_000}
    for region in regions:
        try:
            with understood():
                for alert in getattr(account.twilio, region).monitor.v1.alerts.list(**asked):
                    seen[alert.sid] = str(alert.error_code), "httpResponse=403" in str(alert.alert_text)
        except TwilioError as error:
            failed.append(error)
    if len(failed) == len(regions):
        raise failed[-1]
    values = {"since": f"{start:%Y-%m-%d %H:%M} UTC"}
    for (code, refused), count in sorted(Counter(seen.values()).items()):
        message = "twilio-alert-403" if refused else "twilio-alert"
        yield Checked("alerts", "wrong", message, values | {"code": code, "count": str(count)})
    if not seen:
        yield Checked("alerts", "ok", "twilio-alerts-none", values)
