# SPDX-License-Identifier: EUPL-1.2
"""The digits of any number on a card lead to it, and a key keeps its meaning in the list."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import answers as answers_module
from ivr import dialogue
from ivr.address import path
from ivr.answers import Answers
from ivr.card import KEYPAD, LANGUAGE_KEY, Card
from ivr.dialogue import MEANT, back, listed
from ivr.phone import espeak
from ivr.phone.events import elapsed
from ivr.position import Event, Keys, Kind, Position, Silence, Turn
from ivr.script import script
from ivr.sentences import Digits
from ivr.world import World
from tests.caller import Caller
from tests.conftest import BY_DAY, LINE, LINES, PUBLIC_URL, fetch_at, says
from tests.test_calls import KEYS, NUMBERS
from tests.upgrade.pairs import MADE, changed, number

ALIKE = changed(
    MADE,
    number("kort", "0800-70"),
    number("lang", "0800-7000"),
    number("anders", "0800-5151", connect="+31005550100"),
    number("erin", "010-411 25 60"),
    number("gemeente", "14 010"),
    number("twee", "234 56 78"),
    keys={
        "begin": {"1": "alarm", "2": "kort", "3": "lang", "4": "meer"},
        "meer": {"1": "anders", "2": "erin", "3": "gemeente", "5": "twee"},
    },
)
"""Numbers that begin alike, one that begins another, one with 112 inside, and some that begin with a menu's key."""

CARDS = {"ours": LINE.card, "second": LINES["second"].card, "alike": ALIKE}
each_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)

TEMPOS: Mapping[str, Callable[[str], Iterator[Event]]] = {
    "a report for each key": lambda digits: map(Keys, digits),
    "a silence after each key": lambda digits: chain.from_iterable((Silence(), Keys(key)) for key in digits),
    "silences after each key": lambda digits: chain.from_iterable((*[Silence()] * 3, Keys(key)) for key in digits),
    "all in one report": lambda digits: iter([Keys(digits)]),
    "all in two reports": lambda digits: map(Keys, (digits[:2], digits[2:])),
    "at addresses that are stale": lambda digits: (Keys(key, stale=True) for key in digits),
}
"""The ways to type that the rules can tell apart: between two keys nothing but silence passes."""


def follow(card: Card, place: Position, events: Iterable[Event]) -> list[Position]:
    """Where a caller comes; a connection hears no key, so whoever comes to one stays there."""
    ways = [place]
    for event in events:
        ways.append(ways[-1] if ways[-1].kind is Kind.CONNECT else dialogue.step(card, ways[-1], event, World()))
    return ways


def everywhere(card: Card) -> Iterator[Position]:
    """Every position that hears a key, and every menu that the list can be come to from."""
    yield from (place for place in dialogue.positions(card) if place.kind is not Kind.CONNECT)
    for menu in card.menus.values():
        if not menu.chapter:
            ids = [number.id for number in listed(card, menu.id)]
            yield from (Position(Kind.LIST, id_, menu=menu.id if card.home[id_] != menu.id else "") for id_ in ids)


@pytest.mark.parametrize("tempo", TEMPOS)
@each_card
def test_every_number_typed_anywhere_leads_to_it(card: Card, tempo: str) -> None:
    """All digits of a number end at it, as somebody's who types it; only a key that connects may come before."""
    for place, wanted in product(everywhere(card), card.numbers.values()):
        *_, end = follow(card, place, TEMPOS[tempo](wanted.digits))
        expected = card.emergency if wanted.digits.endswith(card.emergency.digits) else wanted
        turn = Turn.FIRST if expected.emergency else Turn.TYPED
        connects = end.kind is Kind.CONNECT and card.connect_key in wanted.digits[:MEANT]
        assert (end.kind, end.id, end.turn) == (Kind.NUMBER, expected.id, turn) or connects, (path(place), wanted)
        assert end.language == place.language or connects or LANGUAGE_KEY in wanted.digits[:MEANT]


@each_card
def test_a_part_of_a_number_orders_nothing_and_112_is_heard(card: Card) -> None:
    """Whatever keys are lost, anywhere: no order but to a number that was heard whole, and 112 after two keys of it.

    One key at a time is all that has to be shown, since what was typed before begins a number, or is nothing; that is
    every row of keys, whichever were lost.
    """
    begun = ["", *(each.digits[:count] for each in card.numbers.values() for count in range(1, len(each.digits)))]
    for place, typed, key in product(everywhere(card), begun, KEYPAD):
        end = dialogue.step(card, place._replace(typed=typed), Keys(key), World())
        whole = card.whole(typed + key)
        assert end.turn is not Turn.TYPED or end.id == (whole and whole.id), (path(place), typed, key)
        kept = "" if whole or card.emergency.digits.startswith(card.begun(typed + key)) else card.begun(typed + key)
        if len(kept) > MEANT - (not dialogue.waited(card, place)):
            assert end.turn is Turn.TYPED_OTHER, (path(place), typed, key)
    for place, typed, keys in product(everywhere(card), begun, ("11", "12")):
        *_, end = follow(card, place._replace(typed=typed), map(Keys, keys))
        said = script(card, end, World()).sentences
        heard = {value.printed for one in said for value in one.values.values() if isinstance(value, Digits)}
        assert card.emergency.number in heard or card.whole(typed + keys), (path(place), typed, keys)


