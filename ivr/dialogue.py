# SPDX-License-Identifier: EUPL-1.2
"""The pure core: (card, position, event, world) -> next position. No Flask, no TwiML, no clock.

Where a caller is, is one `Position`. What a caller does, or does not do, is one `Event`. Every event at every
position leads to a position, and without a key press each path ends in a goodbye.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.card import ALL, BACK, REPEAT
from ivr.hours import Closed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivr.card import Card
    from ivr.world import World


class Kind(StrEnum):
    """What sort of position it is."""

    MENU = "menu"
    CHAPTER = "chapter"
    NUMBER = "number"
    LIST = "list"
    CONNECT = "connect"
    GOODBYE = "goodbye"


class Turn(StrEnum):
    """Which time round it is at a place: what happened there before decides what is said."""

    FIRST = ""
    NOINPUT = "noinput"
    NOMATCH = "nomatch"
    NOMATCH_AGAIN = "nomatch-again"
    TYPED = "typed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    COMPLETED = "completed"
    GOODBYE = "goodbye"


OUTCOMES = {
    "completed": Turn.COMPLETED,
    "answered": Turn.COMPLETED,
    "busy": Turn.BUSY,
    "no-answer": Turn.NO_ANSWER,
}
"""Turn after a connection, by DialCallStatus (https://www.twilio.com/docs/voice/twiml/dial). Any other is a failure."""

AFTER_CONNECTION = (Turn.BUSY, Turn.NO_ANSWER, Turn.FAILED, Turn.COMPLETED)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a caller is: a place, the turn there, and how many keys of the emergency number were pressed in a row."""

    kind: Kind
    id: str
    turn: Turn = Turn.FIRST
    pressed: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys were pressed, usually one. `stale`: they answer an offer that this card does not make."""

    digits: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller let a whole wait pass (noinput)."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A connection ended, with Twilio's DialCallStatus."""

    status: str


Event = Keys | Silence | Dialled


def start(card: Card) -> Position:
    """Where every call begins."""
    return Position(Kind.MENU, card.start.id)


def positions(card: Card) -> Iterator[Position]:
    """Every place and turn of a card, with nothing pressed. A position that is not among them does not exist."""
    for menu in card.menus.values():
        if menu.chapter:
            yield Position(Kind.CHAPTER, menu.id)
        else:
            for turn in (Turn.FIRST, Turn.NOINPUT, Turn.NOMATCH, Turn.NOMATCH_AGAIN):
                yield Position(Kind.MENU, menu.id, turn)
    for number in card.numbers.values():
        turns = [Turn.FIRST, Turn.TYPED, Turn.GOODBYE]
        if not number.emergency:
            turns.append(Turn.NOINPUT)
        if number.connect:
            yield Position(Kind.CONNECT, number.id)
            turns += AFTER_CONNECTION
        for turn in turns:
            yield Position(Kind.NUMBER, number.id, turn)
        for turn in (Turn.FIRST, Turn.TYPED):
            yield Position(Kind.LIST, number.id, turn)
    yield Position(Kind.GOODBYE, card.start.id)


def offers(card: Card, position: Position) -> dict[str, Position]:
    """The keys that mean something at a place, and where they lead. The turn makes no difference.

    In the list of all numbers `0` begins it anew, but not where a number with a 0 is read: somebody may be typing that
    along, and is not led away. It works again at the goodbye, and in the menu that `#` leads to.
    """
    place = replace(position, turn=Turn.FIRST)
    if place.kind is Kind.CONNECT:
        return {}
    back = Position(Kind.MENU, card.home[position.id])
    common = {REPEAT: place, BACK: back}
    if place.kind is Kind.NUMBER:
        connect = card.numbers[position.id].connect
        return common | ({card.connect_key: Position(Kind.CONNECT, position.id)} if connect else {})
    again = {ALL: _all_numbers(card, position)}
    if place.kind is Kind.LIST:
        return common | (again if ALL not in card.numbers[position.id].digits else {})
    keys = card.menus[position.id].keys
    return common | again | {key: _place(card, target) for key, target in keys.items()}


def _place(card: Card, target: str) -> Position:
    if target in card.numbers:
        return Position(Kind.NUMBER, target)
    return Position(Kind.CHAPTER if card.menus[target].chapter else Kind.MENU, target)


def step(card: Card, position: Position, event: Event, world: World) -> Position:
    """Where the caller is after an event. What is closed is not connected."""
    if isinstance(event, Silence):
        return _silence(card, position)
    if isinstance(event, Dialled):
        return _outcome(card, position, event.status)
    pressed = _progress(card.emergency.digits, position.pressed, event.digits)
    if pressed is None:
        return Position(Kind.NUMBER, card.emergency.id)
    if event.stale:
        return Position(Kind.MENU, card.home[position.id], pressed=pressed)
    place = offers(card, position).get(event.digits) or _nomatch(card, position)
    if place.kind is Kind.CONNECT and isinstance(world.opening(card.numbers[place.id]), Closed):
        place = Position(Kind.NUMBER, place.id)
    return replace(place, pressed=pressed)


def _silence(card: Card, position: Position) -> Position:
    match position.kind, position.turn:
        case Kind.MENU, Turn.FIRST:
            return replace(position, turn=Turn.NOINPUT)
        case Kind.MENU, _:
            return _all_numbers(card, position)
        case Kind.CHAPTER, _:
            return Position(Kind.MENU, card.home[position.id], Turn.NOINPUT, position.pressed)
        case Kind.LIST, _:
            ids = list(card.numbers)
            following = ids[ids.index(position.id) + 1 :]
            if following:
                return Position(Kind.LIST, following[0], pressed=position.pressed)
            return Position(Kind.GOODBYE, card.start.id, pressed=position.pressed)
        case Kind.NUMBER, Turn.NOINPUT | Turn.COMPLETED | Turn.GOODBYE:
            return replace(position, turn=Turn.GOODBYE)
        case Kind.NUMBER, _:
            emergency = card.numbers[position.id].emergency
            return replace(position, turn=Turn.GOODBYE if emergency else Turn.NOINPUT)
        case Kind.CONNECT, _:
            return Position(Kind.NUMBER, position.id, Turn.FAILED, position.pressed)
        case _:
            return position


def _outcome(card: Card, position: Position, status: str) -> Position:
    if position.kind is Kind.CONNECT:
        return Position(Kind.NUMBER, position.id, OUTCOMES.get(status, Turn.FAILED), position.pressed)
    return Position(Kind.MENU, card.home[position.id], pressed=position.pressed)


def _nomatch(card: Card, position: Position) -> Position:
    """A key without a meaning. At a number it is somebody who types along, and nobody is led away."""
    match position.kind, position.turn:
        case Kind.MENU, Turn.FIRST | Turn.NOINPUT:
            return replace(position, turn=Turn.NOMATCH)
        case Kind.MENU, Turn.NOMATCH:
            return replace(position, turn=Turn.NOMATCH_AGAIN)
        case Kind.MENU, _:
            return _all_numbers(card, position)
        case Kind.CHAPTER | Kind.GOODBYE, _:
            return Position(Kind.MENU, card.home[position.id], Turn.NOMATCH)
        case Kind.CONNECT, _:
            return Position(Kind.NUMBER, position.id, Turn.TYPED)
        case _:
            return replace(position, turn=Turn.TYPED)


def _all_numbers(card: Card, position: Position) -> Position:
    return Position(Kind.LIST, next(iter(card.numbers)), pressed=position.pressed)


def _progress(wanted: str, pressed: int, digits: str) -> int | None:
    """How much of the emergency number stands at the end of all that was pressed; None when the whole was."""
    run = wanted[:pressed]
    for digit in digits:
        run += digit
        if run.endswith(wanted):
            return None
        while not wanted.startswith(run):
            run = run[1:]
    return len(run)
