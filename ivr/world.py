# SPDX-License-Identifier: EUPL-1.2
"""What an answer depends on besides the position: what is open, and whether the notice runs. And what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from ivr.hours import ALWAYS, Open

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from ivr.card import Card, Notice, Number
    from ivr.hours import Opening

Made = TypeVar("Made")

NOTICE = "(notice)"
"""Stands for the notice where others stand by their id: it is open while it runs."""


class World:
    """The state of each number that has hours, by its id, and of the notice; a number that is not there is open.

    `read` gathers what was asked, so that an answer can be kept for as long as just that stays the same.
    """

    def __init__(self, states: Mapping[str, Opening] | None = None) -> None:
        self.states = states or {}
        self.read: set[str] = set()

    def opening(self, number: Number) -> Opening:
        """The opening state of a number."""
        if number.hours is None:
            return ALWAYS
        self.read.add(number.id)
        return self.states.get(number.id, ALWAYS)

    def noticed(self, notice: Notice | None) -> bool:
        """Whether a notice runs."""
        if notice is None:
            return False
        self.read.add(NOTICE)
        return isinstance(self.states.get(NOTICE), Open)


class Kept(Generic[Made]):
    """What is made from a key and a world: the same while all that the making read of the world stays the same.

    At most so many are kept; then all are made anew. It may be asked by several threads.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[tuple[object, ...], Made] = {}
        self._read: dict[Hashable, tuple[str, ...]] = {}

    def get(self, key: Hashable, world: World, make: Callable[[], Made]) -> Made:
        """What was made for a key, or is now."""
        states = world.states
        made = self._made.get((key, *[(id_, states.get(id_)) for id_ in self._read.get(key, ())]))
        if made is None:
            world.read.clear()
            made = make()
            if len(self._made) >= self._most:
                self._made.clear()
                self._read.clear()
            # What was read decides what else is read, so it is found again by all that any making for this key read.
            read = self._read[key] = tuple(sorted(world.read.union(self._read.get(key, ()))))
            self._made[key, *[(id_, states.get(id_)) for id_ in read]] = made
        return made


class Clockwork:
    """Tells the world of a moment for one card, and looks it up again only when something can have changed."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._states: dict[str, Opening] = {}
        self._since, self._until = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)

    def world(self, now: datetime) -> World:
        """The world at a moment; one without a time zone is in the card's own."""
        now = now if now.tzinfo else now.replace(tzinfo=self._card.timezone)
        if not self._since <= now < self._until:
            states = {number.id: number.hours.at(now) for number in self._card.numbers.values() if number.hours}
            if self._card.notice:
                states[NOTICE] = self._card.notice.at(now)
            self._states = {part: state for part, (state, _) in states.items()}
            ends = (end for _, end in states.values())
            until = min(ends, default=datetime.max.replace(tzinfo=UTC))
            self._since, self._until = now.astimezone(UTC), until.astimezone(UTC)  # which are compared quickly
        return World(self._states)
