# SPDX-License-Identifier: EUPL-1.2
"""How long a caller of any card waits, and how long that may be."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ivr.card import Menu, Number
from ivr.dialogue import positions, start
from ivr.hours import Closed
from ivr.language import PAUSE
from ivr.phone import speech
from ivr.phone.events import CallEvent, Ended, Waiting, elapsed
from ivr.position import AFTER_CONNECTION, Kind, Position, Turn
from ivr.proof.graph import once, silent_path
from ivr.proof.walked import Walked
from ivr.script import Connect
from ivr.world import NOTICE, World

BOUNDS = {
    "danger": (5, 6),
    "menu": (32, 36),
    "number": (9, 11),
    "number-later": (12, 14),
    "all-numbers": (150, 166),
    "end": (240, 240),
}
"""Seconds at most, measured with espeak-ng, in the first language and in another: until the emergency number was said;
one pass of a menu; from a key until a number was read once, the same when it is closed or a connection failed; until
somebody who never presses has heard all numbers; until somebody who presses nothing more has heard a goodbye."""

NUMBERS, EACH = 5, 25
"""The bounds for all numbers and for the end are for five numbers; each number more may take so many seconds."""

CHOICES, CHOICE = 6, 4
"""The bounds are for six choices in a menu; each more may take so many seconds there, and so in a silent call twice."""

OFFER = 6
"""Seconds that the offer of other languages may add to the first menu, and so to all numbers. The names of more than
two are said in the first menu and in the short one, and may take them twice."""

OFFERED, NAME = 5, 2
"""The bound for the offer is for so many languages, the first included; each more may take so many seconds."""


class Wait(NamedTuple):
    """A wait at a position: which bound it is held against, how long it takes, and how long it may (seconds)."""

    bound: str
    position: Position
    seconds: float
    most: float


def waits(walked: Walked) -> Iterator[Wait]:
    """Every wait that has a bound, on any card, in the world in which it takes longest.

    What a card may add comes on top of the bounds: the notice, and for whoever waits the connection with its page.
    Where a number is never said there is nothing to measure, and another check reports it.
    """
    card, speak = walked.card, walked.speak
    starts = [start(card, language) for language in ("", *card.languages[1:])]
    offer = OFFER + max(0, len(card.languages) - OFFERED) * NAME if card.languages[1:] else 0
    longest = once(card, lambda position: heard(walked, position, wordiest(walked, position)))
    lasts = once(card, lambda position: elapsed([*longest(position), Ended("line")], speak))

    def until(moments: list[CallEvent], number: Number, language: str) -> float:
        said = walked.line.spoken(language).sentences.language.digits(number.number).replace(PAUSE, " ")
        try:
            return elapsed(moments, speak, until=said)
        except ValueError:
            return 0.0

    for position in starts:
        seconds = until(longest(position), card.emergency, position.language)
        yield Wait("danger", position, seconds, _most("danger", position))
    for position in positions(card):
        if position.kind in (Kind.MENU, Kind.LANGUAGES) and position.turn is Turn.FIRST:
            more = _choices(card.menus[position.id]) + (offer if position in starts else 0)
            more += added(walked, [position], lasts)
            yield Wait("menu", position, elapsed(longest(position), speak), _most("menu", position) + more)
        elif position.kind is Kind.NUMBER and position.turn in (Turn.FIRST, *AFTER_CONNECTION):
            number = card.numbers[position.id]
            for world in walked.worlds(position):
                later = position.turn is not Turn.FIRST or isinstance(world.opening(number), Closed)
                seconds = until(heard(walked, position, world), number, position.language)
                yield Wait("number", position, seconds, _most("number-later" if later else "number", position))
        if position.kind is not Kind.CONNECT:
            path = silent_path(card, position)
            more = max(0, len(card.numbers) - NUMBERS) * EACH + 2 * _choices(card.start) + added(walked, path, lasts)
            yield Wait("end", position, sum(map(lasts, path)), _most("end", position) + more)
            if position in starts:
                last = list(card.numbers.values())[-1]
                moments = [moment for silent in path for moment in longest(silent)]
                seconds = until(moments, last, position.language)
                more += 2 * offer if card.languages[2:] else offer
                yield Wait("all-numbers", position, seconds, _most("all-numbers", position) + more)


def _most(bound: str, position: Position) -> float:
    return BOUNDS[bound][1 if position.language else 0]


def _choices(menu: Menu) -> float:
    """Seconds that the choices of a menu may take more."""
    return max(0, len(menu.keys) - CHOICES) * CHOICE


def added(walked: Walked, path: list[Position], lasts: Callable[[Position], float]) -> float:
    """Seconds that come on top of a bound on a path where nobody presses: the notice, a connection and its page."""
    connections = [index for index, position in enumerate(path) if position.kind is Kind.CONNECT]
    more = sum(lasts(position) for index in connections for position in path[index : index + 2])
    for start_ in (position for position in path if position == start(walked.card, position.language)):
        states = wordiest(walked, start_).states
        unnoticed = World({id_: state for id_, state in states.items() if id_ != NOTICE})
        more += lasts(start_) - elapsed([*heard(walked, start_, unnoticed), Ended("line")], walked.speak)
    return more


def heard(walked: Walked, position: Position, world: World) -> list[CallEvent]:
    """What a caller hears at a position, and the wait after it."""
    said: list[CallEvent] = [*speech.heard(walked.answer(position, world), walked.line.recordings)]
    then = walked.script(position, world).then
    return said if isinstance(then, Connect) else [*said, Waiting(then.seconds)]


def wordiest(walked: Walked, position: Position) -> World:
    """The world in which most is said at a position."""
    return max(walked.worlds(position), key=lambda world: sum(map(len, walked.said(position, world))))
