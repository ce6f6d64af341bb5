# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import dialogue
from ivr.card import Card
from ivr.dialogue import Event, Keys, Kind, Outcome, Position, Silence, Turn
from ivr.hours import Closed, Open, Opening
from tests.conftest import LINE

CARD: Card = LINE.card
PLACES = list(dialogue.positions(CARD))
TOMORROW = Closed(1, datetime(2026, 11, 26, 8, 30))  # noqa: DTZ001 - local

anywhere = st.builds(
    lambda place, pressed: Position(place.kind, place.id, place.turn, pressed),
    st.sampled_from(PLACES),
    st.integers(0, len(CARD.emergency.digits) - 1),
)
keypad = st.sampled_from("0123456789*#")
events = st.one_of(
    st.builds(Keys, st.one_of(keypad, st.text(keypad, max_size=5), st.text(max_size=3)), st.booleans()),
    st.just(Silence()),
    st.builds(Outcome, st.sampled_from([*dialogue.OUTCOMES, "failed", "canceled", "", "something new"])),
)
openings = st.sampled_from([{"essm": Open()}, {"essm": TOMORROW}, {"essm": Closed()}])


def step(place: Position, event: Event, openings: Mapping[str, Opening] | None = None) -> Position:
    """One step on our own card, everything open unless told otherwise."""
    return dialogue.step(CARD, place, event, openings or {})


def at(path: str, pressed: int = 0) -> Position:
    """The position with this path."""
    found = LINE.find(path, str(pressed))
    assert found.path == path
    return found


@given(anywhere, events, openings)
def test_every_event_leads_somewhere(place: Position, event: Event, openings: Mapping[str, Opening]) -> None:
    """Every event at every position leads to a position of the card, whatever is open."""
    assert step(place, event, openings).path in {place.path for place in PLACES}


@given(anywhere)
def test_silence_ends_in_a_goodbye(place: Position) -> None:
    """Silence alone leads to a goodbye from everywhere, and no position comes twice on the way."""
    seen = [place]
    while (following := step(seen[-1], Silence())) != seen[-1]:
        assert following not in seen
        seen.append(following)
    assert Kind.GOODBYE in (seen[-1].kind, seen[-1].turn)


@given(anywhere, st.lists(st.sampled_from(["", "silence"]), min_size=3, max_size=3), openings)
def test_112_is_reached_from_everywhere(place: Position, between: list[str], openings: Mapping[str, Opening]) -> None:
    """One, one, two pressed one after another ends at 112 at any place, also with silence between."""
    for key, pause in zip("112", between, strict=True):
        place = step(place, Keys(key), openings)
        if pause and key != "2":
            place = step(place, Silence(), openings)
    assert place == Position(Kind.NUMBER, "danger")


@pytest.mark.parametrize("keys", ["1112", "2112", "11112", "3112", "12112"])
def test_112_is_heard_at_the_end_of_any_row_of_keys(keys: str) -> None:
    """What was pressed before one, one, two does not hide it."""
    place = at("number/nla")
    for key in keys:
        place = step(place, Keys(key))
    assert place == Position(Kind.NUMBER, "danger")


def test_112_counts_at_a_stale_address() -> None:
    """One, one, two is heard even when the offer that was answered is not this card's."""
    assert step(at("menu/main", 2), Keys("2", stale=True)) == at("number/danger")


def test_112_counts_when_all_keys_come_at_once() -> None:
    """Several keys in one report count one after another."""
    assert step(at("menu/main"), Keys("0112")) == at("number/danger")


def test_another_key_breaks_the_row() -> None:
    """One, one, four, two is not 112."""
    place = at("number/nla")
    for key in "114":
        place = step(place, Keys(key))
    assert place.pressed == 0
    assert step(place, Keys("2")) == at("number/nla/typed")


@given(anywhere, st.text(keypad, min_size=1, max_size=1), openings)
def test_a_stale_key_leads_nowhere_but_the_menu(place: Position, key: str, openings: Mapping[str, Opening]) -> None:
    """A key that answers an offer this card does not make is dropped, and the menu is spoken."""
    reached = step(place, Keys(key, stale=True), openings)
    assert (reached.kind, reached.turn) == (Kind.MENU, Turn.FIRST) or reached == at("number/danger")


@pytest.mark.parametrize("number", CARD.numbers.values(), ids=lambda number: number.id)
@pytest.mark.parametrize("kind", ["number", "list"])
def test_typing_a_number_along_never_leads_away(kind: str, number: dialogue.Position) -> None:
    """Whoever types a number along while it is read stays at that number."""
    place = at(f"{kind}/{number.id}")
    for key in CARD.numbers[number.id].digits:
        place = step(place, Keys(key))
        assert (place.id, place.turn) in ((number.id, Turn.TYPED), ("danger", Turn.FIRST))


