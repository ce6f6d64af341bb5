# SPDX-License-Identifier: EUPL-1.2
"""Dutch, heard back by a listener that shares no code with it; `examples/nl.yaml` has it by example."""

import re
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.language import load

nl = load("nl")


def heard_time(spoken: str) -> time:
    """Understand a time as a Dutch listener does."""
    if spoken == "middernacht":
        return time(0)
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


def test_every_time_of_day_is_understood() -> None:
    """Each of the minutes of a day is heard back as that minute."""
    for minute in range(1440):
        said = time(*divmod(minute, 60))
        assert heard_time(nl.clock(said)) == said


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
