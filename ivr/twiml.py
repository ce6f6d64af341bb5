# SPDX-License-Identifier: EUPL-1.2
"""The only module that writes TwiML: words, and what follows them -> bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from ivr.address import Ways
from ivr.script import Connect, Finish, Listen

LONGEST = 3000
"""Characters of one <Say> with a Polly voice (https://www.twilio.com/docs/voice/twiml/say)."""

LEAD = "400ms"
"""Before the first word: a phone swallows the beginning of what it plays."""

BETWEEN_LINES = "500ms"
BETWEEN_VOICES = "300ms"
WITHIN_LINE = {"…": "350ms", "……": "800ms"}

RINGING = 25
"""Seconds that a number may ring; Twilio adds about five (https://www.twilio.com/docs/voice/twiml/dial)."""

TALKING = 3 * 60 * 60
"""Seconds that a connected call may last: a conversation here may be long."""

OVERRIDES = "#ct=2000&rt=4000&tt=12000&rc=2&rp=all"
"""Twilio asks once and waits 15 s; a slow answer would lose the caller's key. Our answers can be asked for again, so it
asks three times within 12 s (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides). The fragment
is not sent and not signed."""


class Voice(NamedTuple):
    """Who speaks: `voice` and `language` of <Say> (https://www.twilio.com/docs/voice/twiml/say).

    They are set every time, since the defaults are account settings.
    """

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders what is said, and by whom. Without a caller id (E.164) nothing may be connected."""

    caller_id: str | None

    def render(self, lines: Iterable[tuple[Voice, str]], then: Listen | Finish | Connect, ways: Ways) -> bytes:
        """The TwiML of lines that are said, with a short pause at each `…` and between them, and of what follows.

        All speech but the announcement of a connection can be interrupted by a key.
        """
        response = VoiceResponse()
        says = _says(lines)
        if isinstance(then, Connect):
            for say in says:
                response.append(say)
            response.dial(
                then.number,
                action=ways.outcome + OVERRIDES,
                method="POST",
                caller_id=self.caller_id,
                timeout=RINGING,
                time_limit=TALKING,
                answer_on_bridge=True,
                ring_tone="nl",
                hangup_on_star=True,
            )
            return _bytes(response)
        gather = Gather(
            input="dtmf",
            num_digits=1,
            finish_on_key="",
            timeout=then.seconds,
            action=ways.keys + OVERRIDES,
            method="POST",
        )
        for say in says:
            gather.append(say)
        response.append(gather)
        if isinstance(then, Listen):
            response.redirect(ways.silence + OVERRIDES, method="POST")
        else:
            response.hangup()
        return _bytes(response)

    def render_fixed(self, lines: Iterable[tuple[Voice, str]]) -> bytes:
        """TwiML that only speaks and then hangs up: it needs nobody to answer what comes next."""
        response = VoiceResponse()
        for say in _says(lines):
            response.append(say)
        response.hangup()
        return _bytes(response)


def _says(lines: Iterable[tuple[Voice, str]]) -> Iterator[Say]:
    """The speech of lines, each with its voice."""
    lead = LEAD
    for voice, spoken in groupby(lines, key=itemgetter(0)):
        yield from _in_one_voice(voice, lead, (line for _, line in spoken))
        lead = BETWEEN_VOICES


def _in_one_voice(voice: Voice, lead: str, lines: Iterable[str]) -> Iterator[Say]:
    """One <Say> as long as it may be; the pauses below a second stand inside it."""
    say = _say(voice, lead)
    length = 0
    for line in lines:
        if length + len(line) > LONGEST:
            yield say
            say, length = _say(voice, BETWEEN_LINES), 0
        elif length:
            say.break_(time=BETWEEN_LINES)
        length += len(line)
        # Blanks round each break: an engine that drops breaks would run the words together.
        for piece in re.split(r"\s*(…+)\s*", line):
            if piece in WITHIN_LINE:
                say.break_(time=WITHIN_LINE[piece])
            elif piece:
                say.append(f" {piece} ")
    yield say


def _say(voice: Voice, lead: str) -> Say:
    say = Say(voice=voice.name, language=voice.language)
    say.break_(time=lead)
    return say


def _bytes(response: VoiceResponse) -> bytes:
    return str(response).encode()
