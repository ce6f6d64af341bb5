# SPDX-License-Identifier: EUPL-1.2
"""Dutch, heard back by a listener that shares no code with it; `examples/nl.yaml` has it by example."""

import re
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.language import Day, Week, load

nl = load("nl")

MIDNIGHT = time(0)
WHOLE_DAY = ((MIDNIGHT, MIDNIGHT),)
WEEKDAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]


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


def test_what_is_no_number_is_refused() -> None:
    """A text that holds something else than digits, spaces, hyphens and a + before them is no phone number."""
    with pytest.raises(ValueError, match="cannot be read as a phone number"):
        nl.digits("0800 BELNU")


@given(printed=st.from_regex(r"\+?[0-9 -]*[0-9][0-9 -]*", fullmatch=True))
def test_every_number_can_be_dialled_while_it_is_heard(printed: str) -> None:
    """Any printed number is heard back as its digits, and as its plus."""
    keys = {"plus": "+"} | {nl.key(digit): digit for digit in "0123456789"}
    heard = re.split(" … |, ", nl.digits(printed))
    assert "".join(keys[word] for word in heard) == re.sub("[ -]", "", printed)
