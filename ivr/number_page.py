# SPDX-License-Identifier: EUPL-1.2
"""What is said at one number: on its page, at the one for danger, and in the list of all."""

from collections.abc import Iterator

from ivr.card import Card, Number
from ivr.hours import Closed, Open, Opening
from ivr.position import NOT_CONNECTED, Position, Turn
from ivr.sentences import Digits, Either, Key, Moment, Sentence, Value, WeekHours, Words
from ivr.world import World


def emergency(position: Position, number: Number) -> Iterator[Sentence]:
    """What is said at the number for danger: little, since the caller's telephone must be free to call it."""
    if position.turn is Turn.TYPED_OTHER:
        yield from (*_typed_other(number), of(number, "no_danger"))
        return
    yield from (of(number, "first", number=Digits(number.number)), again(number))
    for id_ in ("not_connected", "where", "no_danger", "hang_up"):
        yield of(number, id_)


def number_page(card: Card, position: Position, number: Number, world: World) -> Iterator[Sentence]:
    """What is said at another number: first its short name and the number, twice; then what the organisation does."""
    opening = world.opening(number)
    closed = isinstance(opening, Closed)
    first = _named(number, opening, "first", "closed")
    connecting = list(_connecting(card, number, opening, "offer"))
    choices = Sentence("line.choices")
    match position.turn:
        case Turn.TYPED | Turn.TYPED_OTHER:
            typed = position.turn is Turn.TYPED
            yield from _typed(card, number, opening) if typed else _typed_other(card.emergency)
            yield from (*connecting, *_instead(card, number, world, when=closed), choices)
        case Turn.NOINPUT:
            yield first if closed else again(number)
            yield from (*connecting, *_instead(card, number, world, when=closed), choices)
        case Turn.COMPLETED:
            yield of(number, "completed", number=Digits(number.number))
            yield of(card.emergency, "list", number=Digits(card.emergency.number))  # no key was heard meanwhile
            yield from (*_connecting(card, number, opening, "reconnect"), choices)
        case turn if turn in NOT_CONNECTED:
            yield first if closed else of(number, turn.replace("-", "_"), number=Digits(number.number))
            yield of(card.emergency, "list", number=Digits(card.emergency.number))  # no key was heard meanwhile
            yield from _connecting(card, number, opening, "retry")
            others = list(_instead(card, number, world, "line.instead_short"))
            yield from (Sentence("line.repeat_short"), *others) if others else (choices,)
        case _ if closed:
            yield from (first, danger(card), *_instead(card, number, world), *_again_slowly(number, position))
            yield from (of(number, "about_closed"), *_form(number), choices)
        case _:
            yield from (first, *connecting, *_again_slowly(number, position), of(number, "about"), *_form(number))
            yield from (*connecting, choices)  # the choices before the hours, which few wait for
            if isinstance(opening, Open) and opening.week:
                yield of(number, "hours" if opening.usual else "hours_now", hours=WeekHours(opening.week))
            yield Sentence(f"numbers.{number.id}.full_name", optional=True)


def _again_slowly(number: Number, position: Position) -> Iterator[Sentence]:
    """The number once more, to write it down; and what a caller should know before they dial it."""
    yield Sentence("line.again", {"number": Digits(number.number, slow=True)})
    if position.language and position.language not in number.speaks:  # the card does not say that they speak it
        yield Sentence("language.speaks_unknown")
    yield Sentence(f"numbers.{number.id}.cost", optional=not number.premium)
    if number.call_yourself:
        yield of(number, "call_yourself")
    yield Sentence("line.remembers")


def _connecting(card: Card, number: Number, opening: Opening, id_: str) -> Iterator[Sentence]:
    if number.connect and isinstance(opening, Open):
        yield of(number, id_, key=Key(card.connect_key))


def _instead(
    card: Card, number: Number, world: World, id_: str = "line.instead", *, when: bool = True
) -> Iterator[Sentence]:
    """Whom else to call: those of the card's alternatives that are open at this moment."""
    others = [other for other in number.instead if isinstance(world.opening(card.numbers[other]), Open)] if when else []
    if others:
        yield Sentence(id_, {"others": Either(tuple(map(name, dict.fromkeys(others))))})


def _form(number: Number) -> Iterator[Sentence]:
    if number.search:
        yield of(number, "form", search=Words(number.search))


def in_list(card: Card, position: Position, world: World, *, last: bool) -> Iterator[Sentence]:
    """A number in the list of all, and after the last of them what to press."""
    number = card.numbers[position.id]
    opening = world.opening(number)
    typed = position.turn is not Turn.FIRST
    if typed:
        yield from _typed_other(card.emergency)
    else:
        if number.emergency:
            yield Sentence("line.list")
        yield from (_named(number, opening, "list", "list_closed"), again(number))
    if last or typed:
        yield Sentence("line.list_again" if last else "line.choices")


def _typed_other(emergency: Number) -> Iterator[Sentence]:
    """What is said to somebody who types part of a number: it names none but 112, which they may be dialling."""
    yield Sentence("line.typed_other")
    yield of(emergency, "list", number=Digits(emergency.number))


def _typed(card: Card, number: Number, opening: Opening) -> Iterator[Sentence]:
    """What is said to somebody who typed a whole number: to hang up first, or that it is closed."""
    if isinstance(opening, Open):
        yield Sentence("line.typed", {"who": Either((name(number.id),)), "number": Digits(number.number)})
    else:
        yield _named(number, opening, "", "closed_typed" if opening.at else "closed")
        yield danger(card)


def _named(number: Number, opening: Opening, when_open: str, when_closed: str) -> Sentence:
    """The sentence that names a number and reads it; for a closed one also until when, if that is known."""
    digits = Digits(number.number)
    if isinstance(opening, Open):
        return of(number, when_open, number=digits)
    if opening.at is None:
        return of(number, f"{when_closed}_unknown", number=digits)
    return of(number, when_closed, number=digits, opens=Moment(opening.days, opening.at))


def again(number: Number) -> Sentence:
    """The number once more."""
    return Sentence("line.again", {"number": Digits(number.number)})


def danger(card: Card) -> Sentence:
    """What to do in danger."""
    return Sentence("line.danger", {"emergency": Digits(card.emergency.number)})


def goodbye(card: Card) -> Sentence:
    """The last words of a call."""
    return Sentence("line.goodbye", {"emergency": Digits(card.emergency.number)})


def of(number: Number, id_: str, /, **values: Value) -> Sentence:
    """A sentence of a number."""
    return Sentence(f"numbers.{number.id}.{id_}", values)


def name(id_: str) -> str:
    """The id of the sentence that names a number."""
    return f"numbers.{id_}.name"
