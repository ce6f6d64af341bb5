# SPDX-License-Identifier: EUPL-1.2
"""One line: a card, its sentences and a voice, with every answer made once and kept. It is given all that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from ivr import dialogue
from ivr.address import Addresses
from ivr.card import KEYPAD, Card
from ivr.position import OUTCOMES, Dialled, Event, Keys, Position, Silence
from ivr.recording import Recording
from ivr.script import Script, script, without_a_service
from ivr.sentences import Sentence, Sentences, bare, parts
from ivr.twiml import Part, TwimlRenderer, Voice
from ivr.world import Clockwork, World

MOST = 8192
"""Events with where they lead, half a kilobyte each, and answers, about a kilobyte, that are kept together."""

SOUNDS = "sound"
"""The first part of the address of a recording, below the public one."""

USUAL = frozenset(
    event
    for stale in (False, True)
    for event in (
        *(Keys(key, stale) for key in KEYPAD),
        Silence(stale),
        *(Dialled(status, stale) for status in OUTCOMES),
    )
)
"""Events that are kept. Several keys at once are not: they may be somebody's own number."""


class Spoken(NamedTuple):
    """How a line is spoken in one language; `reviewed`: when somebody who grew up with it read all, and its hash then.

    `recorded` has the recordings that somebody listened to, by text. Without a voice all of it must be recorded.
    """

    sentences: Sentences
    voice: Voice | None
    reviewed: tuple[date, str] | None = None
    recorded: Mapping[str, Recording] = {}


class _Kept(NamedTuple):
    """Where events led, and the answers that were made, in one world."""

    world: World
    followed: dict[tuple[Position, Event], Position]
    answers: dict[Position, bytes]


class Line:
    """Answers for one card; `url` is its first address, `fallback` the answer for when none can be made.

    `spoken` has each language that the card is offered in, by its code; the first answers the phone. `public_url` is
    the base that Twilio calls. `caller_id` is our own number (E.164), shown on a connected call: without it nothing is
    connected, and every number is read out. `recordings` has all recordings by their names, and `fixed` what the
    fallback says.
    """

    def __init__(self, card: Card, spoken: Mapping[str, Spoken], public_url: str, caller_id: str | None = None) -> None:
        card = replace(card, languages=tuple(spoken))
        self.card = card if caller_id else card.read_out_only()
        self._first = next(iter(spoken.values()))
        self.sentences, self.voice = self._first.sentences, self._first.voice
        self._others = {code: spoken[code] for code in self.card.languages[1:]}
        self.recordings = {each.name: each for one in spoken.values() for each in one.recorded.values()}
        self.url = f"{public_url}/voice"
        self.addresses = Addresses(self.card, self.url)
        self.world = Clockwork(self.card).world
        self._public_url = public_url
        self.sounds = f"{public_url}/{SOUNDS}"
        self._renderer = TwimlRenderer(caller_id, self.sounds)
        self.caller_id = caller_id
        self.fixed = tuple(self._parts(without_a_service(self.card)))
        self.fallback = self._renderer.render_fixed(part._replace(recording=None) for part in self.fixed if part.voice)
        self._starts = {f"{code}{end}": dialogue.start(self.card, code) for code in self._others for end in ("", "/")}
        self._kept = _Kept(World(), {}, {})

    def start(self, now: datetime) -> bytes:
        """The TwiML that answers the phone."""
        return self.answer(dialogue.start(self.card), self.world(now))

    def go_on(self, address: str, query: str, form: Mapping[str, str], now: datetime) -> bytes:
        """The TwiML that follows what Twilio reports at an address (what comes after `/voice/`, and after `?`).

        The code of another language than the first, such as `en`, answers the phone in that language.
        """
        world = self.world(now)
        return self.answer(self.follow(address, query, form, world), world)

    def follow(self, address: str, query: str, form: Mapping[str, str], world: World) -> Position:
        """The position that follows what Twilio reports at an address."""
        if address in self._starts:
            return self._starts[address]
        position, event = self.addresses.read(address, query, form)
        if event not in USUAL:
            return dialogue.step(self.card, position, event, world)
        known = self._kept_of(world).followed
        if (following := known.get((position, event))) is None:
            following = known[position, event] = dialogue.step(self.card, position, event, world)
        return following

    def answer(self, position: Position, world: World) -> bytes:
        """The TwiML of a position: made once while the world stays the same."""
        known = self._kept_of(world).answers
        if (made := known.get(position)) is None:
            made = known[position] = self.render(position, world)
        return made

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

    def render(self, position: Position, world: World) -> bytes:
        """Make the TwiML of a position."""
        made = self.script(position, world)
        said = self._parts(made.sentences, position.language)
        return self._renderer.render(said, made.then, self.addresses.ways(position))

    def spoken(self, language: str) -> Spoken:
        """How the line is spoken in a language, by its code; any that it is not offered in is the first."""
        return self._others.get(language) or self._first._replace(sentences=self.sentences, voice=self.voice)

    def only(self, *languages: str) -> Line:
        """The same line in some of its languages only, by their codes; the first of them answers the phone."""
        if languages == self.card.languages:
            return self
        spoken = {code: self.spoken(code) for code in languages}
        return Line(self.card, spoken, self._public_url, self.caller_id)

    def apart(self) -> dict[str, Line]:
        """The same line in each of its languages alone, by their codes."""
        return {code: self.only(code) for code in self.card.languages}

    def _kept_of(self, world: World) -> _Kept:
        """What was made in a world; a new one begins with nothing, even while a thread still answers in the old one."""
        kept = self._kept
        if kept.world is not world or len(kept.followed) + len(kept.answers) > MOST:
            kept = self._kept = _Kept(world, {}, {})
        return kept

    def _in_language(self, sentences: Iterable[Sentence], language: str) -> Iterator[tuple[str, Sentence]]:
        """Each sentence, after the code of the language that it is said in.

        That is the first where the other lacks the sentence, such as a notice, or both a voice and a recording of it.
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
        return all(self._recording(piece) for piece in self.pieces(sentence, language) if piece[0] == language)

    def _recording(self, piece: tuple[str, str]) -> Recording | None:
        code, text = piece
        return self.spoken(code).recorded.get(text)

    def _parts(self, sentences: Iterable[Sentence], language: str = "") -> list[Part]:
        """Each piece that one voice says; a language that needs its voice for one plays no recordings beside it."""
        said = [
            (code, Part(self.spoken(piece[0]).voice, piece[1], piece[0], self._recording(piece)))
            for code, sentence in self._in_language(sentences, language)
            for piece in self.pieces(sentence, code)
        ]
        voiced = {code for code, part in said if not part.recording and self.spoken(code).voice}
        return [part._replace(recording=None) if code in voiced else part for code, part in said]
