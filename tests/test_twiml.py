# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from ivr import dialogue
from ivr.hours import ALWAYS, Closed, Open
from ivr.line import Line
from ivr.phone.rules import VERBS, parse
from ivr.script import Connect, HangUp, Listen, Script
from ivr.sentences import LONGEST
from ivr.twiml import Addresses, Renderer
from tests.conftest import BY_DAY, BY_NIGHT, LINE, LINES, SETTINGS

ADDRESSES = Addresses("https://lijn.example/k", "https://lijn.example/s", "https://lijn.example/o")
RENDERER = Renderer(SETTINGS.voice, SETTINGS.language, SETTINGS.caller_id)
PLACES = list(dialogue.positions(LINE.card))
EVERYWHERE = [
    pytest.param(line, place, id=f"{name}-{place.path}")
    for name, line in LINES.items()
    for place in dialogue.positions(line.card)
]

DOCUMENTED = {
    "Response": "",
    "Gather": "action actionOnEmptyResult finishOnKey input method numDigits timeout",
    "Say": "language loop voice",
    "Redirect": "method",
    "Hangup": "",
    "Dial": "action answerOnBridge callerId hangupOnStar method record ringTone timeLimit timeout",
    "break": "time",
}
"""Verbs and attributes that our TwiML may use, from https://www.twilio.com/docs/voice/twiml and its pages.
VoiceResponse takes a misspelt attribute without a word."""


@pytest.mark.parametrize(("line", "place"), EVERYWHERE)
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_every_answer_is_documented_twiml(line: Line, place: dialogue.Position, at: datetime) -> None:
    """Each answer parses under the strict rules, uses documented verbs and attributes, and is under 16 kB."""
    answer = line.answer(place, at)
    assert len(answer) < 16_000
    for element in parse(answer).iter():
        assert not set(element.attrib) - set(DOCUMENTED[element.tag].split()), element.tag


def test_the_table_is_no_wider_than_the_phone() -> None:
    """What we may use, the phone's own table of Twilio's documentation knows too."""
    assert not set(DOCUMENTED) - set(VERBS)
    for verb in ("Gather", "Redirect", "break"):
        assert not set(DOCUMENTED[verb].split()) - set(VERBS[verb].attributes)


@pytest.mark.parametrize(("line", "place"), EVERYWHERE)
def test_all_speech_can_be_interrupted_but_an_announcement(line: Line, place: dialogue.Position) -> None:
    """All speech stands in a Gather that takes one key of any kind; only before a connection it does not."""
    root = ElementTree.fromstring(line.answer(place, BY_DAY))  # noqa: S314 - our own
    gather = root.find("Gather")
    if place.kind is dialogue.Kind.CONNECT:
        assert gather is None
        return
    assert gather is not None
    assert not root.findall("Say")
    assert gather.attrib["numDigits"] == "1"
    assert gather.attrib["finishOnKey"] == ""
    assert [child.tag for child in root] in (["Gather", "Redirect"], ["Gather", "Hangup"])


def test_the_same_position_and_state_give_the_same_bytes() -> None:
    """An answer is made once: the next request gets the very same object."""
    place = LINE.start()
    assert LINE.answer(place, BY_DAY) is LINE.answer(place, BY_DAY)


def test_pauses_are_breaks_inside_say() -> None:
    """A pause below a second is a break, between lines and where the sentence has an ellipsis."""
    answer = RENDERER.render(Script(("Een … twee.", "Drie."), Listen(10)), ADDRESSES).decode()
    said = re.search(r"<Say[^>]*>(.*)</Say>", answer)
    assert said
    assert re.sub(r'<break time="\d+ms" />', "|", said[1]) == "|Een|twee.|Drie."


def test_a_line_may_begin_and_end_with_a_pause() -> None:
    """An ellipsis at the edge of a sentence is a pause and no empty text."""
    answer = RENDERER.render(Script(("… Een …",), HangUp(3)), ADDRESSES)
    parse(answer)
    assert answer.count(b"<break") == 3


def test_text_is_escaped() -> None:
    """A sign with a meaning in XML is spoken, not obeyed."""
    assert b"a &lt; b &amp; c" in RENDERER.render(Script(("a < b & c",), Listen(1)), ADDRESSES)


def test_long_scripts_are_split_over_several_says() -> None:
    """No Say is longer than a voice can take, whatever a card says at one place."""
    script = Script(tuple(f"{'woord ' * 199}eind." for _ in range(9)), Listen(10))
    says = parse(RENDERER.render(script, ADDRESSES)).findall("Gather/Say")
    assert len(says) == 5
    assert all(len("".join(say.itertext())) <= LONGEST for say in says)


def test_a_connection_is_announced_and_never_recorded() -> None:
    """The announcement comes first, our caller id stands in the Dial, and nothing is recorded."""
    answer = RENDERER.render(Script(("We verbinden je door.",), Connect("+12025550111")), ADDRESSES)
    root = parse(answer)
    dial = root.find("Dial")
    assert [child.tag for child in root] == ["Say", "Dial"]
    assert dial is not None
    assert dial.attrib["callerId"] == SETTINGS.caller_id
    assert dial.attrib["ringTone"] == "nl"
    assert "record" not in dial.attrib
    assert dial.attrib["action"].startswith(ADDRESSES.outcome)


def test_slow_answers_are_asked_for_again() -> None:
    """Every address in the TwiML asks Twilio to try again when an answer is slow, within its 15 seconds."""
    for place in PLACES:
        answer = LINE.answer(place, BY_DAY).decode()
        for address in re.findall(r"https://[^\"<]+", answer):
            overrides = dict(pair.split("=") for pair in address.partition("#")[2].split("&amp;"))
            assert overrides["rp"] == "all"
            assert int(overrides["ct"]) + int(overrides["rt"]) * 2 <= int(overrides["tt"]) <= 15_000


@pytest.mark.parametrize("opening", [ALWAYS, Open(), Closed()])
def test_the_opening_state_decides_what_is_said(opening: Open | Closed) -> None:
    """The same position in the same opening state has the same script."""
    place = LINE.find("number/essm", "")
    assert LINE.script(place, opening) == LINE.script(place, opening)
