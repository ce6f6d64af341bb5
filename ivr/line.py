# SPDX-License-Identifier: EUPL-1.2
"""One line: a card, its sentences and a voice, with every answer made once and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ivr import dialogue
from ivr import language as languages
from ivr.dialogue import Position
from ivr.editor.load import load
from ivr.hours import ALWAYS
from ivr.script import Writer
from ivr.twiml import Addresses, Renderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivr.dialogue import Event
    from ivr.hours import Opening
    from ivr.settings import Settings

KEYS, SILENCE, OUTCOME = "keys", "silence", "outcome"
"""The last part of an address: what Twilio reports there."""


class Line:
    """Answers for one card; `fallback` is the answer for when one cannot be made.

    Raises CardError when the card or a sentence is wrong, LookupError for a language that the line does not speak.
    """

    def __init__(self, settings: Settings, today: date) -> None:  # noqa: ARG002 - goes when a line reads nothing
        self.language = languages.load(settings.language)
        self.code = settings.language.partition("-")[0]
        card, self.sentences = load(settings.prompts, self.code)
        self.card = card if settings.caller_id else card.read_out_only()
        writer = Writer(self.card, self.sentences, self.language)
        self.script = writer.script
        self._base = settings.public_url + "/voice"
        self._renderer = Renderer(settings.voice, settings.language, settings.caller_id)
        self.fallback = self._renderer.render_fixed(writer.without_a_service())
        self._positions = {position.path: position for position in dialogue.positions(self.card)}
        self._offers = {path: dialogue.fingerprint(self.card, place) for path, place in self._positions.items()}
        self._pressed = {str(count): count for count in range(1, len(self.card.emergency.digits))}
        self._openings: dict[str, Opening] = {}
        self._openings_hold = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
        # Twice what the card has, and a thousand at least: what was pressed and what is open multiply it.
        self._made = lru_cache(max(1024, 2 * len(self._positions)))(self.render)

    def start(self) -> Position:
        """Where every call begins."""
        return dialogue.start(self.card)

    def find(self, path: str, pressed: str) -> Position:
        """The position that an address names, else the start; what was pressed counts all the same."""
        position = self._positions.get(path) or self.start()
        return replace(position, pressed=self._pressed[pressed]) if pressed in self._pressed else position

    def offered(self, position: Position, offer: str) -> bool:
        """Whether an address offered the keys that this card offers at the position."""
        return self._offers[position.path] == offer

    def openings(self, now: datetime) -> Mapping[str, Opening]:
        """The opening state of every number that has hours; looked up again when one can have changed."""
        now = now if now.tzinfo else now.replace(tzinfo=self.card.timezone)
        since, until = self._openings_hold
        if not since <= now < until:
            states = {n.id: n.hours.at(now) for n in self.card.numbers.values() if n.hours}
            self._openings = {id_: opening for id_, (opening, _) in states.items()}
            ends = (end for _, end in states.values())
            self._openings_hold = (now, min(ends, default=datetime.max.replace(tzinfo=UTC)))
        return self._openings

    def step(self, position: Position, event: Event, now: datetime) -> Position:
        """Where the caller is after an event."""
        return dialogue.step(self.card, position, event, self.openings(now))

    def answer(self, position: Position, now: datetime) -> bytes:
        """The TwiML of a position: the same bytes for the same position and opening state."""
        return self._made(position, self.openings(now).get(position.id, ALWAYS))

    def render(self, position: Position, opening: Opening = ALWAYS) -> bytes:
        """Make the TwiML of a position in an opening state of its number."""
        return self._renderer.render(self.script(position, opening), self._addresses(position))

    def _addresses(self, position: Position) -> Addresses:
        place = f"{self._base}/{position.path}"
        pressed = f"pressed={position.pressed}" if position.pressed else ""
        after = f"?{pressed}" if pressed else ""
        offer = f"?offer={self._offers[position.path]}" + (f"&{pressed}" if pressed else "")
        return Addresses(f"{place}/{KEYS}{offer}", f"{place}/{SILENCE}{after}", f"{place}/{OUTCOME}{after}")