@each_card
@given(data=st.data())
def test_any_row_of_keys_is_followed_as_a_caller_means_it(card: Card, data: st.DataObject) -> None:
    """Whatever is pressed: each number is reached when its last digit is, and no more is kept than may become one."""
    any_event: list[Keys | Silence] = [*map(Keys, KEYPAD), *map(Keys, "0112500"), Silence()]
    events = data.draw(st.lists(st.sampled_from(any_event), max_size=40))
    place, pressed = dialogue.start(card), ""
    for event in events:
        if place.kind is Kind.CONNECT:
            break
        place = dialogue.step(card, place, event, World())
        pressed += event.digits if isinstance(event, Keys) else ""
        ended = [number for number in card.numbers.values() if pressed.endswith(number.digits)]
        if ended and isinstance(event, Keys):
            first = max(ended, key=lambda number: (number.emergency, len(number.digits)))
            assert (place.kind, place.id) == (Kind.NUMBER, first.id)
        begun = [n.digits[:k] for n in card.numbers.values() for k in range(len(n.digits))]
        assert place.typed == max(filter(pressed.endswith, begun), key=len)


@each_card
def test_a_key_keeps_its_meaning_in_the_list(card: Card) -> None:
    """At every number of the list each key of the menu means what it did there, unless it begins the number read."""
    for menu in (menu for menu in card.menus.values() if not menu.chapter):
        for read in listed(card, menu.id):
            place = Position(Kind.LIST, read.id, menu="" if card.home[read.id] == menu.id else menu.id)
            assert back(card, place) == menu.id
            for key, target in menu.keys.items():
                end = dialogue.step(card, place, Keys(key), World())
                if key == read.digits[0] and target != read.id:
                    assert (end.kind, end.id, end.turn) == (Kind.LIST, read.id, Turn.TYPED_OTHER)
                else:
                    assert end.id == target


@pytest.mark.parametrize(
    ("place", "keys", "then"),
    [
        ("menu/main", "01", "list/danger/typed-other"),
        ("menu/main", "03", "number/essm"),
        ("menu/main", "08", "list/danger/typed-other"),
        ("menu/main", "0_8", "menu/main"),
        ("menu/main", "0_1", "number/danger"),
        ("menu/main", "06", "list/danger/typed-other"),
        ("menu/main", "0_6", "chapter/trafficking"),
        ("menu/main", "010", "list/danger/typed-other"),
        ("number/essm", "0", "number/essm/typed-other"),
        ("number/essm", "09", "number/essm/typed-other"),
        ("number/essm", "099", "connect/essm"),
        ("number/essm", "0_9", "connect/essm"),
        ("number/police", "09", "number/police/typed-other"),
        ("number/danger", "0", "number/danger/typed-other"),
        ("number/danger", "1122", "number/danger/typed-other"),
        ("list/police", "3", "number/essm"),
        ("list/police", "01", "list/police/typed-other"),
        ("list/police", "0900884", "list/police/typed-other"),
        ("list/nla", "090", "list/nla/typed-other"),
        ("chapter/labour", "0800515", "list/danger/typed-other"),
    ],
)
def test_what_each_key_of_a_row_means(place: str, keys: str, then: str) -> None:
    """The first digit keeps its meaning, the second does after a silence, and from the third on it is typed."""
    start = next(position for position in dialogue.positions(LINE.card) if path(position) == place)
    ways = follow(LINE.card, start, (Silence() if key == "_" else Keys(key) for key in keys))
    assert path(ways[-1]).removeprefix("en/") == then


def test_numbers_that_begin_alike() -> None:
    """One number that is the beginning of another is reached on the way to that one, and 112 on the way past it."""
    ends = follow(ALIKE, dialogue.start(ALIKE), map(Keys, "08007000"))
    assert [end.id for end in ends if end.kind is Kind.NUMBER and end.turn is Turn.TYPED] == ["kort", "lang"]
    ends = follow(ALIKE, dialogue.start(ALIKE), map(Keys, "0104112560"))
    assert [(end.id, end.turn) for end in ends[-4:]] == [
        ("alarm", Turn.FIRST), *[("alarm", Turn.TYPED_OTHER)] * 2, ("erin", Turn.TYPED)
    ]  # fmt: skip


