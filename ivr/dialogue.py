# SPDX-License-Identifier: EUPL-1.2
"""The pure core: (card, position, event, world) -> next position. No Flask, no TwiML, no clock.

Every event at every position leads to a position, and without a key press each path ends in a goodbye.
"""

from collections.abc import Iterator
from functools import reduce

from ivr.card import ALL, BACK, KEYPAD, LANGUAGE_KEY, REPEAT, Card, Number
from ivr.hours import Closed
from ivr.position import AFTER_CONNECTION, OUTCOMES, Event, Keys, Kind, Position, Silence, Turn
from ivr.world import World

LANGUAGES = "234567"
"""The keys of the languages of the card, in the menu of languages."""

MEANT = 2
"""From the next digit of a number on, keys are only typed; the second also is where it directly follows the first."""

TO_FIRST = "79"
"""Keys that may lead back to the first of two languages; the first one that no menu uses does."""


def start(card: Card, language: str = "") -> Position:
    """Where every call begins."""
    return Position(Kind.MENU, card.start.id, language=language)


def positions(card: Card) -> Iterator[Position]:
    """Every kind of position of a card, with each turn, in each of its languages, the first first.

    What a caller did before adds `menu`, `typed` and `anew`.
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
        turns = [Turn.FIRST, Turn.TYPED_OTHER, Turn.GOODBYE]
        if not number.emergency:
            turns += [Turn.TYPED, Turn.NOINPUT]
        if number.connect:
            yield Position(Kind.CONNECT, number.id)
            turns += AFTER_CONNECTION
        for turn in turns:
            yield Position(Kind.NUMBER, number.id, turn)
        listed_first = _to(card, number.id, card.start.id, Kind.LIST)  # where the list ends differs by menu
        yield from (listed_first._replace(turn=turn) for turn in (Turn.FIRST, Turn.TYPED_OTHER))
    yield Position(Kind.GOODBYE, card.start.id)
    if card.languages[2:]:
        for turn in (Turn.FIRST, Turn.NOMATCH, Turn.NOMATCH_AGAIN, Turn.NOINPUT):
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
    """The keys that mean something at a position, and where they lead."""
    stay = {key: to for key in KEYPAD if (to := _offered(card, position, key))}
    leave = {key: to for key in KEYPAD if (to := _language(card, position, key))}
    return {key: to._replace(language=position.language) for key, to in stay.items()} | leave


def key_to_first(card: Card) -> str:
    """The key that leads back to the first of two languages, not the one that led away: shaky hands press twice."""
    used = {key for menu in card.menus.values() for key in menu.keys}
    return next((key for key in TO_FIRST if key not in used), LANGUAGE_KEY)


def waits(card: Card, world: World) -> Number | None:
    """The number that a caller is connected to who waits at a menu, if there is one and it is open."""
    number = card.numbers[card.wait] if card.wait else None
    return number if number and _connects(number, world) else None


def step(card: Card, position: Position, event: Event, world: World) -> Position:
    """Where the caller is after an event. What is closed is not connected.

    The digits of any number, all of them heard, lead to it; that for danger goes before all others. Whoever types fast
    loses keys while the next answer is fetched: no part of a number is an order to call one. Other stale keys and
    outcomes lead to the start, which begins with danger, and never to another organisation's number.
    """
    match event:
        case Keys(digits, stale) if len(digits) > 1:
            return reduce(lambda at, key: step(card, at, Keys(key, stale), world), digits, position)
        case Keys(key, stale):
            number, typing = card.whole(position.typed + key), _typing(card, position, key)
            position = position._replace(typed=card.begun(position.typed + key))
            if number:
                turn = Turn.FIRST if number.emergency else Turn.TYPED
                following = _to(card, number.id, back(card, position))._replace(turn=turn)
            elif stale:
                following = start(card)
            elif typing:
                menu = position.id if position.kind is Kind.MENU else back(card, position)
                following = _nomatch(card, position if position.id in card.numbers else _all_numbers(card, menu))
            elif other := _language(card, position, key):
                return other._replace(typed=position.typed)
            else:
                following = _key(card, position, key, world)
        case Silence(stale):
            following = _silence(card, position, world, stale=stale)
        case _:
            following = start(card) if event.stale else _dialled(card, position, event.status)
    return following._replace(typed=position.typed, language=position.language)


def waited(card: Card, position: Position) -> bool:
    """Whether a silence led to a position, so that a digit there does not directly follow the one before it."""
    if position.kind is Kind.LIST:
        return position.turn is Turn.FIRST and not card.numbers[position.id].emergency
    return position.kind is Kind.GOODBYE or position.turn in (Turn.NOINPUT, Turn.GOODBYE)


def _typing(card: Card, position: Position, key: str) -> bool:
    """Whether a key is only typed, as a digit of a number, and means nothing else.

    Whoever dials fast presses 0 and then 1, 8 or 9, and means no danger, language or connection; what is said then
    names the number for danger, and after a silence each means what it did. With 06 every Dutch mobile number begins,
    and it leads to no chapter.
    """
    typed = card.begun(position.typed + key)
    if len(typed) > MEANT or not position.typed or waited(card, position):
        return len(typed) > MEANT
    if len(typed) == MEANT:
        return not card.emergency.digits.startswith(typed)
    to = _offered(card, position, key) if position.typed == ALL and key not in (REPEAT, BACK) else None
    return to is not None and to.id in card.menus


def _key(card: Card, position: Position, key: str, world: World) -> Position:
    following = _offered(card, position, key) or _nomatch(card, position)
    if following.kind is Kind.CONNECT and not _connects(card.numbers[following.id], world):
        return following._replace(kind=Kind.NUMBER)
    return following


def _language(card: Card, position: Position, key: str) -> Position | None:
    """Where a key leads that changes the language: of two to the other one, of more to a menu of them.

    In the list it does so only while nobody types: many came there with 0, and most numbers with an 8 begin 08.
    Whoever presses the key of another language twice by accident hears its menu again.
    """
    if position.kind is Kind.LANGUAGES:
        if key == LANGUAGE_KEY:
            return position._replace(turn=Turn.FIRST)
        code = dict(zip(LANGUAGES, ("", *card.languages[1:]), strict=False)).get(key)
        return None if code is None else start(card, code)
    if not card.languages[1:] or position.kind in (Kind.NUMBER, Kind.CONNECT):
        return None
    if position.kind is Kind.LIST and (key == card.connect_key or _typed_there(card, position, key)):
        return None
    if position.language and not card.languages[2:] and key == key_to_first(card):
        return start(card)
    if key != LANGUAGE_KEY:
        return None
    if not card.languages[2:]:
        return start(card, card.languages[1])
    menu = position.id if position.kind is Kind.MENU else back(card, position)
    menu = "" if menu == card.start.id else menu
    return Position(Kind.LANGUAGES, card.start.id, menu=menu, language=position.language)


def _offered(card: Card, position: Position, key: str) -> Position | None:
    """Where a key leads at a position; None without a meaning there, and for a key that only changes the language."""
    if position.kind is Kind.CONNECT:
        return None
    menu = position.id if position.kind is Kind.MENU else back(card, position)
    number = card.numbers.get(position.id)
    if number and number.connect and key == card.connect_key:
        return Position(Kind.CONNECT, position.id, menu=position.menu)
    if position.kind is Kind.LIST and key == REPEAT and number is listed(card, menu, anew=position.anew)[-1]:
        return _all_numbers(card, menu)
    if target := _target(card, position, menu, key):
        return _to(card, target, menu)
    if key == ALL and (not number or (position.kind is Kind.LIST and not _typed_there(card, position, key))):
        return _all_numbers(card, menu)
    if key == BACK:
        return Position(Kind.MENU, back(card, position), Turn.BACK)
    return position._replace(turn=Turn.FIRST) if key == REPEAT else None


def _target(card: Card, position: Position, menu: str, key: str) -> str | None:
    """The number, the menu or the chapter that a key leads to.

    The first menu's key for danger, and the first digit of that number, lead to it wherever they mean nothing else. In
    the list the keys of the menu keep their meaning, since slow callers press them late; in a chapter those of its
    numbers do. At a number the key that led there says it again, since shaky hands press twice.
    """
    emergency = card.emergency
    is_danger = key != ALL and (key == emergency.digits[0] or card.start.keys.get(key) == emergency.id)
    danger = emergency.id if is_danger else None
    target = card.menus[menu].keys.get(key, danger)
    match position.kind, position.turn:
        case Kind.MENU | Kind.GOODBYE, _:
            return target
        case Kind.CHAPTER, _:
            return card.menus[position.id].keys.get(key, target if target in card.numbers else None)
        case Kind.LIST, Turn.FIRST:
            return target if target == position.id or not _typed_there(card, position, key) else None
        case (Kind.LANGUAGES, _) | (_, Turn.GOODBYE):
            return danger or (target if target == position.id else None)
        case Kind.NUMBER, turn if turn is not Turn.TYPED_OTHER:
            return position.id if position.id == (danger or target) else None
    return None


def _typed_there(card: Card, position: Position, key: str) -> bool:
    """Whether somebody is typing in the list, or the key is the first digit of the number that it reads."""
    return position.turn is not Turn.FIRST or card.numbers[position.id].digits.startswith(key)


def _silence(card: Card, position: Position, world: World, *, stale: bool) -> Position:
    menu = back(card, position)
    match position.kind:
        case Kind.LIST:
            begin = stale and not position.anew
            return _all_numbers(card, menu)._replace(anew=True) if begin else _next(card, position, menu)
        case Kind.MENU if position.turn is Turn.FIRST:
            return position._replace(turn=Turn.NOINPUT)
        case Kind.MENU:
            number = None if stale else waits(card, world)
            return _to(card, number.id, position.id, Kind.CONNECT) if number else _all_numbers(card, position.id)
        case Kind.CHAPTER | Kind.LANGUAGES:
            again = position.kind is Kind.LANGUAGES and position.turn is Turn.FIRST
            return position._replace(turn=Turn.NOINPUT) if again else Position(Kind.MENU, menu, Turn.NOINPUT)
        case _ if stale:
            return start(card)
        case Kind.NUMBER:
            return _quiet(card, position, menu)
        case Kind.CONNECT:
            return position._replace(kind=Kind.NUMBER, turn=Turn.FAILED)
        case _:
            return position


def _next(card: Card, position: Position, menu: str) -> Position:
    """What the list reads next."""
    ids = [number.id for number in listed(card, menu, anew=position.anew)]
    if position.id == ids[-1]:
        return Position(Kind.GOODBYE, card.start.id)
    return _to(card, ids[ids.index(position.id) + 1], menu, Kind.LIST)._replace(anew=position.anew)


def _quiet(card: Card, position: Position, menu: str) -> Position:
    """What follows silence at a number."""
    emergency, turn = card.numbers[position.id].emergency, position.turn
    if turn in AFTER_CONNECTION and position.id == card.wait:
        return _all_numbers(card, menu)
    if emergency and turn is Turn.TYPED_OTHER:  # whoever dials another number is not told to call this one
        return Position(Kind.GOODBYE, card.start.id)
    said_enough = emergency or turn in (Turn.NOINPUT, Turn.COMPLETED, Turn.GOODBYE)
    return position._replace(turn=Turn.GOODBYE if said_enough else Turn.NOINPUT)


def _dialled(card: Card, position: Position, status: str) -> Position:
    if position.kind is Kind.CONNECT:
        return position._replace(kind=Kind.NUMBER, turn=OUTCOMES.get(status, Turn.FAILED))
    return Position(Kind.MENU, back(card, position))


def _nomatch(card: Card, position: Position) -> Position:
    """Where a key without a meaning leads. At a number it counts as part of one that is typed; the caller stays."""
    match position.kind, position.turn:
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, Turn.NOMATCH:
            return position._replace(turn=Turn.NOMATCH_AGAIN)
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, Turn.NOMATCH_AGAIN:
            return _all_numbers(card, position.id if position.kind is Kind.MENU else back(card, position))
        case Kind.MENU | Kind.CHAPTER | Kind.LANGUAGES, _:
            return position._replace(turn=Turn.NOMATCH)
        case Kind.GOODBYE, _:
            return Position(Kind.MENU, position.id, Turn.NOMATCH)
        case _:
            kind = Kind.LIST if position.kind is Kind.LIST else Kind.NUMBER
            return position._replace(kind=kind, turn=Turn.TYPED_OTHER)


def _to(card: Card, target: str, menu: str, kind: Kind = Kind.NUMBER) -> Position:
    """The position that a key of a menu leads to; for a number it has this `kind`."""
    if target in card.numbers:
        return Position(kind, target, menu="" if card.home[target] == menu else menu)
    return Position(Kind.CHAPTER if card.menus[target].chapter else Kind.MENU, target)


def _all_numbers(card: Card, menu: str) -> Position:
    return _to(card, card.emergency.id, menu, Kind.LIST)


def _connects(number: Number, world: World) -> bool:
    return number.connect is not None and not isinstance(world.opening(number), Closed)
