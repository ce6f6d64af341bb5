# SPDX-License-Identifier: EUPL-1.2
"""What is said at a position, as data: sentences by id with what fills them, and then listen, connect or hang up.

No language and no sentence is known here. What the sentences of a card are, and what each leaves open, is found by
walking its scripts (`needed`), and is written down nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from ivr.dialogue import AFTER_CONNECTION, Kind, Turn, positions
from ivr.hours import Closed, Open
from ivr.sentences import Digits, Either, Hours, Key, Moment, Sentence
from ivr.world import World

if TYPE_CHECKING:
    from ivr.card import Card, Number
    from ivr.dialogue import Position
    from ivr.hours import Opening
    from ivr.sentences import Value

PATIENCE = 10
"""Seconds that the line waits for a key. People answer a voice by talking, and look for their glasses."""

NEXT = 2
"""Seconds between two numbers of the list, in which a key stays at the first; then comes the next."""

PARTING = 3
"""Seconds after a goodbye in which a key still counts."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait so many seconds for a key; silence goes on to the next position."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Wait so many seconds for a key; silence ends the call."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect to a number (E.164)."""

    number: str


@dataclass(frozen=True, slots=True)
class Script:
    """What is said, and what follows."""

    sentences: tuple[Sentence, ...]
    then: Listen | Finish | Connect


def script(card: Card, position: Position, world: World) -> Script:
    """What is said at a position of a card, as the world is."""
    match position.kind:
        case Kind.MENU:
            return Script(tuple(_menu(card, position)), Listen(PATIENCE))
        case Kind.CHAPTER:
            return Script(tuple(_chapter(card, position)), Listen(PATIENCE))
        case Kind.GOODBYE:
            return Script((_goodbye(card),), Finish(PARTING))
    number = card.numbers[position.id]
    if position.kind is Kind.CONNECT and number.connect:
        return Script((_of(number, "connect"),), Connect(number.connect))
    if position.turn is Turn.GOODBYE:
        end = _of(number, "end", number=Digits(number.number)) if number.emergency else _goodbye(card)
        return Script((end,), Finish(PARTING))
    opening = world.opening(number)
    if position.kind is Kind.LIST:
        # Whoever presses a key is not led on before they had time to hear what to do, nor is anybody at the end.
        stays = position.turn is Turn.TYPED or number is list(card.numbers.values())[-1]
        choices = [Sentence("line.choices")] if stays else []
        return Script((*_listed(card, position, number, opening), *choices), Listen(PATIENCE if stays else NEXT))
    return Script(tuple(_number(card, position, number, opening)), Listen(PATIENCE))


def without_a_service(card: Card) -> tuple[Sentence, ...]:
    """What is said when nobody can ask what was pressed: 112 first, all numbers twice, a goodbye.

    It is fixed text, so it does not know what is open.
    """
    listed = (
        sentence
        for number in card.numbers.values()
        for sentence in (_of(number, "list", number=Digits(number.number)), _again(number))
    )
    return (_danger(card), Sentence("line.list"), *listed, _goodbye(card))


def needed(card: Card) -> dict[str, Sentence]:
    """Every sentence that a card needs, by id, each as it is said somewhere."""
    found = {_name(id_): Sentence(_name(id_)) for id_ in card.numbers}  # which the map shows
    for state in _STATES:
        world = World(dict.fromkeys(card.numbers, state))
        for position in positions(card):
            for sentence in script(card, position, world).sentences:
                found[sentence.id] = sentence
                inside = [value.ids for value in sentence.values.values() if isinstance(value, Either)]
                found |= {id_: Sentence(id_) for ids in inside for id_ in ids}
    return found


_SOME_DAY = datetime(2024, 3, 4, 9)  # noqa: DTZ001 - local, as in Closed
_SOME_WEEK = (((time(9), time(17)),),) * 7
_STATES: tuple[Opening, ...] = (
    Open(_SOME_WEEK),
    Open(_SOME_WEEK, usual=False),
    Closed(1, _SOME_DAY),
    Closed(),
)
"""An opening state of each sort: together they lead to every sentence."""


def _menu(card: Card, position: Position) -> Iterator[Sentence]:
    root = position.id == card.start.id
    keys = dict(sorted(card.menus[position.id].keys.items()))
    about = f"menus.{position.id}"
    if position.turn is Turn.FIRST:
        if root:
            yield _danger(card)
        yield Sentence(f"{about}.about")
        yield from _choices(about, keys, ".long")
        yield Sentence("line.repeat")
        yield Sentence("line.all")
        if not root:
            yield Sentence("line.back")
        return
    yield Sentence("line.noinput" if position.turn is Turn.NOINPUT else "line.nomatch")
    yield from _choices(about, keys, ".short")
    if not root:
        yield Sentence("line.back_short")
    yield Sentence("line.repeat_short")
    yield Sentence("line.all_short")


