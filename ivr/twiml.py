# SPDX-License-Identifier: EUPL-1.2
"""The only module that writes TwiML: words, and what follows them -> bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from twilio.twiml.voice_response import Gather, Play, Say, VoiceResponse

from ivr import recording
from ivr.address import Ways
from ivr.line import LONGEST, WITHIN_LINE, Part, Voice, paused
from ivr.script import RINGING, TALKING, Connect, Finish, Listen

OVERRIDES = "#ct=2000&rt=4000&tt=12000&rc=2&rp=all"
"""Twilio asks once and waits 15 s; a slow answer would lose the caller's key. Our answers can be asked for again, so it
asks three times within 12 s (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides). The fragment
is not sent and not signed."""


LARGEST = 64_000
"""Bytes of a document that Twilio takes (https://www.twilio.com/docs/api/errors/11750)."""


@dataclass(frozen=True, slots=True)
class TwimlRenderer:
    """Renders what is said, and by whom. Without a caller id (E.164) nothing may be connected.

    `sounds` is what the address of a recording begins with.
    """

    caller_id: str | None
    sounds: str

    def render(self, parts: Iterable[Part], then: Listen | Finish | Connect, ways: Ways) -> bytes:
        """The TwiML of lines that are said, with a short pause at each `…` and between them, and of what follows.

        All speech but the announcement of a connection can be interrupted by a key.
        """
        response = VoiceResponse()
        says = self._sounds(parts)
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

    def render_fixed(self, parts: Iterable[Part]) -> bytes:
        """TwiML that only speaks and then hangs up: it needs nobody to answer what comes next."""
        response = VoiceResponse()
        for say in self._sounds(parts):
            response.append(say)
        response.hangup()
        return _bytes(response)

    def _sounds(self, parts: Iterable[Part]) -> Iterator[Say | Play]:
        """What is said and played: recordings that follow one another are one file, with our pauses in it, or few."""
        for voice, group in groupby(paused(parts), key=lambda each: None if each[1].recording else each[1].voice):
            if voice:
                yield from _in_one_voice(voice, list(group))
            else:
                pieces = [(pause, part.recording) for pause, part in group if part.recording]
                yield from (Play(f"{self.sounds}/{address}") for address in recording.addresses(pieces))


def _in_one_voice(voice: Voice, lines: Iterable[tuple[int, Part]]) -> Iterator[Say]:
    """One <Say> as long as it may be; the pauses below a second stand inside it."""
    say, length = None, 0
    for pause, (_, line, *_) in lines:
        if say is None or length + len(line) > LONGEST:
            if say:
                yield say
            say, length = Say(voice=voice.name, language=voice.language), 0
        say.break_(time=f"{pause}ms")
        length += len(line)
        # Blanks round each break: an engine that drops breaks would run the words together.
        for piece in re.split(r"\s*(…+)\s*", line):
            if piece in WITHIN_LINE:
                say.break_(time=f"{WITHIN_LINE[piece]}ms")
            elif piece:
                say.append(f" {piece} ")
    yield say


def _bytes(response: VoiceResponse) -> bytes:
    return str(response).encode()
