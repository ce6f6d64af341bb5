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

from ivr.dialogue import back, listed, positions, waits
from ivr.hours import Closed, Open
from ivr.position import NOT_CONNECTED, Kind, Position, Turn
from ivr.sentences import Digits, Either, Hours, Key, Moment, Sentence, Words
from ivr.world import NOTICE, World

if TYPE_CHECKING:
    from ivr.card import Card, Number
    from ivr.hours import Opening
    from ivr.sentences import Value

PATIENCE = 10
"""Seconds that the line waits for a key. People answer a voice by talking, and look for their glasses."""

SOON = 5
"""Seconds that it waits at the number for danger: the telephone must be free to call it."""

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
            return Script(tuple(_menu(card, position, world)), Listen(PATIENCE))
        case Kind.CHAPTER:
            return Script(tuple(_chapter(card, position)), Listen(PATIENCE))
        case Kind.GOODBYE:
            return Script((_goodbye(card),), Finish(PARTING))
    number = card.numbers[position.id]
    if position.kind is Kind.CONNECT and number.connect:
        return Script((_of(number, "connect"), _of(number, "caller_id")), Connect(number.connect))
    if position.turn is Turn.GOODBYE:
        end = _of(number, "end", number=Digits(number.number)) if number.emergency else _goodbye(card)
        return Script((end,), Finish(PARTING))
    if position.kind is Kind.LIST:
        last = number is listed(card, back(card, position), anew=position.anew)[-1]
        # Whoever presses a key is not led on before they had time to hear what to do, nor is anybody at the end.
        wait = PATIENCE if last or position.turn is Turn.TYPED else NEXT
        return Script(tuple(_listed(card, position, world, last=last)), Listen(wait))
    if number.emergency:
        return Script(tuple(_emergency(position, number)), Listen(SOON))
    return Script(tuple(_number(card, position, number, world)), Listen(PATIENCE))


def without_a_service(card: Card) -> tuple[Sentence, ...]:
    """What is said when nobody can ask what was pressed: 112 first, all numbers twice, a goodbye.

    It is fixed text, so it does not know what is open.
    """
    read = (
        sentence
        for number in listed(card, card.start.id)
        for sentence in (_of(number, "list", number=Digits(number.number)), _again(number))
    )
    return (_danger(card), Sentence("line.list"), *read, _goodbye(card))


def needed(card: Card) -> dict[str, Sentence]:
    """Every sentence that a card needs, by id, each as it is said somewhere."""
    found = {_name(id_): Sentence(_name(id_)) for id_ in card.numbers}  # which the map shows
    for state in _STATES:
        for position in positions(card):
            asked = card.wait if position.kind is Kind.MENU else position.id
            world = World({asked or "": state, NOTICE: Open()})  # all others are open, or nobody would be named
            found |= {sentence.id: sentence for sentence in script(card, position, world).sentences}
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


def _menu(card: Card, position: Position, world: World) -> Iterator[Sentence]:
    root = position.id == card.start.id
    keys = dict(sorted(card.menus[position.id].keys.items()))
    about = f"menus.{position.id}"
    if position.turn is Turn.FIRST:
        if root:
            yield _danger(card)
        if root and world.noticed(card.notice):
            yield Sentence("line.notice")
        yield Sentence(f"{about}.about")
        yield from _choices(about, keys, ".long")
        yield Sentence("line.all")
        if not root:
            yield Sentence("line.back")
        return
    if position.turn is Turn.NOINPUT:
        yield Sentence("line.noinput")
    elif position.turn is not Turn.BACK:
        yield Sentence("line.nomatch")
    yield from _choices(about, keys, ".short")
    if not root:
        yield Sentence("line.back_short")
    yield Sentence("line.repeat_short")
    number = waits(card, world)
    yield _of(number, "wait") if number else Sentence("line.all_short")


def _chapter(card: Card, position: Position) -> Iterator[Sentence]:
    about = f"chapters.{position.id}"
    yield Sentence(f"{about}.about" if position.turn is Turn.FIRST else "line.nomatch")
    yield from _choices(about, card.menus[position.id].keys)
    yield Sentence("line.choices")


def _choices(about: str, keys: Mapping[str, str], length: str = "") -> Iterator[Sentence]:
    for key, target in keys.items():
        yield Sentence(f"{about}.choices.{target}{length}", {"key": Key(key)})


