# SPDX-License-Identifier: EUPL-1.2
import re

import pytest

from ivr.phone.events import CallEvent, Dialling, Ended, Failed, HangUp, Outcome, Press, Said, Waiting, elapsed


def by_letter(utterance: str, language: str = "") -> float:  # noqa: ARG001 - as fast in each
    """Speaks a tenth of a second a character, and keeps its breaks."""
    breaks = [int(milliseconds) for milliseconds in re.findall(r'<break time="(\d+)ms"/>', utterance)]
    return len(re.sub(r"<[^>]*>", "", utterance)) / 10 + sum(breaks) / 1000


class Speech:
    """Speaks a second an utterance, and remembers it."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, str]] = []

    def __call__(self, utterance: str, language: str) -> float:
        """Seconds of an utterance."""
        self.spoken.append((utterance, language))
        return 1.0


DIALLING = Dialling("+12025550101", "+12025550100", 30, 14400, hangup_on_star=False)


def test_the_clock_counts_speech_recordings_and_waits() -> None:
    """Time passes in what is said, the breaks after it, recordings, and waits that run out."""
    moments: list[CallEvent] = [
        Said("", 0.5, interruptible=True),
        Said("0123456789", 0.25, interruptible=True),
        Said("recorded", 2.0, interruptible=True, seconds=3.0),
        Waiting(5),
        Said("x", 0.0, interruptible=False),
        Ended("line"),
    ]
    assert elapsed(moments, by_letter) == pytest.approx(0.5 + 1.25 + 2 + 3 + 5 + 0.1)


@pytest.mark.parametrize("action", [Press("1"), HangUp(), Outcome("busy")])
def test_a_wait_that_an_action_ends_takes_no_time(action: CallEvent) -> None:
    """A caller who acts while the line waits acts at once; connections and failures take no time either."""
    moments = [Waiting(5), action, DIALLING, Failed("https://line.example/", 11200, "x"), Ended("line")]
    assert elapsed(moments, by_letter) == 0


def test_a_wait_that_still_lasts_takes_no_time() -> None:
    """The wait that the line is in has not passed yet."""
    assert elapsed([Waiting(5)], by_letter) == 0


def test_what_is_said_without_a_pause_for_anything_else_is_one_utterance() -> None:
    """A voice says a whole Say at once, its breaks inside and its signs escaped; the last one counts too."""
    moments = [Said("a & b", 0.4, interruptible=True), Said("c", 0.0, interruptible=True)]

    speech = Speech()
    assert elapsed(moments, speech) == 1.0
    assert speech.spoken == [('a &amp; b<break time="400ms"/>c', "")]


def test_another_language_is_another_utterance() -> None:
    """Another voice begins anew, and each says its own."""
    speech = Speech()
    nl, en = (Said(code, 0.4, interruptible=True, language=code) for code in ("nl", "en"))
    assert elapsed([nl, nl, en, nl], speech) == 3.0
    pause = '<break time="400ms"/>'
    assert speech.spoken == [(f"nl{pause}nl{pause}", "nl"), (f"en{pause}", "en"), (f"nl{pause}", "nl")]


def test_the_clock_stops_when_a_text_has_been_said() -> None:
    """Until a text means until its last piece was said, without the pause after it."""
    moments = [
        Said("bel één,", 0.5, interruptible=True),
        Said("één, twee.", 9.0, interruptible=True),
        Said("more", 0.0, interruptible=True),
    ]
    assert elapsed(moments, by_letter, until="bel één, één, twee") == pytest.approx(0.8 + 0.5 + 1.0)
    with pytest.raises(ValueError, match="'less' was never said"):
        elapsed(moments, by_letter, until="less")
