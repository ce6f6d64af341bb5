# SPDX-License-Identifier: EUPL-1.2
"""Every position that any event can lead to, and the step that leads there: the line as one list.

The proofs, the ways on the map and the tests all read this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ivr.card import KEYPAD
from ivr.dialogue import start, step
from ivr.hours import ALWAYS, Closed, Open
from ivr.position import OUTCOMES, Dialled, Kind, Position, Silence, Turn
from ivr.position import Keys as Pressed
from ivr.script import script
from ivr.world import NOTICE, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ivr.card import Card, Number
    from ivr.hours import Opening
    from ivr.position import Event

EVENTS: tuple[Event, ...] = (
    *(Pressed(key) for key in KEYPAD),
    *(Pressed(key, stale=True) for key in KEYPAD),
    Pressed("12"),
    Silence(),
    *(Dialled(status) for status in (*OUTCOMES, "failed", "canceled", "anything else")),
)
"""All that can happen to a line: each key, also at a stale address, several keys, silence, each outcome."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a position leads to another, in a world; `end` is None when it leads nowhere."""

    position: Position
    event: Event
    world: World
    end: Position | None


def steps(card: Card) -> list[Step]:
    """Every step from every position that can be reached, the start first."""
    found: list[Step] = []
    waiting = [start(card)]
    seen = {position: position for position in waiting}  # each kept once, since many steps end at one
    for position in waiting:  # grows while it is read: breadth first
        for event, world in _happens(card, position):
            end = end_of(card, position, event, world)
            if end is not None and end not in seen:
                seen[end] = end
                waiting.append(end)
            found.append(Step(position, event, world, end and seen[end]))
    return found


def _happens(card: Card, position: Position) -> Iterator[tuple[Event, World]]:
    """What can happen at a position, with its number open and closed."""
    number = card.numbers.get(position.id)
    for opening in (ALWAYS, Closed()) if number and number.hours else (ALWAYS,):
        for event in EVENTS:
            if isinstance(event, Dialled) == (position.kind is Kind.CONNECT):
                yield event, World({position.id: opening})


def end_of(card: Card, position: Position, event: Event, world: World | None = None) -> Position | None:
    """Where an event at a position leads; None when a card has a fault that lets it lead nowhere."""
    try:
        return step(card, position, event, world or World())
    except (KeyError, ValueError, IndexError):
        return None


def silent_path(card: Card, position: Position) -> list[Position]:
    """Where a caller comes who does nothing more, until the line hangs up or a position comes round again."""
    path = [position]
    while path[-1].kind is not Kind.GOODBYE and path[-1].turn is not Turn.GOODBYE:
        following = end_of(card, path[-1], Silence())
        if following is None or following in path:
            break
        path.append(following)
    return path


@lru_cache
def states(number: Number) -> list[Opening]:
    """The opening states that a caller may meet at a number: those of a fixed week, every half hour."""
    if not number.hours:
        return [ALWAYS]
    week = (datetime(2024, 3, 4, tzinfo=UTC) + timedelta(minutes=30 * count) for count in range(7 * 48))
    return list(dict.fromkeys(number.hours.at(moment)[0] for moment in week))


def worlds(card: Card, position: Position, of: Callable[[Number], Sequence[Opening]] = states) -> list[World]:
    """The worlds that make a difference to what is said at a position.

    What its script reads of the world takes each of its states in turn; the rest is open, where it ever is, and the
    notice does not run.
    """
    usual = {id_: min(of(number), key=lambda state: isinstance(state, Closed)) for id_, number in card.numbers.items()}
    found, varied = [World(usual)], set[str]()
    for world in found:  # grows while it is read
        script(card, position, world)
        for id_ in sorted(world.read - varied):
            varied.add(id_)
            others = [Open()] if id_ == NOTICE else [state for state in of(card.numbers[id_]) if state != usual[id_]]
            found += [World(usual | {id_: state}) for state in others]
    return found
