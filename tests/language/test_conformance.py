# SPDX-License-Identifier: EUPL-1.2
"""What every language must keep to, whatever its words are.

A new module in `ivr/language/` is found and tested here without a change.
"""

import itertools
import re
import string
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ivr.language import KNOWN, Language, Week, load
from tests.language import made_up

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
DATES = [TODAY + days * DAY for days in range(365)]
MINUTES = [time(hour, minute) for hour in range(24) for minute in range(60)]

# Few enough that two weeks are often nearly the same.
times = st.sampled_from(MINUTES[::360] + MINUTES[30::360])
weeks: st.SearchStrategy[Week] = st.tuples(*[st.lists(st.tuples(times, times), max_size=2).map(tuple)] * 7)


@pytest.fixture(params=[*KNOWN, "made-up"], scope="module")
def language(request: pytest.FixtureRequest) -> Language:
    """Give each language that the line knows, in turn, and one that does not exist."""
    return made_up.LANGUAGE if request.param == "made-up" else load(request.param)


def words(spoken: str) -> list[str]:
    """Split a phrase, after checking that it is speech: words, and never a digit."""
    assert spoken == spoken.strip() != ""
    assert not any(character.isnumeric() for character in spoken)
    return re.findall(r"\w+", spoken)


def test_a_language_is_found_by_its_bcp_47_tag() -> None:
    """A tag leads to the module of its language, whatever region or case it has."""
    for name in KNOWN:
        assert load(name) is load(f"{name.upper()}-NL")


@pytest.mark.parametrize("tag", ["", "xx", "nld", "nl_NL", "..nl", "os.path"])
def test_an_unknown_language_is_refused_with_the_known_ones(tag: str) -> None:
    """Whoever asks for a language that is not there reads which ones are."""
    with pytest.raises(LookupError) as refused:
        load(tag)
    assert repr(tag) in str(refused.value)
    assert all(name in str(refused.value) for name in KNOWN)


def test_every_key_has_a_name_of_its_own(language: Language) -> None:
    """No two keys of the telephone sound alike."""
    assert len({" ".join(words(language.key(k))) for k in "0123456789*#"}) == 12


@pytest.mark.parametrize("k", ["", "A", "12", "²", "٣", " "])
def test_what_is_not_a_key_has_no_name(language: Language, k: str) -> None:
    """Only what stands on a telephone can be asked for."""
    with pytest.raises(ValueError, match="key"):
        language.key(k)


@given(printed=st.from_regex(r"[0-9 -]*[0-9][0-9 -]*", fullmatch=True))
def test_a_number_is_read_digit_by_digit(language: Language, printed: str) -> None:
    """Every printed digit is heard once, in order, under a name of its own; that of its key may have another form."""
    names = [language.digits(digit) for digit in printed if digit.isdigit()]
    assert len({language.digits(digit) for digit in "0123456789"}) == 10
    assert words(language.digits(printed)) == words(" ".join(names))


def test_a_plus_is_heard_before_the_number(language: Language) -> None:
    """An international number does not sound like the same digits without its plus."""
    without = words(language.digits("31 70"))
    assert words(language.digits("+31 70"))[-len(without) :] == without
    assert len(words(language.digits("+31 70"))) > len(without)


@given(
    printed=st.text().filter(lambda text: not re.fullmatch(r"\+?[0-9 -]*[0-9][0-9 -]*", text))
    | st.sampled_from(["", "+", " - ", "1+2", "++31", "(0)10", "010/236", "٣", "²"])
)
def test_what_is_not_a_number_is_refused(language: Language, printed: str) -> None:
    """Nothing but a phone number is ever read out as one."""
    with pytest.raises(ValueError, match="number"):
        language.digits(printed)


def test_every_letter_has_a_name_of_its_own(language: Language) -> None:
    """No two letters sound alike, and case makes no difference."""
    names = {" ".join(words(language.letters(a))) for a in string.ascii_lowercase}
    assert len(names) == 26
    assert language.letters("AbC") == language.letters("aBc")


@pytest.mark.parametrize("text", ["", "A1", "A.B", "é", "A B"])
def test_what_is_not_a_letter_is_not_spelled(language: Language, text: str) -> None:
    """Only A to Z have names."""
    with pytest.raises(ValueError, match="letters"):
        language.letters(text)


def test_no_two_times_of_day_sound_alike(language: Language) -> None:
    """Each of the minutes of a day can be told from every other by ear."""
    assert len({" ".join(words(language.clock(t))) for t in MINUTES}) == 1440


@pytest.mark.parametrize("times", [MINUTES[::17], MINUTES[:: 6 * 60]])
def test_no_two_openings_of_a_year_sound_alike(language: Language, times: list[time]) -> None:
    """From where a caller stands by day, every later opening sounds different."""
    now = datetime.combine(TODAY, time(6))
    openings = [
        (days, at)
        for (days, day), opens in itertools.product(enumerate(DATES), times)
        if (at := datetime.combine(day, opens)) >= now
    ]
    heard = {" ".join(words(language.moment(days, at))) for days, at in openings}
    assert len(heard) == len(openings)


@given(days=st.integers(0, 10_000), at=st.datetimes())
def test_every_opening_can_be_said(language: Language, days: int, at: datetime) -> None:
    """However far away it is, an opening is said in words."""
    assert words(language.moment(days, at))


@given(week=weeks, other=weeks, day=st.integers(0, 6))
def test_no_two_weeks_sound_alike(language: Language, week: Week, other: Week, day: int) -> None:
    """A week in which one day differs is heard as a different week."""
    changed = (*week[:day], other[day], *week[day + 1 :])
    assume(any(week) and any(changed) and week != changed)
    heard = [" ".join(words(language.hours(each))) for each in (week, changed)]
    assert heard[0] != heard[1]


def test_a_week_that_is_always_closed_has_no_hours(language: Language) -> None:
    """Nothing is said about hours that do not exist."""
    with pytest.raises(ValueError, match="hours"):
        language.hours(((),) * 7)


@given(names=st.lists(st.sampled_from(["Ada", "Bo", "Cas", "Dirk"]), min_size=1))
def test_a_choice_names_each_in_order(language: Language, names: list[str]) -> None:
    """Every name of a choice is heard, in the order that was given."""
    heard = words(language.either(names))
    assert [word for word in heard if word in names] == names


def test_a_choice_of_nothing_is_refused(language: Language) -> None:
    """A sentence with an empty place in it is never spoken."""
    with pytest.raises(ValueError, match="name"):
        language.either([])