def _chapter(card: Card, position: Position) -> Iterator[Sentence]:
    about = f"chapters.{position.id}"
    yield Sentence(f"{about}.about")
    yield from _choices(about, card.menus[position.id].keys)
    yield Sentence("line.choices")


def _choices(about: str, keys: Mapping[str, str], length: str = "") -> Iterator[Sentence]:
    for key, target in keys.items():
        yield Sentence(f"{about}.choices.{target}{length}", {"key": Key(key)})


def _number(card: Card, position: Position, number: Number, opening: Opening) -> Iterator[Sentence]:
    """The short name and the number come first, and the number comes twice; what they do comes after it."""
    closed = isinstance(opening, Closed)
    first = _named(number, opening, "first", "closed")
    connect_key = {"key": Key(card.connect_key)}
    offer = [_of(number, "offer", **connect_key)] if number.connect and not closed else []
    instead = [Sentence("line.instead", {"others": _others(number)})] if closed else []
    choices = Sentence("line.choices")
    match position.turn:
        case Turn.TYPED if number.emergency:
            yield from (_typed(number), _of(number, "about"))
        case Turn.TYPED:
            yield _typed(number)
            if closed:
                yield from (first, _danger(card))
            yield from (*offer, *instead, choices)
        case Turn.NOINPUT:
            yield from (first if closed else _again(number), *offer, *instead, choices)
        case Turn.COMPLETED:
            yield from (_of(number, "completed", number=Digits(number.number)), choices)
        case turn if turn in AFTER_CONNECTION:
            yield _of(number, turn.replace("-", "_"), number=Digits(number.number))
            if offer:
                yield _of(number, "retry", **connect_key)
            yield Sentence("line.repeat_short")
            yield Sentence("line.instead_short", {"others": _others(number)})
        case _ if number.emergency:
            yield from (first, _again(number), _of(number, "about"))
        case _ if closed:
            yield from (first, _danger(card), *instead, _again(number), _of(number, "about_closed"))
            yield from (*_form(number), choices)
        case _:
            yield from (first, *offer, _again(number), _of(number, "about"))
            yield from (*_form(number), *_hours(number, opening))
            yield Sentence(f"numbers.{number.id}.full_name", optional=True)
            yield from (*offer, choices)


def _form(number: Number) -> Iterator[Sentence]:
    if number.form:
        yield _of(number, "form", address=Either((f"numbers.{number.id}.address",)))


def _hours(number: Number, opening: Opening) -> Iterator[Sentence]:
    if isinstance(opening, Open) and opening.week:
        yield _of(number, "hours" if opening.usual else "hours_now", hours=Hours(opening.week))


def _listed(card: Card, position: Position, number: Number, opening: Opening) -> Iterator[Sentence]:
    named = _named(number, opening, "list", "list_closed")
    if position.turn is Turn.TYPED:
        yield _typed(number)
        if isinstance(opening, Closed):
            yield named
        return
    if number is next(iter(card.numbers.values())):
        yield Sentence("line.list")
    yield from (named, _again(number))


def _named(number: Number, opening: Opening, when_open: str, when_closed: str) -> Sentence:
    """What names a number and reads it: as it is when open, or closed until when."""
    digits = Digits(number.number)
    if isinstance(opening, Open):
        return _of(number, when_open, number=digits)
    if opening.at is None:
        return _of(number, f"{when_closed}_unknown", number=digits)
    return _of(number, when_closed, number=digits, opens=Moment(opening.days, opening.at))


def _others(number: Number) -> Either:
    return Either(tuple(map(_name, number.instead)))


def _typed(number: Number) -> Sentence:
    return Sentence("line.typed", {"number": Digits(number.number)})


def _again(number: Number) -> Sentence:
    return Sentence("line.again", {"number": Digits(number.number)})


def _danger(card: Card) -> Sentence:
    return Sentence("line.danger", {"emergency": Digits(card.emergency.number)})


def _goodbye(card: Card) -> Sentence:
    return Sentence("line.goodbye", {"emergency": Digits(card.emergency.number)})


def _of(number: Number, id_: str, /, **values: Value) -> Sentence:
    return Sentence(f"numbers.{number.id}.{id_}", values)


def _name(id_: str) -> str:
    return f"numbers.{id_}.name"