@pytest.mark.parametrize(
    ("path", "event", "then"),
    [
        ("menu/main", Silence(), "menu/main/noinput"),
        ("menu/main/noinput", Silence(), "list/danger"),
        ("menu/main/nomatch", Silence(), "list/danger"),
        ("menu/main/nomatch-again", Silence(), "list/danger"),
        ("menu/main", Keys("8"), "menu/main/nomatch"),
        ("menu/main/noinput", Keys("8"), "menu/main/nomatch"),
        ("menu/main/nomatch", Keys("8"), "menu/main/nomatch-again"),
        ("menu/main/nomatch-again", Keys("8"), "list/danger"),
        ("menu/main/nomatch-again", Keys("*"), "menu/main"),
        ("menu/main", Keys("12"), "menu/main/nomatch"),
        ("menu/main", Keys("3"), "number/essm"),
        ("menu/main", Keys("0"), "list/danger"),
        ("menu/main", Keys("#"), "menu/main"),
        ("menu/main", Keys("6"), "chapter/trafficking"),
        ("menu/main", Outcome("busy"), "menu/main"),
        ("chapter/trafficking", Keys("6"), "chapter/sexual"),
        ("chapter/doubt", Keys("3"), "number/essm"),
        ("chapter/doubt", Keys("*"), "chapter/doubt"),
        ("chapter/doubt", Keys("#"), "menu/main"),
        ("chapter/doubt", Keys("0"), "list/danger"),
        ("chapter/doubt", Keys("6"), "menu/main/nomatch"),
        ("chapter/doubt", Silence(), "menu/main/noinput"),
        ("number/essm", Silence(), "number/essm/noinput"),
        ("number/essm/typed", Silence(), "number/essm/noinput"),
        ("number/essm/noinput", Silence(), "number/essm/goodbye"),
        ("number/essm/goodbye", Keys("0"), "number/essm/typed"),
        ("number/essm/goodbye", Keys("#"), "menu/main"),
        ("number/essm/goodbye", Keys("*"), "number/essm"),
        ("number/essm", Keys("9"), "connect/essm"),
        ("number/police", Keys("9"), "number/police/typed"),
        ("number/danger", Silence(), "number/danger/goodbye"),
        ("number/danger", Keys("*"), "number/danger"),
        ("number/danger/goodbye", Silence(), "number/danger/goodbye"),
        ("connect/essm", Outcome("completed"), "number/essm/completed"),
        ("connect/essm", Outcome("answered"), "number/essm/completed"),
        ("connect/essm", Outcome("busy"), "number/essm/busy"),
        ("connect/essm", Outcome("no-answer"), "number/essm/no-answer"),
        ("connect/essm", Outcome("failed"), "number/essm/failed"),
        ("connect/essm", Outcome("canceled"), "number/essm/failed"),
        ("connect/essm", Outcome("something new"), "number/essm/failed"),
        ("connect/essm", Silence(), "number/essm/failed"),
        ("connect/essm", Keys("3"), "number/essm/typed"),
        ("number/essm/busy", Keys("9"), "connect/essm"),
        ("number/essm/busy", Silence(), "number/essm/noinput"),
        ("number/essm/completed", Silence(), "number/essm/goodbye"),
        ("list/danger", Silence(), "list/police"),
        ("list/essm/typed", Silence(), "list/nla"),
        ("list/m", Silence(), "goodbye/main"),
        ("list/essm", Keys("0"), "list/essm/typed"),
        ("list/essm", Keys("9"), "list/essm/typed"),
        ("list/essm", Keys("*"), "list/essm"),
        ("list/essm", Keys("#"), "menu/main"),
        ("goodbye/main", Keys("3"), "number/essm"),
        ("goodbye/main", Keys("0"), "list/danger"),
        ("goodbye/main", Keys("8"), "menu/main/nomatch"),
        ("goodbye/main", Silence(), "goodbye/main"),
    ],
)
def test_the_rules_of_the_line(path: str, event: Event, then: str) -> None:
    """Each rule of the line, one a row: where an event at a place leads."""
    assert step(at(path), event).path == then


def test_a_closed_number_is_not_connected() -> None:
    """The connect key at a number that has just closed reads the number and says until when, and dials nothing."""
    assert step(at("number/essm"), Keys("9"), {"essm": TOMORROW}) == at("number/essm")


def test_without_a_caller_id_nothing_is_connected() -> None:
    """A line without a number of its own has no position that connects."""
    card = CARD.read_out_only()
    assert not [place for place in dialogue.positions(card) if place.kind is Kind.CONNECT]
    assert dialogue.step(card, at("number/essm"), Keys("9"), {}) == at("number/essm/typed")


def test_the_fingerprint_shows_what_is_offered_and_no_more() -> None:
    """It is the same on every turn, differs between places, and changes with what can be connected."""
    assert dialogue.fingerprint(CARD, at("menu/main")) == dialogue.fingerprint(CARD, at("menu/main/noinput"))
    assert dialogue.fingerprint(CARD, at("menu/main")) != dialogue.fingerprint(CARD, at("chapter/doubt"))
    assert dialogue.fingerprint(CARD, at("number/essm")) != dialogue.fingerprint(
        CARD.read_out_only(), at("number/essm")
    )


def test_every_position_has_a_path_of_its_own() -> None:
    """Paths are distinct, and made of what no proxy and no library writes in another way."""
    paths = [place.path for place in PLACES]
    assert len(set(paths)) == len(paths)
    assert not set("".join(paths)) - set("abcdefghijklmnopqrstuvwxyz0123456789-/")
