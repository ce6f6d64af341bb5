# SPDX-License-Identifier: EUPL-1.2
"""What an answer may depend on besides the position: which numbers are open at the moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ivr.hours import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivr.card import Card, Number
    from ivr.hours import Opening


class World:
    """The opening state of each number that has hours, by its id; without one a number is open.

    `read` gathers the ids of what was asked, so that an answer can be kept for as long as just that stays the same.
    """

    def __init__(self, openings: Mapping[str, Opening] | None = None) -> None:
        self.openings = openings or {}
        self.read: set[str] = set()

    def opening(self, number: Number) -> Opening:
        """The opening state of a number."""
        if number.hours is None:
            return ALWAYS
        self.read.add(number.id)
        return self.openings.get(number.id, ALWAYS)


class Clockwork:
    """Tells the world of a moment for one card, and looks it up again only when something can have changed."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._openings: dict[str, Opening] = {}
        self._since, self._until = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)

    def world(self, now: datetime) -> World:
        """The world at a moment; one without a time zone is in the card's own."""
        now = now if now.tzinfo else now.replace(tzinfo=self._card.timezone)
        if not self._since <= now < self._until:
            states = {number.id: number.hours.at(now) for number in self._card.numbers.values() if number.hours}
            self._openings = {id_: opening for id_, (opening, _) in states.items()}
            ends = (end for _, end in states.values())
            self._since, self._until = now, min(ends, default=datetime.max.replace(tzinfo=UTC))
        return World(self._openings)
