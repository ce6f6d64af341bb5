# SPDX-License-Identifier: EUPL-1.2
"""Dutch, by example, and heard back by a listener that shares no code with it."""

import re
from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.language import Day, Week, load

nl = load("nl")

MIDNIGHT = time(0)
WHOLE_DAY = ((MIDNIGHT, MIDNIGHT),)
WEEKDAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]


def span(opens: str, closes: str) -> tuple[time, time]:
    """Write opening hours as on a door: "08:30" and "22:00"."""
    return time.fromisoformat(opens), time.fromisoformat(closes)


def at(moment: str) -> datetime:
    """Write a moment as "2026-11-25 08:30"."""
    return datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("112", "één, één, twee"),
        ("010-236 52 56", "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes"),
        ("0900-8844", "nul, negen … nul, nul … acht, acht … vier, vier"),
        ("0800-7000", "nul, acht … nul, nul … zeven, nul … nul, nul"),
        ("+12025550100", "plus, één, twee, nul, twee, vijf, vijf, vijf, nul, één, nul, nul"),
        ("+31 70", "plus, drie, één … zeven, nul"),
        ("12345", "één, twee, drie, vier, vijf"),
        (" 1 - 2-", "één … twee"),
    ],
)
def test_numbers_are_read_in_their_printed_groups(printed: str, spoken: str) -> None:
    """Digits come one by one, with a pause between groups and inside a group of four."""
    assert nl.digits(printed) == spoken


def test_what_is_no_number_is_refused() -> None:
    """A text that holds something else than digits, spaces, hyphens and a + before them is no phone number."""
    with pytest.raises(ValueError, match="cannot be read as a phone number"):
        nl.digits("0800 BELNU")


@pytest.mark.parametrize(("k", "spoken"), [("1", "één"), ("0", "nul"), ("*", "sterretje"), ("#", "hekje")])
def test_keys_have_the_names_that_people_know(k: str, spoken: str) -> None:
    """A key is called what a Dutch caller calls it."""
    assert nl.key(k) == spoken


def test_letters_are_spelled_as_words() -> None:
    """An abbreviation is spelled with the names of its letters."""
    assert nl.letters("ESSM") == "ee es es em"


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("00:00", "middernacht"),
        ("00:01", "één minuut over twaalf 's nachts"),
        ("00:15", "kwart over twaalf 's nachts"),
        ("00:45", "kwart voor één 's nachts"),
        ("05:59", "één minuut voor zes 's nachts"),
        ("06:00", "zes uur 's ochtends"),
        ("08:10", "tien over acht 's ochtends"),
        ("08:12", "twaalf minuten over acht 's ochtends"),
        ("08:20", "tien voor half negen 's ochtends"),
        ("08:29", "één minuut voor half negen 's ochtends"),
        ("08:30", "half negen 's ochtends"),
        ("08:35", "vijf over half negen 's ochtends"),
        ("08:44", "veertien minuten over half negen 's ochtends"),
        ("11:45", "kwart voor twaalf 's ochtends"),
        ("12:00", "twaalf uur 's middags"),
        ("12:30", "half één 's middags"),
        ("13:05", "vijf over één 's middags"),
        ("22:00", "tien uur 's avonds"),
        ("23:45", "kwart voor twaalf 's avonds"),
    ],
)
def test_times_are_said_as_people_say_them(printed: str, spoken: str) -> None:
    """A time counts to and from the half, and names the part of the day."""
    assert nl.clock(time.fromisoformat(printed)) == spoken


