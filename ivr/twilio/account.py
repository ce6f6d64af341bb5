# SPDX-License-Identifier: EUPL-1.2
"""The account and the number as they are, what they should be, and the writing of the difference."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from ivr.twilio.client import HOME, Twilio, TwilioError, understood


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the line needs at Twilio: plain values, so that nothing here depends on how the line is made.

    `number` is the one that callers dial, `caller_id` the one that a connection shows, `connects` what it may connect
    to (all E.164). `voice_url` carries its overrides.
    """

    number: str
    voice_url: str
    fallback_url: str | None
    caller_id: str | None
    connects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a part ("route", "number" or "insights"): what it is now, and what it becomes."""

    part: str
    field: str
    now: str | bool
    then: str | bool


@dataclass(frozen=True)
class Account:
    """Reads each record once. Raises TwilioError where Twilio does not show one."""

    twilio: Twilio
    number: str

    @cached_property
    def record(self) -> Any:  # noqa: ANN401 - twilio ships no types
        """The number's record in the region that serves; there is another in every region."""
        ours = self.owned(self.number)
        if ours is None:
            raise TwilioError("twilio-not-ours", number=self.number, account=self.twilio.account)
        return ours

    @understood()
    def owned(self, number: str) -> Any | None:  # noqa: ANN401 - as above
        """A number of this account. Twilio finds parts of a number too, so the whole of it is compared."""
        listed = self.twilio.here.incoming_phone_numbers.list(phone_number=number)
        return next((one for one in listed if one.phone_number == number), None)

    @cached_property
    def region(self) -> str:
        """The region that serves the number; without a route of its own it is US1."""
        try:
            route = self.twilio.home.routes.v2.phone_numbers(self.number).fetch()
        except TwilioError as error:
            if error.status != 404:
                raise
            return HOME
        self._same_account(route.account_sid)
        return str(route.voice_region)

    @cached_property
    def insights(self) -> Any:  # noqa: ANN401 - as above
        """The settings of Voice Insights."""
        settings = self.twilio.home.insights.v1.settings().fetch()
        self._same_account(settings.account_sid)
        return settings

    def _same_account(self, sid: str) -> None:
        """Refuse settings of a parent account: its key shows them everywhere but at the subaccount's numbers."""
        if sid != self.twilio.account:
            raise TwilioError("twilio-other-account", account=self.twilio.account)

    @understood()
    def value(self, part: str, field: str) -> str | bool:
        """What a field is now; a text that Twilio does not have is empty."""
        if part == "route":
            return self.region
        value = getattr(self.record if part == "number" else self.insights, field)
        return value if isinstance(value, bool) else str(value or "")

    def difference(self, part: str, wanted: dict[str, str | bool]) -> list[Change]:
        """The fields of a part that are not as wanted."""
        now = {field: self.value(part, field) for field in wanted}
        return [Change(part, field, now[field], wanted[field]) for field in wanted if now[field] != wanted[field]]

    @understood()
    def write(self, changes: Iterable[Change]) -> None:
        """Write these fields and no other, a part at a time, in the order that they have."""
        for part, group in groupby(changes, lambda change: change.part):
            fields = {change.field: change.then for change in group}
            if part == "route":
                self.twilio.home.routes.v2.phone_numbers(self.number).update(**fields)
            elif part == "number":
                self.twilio.here.incoming_phone_numbers(self.record.sid).update(**fields)
            else:
                self.twilio.home.insights.v1.settings().update(**fields)


def record(wanted: Wanted) -> dict[str, str | bool]:
    """The number's record as it should be; the fields come first that make Twilio ignore the others.

    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource. Without a fallback its fields stay as
    they are.
    """
    url = wanted.fallback_url
    fallback = {"voice_fallback_url": url, "voice_fallback_method": "GET"} if url else {}
    return {
        "voice_application_sid": "",
        "trunk_sid": "",
        "voice_receive_mode": "voice",
        "voice_url": wanted.voice_url,
        "voice_method": "POST",
        **fallback,
        "status_callback": "",
        "voice_caller_id_lookup": False,
    }


INSIGHTS: dict[str, str | bool] = {"advanced_features": False, "voice_trace": False}
"""https://www.twilio.com/docs/voice/voice-insights/advanced-features"""
