# SPDX-License-Identifier: EUPL-1.2
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import dialogue
from ivr.address import path
from ivr.card import Card
from ivr.hours import Closed, Open
from ivr.position import OUTCOMES, Dialled, Event, Keys, Kind, Position, Silence, Turn
from ivr.world import World
from tests.conftest import LINE, LINES

CARD: Card = LINE.card
POSITIONS = {path(position): position for position in dialogue.positions(CARD)}
TOMORROW = Closed(1, datetime(2026, 11, 26, 8, 30))  # noqa: DTZ001 - local

keypad = st.sampled_from("0123456789*#")
statuses = st.sampled_from([*OUTCOMES, "failed", "canceled", "", "something new"])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Keys, st.one_of(keypad, st.text(keypad, max_size=5), st.text(max_size=3)), st.booleans()),
    st.just(Silence()),
    st.builds(Dialled, statuses),
)
both_cards = pytest.mark.parametrize("card", [line.card for line in LINES.values()], ids=LINES)


def anywhere(card: Card) -> st.SearchStrategy[Position]:
    """Every position of a card, with the beginning of any of its numbers typed before."""
    begun = [number.digits[:count] for number in card.numbers.values() for count in range(len(number.digits))]
    return st.builds(
        lambda place, typed: place._replace(typed=typed),
        st.sampled_from(list(dialogue.positions(card))),
        st.sampled_from(begun),
    )


def worlds(card: Card) -> st.SearchStrategy[World]:
    """Worlds in which the numbers of a card are open or closed."""
    states = st.sampled_from([Open(), TOMORROW, Closed()])
    return st.builds(World, st.fixed_dictionaries({n.id: states for n in card.numbers.values() if n.hours}))


def step(place: Position, event: Event, world: World | None = None) -> Position:
    """One step on our own card, everything open unless told otherwise."""
    return dialogue.step(CARD, place, event, world or World())


def at(name: str, typed: str = "") -> Position:
    """The position of our own card with this path."""
    return POSITIONS[name]._replace(typed=typed)


@both_cards
@given(data=st.data())
def test_every_event_leads_somewhere(card: Card, data: st.DataObject) -> None:
    """Every event at every position leads to a position of the card, whatever is open."""
    place, event, states = data.draw(anywhere(card)), data.draw(events), data.draw(worlds(card))
    assert path(dialogue.step(card, place, event, states)) in {path(place) for place in dialogue.positions(card)}


@both_cards
@given(data=st.data())
def test_silence_ends_in_a_goodbye(card: Card, data: st.DataObject) -> None:
    """Silence alone leads to a goodbye from everywhere, and no position comes twice on the way."""
    seen = [data.draw(anywhere(card))]
    while (following := dialogue.step(card, seen[-1], Silence(), World())) != seen[-1]:
        assert following not in seen
        seen.append(following)
    assert Kind.GOODBYE in (seen[-1].kind, seen[-1].turn)


@both_cards
@given(data=st.data())
def test_112_is_reached_from_everywhere(card: Card, data: st.DataObject) -> None:
    """One, one, two pressed one after another ends at 112 at any place, also with silence between."""
    place, states = data.draw(anywhere(card)), data.draw(worlds(card))
    for key in card.emergency.digits:
        for _ in range(data.draw(st.integers(0, 2))):
            place = dialogue.step(card, place, Silence(), states)
        place = dialogue.step(card, place, Keys(key), states)
    assert (place.kind, place.id, place.turn) == (Kind.NUMBER, card.emergency.id, Turn.FIRST)


@both_cards
@given(data=st.data())
def test_a_stale_key_leads_nowhere_but_the_menu(card: Card, data: st.DataObject) -> None:
    """A key that answers an offer this card does not make is dropped, and the menu is spoken; but it ends a number."""
    place, key = data.draw(anywhere(card)), data.draw(keypad)
    reached = dialogue.step(card, place, Keys(key, stale=True), data.draw(worlds(card)))
    if number := card.whole(place.typed + key):
        assert (reached.kind, reached.id) == (Kind.NUMBER, number.id)
    else:
        assert path(reached) == path(dialogue.start(card, place.language))


def test_112_counts_over_stale_addresses_and_odd_reports() -> None:
    """What was pressed is remembered where the offer is stale, and where an outcome comes that nobody waited for."""
    place = at("number/nla")
    for key in "11":
        place = step(place, Keys(key, stale=True))
        place = step(place, Dialled("busy"))
    assert step(place, Keys("2")) == at("number/danger")


