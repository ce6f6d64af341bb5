# SPDX-License-Identifier: EUPL-1.2
"""The line is the same on Twilio and on Asterisk: at every position, whatever happens there."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest

from ivr.asterisk.agi import Channel
from ivr.asterisk.server import STATUSES, Server
from ivr.asterisk.sounds import Sounds
from ivr.card import KEYPAD
from ivr.line import Line
from ivr.phone.events import Said
from ivr.phone.handsets import press_keys
from ivr.phone.interpreter import Call
from ivr.phone.rules import parse
from ivr.phone.speech import heard
from ivr.phone.transcript import Transcript
from ivr.position import Dialled, Event, Keys, Position
from ivr.proof.graph import steps
from ivr.recording import RATE, WIDTH, unpack
from ivr.settings import default_prompts
from tests.asterisk.conftest import no_other
from tests.asterisk.fake import answering, call
from tests.conftest import BY_DAY, BY_NIGHT, LINE, answers, line_at
from tests.transcripts import IN_LANGUAGES, OTHER_HOURS, WHOLE_CALLS


class Turn(NamedTuple):
    """What a caller hears at a position, what is waited for, and where they are after an event."""

    words: list[str]
    waits: int | None
    connects: tuple[str, ...]
    after: Position | None


def words(said: Iterable[Said]) -> list[str]:
    """The words of what is said, without what only a voice sees."""
    return [word for each in said for word in re.findall(r"\w+", each.text)]


@cache
def twiml(line: Line, position: Position, at: datetime) -> tuple[list[str], dict[str, Element]]:
    """The words and the verbs at a position."""
    document = answers(line).answer(position, line.world(at))
    return words(heard(document, line.recordings)), {verb.tag: verb for verb in parse(document)}


@cache
def sound(file: str) -> tuple[float, list[str]]:
    """How many seconds a file lasts, and the words in it."""
    samples, tracks = unpack(Path(f"{file}.wav").read_bytes())
    return len(samples) / (RATE * WIDTH), words(Said(track.text, 0, interruptible=True) for track in tracks)


def on_twilio(line: Line, position: Position, event: Event, at: datetime) -> Turn:
    """By the TwiML, and what is reported at the address in it."""
    said, verbs = twiml(line, position, at)
    if (dial := verbs.get("Dial")) is not None:
        connects = (str(dial.text), dial.attrib["timeout"], dial.attrib["timeLimit"], dial.attrib["callerId"])
        url, form = dial.attrib["action"], {"DialCallStatus": event.status if isinstance(event, Dialled) else ""}
        return Turn(said, None, connects, after(line, url, form, at))
    gather = verbs["Gather"]
    waits = int(gather.attrib["timeout"])
    if isinstance(event, Keys):
        return Turn(said, waits, (), after(line, gather.attrib["action"], {"Digits": event.digits}, at))
    redirect = verbs.get("Redirect")
    return Turn(said, waits, (), None if redirect is None else after(line, str(redirect.text), {}, at))


def after(line: Line, url: str, form: dict[str, str], at: datetime) -> Position:
    """Where the line goes on that is asked at an address."""
    parts = urlsplit(url)
    return answers(line).follow(parts.path.removeprefix("/voice/"), parts.query, form, line.world(at))


class Happens(Channel):
    """A channel on which one event happens, after all is said."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self.said: list[str] = []
        self.waits: int | None = None
        self.connects: tuple[str, ...] = ()

    async def play(self, file: str, keys: str, seconds: float) -> str | None:
        """Read the words in the file."""
        lasts, said = sound(file)
        assert seconds >= lasts
        assert keys == ("" if isinstance(self._event, Dialled) else KEYPAD)
        self.said += said
        return ""

    async def wait(self, seconds: int) -> str:
        """The key, if one is pressed."""
        self.waits = seconds
        return self._event.digits if isinstance(self._event, Keys) else ""

    async def command(self, command: str, seconds: float = 0) -> tuple[int, str]:
        """A connection, and how it ended; or the end of the call."""
        assert seconds >= 0
        if found := re.fullmatch(r'GOSUB ivr-connect (\S+) 1 "(\d+),(\d+),(\S+)"', command):
            self.connects = found.groups()
            return 0, ""
        status = self._event.status if isinstance(self._event, Dialled) else ""
        return 1, next((theirs for theirs, ours in STATUSES.items() if ours == status), "CONGESTION")


def all_that_happens(line: Line) -> Iterator[tuple[Position, Event]]:
    """Every event at every position, with no digit of a number typed before, and with some of that for danger."""
    danger = line.card.emergency.digits
    seen = set()
    for step in steps(line.card):
        event = step.event
        if isinstance(event, Keys) and (event.stale or len(event.digits) > 1):
            continue  # a key of another card, or several at once: Asterisk reports neither
        if isinstance(event, Dialled) and event.status not in (*STATUSES.values(), "failed"):
            continue  # another word of Twilio's
        for typed in ("", danger[:1], danger[:2]):
            if (here := (step.position._replace(typed=typed), event)) not in seen:
                seen.add(here)
                yield here


@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_both_ways_say_and_do_the_same(sounds: Sounds, at: datetime) -> None:
    """At each position and event the words, the wait, the connection and what follows are those of the webhooks."""
    server = Server(LINE, default_prompts(), no_other, sounds, lambda: at)

    async def compared() -> int:
        count = 0
        for position, event in all_that_happens(LINE):
            twilio = on_twilio(LINE, position, event, at)
            if bool(twilio.connects) is isinstance(event, Dialled):  # else it cannot happen there
                channel = Happens(event)
                end = await server.answer(LINE, channel, position)
                assert Turn(channel.said, channel.waits, channel.connects, end) == twilio, (position, event)
                count += 1
        return count

    assert asyncio.run(compared()) > 4000


def story(call_: Call, keys: str) -> list[object]:
    """What happens in a call: the words between two events, the waits, the keys and the connections."""
    told: list[object] = []

    def noted() -> Call:
        event = next(call_)
        while True:
            told.extend(words([event]) if isinstance(event, Said) else [event])
            action = yield event
            told.append(action)
            try:
                event = call_.send(action)
            except StopIteration:
                return

    press_keys(noted(), keys, Transcript("nl"), lambda _: None)
    return [each for each in told if each is not None]


OURS = [
    name
    for name in WHOLE_CALLS
    if name not in (*OTHER_HOURS, *IN_LANGUAGES) and not name.startswith(("second/", "all"))
]


def test_whole_calls_are_the_same(sounds: Sounds) -> None:
    """Each approved call to our card goes word by word the same through Asterisk."""
    moment = BY_DAY
    with answering(Server(LINE, default_prompts(), no_other, sounds, lambda: moment), default_prompts()) as port:
        for name in OURS:
            _, at, keys = WHOLE_CALLS[name]
            moment = datetime.fromisoformat(at)
            assert story(call(port), keys) == story(line_at(moment), keys), name