FETCH = fetch_at(BY_DAY)
DIGITS = {"112" if each.emergency else each.id: each.digits for each in LINE.card.numbers.values()}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("before", ["", "6", "3", "4__", "0", "0__", "66_"], ids=lambda before: before or "menu")
def test_a_number_typed_in_mid_sentence_is_heard(before: str, number: str) -> None:
    """Whoever types a number while the line still speaks hears that number, and is never ordered to call 112."""
    call = called()
    for key in before:
        call = call.silence() if key == "_" else call.press(key, at_once=True)
    for key in DIGITS[number]:
        call.press(key, at_once=True)
        assert number == "112" or says("numbers.danger.first") not in heard(call)
    call.hears(says("numbers.danger.first" if number == "112" else "line.typed"))
    call.hears(NUMBERS[number])


OTHERS = ("08002000", "08000432", "0102671600", "09001450", "0031703335678", "0612345678")
"""Numbers that begin like those of the card and are not on it."""


@given(data=st.data())
def test_who_types_fast_is_sent_to_nobody_else(data: st.DataObject) -> None:
    """Whichever keys are lost, no call is ordered but to a number received whole; 1-1-2 may lack one.

    Only where the first is lost, the next may mean danger or connect, as it does alone.
    """
    call = called()
    received = data.draw(st.sampled_from(["", "6", "3", "4__", "0", "0__", "66_", "5__#", "8", "87"]))
    for key in received:  # a 0 there may be the first digit, where that was lost
        call = call.silence() if key == "_" else call.press(key)
    received = received.replace("_", "")
    digits = data.draw(st.sampled_from([*DIGITS.values(), *OTHERS, *["112"] * 5]))
    lost = data.draw(st.sets(st.integers(0, len(digits) - 1), max_size=1 if digits == "112" else len(digits)))
    for key in (key for place, key in enumerate(digits) if place not in lost):
        if call.press(key, at_once=True).dialled:
            assert 0 in lost
            return
        assert 0 in lost or digits == "112" or says("numbers.danger.first") not in heard(call), (digits, received)
        received += key
        whole = LINE.card.whole(received)
        for language in ("", "en"):
            ordered = says("line.typed", language=language) in heard(call)
            assert not ordered or (whole and whole.digits == digits), (digits, received)
    if digits == "112":
        assert re.search("één, één, twee|one, one, two", heard(call))


def called() -> Caller:
    """Somebody who calls our line by day."""
    return Caller(FETCH, f"{PUBLIC_URL}/voice")


def heard(call: Caller) -> str:
    """What was said since the last key, as one text."""
    return " ".join(call.said)


@pytest.mark.parametrize("late", [15, 30, 45, 60])
@pytest.mark.parametrize("number", KEYS)
def test_a_caller_through_a_relay_reaches_each_number(number: str, late: int) -> None:
    """Somebody who hears the line through a text relay, and answers it up to a minute late, gets what they chose."""
    call = called()
    answered = elapsed(call.transcript, espeak.estimated) + late
    while elapsed(call.transcript, espeak.estimated) < answered:
        call.silence()
    call.press(KEYS[number], at_once=True).hears(NUMBERS[number])
    assert says("line.typed") not in heard(call)


def test_the_goodbye_of_a_number_leads_to_danger() -> None:
    """Who hears "Bij gevaar … bel één, één, twee" last and presses one hears what to do, at every goodbye."""
    for keys in ("2", "3", "4", "5", "0____"):
        call = called().press(keys[0]).silence().silence()
        for _ in keys[2:]:
            call.silence()
        call.hears(says("line.goodbye")).press("1").hears(says("numbers.danger.first"))


def test_what_is_typed_is_kept_within_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much callers type, at however many places, a worker keeps no more of where it leads than of all else."""
    monkeypatch.setattr(answers_module, "MOST", 1000)
    made, asked, world = Answers(LINE, PUBLIC_URL), 0, LINE.world(BY_DAY)
    for place, wanted in product(everywhere(LINE.card), LINE.card.numbers.values()):
        for count in range(len(wanted.digits)):
            keys = made.addresses.ways(place._replace(typed=wanted.digits[:count])).keys
            address, _, query = keys.removeprefix(f"{PUBLIC_URL}/voice/").partition("?")
            made.follow(address, query, {"Digits": wanted.digits[count]}, world)
            asked += 1
    assert made._step.cache_info().currsize == 1000 < asked  # noqa: SLF001 - nothing else shows it
