# SPDX-License-Identifier: EUPL-1.2
"""Every language against CLDR, the Unicode Consortium's tables of languages, as babel has them.

CLDR has months in the case of a date, days of the week in the nominative only, and no times in words.
"""

import re
from datetime import date, datetime, time, timedelta

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from ivr.language import KNOWN, load

REGIONS = {"en": "en_GB"}
FAR = 7
NINE = ((time(9), time(17)),)


@pytest.fixture(params=KNOWN)
def name(request: pytest.FixtureRequest) -> str:
    """Give the name of each language in turn."""
    return str(request.param)


def test_every_month_has_its_name(name: str) -> None:
    """A date is said with the month as CLDR writes it beside a day."""
    months = Locale.parse(name).months["format"]["wide"]
    for month in range(1, 13):
        said = load(name).moment(FAR, datetime(2027, month, 8, 9))  # noqa: DTZ001 - the line gives local times
        assert months[month] in re.findall(r"\w+", said)


def test_every_day_of_the_week_has_its_name(name: str) -> None:
    """A day is said with the name that CLDR has, whose ending may be that of another case."""
    days = Locale.parse(name).days["stand-alone"]["wide"]
    monday = datetime(2026, 11, 30, 9)  # noqa: DTZ001 - the line gives local times
    for day in range(7):
        stem = re.compile(rf"\b{days[day][:-1]}")
        assert stem.search(load(name).hours(tuple(NINE if day == other else () for other in range(7))))
        stem = re.compile(rf"\b{days[day][:-2]}")
        assert stem.search(load(name).moment(3, monday + timedelta(day)))


def test_a_date_is_written_as_cldr_writes_it(name: str) -> None:
    """On a page a date has the day, its number and the month in the order, and the case, of the language."""
    locale = REGIONS.get(name, name)
    pattern = re.sub(r"[\s,]*y+.*", "", str(Locale.parse(locale).date_formats["full"]).replace("'de' y", "").strip())
    for count in range(365):
        day = date(2026, 1, 1) + timedelta(count)
        assert load(name).date(day) == format_date(day, pattern, locale=locale).strip()


def test_days_are_shortened_as_cldr_shortens_them(name: str) -> None:
    """In a row of hours the days of the week have the short names of the language."""
    short = Locale.parse(name).days["format"]["abbreviated"]
    assert load(name).short_days == [short[day] for day in range(7)]


@pytest.mark.parametrize("names", [["Ada"], ["Ada", "Bo"], ["Ada", "Bo", "Cas"], ["Ada", "Bo", "Cas", "Dirk"]])
def test_a_choice_is_joined_as_cldr_joins_it(name: str, names: list[str]) -> None:
    """Commas and the word "or" are those of the language."""
    assert load(name).either(names) == format_list(names, "or", REGIONS.get(name, name))
