# SPDX-License-Identifier: EUPL-1.2
"""What an answer depends on besides the position: what is open, and whether the notice runs."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ivr.card import Card, Notice, Number
from ivr.hours import ALWAYS, Open, Opening

NOTICE = "(notice)"
"""Stands for the notice among the ids of numbers; its state is open while it runs."""


class World:
    """The state of each number that has hours, by its id, and of the notice; a number that is not there is open.

    `read` gathers the ids whose state was asked for: no other state can change what a script says.
    """

    def __init__(self, states: Mapping[str, Opening] | None = None) -> None:
        self.states = states or {}
        self.read: set[str] = set()

    def opening(self, number: Number) -> Opening:
        """The opening state of a number."""
        if number.hours is None:
            return ALWAYS
        if number.hours.always:
            return number.hours.always
        self.read.add(number.id)
        return self.states.get(number.id, ALWAYS)

    def noticed(self, notice: Notice | None) -> bool:
        """Whether a notice runs."""
        if notice is None:
            return False
        self.read.add(NOTICE)
        return isinstance(self.states.get(NOTICE), Open)


class Clockwork:
    """Gives the world at a moment for one card: the same object until something can have changed, which is `until`."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._known = World(), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)

    @property
    def until(self) -> datetime:
        """Until when the world that was asked for last holds."""
        return self._known[2]

    def world(self, now: datetime) -> World:
        """The world at a moment; one without a time zone is in the card's own; an hour that clocks skip is the next."""
        now = (now if now.tzinfo else now.replace(tzinfo=self._card.timezone)).astimezone(UTC)
        world, since, until = self._known
        if since <= now < until:
            return world
        states = {number.id: number.hours.at(now) for number in self._card.numbers.values() if number.hours}
        if self._card.notice:
            states[NOTICE] = self._card.notice.at(now)
        world = World({part: state for part, (state, _) in states.items()})
        until = min((end for _, end in states.values()), default=datetime.max.replace(tzinfo=UTC))
        self._known = world, now, until.astimezone(UTC)  # in UTC, which is compared quickly
        return world