@pytest.mark.parametrize(
    ("days", "moment", "spoken"),
    [
        (0, "2026-11-24 08:30", "vanochtend half negen"),
        (0, "2026-11-24 12:00", "vanmiddag twaalf uur"),
        (0, "2026-11-24 18:15", "vanavond kwart over zes"),
        (1, "2026-11-25 08:30", "morgenochtend half negen"),
        (1, "2026-11-25 13:00", "morgenmiddag één uur"),
        (1, "2026-11-25 23:59", "morgenavond één minuut voor twaalf"),
        (2, "2026-11-26 08:30", "donderdagochtend half negen"),
        (6, "2026-11-30 08:30", "maandagochtend half negen"),
        (6, "2026-11-30 02:00", "de nacht van zondag op maandag, twee uur"),
        (2, "2026-11-26 00:00", "de nacht van woensdag op donderdag, twaalf uur"),
        (7, "2026-12-01 12:00", "dinsdag één december, twaalf uur 's middags"),
        (38, "2026-01-01 08:30", "donderdag één januari, half negen 's ochtends"),
        (60, "2026-01-23 20:00", "vrijdag drieëntwintig januari, acht uur 's avonds"),
        (37, "2026-12-31 00:00", "de nacht van woensdag op donderdag eenendertig december, twaalf uur"),
    ],
)
def test_an_opening_is_said_from_where_the_caller_stands(days: int, moment: str, spoken: str) -> None:
    """What follows "dicht tot" is today, tomorrow, a day of this week, or a date."""
    assert nl.moment(days, at(moment)) == spoken


@pytest.mark.parametrize(
    ("date", "spoken"),
    [
        ("2026-01-08", "donderdag acht januari"),
        ("2026-02-28", "zaterdag achtentwintig februari"),
        ("2026-03-03", "dinsdag drie maart"),
        ("2026-04-13", "maandag dertien april"),
        ("2026-05-14", "donderdag veertien mei"),
        ("2026-06-18", "donderdag achttien juni"),
        ("2026-07-20", "maandag twintig juli"),
        ("2026-08-21", "vrijdag eenentwintig augustus"),
        ("2026-09-22", "dinsdag tweeëntwintig september"),
        ("2026-10-11", "zondag elf oktober"),
        ("2026-11-30", "maandag dertig november"),
        ("2026-12-31", "donderdag eenendertig december"),
    ],
)
def test_every_month_has_its_name(date: str, spoken: str) -> None:
    """A date is its weekday, its day as an ordinary number, and its month."""
    assert nl.moment(7, at(f"{date} 09:00")) == f"{spoken}, negen uur 's ochtends"


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [("00:00", "vannacht twaalf uur"), ("02:00", "vannacht twee uur"), ("05:59", "vannacht één minuut voor zes")],
)
def test_a_night_is_the_same_night_before_and_after_midnight(printed: str, spoken: str) -> None:
    """Callers at 23:00 and at 1:00 hear the same words for the night they share."""
    opens = at(f"2026-11-25 {printed}")
    assert nl.moment(1, opens) == nl.moment(0, opens) == spoken


NINE_TO_FIVE = (span("09:00", "17:00"),)
LUNCH = (span("09:00", "12:00"), span("13:00", "17:00"))
LONG = "van acht uur 's ochtends tot tien uur 's avonds"
MORNING = "van negen uur 's ochtends tot twaalf uur 's middags"
AFTERNOON = "van één uur 's middags tot vijf uur 's middags"
EVENING = "van acht uur 's avonds"
OFFICE = "van negen uur 's ochtends tot vijf uur 's middags"


@pytest.mark.parametrize(
    ("week", "spoken"),
    [
        (((span("08:30", "22:00"),),) * 7, "elke dag van half negen 's ochtends tot tien uur 's avonds"),
        (
            ((span("08:00", "22:00"),),) * 5 + (NINE_TO_FIVE,) * 2,
            f"maandag tot en met vrijdag {LONG}; zaterdag en zondag {OFFICE}",
        ),
        ((NINE_TO_FIVE, (), NINE_TO_FIVE, (), NINE_TO_FIVE, (), ()), f"maandag, woensdag en vrijdag {OFFICE}"),
        ((NINE_TO_FIVE,) * 3 + ((), NINE_TO_FIVE, (), ()), f"maandag tot en met woensdag en vrijdag {OFFICE}"),
        (((),) * 6 + (LUNCH,), f"zondag {MORNING} en {AFTERNOON}"),
        (
            ((),) * 4 + ((span("20:00", "02:00"),), (span("20:00", "00:00"),), ()),
            f"vrijdag {EVENING} tot twee uur 's nachts; zaterdag {EVENING} tot middernacht",
        ),
        ((WHOLE_DAY,) * 5 + ((),) * 2, "maandag tot en met vrijdag de hele dag"),
        ((WHOLE_DAY,) * 7, "dag en nacht"),
    ],
)
def test_a_week_is_said_in_as_few_words_as_are_clear(week: Week, spoken: str) -> None:
    """Days with the same hours are said together, and closed days not at all."""
    assert nl.hours(week) == spoken


