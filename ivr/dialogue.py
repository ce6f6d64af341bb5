# SPDX-License-Identifier: EUPL-1.2
"""The pure core: (card, position, event, world) -> next position. No Flask, no TwiML, no clock.

Every event at every position leads to a position, and without a key press each path ends in a goodbye.
"""

from collections.abc import Iterator

from ivr.card import ALL, BACK, KEYPAD, LANGUAGE_KEY, REPEAT, Card, Number
from ivr.hours import Closed
from ivr.position import AFTER_CONNECTION, NOT_CONNECTED, OUTCOMES, Event, Keys, Kind, Position, Silence, Turn
from ivr.world import World

DANGER, LANGUAGES = "1", "234567"
"""In the menu of languages: the key for danger, and the keys of the languages of the card."""


def start(card: Card, language: str = "") -> Position:
    """Where every call begins."""
    return Position(Kind.MENU, card.start.id, language=language)


def positions(card: Card) -> Iterator[Position]:
    """Every kind of position of a card, with each turn, in each of its languages, the first first.

    What a caller did before adds `menu`, `pressed` and `anew`.
    """
    for language in ("", *card.languages[1:]):
        yield from (position._replace(language=language) for position in _positions(card))


def _positions(card: Card) -> Iterator[Position]:
    for menu in card.menus.values():
        kind = Kind.CHAPTER if menu.chapter else Kind.MENU
        for turn in (
            Turn.FIRST,
            Turn.NOMATCH,
            Turn.NOMATCH_AGAIN,
            *(() if menu.chapter else (Turn.BACK, Turn.NOINPUT)),
        ):
            yield Position(kind, menu.id, turn)
    for number in card.numbers.values():
        turns = [Turn.FIRST, Turn.TYPED, Turn.GOODBYE]
        if not number.emergency:
            turns.append(Turn.NOINPUT)
        if number.connect:
            yield Position(Kind.CONNECT, number.id)
            turns += AFTER_CONNECTION
        for turn in turns:
            yield Position(Kind.NUMBER, number.id, turn)
        for turn in (Turn.FIRST, Turn.TYPED):  # as from the first menu: where the list ends differs by menu
            yield _to(card, number.id, card.start.id, Kind.LIST)._replace(turn=turn)
    yield Position(Kind.GOODBYE, card.start.id)
    if card.languages[2:]:
        for turn in (Turn.FIRST, Turn.NOMATCH, Turn.NOMATCH_AGAIN):
            yield Position(Kind.LANGUAGES, card.start.id, turn)


def back(card: Card, position: Position) -> str:
    """The menu that `#` leads to."""
    return position.menu or card.home[position.id]


def listed(card: Card, menu: str, *, anew: bool = False) -> list[Number]:
    """All numbers as the list reads them to somebody from a menu: danger, those of the menu, and then the others."""
    near = () if anew else card.menus[menu].keys.values()
    numbers = [card.numbers[id_] for id_ in (sorted(card.numbers) if anew else card.numbers)]
    return sorted(numbers, key=lambda number: (not number.emergency, number.id not in near))


def offers(card: Card, position: Position) -> dict[str, Position]:
    """The keys that mean something at a position, and where they lead. The turn makes no difference."""
    stay = {key: to for key in KEYPAD if (to := _offered(card, position, key))}
    leave = {key: to for key in KEYPAD if (to := _language(card, position, key))}
    return {key: to._replace(language=position.language) for key, to in stay.items()} | leave


def waits(card: Card, world: World) -> Number | None:
    """The number that a caller is connected to who waits at a menu, if there is one and it is open."""
    number = card.numbers[card.wait] if card.wait else None
    return number if number and _connects(number, world) else None


def step(card: Card, position: Position, event: Event, world: World) -> Position:
    """Where the caller is after an event. What is closed is not connected.

    After a stale event that is the start, which begins with danger, and never another organisation's number.
    """
    pressed = position.pressed
    match event:
        case Keys(digits, stale):
            progress = _progress(card.emergency.digits, pressed, digits)
            if progress is None:
                return _to(card, card.emergency.id, back(card, position))._replace(language=position.language)
            pressed = progress
            if not stale and (other := _language(card, position, digits)):
                return other._replace(pressed=pressed)
            following = start(card) if stale else _key(card, position, digits, world)
        case Silence(stale):
            following = _silence(card, position, world, stale=stale)
        case _:
            following = start(card) if event.stale else _dialled(card, position, event.status)
    if (following.pressed, following.language) == (pressed, position.language):
        return following
    return following._replace(pressed=pressed, language=position.language)


def _key(card: Card, position: Position, key: str, world: World) -> Position:
    following = _offered(card, position, key) or _nomatch(card, position)
    if following.kind is Kind.CONNECT and not _connects(card.numbers[following.id], world):
        return following._replace(kind=Kind.NUMBER)
    return following


def _language(card: Card, position: Position, key: str) -> Position | None:
    """Where a key leads that changes the language: of two to the other one, of more to a menu of them."""
    if position.kind is Kind.LANGUAGES:
        code = dict(zip(LANGUAGES, ("", *card.languages[1:]), strict=False)).get(key)
        return None if code is None else start(card, code)
    if key != LANGUAGE_KEY or not card.languages[1:] or position.kind in (Kind.NUMBER, Kind.LIST, Kind.CONNECT):
        return None
    if not card.languages[2:]:
        return start(card, "" if position.language else card.languages[1])
    menu = position.id if position.kind is Kind.MENU else back(card, position)
    menu = "" if menu == card.start.id else menu
    return Position(Kind.LANGUAGES, card.start.id, menu=menu, language=position.language)


