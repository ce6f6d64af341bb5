# SPDX-License-Identifier: EUPL-1.2
"""What is said at a position, as data: sentences by id with what fills them, and then listen, connect or hang up.

This module knows no language and no text. Which sentences a card needs, and which blanks each has, `needed` finds by
walking its scripts; that is written down nowhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from ivr.card import LANGUAGE_KEY, Card
from ivr.dialogue import LANGUAGES, back, key_to_first, listed, positions, waits
from ivr.hours import Closed, Open, Opening
from ivr.number_page import again, danger, emergency, goodbye, in_list, name, number_page, of
from ivr.position import Kind, Position, Turn
from ivr.sentences import Digits, Key, Sentence
from ivr.world import NOTICE, World

PATIENCE = 10
"""Seconds that the line waits for a key. People answer a voice by talking, and look for their glasses."""

SOON = 5
"""Seconds that it waits at the number for danger: the telephone must be free to call it."""

NEXT = 2
"""Seconds between two numbers of the list, in which a key stays at the first; then comes the next."""

PARTING = 3
"""Seconds after a goodbye in which a key still counts."""

RINGING = 25
"""Seconds that a number may ring; Twilio adds about five (https://www.twilio.com/docs/voice/twiml/dial)."""

TALKING = 3 * 60 * 60
"""Seconds that a connected call may last: a conversation here may be long."""


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
        case Kind.LANGUAGES:
            return Script(tuple(_languages(card, position)), Listen(PATIENCE))
        case Kind.GOODBYE:
            return Script((goodbye(card),), Finish(PARTING))
    number = card.numbers[position.id]
    if position.kind is Kind.CONNECT and number.connect:
        return Script((of(number, "connect"), of(number, "caller_id")), Connect(number.connect))
    if position.turn is Turn.GOODBYE:
        end = of(number, "end", number=Digits(number.number)) if number.emergency else goodbye(card)
        return Script((end,), Finish(PARTING))
    if position.kind is Kind.LIST:
        last = number is listed(card, back(card, position), anew=position.anew)[-1]
        # After a key, and at the end of the list, the caller gets time to choose before the line goes on.
        wait = PATIENCE if last or position.turn is not Turn.FIRST else NEXT
        return Script(tuple(in_list(card, position, world, last=last)), Listen(wait))
    if number.emergency:
        return Script(tuple(emergency(position, number)), Listen(SOON))
    return Script(tuple(number_page(card, position, number, world)), Listen(PATIENCE))


def without_a_service(card: Card) -> tuple[Sentence, ...]:
    """What is said when the service does not answer: danger in each language, and then all numbers in each.

    In the first language each number is said twice. It is fixed text: it takes no keys, and does not know what is open.
    """
    first, *others = card.languages or ("",)
    numbers = [
        (of(number, "list", number=Digits(number.number)), again(number)) for number in listed(card, card.start.id)
    ]
    said = [replace(danger(card), language=code) for code in (first, *others)]
    twice = [Sentence("line.list"), *(sentence for both in numbers for sentence in both), goodbye(card)]
    said += [replace(sentence, language=first) for sentence in twice]
    once = [*(named for named, _ in numbers), goodbye(card)]
    return (*said, *(replace(sentence, language=code) for code in others for sentence in once))


def needed(card: Card, language: str = "") -> dict[str, Sentence]:
    """Every sentence that a card needs in a language, by id, each as it is said somewhere."""
    sentences = {name(id_): Sentence(name(id_)) for id_ in card.numbers}  # which the map shows
    in_language = [position for position in positions(card) if position.language == language]
    for state in STATES:
        for position in in_language:
            asked = card.wait if position.kind is Kind.MENU else position.id
            world = World({asked or "": state, NOTICE: Open()})  # all others are open: only those are named instead
            said = script(card, position, world).sentences
            sentences |= {sentence.id: sentence for sentence in said if not sentence.language}
    return sentences


_SOME_DAY = datetime(2024, 3, 4, 9)  # noqa: DTZ001 - local, as in Closed
_SOME_WEEK = (((time(9), time(17)),),) * 7
STATES: tuple[Opening, ...] = (Open(_SOME_WEEK), Open(_SOME_WEEK, usual=False), Closed(1, _SOME_DAY), Closed())
"""An opening state of each sort: together they lead to every sentence."""


def _menu(card: Card, position: Position, world: World) -> Iterator[Sentence]:
    root = position.id == card.start.id
    keys = dict(sorted(card.menus[position.id].keys.items()))
    about = f"menus.{position.id}"
    if position.turn is Turn.FIRST:
        if root:
            yield danger(card)
            yield from _other_languages(card, position)
        if root and world.noticed(card.notice):
            yield Sentence("line.notice", or_first=True)  # written in a hurry, when nobody is there to translate it
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
    if root:
        yield from _other_languages(card, position)
    else:
        yield Sentence("line.back_short")
    yield Sentence("line.repeat_short")
    number = waits(card, world)
    yield of(number, "wait") if number else Sentence("line.all_short")


def _other_languages(card: Card, position: Position) -> Iterator[Sentence]:
    """The sentences that offer other languages: a single one in full at first, otherwise each by its short name.

    Whoever has chosen one of several hears one sentence about the others, in their own.
    """
    first, *others = card.languages or ("",)
    spoken = position.language or first
    key = {"key": Key(key_to_first(card) if position.language and not others[1:] else LANGUAGE_KEY)}
    if others[1:] and position.language:
        yield Sentence("language.others", key, optional=True)
    elif others[1:] or position.turn is not Turn.FIRST:
        names = [code for code in card.languages if code != spoken]
        yield from (Sentence("language.short", key, optional=True, language=code) for code in names)
    elif position.language:
        yield Sentence(f"language.to_{first}", key)
    else:
        yield from (Sentence("language.offer", key, language=code) for code in others)


def _languages(card: Card, position: Position) -> Iterator[Sentence]:
    """Each language offers itself; after a silence once more, and only that."""
    if position.turn not in (Turn.FIRST, Turn.NOINPUT):
        yield Sentence("line.nomatch")
    for key, code in zip(LANGUAGES, card.languages, strict=False):
        yield Sentence("language.offer", {"key": Key(key)}, language=code)
    if position.turn is not Turn.NOINPUT:
        yield Sentence("line.choices")


def _chapter(card: Card, position: Position) -> Iterator[Sentence]:
    about = f"chapters.{position.id}"
    if position.turn is Turn.FIRST:
        yield Sentence(f"{about}.before", optional=True)  # heard, and not read on the page
    yield Sentence(f"{about}.about" if position.turn is Turn.FIRST else "line.nomatch")
    yield from _choices(about, card.menus[position.id].keys)
    yield Sentence("line.choices")


def _choices(about: str, keys: Mapping[str, str], length: str = "") -> Iterator[Sentence]:
    for key, target in keys.items():
        yield Sentence(f"{about}.choices.{target}{length}", {"key": Key(key)})
