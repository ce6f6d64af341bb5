# SPDX-License-Identifier: EUPL-1.2
"""The rules of the line on cards that can do what ours does not: a number in two menus, and waiting that connects."""

from dataclasses import replace

import pytest

from ivr import dialogue
from ivr.address import path
from ivr.position import Event, Keys, Kind, Position, Silence
from ivr.world import World
from tests.conftest import LINES
from tests.test_dialogue import CARD, TOMORROW, at

SECOND = LINES["second"].card
WAITING = replace(CARD, wait="essm")


def test_the_way_back_is_the_way_that_was_come() -> None:
    """A number in two menus leads back to the one it was chosen in, and the list begins with that menu's numbers."""
    both = {**SECOND.menus, "begin": replace(SECOND.menus["begin"], keys={"1": "alarm", "2": "dieren", "3": "opvang"})}
    card = replace(SECOND, menus=both, home={**SECOND.home, "opvang": "begin"})

    def press(place: Position, key: str) -> Position:
        return dialogue.step(card, place, Keys(key), World())

    below = press(press(dialogue.start(card), "2"), "1")
    assert path(press(below, "#")) == "menu/dieren/back"
    assert path(press(press(dialogue.start(card), "3"), "#")) == "menu/begin/back"
    assert [number.id for number in dialogue.listed(card, "dieren")] == ["alarm", "opvang", "dierenarts"]
    assert path(press(press(press(dialogue.start(card), "2"), "0"), "#")) == "menu/dieren/back"


def test_the_end_of_the_list_is_among_the_positions() -> None:
    """Also where each menu has an order of its own, whoever walks the positions comes to where the list ends."""
    begin = replace(SECOND.menus["begin"], keys={"1": "alarm", "2": "dieren", "3": "opvang"})
    card = replace(SECOND, menus={**SECOND.menus, "begin": begin}, home={**SECOND.home, "opvang": "begin"})
    ends = [position for position in dialogue.positions(card) if position.kind is Kind.LIST]
    assert dialogue.listed(card, "begin")[-1].id in {p.id for p in ends if dialogue.back(card, p) == "begin"}


@pytest.mark.parametrize(
    ("name", "event", "then"),
    [
        ("menu/main", Silence(), "menu/main/noinput"),
        ("menu/main/noinput", Silence(), "connect/essm"),
        ("menu/main/back", Silence(), "connect/essm"),
        ("number/essm/busy", Silence(), "list/danger"),
        ("number/essm/completed", Silence(), "list/danger"),
    ],
)
def test_waiting_reaches_a_person(name: str, event: Event, then: str) -> None:
    """On a card that says so, silence after a short menu connects; after that it leads to all numbers.

    So it does when the other side has hung up: it may have been an answering machine.
    """
    assert path(dialogue.step(WAITING, at(name), event, World())) == then


def test_waiting_at_night_reads_all_numbers() -> None:
    """Nobody is connected by waiting while the number is closed, nor on a line that connects nothing."""
    closed = World({"essm": TOMORROW})
    assert path(dialogue.step(WAITING, at("menu/main/noinput"), Silence(), closed)) == "list/danger"
    assert path(dialogue.step(WAITING.read_out_only(), at("menu/main/noinput"), Silence(), World())) == "list/danger"