def _offered(card: Card, position: Position, key: str) -> Position | None:
    """Where a key leads at a position, if it means something there besides another language.

    In the list of all numbers `0` begins it anew, but not where a number with a 0 is read: somebody may be typing that
    along, and is not led away. It works again at the goodbye, and in the menu that `#` leads to.
    """
    if position.kind is Kind.CONNECT:
        return None
    menu = back(card, position)
    if position.kind in (Kind.NUMBER, Kind.LIST):
        number = card.numbers[position.id]
        if key == card.connect_key and number.connect:
            return Position(Kind.CONNECT, position.id, menu=position.menu)
        if position.kind is Kind.LIST:
            last = key == REPEAT and number is listed(card, menu, anew=position.anew)[-1]
            if last or (key == ALL and ALL not in number.digits):
                return _all_numbers(card, menu)
    else:
        at = menu if position.kind in (Kind.CHAPTER, Kind.LANGUAGES) else position.id
        keys, above = card.menus[position.id].keys, card.menus[at].keys
        if position.kind is Kind.LANGUAGES:
            keys = above = {DANGER: card.emergency.id}
        target = keys.get(key) or above.get(key)
        if target and (key in keys or target in card.numbers):  # the numbers of the menu above a chapter keep theirs
            return _to(card, target, at)
        if key == ALL:
            return _all_numbers(card, at)
    if key == BACK:
        return Position(Kind.MENU, menu, Turn.BACK)
    return position._replace(turn=Turn.FIRST, pressed=0) if key == REPEAT else None


def _silence(card: Card, position: Position, world: World, *, stale: bool) -> Position:
    menu = back(card, position)
    match position.kind:
        case Kind.LIST if stale and not position.anew:
            return _all_numbers(card, menu)._replace(anew=True)
        case Kind.LIST:
            return _next(card, position, menu)
        case Kind.MENU:
            return _waited(card, position, None if stale else waits(card, world))
        case Kind.CHAPTER | Kind.LANGUAGES:
            return Position(Kind.MENU, menu, Turn.NOINPUT)
        case _ if stale:
            return start(card)
        case Kind.NUMBER if position.turn in NOT_CONNECTED and position.id == card.wait:
            return _all_numbers(card, menu)
        case Kind.NUMBER:
            return position._replace(turn=_after(card.numbers[position.id], position.turn))
        case Kind.CONNECT:
            return position._replace(kind=Kind.NUMBER, turn=Turn.FAILED)
        case _:
            return position


def _waited(card: Card, position: Position, number: Number | None) -> Position:
    """What follows silence at a menu; `number` is the one that waiting connects to."""
    if position.turn is Turn.FIRST:
        return position._replace(turn=Turn.NOINPUT)
    return _to(card, number.id, position.id, Kind.CONNECT) if number else _all_numbers(card, position.id)


def _next(card: Card, position: Position, menu: str) -> Position:
    """What the list reads next."""
    ids = [number.id for number in listed(card, menu, anew=position.anew)]
    if position.id == ids[-1]:
        return Position(Kind.GOODBYE, card.start.id)
    return _to(card, ids[ids.index(position.id) + 1], menu, Kind.LIST)._replace(anew=position.anew)


def _after(number: Number, turn: Turn) -> Turn:
    """The turn at a number that follows a silence there."""
    said_enough = number.emergency or turn in (Turn.NOINPUT, Turn.COMPLETED, Turn.GOODBYE)
    return Turn.GOODBYE if said_enough else Turn.NOINPUT


def _dialled(card: Card, position: Position, status: str) -> Position:
    if position.kind is Kind.CONNECT:
        return position._replace(kind=Kind.NUMBER, turn=OUTCOMES.get(status, Turn.FAILED))
    return Position(Kind.MENU, back(card, position))


def _nomatch(card: Card, position: Position) -> Position:
    """A key without a meaning. At a number it is somebody who types along, and nobody is led away."""
    match position.kind, position.turn:
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, Turn.NOMATCH:
            return position._replace(turn=Turn.NOMATCH_AGAIN)
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, Turn.NOMATCH_AGAIN:
            return _all_numbers(card, position.id if position.kind is Kind.MENU else back(card, position))
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, _:
            return position._replace(turn=Turn.NOMATCH)
        case Kind.GOODBYE, _:
            return Position(Kind.MENU, position.id, Turn.NOMATCH)
        case Kind.CONNECT, _:
            return position._replace(kind=Kind.NUMBER, turn=Turn.TYPED)
        case _:
            return position._replace(turn=Turn.TYPED)


def _to(card: Card, target: str, menu: str, kind: Kind = Kind.NUMBER) -> Position:
    """The position that a key of a menu leads to; at a number the one of a kind."""
    if target in card.numbers:
        return Position(kind, target, menu="" if card.home[target] == menu else menu)
    return Position(Kind.CHAPTER if card.menus[target].chapter else Kind.MENU, target)


def _all_numbers(card: Card, menu: str) -> Position:
    return _to(card, card.emergency.id, menu, Kind.LIST)


def _connects(number: Number, world: World) -> bool:
    return number.connect is not None and not isinstance(world.opening(number), Closed)


def _progress(wanted: str, pressed: int, digits: str) -> int | None:
    """How much of the emergency number stands at the end of all that was pressed; None when the whole was."""
    run = wanted[:pressed] + digits
    return None if wanted in run else max(n for n in range(len(wanted)) if run.endswith(wanted[:n]))
