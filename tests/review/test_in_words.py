# SPDX-License-Identifier: EUPL-1.2
"""What hours mean, in words."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.hours import Hours, Open
from ivr.language import Week
from ivr.messages.catalogue import Catalogue
from ivr.review.in_words import on_holidays, seven_days, usually, year
from tests.conftest import LINE

TODAY = date(2026, 11, 29)
TZ = ZoneInfo("Europe/Amsterdam")
SEASONS = Hours("Apr-Oct Mo-Fr 09:00-17:00; Nov-Mar Mo-Fr 10:00-16:00", TZ, "NL")
SAY = Catalogue("nl").say


@pytest.mark.parametrize(
    ("hours", "country", "told"),
    [
        ("Mo-Su 08:30-22:00", "NL", "08:30-22:00 op eerste kerstdag (2026-12-25), tweede kerstdag (2026-12-26), nieuw"),
        (
            "Mo-Su 08:30-22:00; PH off",
            "NL",
            "dicht op eerste kerstdag (2026-12-25), tweede kerstdag (2026-12-26), nieuw",
        ),
        (
            "Mo-Su 08:30-22:00; PH off",
            "FR",
            "dicht op 2026-12-25, 2027-01-01, 2027-03-29, 2027-05-01",
        ),
        (
            "Mo-Su 08:30-22:00; PH off; Dec 25 10:00-12:00",
            "NL",
            "10:00-12:00 op eerste kerstdag (2026-12-25); dicht op tweede kerstdag (2026-12-26), nieuw",
        ),
        ("Mo-Su 08:30-22:00", None, "onbekend, want op de kaart staat geen land"),
    ],
)
def test_holidays_are_told_by_name(hours: str, country: str | None, told: str) -> None:
    """What a number does on holidays is told by name and date, abroad by date; without a country nobody knows them."""
    assert on_holidays(SAY, Hours(hours, TZ, country), TODAY).startswith(told)


def test_days_that_are_nearly_holidays_are_told_too() -> None:
    """Good Friday and 5 May are told with the holidays: that `PH off` does not close them is seen at once."""
    told = on_holidays(SAY, Hours("Mo-Su 08:30-22:00; PH off", TZ, "NL"), TODAY)
    assert told.endswith("; 08:30-22:00 op Goede Vrijdag (2027-03-26), Bevrijdingsdag (2027-05-05)")


def test_a_week_is_seen_at_a_glance() -> None:
    """The coming seven days are rows of half hours; a night that begins the day before is seen where it ends."""
    rows = seven_days(LINE, SAY, Hours("Mo-Fr 17:00-08:00; Sa-Su,PH 00:00-32:00", TZ, "NL"), TODAY).splitlines()
    assert rows[1] == f"zondag     29-11 {'█' * 48}  00:00-24:00"
    assert rows[2] == f"maandag    30-11 {'█' * 16}{'·' * 18}{'█' * 14}  00:00-08:00, 17:00-08:00"


def test_each_season_is_told_with_its_first_day() -> None:
    """Of hours with seasons the usual week of each is told, from the first day on that has other hours."""
    number = replace(LINE.card.numbers["essm"], hours=SEASONS)
    winter = "maandag tot en met vrijdag van tien uur 's ochtends tot vier uur 's middags"
    summer = "maandag tot en met vrijdag van negen uur 's ochtends tot vijf uur 's middags"
    told = usually(LINE, SAY, number, TODAY)
    assert told == f"{winter}; vanaf 2027-04-01: {summer}; vanaf 2027-11-01: {winter}"
    assert year(SEASONS, TODAY).days == {}


def test_the_map_and_a_caller_are_told_the_same() -> None:
    """On every day of the year the usual hours on paper are those that a caller hears as usual."""
    told: list[Week] = list(year(SEASONS, TODAY).seasons.values())
    heard: list[Week | None] = []
    for ahead in range(365):
        opening, _ = SEASONS.at(datetime(2026, 11, 29, 11, tzinfo=TZ) + timedelta(days=ahead))
        if isinstance(opening, Open) and opening.usual and opening.week not in heard[-1:]:
            heard.append(opening.week)
    assert heard == told


def test_what_is_shorter_than_a_season_is_told_by_day() -> None:
    """Two weeks of holidays are days on which it is closed, and every other week is not a season each."""
    holidays = year(Hours("Mo-Fr 09:00-17:00; 2027 Jul 12-23 off", TZ, "NL"), TODAY)
    assert (len(holidays.seasons), len(holidays.days)) == (1, 10)
    every_other = year(Hours("week 2-53/2 Mo 09:00-17:00", TZ, "NL"), TODAY)
    assert (len(every_other.seasons), len(every_other.days)) == (1, 25)
