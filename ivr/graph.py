# SPDX-License-Identifier: EUPL-1.2
"""Every position that any event can lead to, and the step that leads there: the line as one list.

The proofs, the ways on the map and the tests all read this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ivr.dialogue import OUTCOMES, Kind, Outcome, Position, Silence, Turn, start, step
from ivr.dialogue import Keys as Pressed
from ivr.hours import ALWAYS, Closed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivr.card import Card, Number
    from ivr.dialogue import Event
    from ivr.hours import Opening

KEYPAD = "1234567890*#"

EVENTS: tuple[Event, ...] = (
    *(Pressed(key) for key in KEYPAD),
    *(Pressed(key, stale=True) for key in KEYPAD),
    Pressed("12"),
    Silence(),
    *(Outcome(status) for status in (*OUTCOMES, "failed", "canceled", "anything else")),
)
"""All that can happen to a line: each key, also at a stale address, several keys, silence, each outcome."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a position leads to another, in an opening state; `end` is None when it leads nowhere."""

    position: Position
    event: Event
    opening: Opening
    end: Position | None


def steps(card: Card) -> list[Step]:
    """Every step from every position that can be reached, the start first."""
    found: list[Step] = []
    waiting = [start(card)]
    seen = {position: position for position in waiting}  # each kept once, since many steps end at one
    for position in waiting:  # grows while it is read: breadth first
        for event, opening in _happens(card, position):
            end = end_of(card, position, event, opening)
            if end is not None and end not in seen:
                seen[end] = end
                waiting.append(end)
            found.append(Step(position, event, opening, end and seen[end]))
    return found


def _happens(card: Card, position: Position) -> Iterator[tuple[Event, Opening]]:
    """What can happen at a position, in which opening state of its number."""
    number = card.numbers.get(position.id)
    for opening in (ALWAYS, Closed()) if number and number.hours else (ALWAYS,):
        for event in EVENTS:
            if isinstance(event, Outcome) == (position.kind is Kind.CONNECT):
                yield event, opening


def end_of(card: Card, position: Position, event: Event, opening: Opening = ALWAYS) -> Position | None:
    """Where an event at a position leads; None when a card has a fault that lets it lead nowhere."""
    try:
        return step(card, position, event, {position.id: opening})
    except (KeyError, ValueError, IndexError):
        return None


def silent_path(card: Card, position: Position) -> list[Position]:
    """Where a caller comes who does nothing more, until the line hangs up or a place comes round again."""
    path = [position]
    while path[-1].kind is not Kind.GOODBYE and path[-1].turn is not Turn.GOODBYE:
        following = end_of(card, path[-1], Silence(), ALWAYS)
        if following is None or following in path:
            break
        path.append(following)
    return path


@lru_cache
def states(number: Number | None) -> list[Opening]:
    """The opening states that a caller may meet at a number: those of a fixed week, every half hour."""
    if not number or not number.hours:
        return [ALWAYS]
    week = (datetime(2024, 3, 4, tzinfo=UTC) + timedelta(minutes=30 * count) for count in range(7 * 48))
    return list(dict.fromkeys(number.hours.at(moment)[0] for moment in week))
