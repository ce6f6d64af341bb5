# SPDX-License-Identifier: EUPL-1.2
"""What hours mean, in words."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from ivr.hours import Hours
from ivr.messages.catalogue import Catalogue
from ivr.review.places import on_holidays

TODAY = date(2026, 11, 29)
SAY = Catalogue("nl").say


@pytest.mark.parametrize(
    ("hours", "country", "told"),
    [
        ("Mo-Su 08:30-22:00", "NL", "net als op andere dagen"),
        ("Mo-Su 08:30-22:00; PH off", "NL", "dicht"),
        ("Mo-Su 08:30-22:00; PH 10:00-12:00", "NL", "10:00-12:00"),
        ("Mo-Su 08:30-22:00", None, "onbekend, want op de kaart staat geen land"),
    ],
)
def test_holidays_are_told_in_a_word(hours: str, country: str | None, told: str) -> None:
    """What a number does on holidays is told in a word where it is the same on each."""
    assert on_holidays(SAY, Hours(hours, ZoneInfo("Europe/Amsterdam"), country), TODAY) == told


def test_holidays_that_differ_are_told_with_their_dates() -> None:
    """Where one holiday has other hours than the rest, both are told with their dates."""
    hours = Hours("Mo-Su 08:30-22:00; PH off; Dec 25 10:00-12:00", ZoneInfo("Europe/Amsterdam"), "NL")
    told = on_holidays(SAY, hours, TODAY)
    assert told.startswith("10:00-12:00 op 2026-12-25; dicht op 2026-12-26, 2027-01-01, ")
