# SPDX-License-Identifier: EUPL-1.2
"""How long a caller of any card waits, and how long that may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ivr.dialogue import AFTER_CONNECTION, Kind, Position, Turn, positions
from ivr.graph import silent_path, states
from ivr.hours import ALWAYS, Closed
from ivr.language import PAUSE
from ivr.phone import speech
from ivr.phone.events import Ended, Moment, Said, Waiting, elapsed
from ivr.script import Connect

if TYPE_CHECKING:
    from ivr.card import Number
    from ivr.hours import Opening
    from ivr.line import Line

DANGER, MENU, NUMBER, NUMBER_LATER, ALL_NUMBERS, END = 6, 40, 9, 12, 160, 240
"""Seconds at most, measured with espeak-ng: until the emergency number was said; one pass of a menu; from a key until
a number was read once, the same when it is closed or a connection failed; until somebody who never presses has heard
all numbers; until somebody who presses nothing more has heard a goodbye."""

NUMBERS, EACH = 5, 25
"""The bounds for all numbers and for the end are for five numbers; each number more may take so many seconds."""

CHOICES, CHOICE = 6, 4
"""The bound for a menu is for six choices; each choice more may take so many seconds."""

Speak = Callable[[str], float]
"""Gives the seconds of an utterance: text with its breaks."""


class Wait(NamedTuple):
    """A wait at a position: which bound it is held against, how long it takes, and how long it may (seconds)."""

    bound: str
    position: Position
    seconds: float
    most: int


def waits(line: Line, speak: Speak) -> Iterator[Wait]:
    """Every wait that has a bound, on any card, in the opening state that takes longest.

    Where a number is never said there is nothing to measure, and another check tells it.
    """
    longest = cache(lambda place: _longest(line, place))
    start = line.start()

    def until(moments: list[Moment], number: Number) -> float:
        said = line.language.digits(number.number).replace(PAUSE, " ")
        try:
            return elapsed(moments, speak, until=said)
        except ValueError:
            return 0.0

    yield Wait("danger", start, until(longest(start), line.card.emergency), DANGER)
    for place in positions(line.card):
        if place.kind is Kind.MENU and place.turn is Turn.FIRST:
            more = max(0, len(line.card.menus[place.id].keys) - CHOICES) * CHOICE
            yield Wait("menu", place, elapsed(longest(place), speak), MENU + more)
        elif place.kind is Kind.NUMBER and place.turn in (Turn.FIRST, *AFTER_CONNECTION):
            number = line.card.numbers[place.id]
            for opening in states(number):
                later = place.turn is not Turn.FIRST or isinstance(opening, Closed)
                most = NUMBER_LATER if later else NUMBER
                yield Wait("number", place, until(heard(line, place, opening), number), most)
        if place.kind is not Kind.CONNECT:
            path = [moment for silent in silent_path(line.card, place) for moment in longest(silent)]
            more = max(0, len(line.card.numbers) - NUMBERS) * EACH
            yield Wait("end", place, elapsed([*path, Ended("line")], speak), END + more)
            if place == start:
                last = list(line.card.numbers.values())[-1]
                yield Wait("all-numbers", place, until(path, last), ALL_NUMBERS + more)


def heard(line: Line, position: Position, opening: Opening = ALWAYS) -> list[Moment]:
    """What a caller hears at a position, and the wait after it."""
    said: list[Moment] = [*speech.heard(line.render(position, opening))]
    then = line.script(position, opening).then
    return said if isinstance(then, Connect) else [*said, Waiting(then.seconds)]


def _longest(line: Line, place: Position) -> list[Moment]:
    """What is heard at a position in the opening state that has most to say."""
    number = line.card.numbers.get(place.id)
    return max((heard(line, place, opening) for opening in states(number)), key=_length)


def _length(moments: list[Moment]) -> int:
    return sum(len(moment.text) for moment in moments if isinstance(moment, Said))