@pytest.mark.parametrize(
    ("names", "spoken"),
    [
        (["de politie"], "de politie"),
        (["de politie", "Meld Misdaad Anoniem"], "de politie of Meld Misdaad Anoniem"),
        (["a", "b", "c"], "a, b of c"),
    ],
)
def test_a_choice_is_joined_with_of(names: list[str], spoken: str) -> None:
    """A choice sounds like a Dutch sentence, however many names it has."""
    assert nl.either(names) == spoken


def heard_time(spoken: str) -> time:
    """Understand a time as a Dutch listener does."""
    if spoken == "middernacht":
        return MIDNIGHT
    words = "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien kwart".split()
    number = words.index
    parts = ["nachts", "ochtends", "middags", "avonds"]
    understood = re.fullmatch(r"(?:(\w+)(?: minuut| minuten)? (over|voor) )?(half )?(\w+?)(?: uur)? 's (\w+)", spoken)
    assert understood, spoken
    count, way, half, hour, part = understood.groups(default="")
    minutes = 60 * number(hour) - (30 if half else 0)
    minutes += {"over": 1, "voor": -1, "": 0}[way] * number(count or "nul")
    (minutes,) = (minute for minute in (minutes % 720, minutes % 720 + 720) if parts[minute // 360] == part)
    return time(*divmod(minutes, 60))


def heard_days(spoken: str) -> list[int]:
    """Understand which days of the week are named; Monday is 0."""
    if spoken == "elke dag":
        return list(range(7))
    days: list[int] = []
    for name in re.split(", | en (?!met)", spoken):
        first, _, last = name.partition(" tot en met ")
        days += range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
    return days


def heard_hours(spoken: str) -> Week:
    """Understand opening hours as a Dutch listener does."""
    if spoken == "dag en nacht":
        return (WHOLE_DAY,) * 7
    week: list[Day] = [()] * 7
    for clause in spoken.split("; "):
        days, times = re.split(r" (?=van |de hele dag)", clause, maxsplit=1)
        spans = tuple(
            (heard_time(opens), heard_time(closes)) if opens else WHOLE_DAY[0]
            for opens, closes in re.findall(r"(?:van (.+?) tot (.+?)|de hele dag)(?: en (?=van|de)|$)", times)
        )
        for day in heard_days(days):
            week[day] = spans
    return tuple(week)


def test_every_time_of_day_is_understood() -> None:
    """Each of the minutes of a day is heard back as that minute."""
    for minute in range(1440):
        said = time(*divmod(minute, 60))
        assert heard_time(nl.clock(said)) == said


times = st.times().map(lambda drawn: drawn.replace(second=0, microsecond=0))
spans = st.tuples(times, times) | st.just(WHOLE_DAY[0])
# Days are drawn from a few, so that equal days and closed days are common.
weeks = st.lists(st.lists(spans, max_size=3).map(tuple), min_size=1, max_size=3).flatmap(
    lambda few: st.tuples(*[st.sampled_from([(), *few])] * 7)
)


@given(week=weeks.filter(any))
def test_every_week_is_understood(week: Week) -> None:
    """Any opening hours are heard back as the same days and times."""
    assert heard_hours(nl.hours(week)) == week


@given(printed=st.from_regex(r"\+?[0-9 -]*[0-9][0-9 -]*", fullmatch=True))
def test_every_number_can_be_dialled_while_it_is_heard(printed: str) -> None:
    """Any printed number is heard back as its digits, and as its plus."""
    keys = {"plus": "+"} | {nl.key(digit): digit for digit in "0123456789"}
    heard = re.split(" … |, ", nl.digits(printed))
    assert "".join(keys[word] for word in heard) == re.sub("[ -]", "", printed)