def _emergency(position: Position, number: Number) -> Iterator[Sentence]:
    """The number for danger is for the caller's own telephone, which must be free soon."""
    if position.turn is Turn.TYPED:
        yield _typed(number)
    else:
        yield from (_of(number, "first", number=Digits(number.number)), _again(number))
    for id_ in ("not_connected", "where", "no_danger", "hang_up"):
        yield _of(number, id_)


def _number(card: Card, position: Position, number: Number, world: World) -> Iterator[Sentence]:
    """The short name and the number come first, and the number comes twice; what they do comes after it."""
    opening = world.opening(number)
    closed = isinstance(opening, Closed)
    first = _named(number, opening, "first", "closed")
    offer = list(_offer(card, number, opening, "offer"))
    choices = Sentence("line.choices")
    match position.turn:
        case Turn.TYPED:
            yield from _typed_at(card, number, opening)
            yield from (*offer, *_instead(card, number, world, when=closed), choices)
        case Turn.NOINPUT:
            yield first if closed else _again(number)
            yield from (*offer, *_instead(card, number, world, when=closed), choices)
        case Turn.COMPLETED:
            yield _of(number, "completed", number=Digits(number.number))
            yield from (*_offer(card, number, opening, "reconnect"), choices)
        case turn if turn in NOT_CONNECTED:
            yield _of(number, turn.replace("-", "_"), number=Digits(number.number))
            yield from _offer(card, number, opening, "retry")
            others = list(_instead(card, number, world, "line.instead_short"))
            yield from (Sentence("line.repeat_short"), *others) if others else (choices,)
        case _ if closed:
            yield from (first, _danger(card), *_instead(card, number, world), *_again_slowly(number))
            yield from (_of(number, "about_closed"), *_form(number), choices)
        case _:
            yield from (first, *offer, *_again_slowly(number), _of(number, "about"), *_form(number))
            if isinstance(opening, Open) and opening.week:
                yield _of(number, "hours" if opening.usual else "hours_now", hours=Hours(opening.week))
            yield Sentence(f"numbers.{number.id}.full_name", optional=True)
            yield from (*offer, choices)


def _again_slowly(number: Number) -> Iterator[Sentence]:
    """The number once more, to write it down; and what a caller should know before they dial it."""
    yield Sentence("line.again", {"number": Digits(number.number, slow=True)})
    yield Sentence(f"numbers.{number.id}.cost", optional=not number.premium)
    if number.call_yourself:
        yield _of(number, "call_yourself")
    if number.connect or number.call_yourself:
        yield Sentence("line.remembers")


def _offer(card: Card, number: Number, opening: Opening, id_: str) -> Iterator[Sentence]:
    if number.connect and isinstance(opening, Open):
        yield _of(number, id_, key=Key(card.connect_key))


def _instead(
    card: Card, number: Number, world: World, id_: str = "line.instead", *, when: bool = True
) -> Iterator[Sentence]:
    """Whom else to call: who is not closed by the card at this moment."""
    others = [other for other in number.instead if isinstance(world.opening(card.numbers[other]), Open)] if when else []
    if others:
        yield Sentence(id_, {"others": Either(tuple(map(_name, dict.fromkeys(others))))})


def _form(number: Number) -> Iterator[Sentence]:
    if number.search:
        yield _of(number, "form", search=Words(number.search))


def _listed(card: Card, position: Position, world: World, *, last: bool) -> Iterator[Sentence]:
    number = card.numbers[position.id]
    opening = world.opening(number)
    if position.turn is Turn.TYPED:
        yield from _typed_at(card, number, opening)
    else:
        if number.emergency:
            yield Sentence("line.list")
        yield from (_named(number, opening, "list", "list_closed"), _again(number))
    if last or position.turn is Turn.TYPED:
        yield Sentence("line.list_again" if last else "line.choices")


def _typed_at(card: Card, number: Number, opening: Opening) -> Iterator[Sentence]:
    """What is said to somebody who types a number along: to hang up first, or that it is closed."""
    if isinstance(opening, Open):
        yield _typed(number)
    else:
        yield _named(number, opening, "", "closed_typed" if opening.at else "closed")
        yield _danger(card)


def _named(number: Number, opening: Opening, when_open: str, when_closed: str) -> Sentence:
    """What names a number and reads it: as it is when open, or closed until when."""
    digits = Digits(number.number)
    if isinstance(opening, Open):
        return _of(number, when_open, number=digits)
    if opening.at is None:
        return _of(number, f"{when_closed}_unknown", number=digits)
    return _of(number, when_closed, number=digits, opens=Moment(opening.days, opening.at))


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