@pytest.mark.parametrize(
    ("name", "event", "then"),
    [
        ("menu/main", Silence(), "menu/main/noinput"),
        ("menu/main/noinput", Silence(), "list/danger"),
        ("menu/main/nomatch", Silence(), "list/danger"),
        ("menu/main/nomatch-again", Silence(), "list/danger"),
        ("menu/main", Keys("7"), "menu/main/nomatch"),
        ("menu/main/noinput", Keys("7"), "menu/main/nomatch"),
        ("menu/main/nomatch", Keys("7"), "menu/main/nomatch-again"),
        ("menu/main/nomatch-again", Keys("7"), "list/danger"),
        ("menu/main/nomatch-again", Keys("*"), "menu/main"),
        ("menu/main", Keys("12"), "number/danger/typed-other"),
        ("menu/main", Keys("3"), "number/essm"),
        ("menu/main", Keys("0"), "list/danger"),
        ("menu/main", Keys("#"), "menu/main/back"),
        ("menu/main", Keys("6"), "chapter/trafficking"),
        ("menu/main", Dialled("busy"), "menu/main"),
        ("chapter/trafficking", Keys("6"), "chapter/sexual"),
        ("chapter/doubt", Keys("3"), "number/essm"),
        ("chapter/doubt", Keys("*"), "chapter/doubt"),
        ("chapter/doubt", Keys("#"), "menu/main/back"),
        ("chapter/doubt", Keys("0"), "list/danger"),
        ("chapter/doubt", Keys("1"), "number/danger"),
        ("chapter/doubt", Keys("5"), "number/m"),
        ("chapter/doubt", Keys("6"), "chapter/doubt/nomatch"),
        ("chapter/doubt/nomatch", Keys("6"), "chapter/doubt/nomatch-again"),
        ("chapter/doubt/nomatch-again", Keys("6"), "list/danger"),
        ("chapter/doubt/nomatch", Silence(), "menu/main/noinput"),
        ("menu/main/back", Silence(), "list/danger"),
        ("menu/main/back", Keys("7"), "menu/main/nomatch"),
        ("chapter/doubt", Silence(), "menu/main/noinput"),
        ("number/essm", Silence(), "number/essm/noinput"),
        ("number/essm/typed", Silence(), "number/essm/noinput"),
        ("number/essm/noinput", Silence(), "number/essm/goodbye"),
        ("number/essm/goodbye", Keys("0"), "number/essm/typed-other"),
        ("number/essm/goodbye", Keys("1"), "number/danger"),
        ("number/essm/goodbye", Keys("2"), "number/essm/typed-other"),
        ("number/essm", Keys("3"), "number/essm"),
        ("number/essm/noinput", Keys("3"), "number/essm"),
        ("number/essm", Keys("2"), "number/essm/typed-other"),
        ("number/essm", Keys("1"), "number/essm/typed-other"),
        ("number/essm/typed-other", Keys("3"), "number/essm/typed-other"),
        ("number/essm/goodbye", Keys("#"), "menu/main/back"),
        ("number/essm/goodbye", Keys("*"), "number/essm"),
        ("number/essm/noinput", Keys("1"), "number/essm/typed-other"),
        ("number/essm", Keys("9"), "connect/essm"),
        ("number/police", Keys("9"), "number/police/typed-other"),
        ("number/danger", Silence(), "number/danger/goodbye"),
        ("number/danger", Keys("*"), "number/danger"),
        ("number/danger", Keys("1"), "number/danger"),
        ("number/danger", Keys("2"), "number/danger/typed-other"),
        ("number/danger", Keys("3"), "number/danger/typed-other"),
        ("number/danger/typed-other", Keys("2"), "number/danger/typed-other"),
        ("number/danger/typed-other", Silence(), "goodbye/main"),
        ("number/danger/goodbye", Silence(), "number/danger/goodbye"),
        ("connect/essm", Dialled("completed"), "number/essm/completed"),
        ("connect/essm", Dialled("answered"), "number/essm/completed"),
        ("connect/essm", Dialled("busy"), "number/essm/busy"),
        ("connect/essm", Dialled("no-answer"), "number/essm/no-answer"),
        ("connect/essm", Dialled("failed"), "number/essm/failed"),
        ("connect/essm", Dialled("canceled"), "number/essm/failed"),
        ("connect/essm", Dialled("something new"), "number/essm/failed"),
        ("connect/essm", Silence(), "number/essm/failed"),
        ("connect/essm", Keys("3"), "number/essm/typed-other"),
        ("number/essm/busy", Keys("9"), "connect/essm"),
        ("number/essm/busy", Silence(), "number/essm/noinput"),
        ("number/essm/completed", Silence(), "number/essm/goodbye"),
        ("list/danger", Silence(), "list/police"),
        ("list/essm/typed-other", Silence(), "list/nla"),
        ("list/m", Silence(), "goodbye/main"),
        ("list/essm", Keys("0"), "list/essm/typed-other"),
        ("list/essm", Keys("4"), "number/nla"),
        ("list/essm", Keys("6"), "chapter/trafficking"),
        ("list/essm", Keys("8"), "en/menu/main"),
        ("list/essm", Keys("7"), "list/essm/typed-other"),
        ("list/essm/typed-other", Keys("4"), "list/essm/typed-other"),
        ("list/essm/typed-other", Keys("8"), "list/essm/typed-other"),
        ("list/essm/typed-other", Keys("9"), "connect/essm"),
        ("list/danger", Keys("1"), "number/danger"),
        ("list/danger", Keys("0"), "list/danger"),
        ("list/essm", Keys("9"), "connect/essm"),
        ("list/m", Keys("*"), "list/danger"),
        ("list/m", Keys("9"), "list/m/typed-other"),
        ("list/essm", Keys("*"), "list/essm"),
        ("list/essm", Keys("#"), "menu/main/back"),
        ("goodbye/main", Keys("3"), "number/essm"),
        ("goodbye/main", Keys("0"), "list/danger"),
        ("goodbye/main", Keys("7"), "menu/main/nomatch"),
        ("goodbye/main", Silence(), "goodbye/main"),
        ("number/essm", Silence(stale=True), "menu/main"),
        ("connect/essm", Dialled("busy", stale=True), "menu/main"),
        ("list/nla", Silence(stale=True), "list/danger"),
    ],
)
def test_the_rules_of_the_line(name: str, event: Event, then: str) -> None:
    """Each rule of the line, one a row: where an event at a place leads."""
    assert path(step(at(name), event)) == then


def test_the_list_begins_anew_once() -> None:
    """After a change of the list somebody silent hears it from the start, once: two versions in turn still end."""
    anew = step(at("list/nla"), Silence(stale=True))
    assert (path(anew), anew.anew) == ("list/danger", True)
    following = step(anew._replace(id="essm"), Silence(stale=True))
    assert (path(following), following.anew) == ("list/m", True), "by name, which is the same in both versions"
