# SPDX-License-Identifier: EUPL-1.2
"""Twilio's side of a line: addresses in, TwiML out, with every answer made once and kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial

from ivr import dialogue, twiml
from ivr.address import Addresses
from ivr.card import KEYPAD
from ivr.line import Line
from ivr.position import OUTCOMES, Dialled, Event, Keys, Position, Silence
from ivr.twiml import TwimlRenderer
from ivr.world import World

MOST = 4096
"""Steps, half a kilobyte each, and answers, about a kilobyte, that are kept: of each those that were asked for last."""

SOUNDS = "sound"
"""The first part of the address of a recording, below the public one."""

FRESH: tuple[Event, ...] = (*map(Keys, KEYPAD), Silence(), *map(Dialled, OUTCOMES))
USUAL = frozenset((*FRESH, *(replace(event, stale=True) for event in FRESH)))
"""Events that are kept. Several keys at once are not: they may be somebody's own number."""


class Answers:
    """What a line answers to Twilio, which calls it below `public_url`.

    `url` is its first address, `sounds` what the address of a recording begins with, and `fallback` the answer for when
    none can be made. Where that is more than Twilio takes, its end is `cut`: what to do in danger comes first.
    """

    def __init__(self, line: Line, public_url: str) -> None:
        self.line = line
        self._public_url = public_url
        self.url = f"{public_url}/voice"
        self.sounds = f"{public_url}/{SOUNDS}"
        self.addresses = Addresses(line.card, self.url)
        self._renderer = TwimlRenderer(line.caller_id, self.sounds)
        said = [part._replace(recording=None) for part in line.fixed if part.voice]
        self.fallback = whole = self._renderer.render_fixed(said)
        while len(self.fallback) > twiml.LARGEST:
            del said[-1 - len(said) // 50 :]
            self.fallback = self._renderer.render_fixed(said)
        self.cut = self.fallback != whole
        others = line.card.languages[1:]
        self._starts = {f"{code}{end}": dialogue.start(line.card, code) for code in others for end in ("", "/")}
        self._step = lru_cache(MOST)(partial(dialogue.step, line.card))
        self._answer = lru_cache(MOST)(self.render)

    def start(self, now: datetime) -> bytes:
        """The TwiML that answers the phone."""
        return self.answer(dialogue.start(self.line.card), self.line.world(now))

    def go_on(self, address: str, query: str, form: Mapping[str, str], now: datetime) -> bytes:
        """The TwiML that follows what Twilio reports at an address (what comes after `/voice/`, and after `?`).

        The code of another language than the first, such as `en`, answers the phone in that language.
        """
        world = self.line.world(now)
        return self.answer(self.follow(address, query, form, world), world)

    def follow(self, address: str, query: str, form: Mapping[str, str], world: World) -> Position:
        """The position that follows what Twilio reports at an address."""
        if address in self._starts:
            return self._starts[address]
        position, event = self.addresses.read(address, query, form)
        step = self._step if event in USUAL else partial(dialogue.step, self.line.card)
        return step(position, event, world)

    def answer(self, position: Position, world: World) -> bytes:
        """The TwiML of a position: made once while the world stays the same."""
        return self._answer(position, world)

    def render(self, position: Position, world: World) -> bytes:
        """Make the TwiML of a position."""
        then = self.line.script(position, world).then
        return self._renderer.render(self.line.parts(position, world), then, self.addresses.ways(position))

    def only(self, *languages: str) -> "Answers":
        """The answers in some languages only, by their codes; the first of them answers the phone."""
        return Answers(self.line.only(*languages), self._public_url)
