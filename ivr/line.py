# SPDX-License-Identifier: EUPL-1.2
"""One line: what is said where, in which words and by whom. Whoever carries the line begins here; nothing is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ivr.card import Card
from ivr.position import Position
from ivr.recording import Recording
from ivr.script import Script, script, without_a_service
from ivr.sentences import Sentence, Sentences, bare, parts
from ivr.world import Clockwork, World

LONGEST = 3000
"""Characters of one <Say> with a Polly voice (https://www.twilio.com/docs/voice/twiml/say)."""

LEAD = 400
"""Milliseconds before the first word: a phone swallows the beginning of what it plays."""

BETWEEN_LINES = 500
BETWEEN_VOICES = 300
WITHIN_LINE = {"…": 350, "……": 800}
"""Milliseconds, as above."""


class Voice(NamedTuple):
    """Who speaks: `voice` and `language` of <Say> (https://www.twilio.com/docs/voice/twiml/say)."""

    name: str
    language: str


class Spoken(NamedTuple):
    """How a line is spoken in one language; `reviewed`: when somebody who grew up with it read all, and its hash then.

    `recorded` has the recordings that somebody listened to, by text. Without a voice all of it must be recorded.
    `own_number` answers in this language at once, as printed on its poster.
    """

    sentences: Sentences
    voice: Voice | None
    reviewed: tuple[date, str] | None = None
    recorded: Mapping[str, Recording] = {}
    own_number: str | None = None


class Part(NamedTuple):
    """A piece of what is said: who says it, its text, the code of its language, and the recording that is played of it.

    Without a recording the voice says it; without a voice there is a recording.
    """

    voice: Voice | None
    text: str
    language: str = ""
    recording: Recording | None = None


class Line:
    """What is said where, in which words and by whom.

    `spoken` has each language that the card is offered in, by its code; the first answers the phone. `caller_id` is our
    own number (E.164), shown on a connected call: without it nothing is connected, and every number is read out.
    `sentences` and `voice` are those of the first language, `recordings` all recordings by their names, and `fixed` is
    what is said when the rules cannot be asked.
    """

    def __init__(self, card: Card, spoken: Mapping[str, Spoken], caller_id: str | None = None) -> None:
        card = replace(card, languages=tuple(spoken))
        self.card = card if caller_id else card.read_out_only()
        self.caller_id = caller_id
        self._spoken = dict(spoken)
        self._first = next(iter(spoken.values()))
        self.sentences, self.voice = self._first.sentences, self._first.voice
        self.recordings = {each.name: each for one in spoken.values() for each in one.recorded.values()}
        self.world = Clockwork(self.card).world
        self.fixed = self._parts(without_a_service(self.card))

    def script(self, position: Position, world: World) -> Script:
        """What is said at a position, as data."""
        return script(self.card, position, world)

    def said(self, position: Position, world: World) -> tuple[str, ...]:
        """What is said at a position, in words."""
        return tuple(
            line
            for code, sentence in self._in_language(self.script(position, world).sentences, position.language)
            for line in self.spoken(code).sentences.say(sentence)
        )

    def parts(self, position: Position, world: World) -> tuple[Part, ...]:
        """What is said at a position: each piece, with who says it, or the recording that is played."""
        return tuple(self._parts(self.script(position, world).sentences, position.language))

    def pieces(self, sentence: Sentence, language: str) -> list[tuple[str, str]]:
        """A sentence in a language as pieces of one voice each: the code of the piece's own language, and its text.

        A piece is a line, or the part of a line that is in another language than the rest.
        """
        first = self.card.languages[0]
        return [
            (first if in_first else language, bare(words))
            for line in self.spoken(language).sentences.marked(sentence)
            for words, in_first in (parts(line) if language != first else [(line, False)])
        ]

    def spoken(self, language: str) -> Spoken:
        """How the line is spoken in a language, by its code; any that it is not offered in is the first."""
        return self._spoken.get(language, self._first)

    def only(self, *languages: str) -> Line:
        """The same line in some of its languages only, by their codes; the first of them answers the phone."""
        if languages == self.card.languages:
            return self
        return Line(self.card, {code: self.spoken(code) for code in languages}, self.caller_id)

    def apart(self) -> dict[str, Line]:
        """The same line in each of its languages alone, by their codes."""
        return {code: self.only(code) for code in self.card.languages}

    def _in_language(self, sentences: Iterable[Sentence], language: str) -> Iterator[tuple[str, Sentence]]:
        """Each sentence, after the code of the language that it is said in.

        A sentence that another language lacks, such as a notice, is said in the first language. So is one that it has
        only as text: without a voice, and not recorded.
        """
        first = self.card.languages[0]
        for sentence in sentences:
            code = sentence.language or language or first
            spoken = self.spoken(code)
            absent = sentence.or_first and sentence.id not in spoken.sentences.lines
            if absent or not (spoken.voice or self._recorded_in(code, sentence)):
                yield first, replace(sentence, optional=True)
            else:
                yield code, sentence

    def _recorded_in(self, language: str, sentence: Sentence) -> bool:
        return all(self._recording(*piece) for piece in self.pieces(sentence, language) if piece[0] == language)

    def _recording(self, code: str, text: str, language: str = "") -> Recording | None:
        """The recording of a piece: that of its own language, or of the one in whose sentence it stands."""
        return self.spoken(code).recorded.get(text) or self.spoken(language or code).recorded.get(text)

    def _parts(self, sentences: Iterable[Sentence], language: str = "") -> list[Part]:
        """Each piece that one voice says; a language that needs its voice for one plays no recordings beside it."""
        said = [
            (code, Part(self.spoken(piece[0]).voice, piece[1], piece[0], self._recording(*piece, code)))
            for code, sentence in self._in_language(sentences, language)
            for piece in self.pieces(sentence, code)
        ]
        voiced = {code for code, part in said if not part.recording and self.spoken(code).voice}
        return [part._replace(recording=None) if code in voiced else part for code, part in said]


def paused(parts: Iterable[Part]) -> Iterator[tuple[int, Part]]:
    """Each part, after the milliseconds of silence that go before it."""
    before: Part | None = None
    for part in parts:
        same = before and (before.voice, before.language) == (part.voice, part.language)
        yield LEAD if before is None else BETWEEN_LINES if same else BETWEEN_VOICES, part
        before = part
