# SPDX-License-Identifier: EUPL-1.2
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from ivr import answers as answers_module
from ivr import dialogue
from ivr.address import Ways, path
from ivr.answers import Answers
from ivr.editor.load import make_line
from ivr.hours import Closed
from ivr.line import LONGEST, Line, Part, Voice
from ivr.phone.rules import parse
from ivr.position import Kind, Position
from ivr.script import Connect, Finish, Listen
from ivr.twiml import TwimlRenderer
from ivr.world import World
from tests.conftest import BY_DAY, BY_NIGHT, LINE, LINES, PUBLIC_URL, SETTINGS, answers

WAYS = Ways("https://lijn.example/k", "https://lijn.example/s", "https://lijn.example/o")
RENDERER = TwimlRenderer(SETTINGS.caller_id, "https://lijn.example/sound")
NL, EN = Voice("Polly.Laura-Neural", "nl-NL"), Voice("Polly.Amy-Neural", "en-GB")
PLACES = list(dialogue.positions(LINE.card))
EVERYWHERE = [
    pytest.param(line, place, id=f"{name}-{path(place)}")
    for name, line in LINES.items()
    for place in dialogue.positions(line.card)
]


@pytest.mark.parametrize(("line", "place"), EVERYWHERE)
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_every_answer_is_documented_twiml(line: Line, place: Position, at: datetime) -> None:
    """Each answer has only the verbs and attributes that Twilio documents, and is under 16 kB.

    VoiceResponse takes a misspelt attribute without a word.
    """
    answer = answers(line).answer(place, line.world(at))
    assert len(answer) < 16_000
    parse(answer)


@pytest.mark.parametrize(("line", "place"), EVERYWHERE)
def test_all_speech_can_be_interrupted_but_an_announcement(line: Line, place: Position) -> None:
    """All speech stands in a Gather that takes one key of any kind; only before a connection it does not."""
    root = ElementTree.fromstring(answers(line).answer(place, line.world(BY_DAY)))  # noqa: S314 - our own
    gather = root.find("Gather")
    if place.kind is Kind.CONNECT:
        assert gather is None
        return
    assert gather is not None
    assert not root.findall("Say")
    assert gather.attrib["numDigits"] == "1"
    assert gather.attrib["finishOnKey"] == ""
    assert [child.tag for child in root] in (["Gather", "Redirect"], ["Gather", "Hangup"])


def test_the_same_position_and_state_give_the_same_bytes() -> None:
    """An answer is made once: the next request gets the very same object."""
    assert answers(LINE).start(BY_DAY) is answers(LINE).start(BY_DAY)


def test_pauses_are_breaks_inside_say() -> None:
    """A pause is a break, between lines and where the sentence has an ellipsis, or two to write something down.

    Blanks stand on both sides: an engine that drops breaks must not run the words together.
    """
    answer = RENDERER.render([Part(NL, "Een … twee. …… Drie."), Part(NL, "Vier.")], Listen(10), WAYS).decode()
    said = re.search(r"<Say[^>]*>(.*)</Say>", answer)
    assert said
    assert re.sub(r'<break time="(\d+)ms" />', r"|\1|", said[1]) == "|400| Een |350| twee. |800| Drie. |500| Vier. "


def test_a_line_may_begin_and_end_with_a_pause() -> None:
    """An ellipsis at the edge of a sentence is a pause and no empty text."""
    answer = RENDERER.render([Part(NL, "… Een …")], Finish(3), WAYS)
    parse(answer)
    assert answer.count(b"<break") == 3


def test_text_is_escaped() -> None:
    """A sign with a meaning in XML is spoken, not obeyed."""
    assert b"a &lt; b &amp; c" in RENDERER.render([Part(NL, "a < b & c")], Listen(1), WAYS)


def test_each_language_has_a_voice_of_its_own() -> None:
    """Where the language changes another Say begins, after a breath, in the voice of that language."""
    says = parse(
        RENDERER.render([Part(NL, "Een."), Part(NL, "Twee."), Part(EN, "Three."), Part(NL, "Vier.")], Listen(1), WAYS)
    ).findall("Gather/Say")
    assert [(say.attrib["voice"], say.attrib["language"]) for say in says] == [NL, EN, NL]
    assert [say[0].attrib["time"] for say in says] == ["400ms", "300ms", "300ms"]


def test_long_scripts_are_split_over_several_says() -> None:
    """No Say is longer than a voice can take, whatever a card says at one place."""
    lines = [Part(NL, f"{'woord ' * 199}eind.") for _ in range(9)]
    says = parse(RENDERER.render(lines, Listen(10), WAYS)).findall("Gather/Say")
    assert len(says) == 5
    assert all(len("".join(say.itertext())) <= LONGEST for say in says)


def test_a_connection_is_announced_and_never_recorded() -> None:
    """The announcement comes first, our caller id stands in the Dial, and nothing is recorded."""
    answer = RENDERER.render([Part(NL, "We verbinden je door.")], Connect("+12025550111"), WAYS)
    root = parse(answer)
    dial = root.find("Dial")
    assert [child.tag for child in root] == ["Say", "Dial"]
    assert dial is not None
    assert dial.attrib["callerId"] == SETTINGS.caller_id
    assert dial.attrib["ringTone"] == "nl"
    assert "record" not in dial.attrib
    assert dial.attrib["action"].startswith(WAYS.outcome)


def test_slow_answers_are_asked_for_again() -> None:
    """Every address in the TwiML asks Twilio to try again when an answer is slow, within its 15 seconds."""
    for place in PLACES:
        answer = answers(LINE).answer(place, LINE.world(BY_DAY)).decode()
        for address in re.findall(r"https://[^\"<]+", answer):
            overrides = dict(pair.split("=") for pair in address.partition("#")[2].split("&amp;"))
            assert overrides["rp"] == "all"
            assert int(overrides["ct"]) + int(overrides["rt"]) * 2 <= int(overrides["tt"]) <= 15_000


def test_an_answer_is_kept_under_what_it_read_of_the_world() -> None:
    """An answer is made anew when the number of its position closes, and found again when it opens as before."""
    line = make_line(SETTINGS)
    day, night, later = (line.world(at) for at in (BY_DAY, BY_NIGHT, BY_DAY + timedelta(hours=1)))
    for name, asks in (("essm", True), ("police", False)):
        position = Position(Kind.NUMBER, name)
        by_day = answers(line).answer(position, day)
        assert (answers(line).answer(position, night) != by_day) is asks
        assert answers(line).answer(position, later) == by_day


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many days a line runs and however often something opens, no more answers are kept than fit."""
    monkeypatch.setattr(answers_module, "MOST", 2)
    made, position = Answers(LINE, PUBLIC_URL), Position(Kind.NUMBER, "essm")
    for day in range(3):
        made.answer(position, World({"essm": Closed(3, BY_DAY + timedelta(days=day))}))
    assert made._answer.cache_info().currsize == 2  # noqa: SLF001 - nothing else shows it
