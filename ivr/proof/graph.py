# SPDX-License-Identifier: EUPL-1.2
"""Every position that any event can lead to, and the step that leads there: the line as one list.

The proofs, the ways on the map and the tests all read this list.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

from ivr.card import KEYPAD, Card, Number
from ivr.dialogue import back, listed, start, step
from ivr.hours import ALWAYS, Closed, Open, Opening
from ivr.position import OUTCOMES, Dialled, Event, Keys, Kind, Position, Silence, Turn
from ivr.script import script
from ivr.world import NOTICE, World

T = TypeVar("T")

EVENTS: tuple[Event, ...] = (
    *(Keys(key) for key in KEYPAD),
    *(Keys(key, stale=True) for key in KEYPAD),
    Keys("12"),
    Silence(),
    *(Dialled(status) for status in (*OUTCOMES, "failed", "canceled", "anything else")),
)
"""All that can happen to a line: each key, also at a stale address, several keys, silence, each outcome."""


class Step(NamedTuple):
    """What happens at a position leads to another, in a world; `end` is None when it leads nowhere."""

    position: Position
    event: Event
    world: World
    end: Position | None


def steps(card: Card, *, once: bool = False) -> list[Step]:
    """Every step from every position that can be reached, the start first.

    What a caller typed before is left out: it leads to the numbers alone, as the proof of `typing` shows. At a number
    all of its digits are one event.

    `once`: walk one of each group of equivalent positions (`alike`), in one language; and also the first position with
    each way back, and in each language.
    """
    walked: list[Step] = []
    waiting = [start(card)]
    seen: dict[object, Position] = {waiting[0]: waiting[0]}  # each kept once, since many steps end at one
    same, ways_back, spoken = alike(card), {""}, {""}
    for position in waiting:  # grows while it is read: breadth first
        for event, world in _happens(card, position):
            end = end_of(card, position, event, world)
            if end is not None:
                end = end._replace(typed="")
                known = once and end.menu in ways_back and end.language in spoken
                key = same(end._replace(language="")) if known else end
                if key not in seen:
                    seen[key] = end
                    ways_back.add(end.menu)
                    spoken.add(end.language)
                    waiting.append(end)
                end = seen[key]
            walked.append(Step(position, event, world, end))
    return walked


def alike(card: Card) -> Callable[[Position], object]:
    """Returns a function that gives equivalent positions one key: those that differ only in where `#` leads back to.

    Only positions at a number and in the list do, by the menu that the caller came from. The order in which the list
    then reads is part of the key, as is the key that leads there, and in the list all keys of that menu are.
    """
    order = cache(lambda menu: tuple(number.id for number in listed(card, menu)))
    keys = cache(lambda menu: tuple(card.menus[menu].keys.items()))

    def shared(position: Position) -> object:
        if position.id not in card.numbers:
            return position
        menu = back(card, position)
        listing = position.kind is Kind.LIST
        used = tuple(pair for pair in keys(menu) if listing or pair[1] == position.id)
        return position._replace(menu=""), order(menu), used

    return shared


def once(card: Card, make: Callable[[Position], T]) -> Callable[[Position], T]:
    """The same function, called once for all equivalent positions (`alike`)."""
    made, same = dict[object, T](), alike(card)

    def kept(position: Position) -> T:
        key = same(position)
        if key not in made:
            made[key] = make(position)
        return made[key]

    return kept


@lru_cache
def states(number: Number) -> list[Opening]:
    """The opening states that a caller may meet at a number: those of a fixed week."""
    if not number.hours:
        return [ALWAYS]
    moment, found = datetime(2024, 3, 4, tzinfo=UTC), dict[Opening, None]()
    while moment < datetime(2024, 3, 11, tzinfo=UTC):
        opening, moment = number.hours.at(moment)
        found[opening] = None
    return list(found)


def _happens(card: Card, position: Position) -> Iterator[tuple[Event, World]]:
    """What can happen at a position, with its number open and closed."""
    number = card.numbers.get(position.id)
    for opening in (ALWAYS, Closed()) if number and number.hours else (ALWAYS,):
        world = World({position.id: opening})
        for event in (*EVENTS, *([Keys(number.digits)] if number and position.kind is Kind.NUMBER else ())):
            if isinstance(event, Dialled) == (position.kind is Kind.CONNECT):
                yield event, world


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


def worlds(card: Card, position: Position, of: Callable[[Number], Sequence[Opening]] = states) -> list[World]:
    """The worlds that make a difference to what is said at a position.

    Each number, and the notice, whose state its script reads takes every state in turn. Meanwhile the others are open,
    if they ever are, and the notice does not run.
    """
    hours = {id_: of(number) for id_, number in card.numbers.items() if number.hours}
    usual = {id_: min(each, key=lambda state: isinstance(state, Closed)) for id_, each in hours.items()}
    different, varied = [World(usual)], set[str]()
    for world in different:  # grows while it is read
        script(card, position, world)
        for id_ in sorted(world.read - varied):
            varied.add(id_)
            others = [Open()] if id_ == NOTICE else [state for state in hours[id_] if state != usual[id_]]
            different += [World(usual | {id_: state}) for state in others]
    return different
