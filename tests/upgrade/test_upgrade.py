# SPDX-License-Identifier: EUPL-1.2
"""Calls that cross from one version of a card to another, from every 37th position."""

from pathlib import Path

import pytest

from ivr import address, recording
from ivr.card import Card
from ivr.dialogue import offers
from ivr.position import Position
from tests.upgrade.pairs import OURS, PAIRS, SAID, changed
from tests.upgrade.plays import plays, recorded_ways
from tests.upgrade.walker import Replica, halves, never_end, unheard

EVERY = 37
"""One position in so many; a prime, so that each turn, count of keys and menu has its chance. With 1 all are walked."""

each_pair = pytest.mark.parametrize("name", PAIRS)


@each_pair
def test_a_call_between_two_cards_is_led_nowhere_else(name: str) -> None:
    """Wherever one replica left a caller, the other does what was offered, or speaks the menu from its beginning."""
    one, other = PAIRS[name]
    wrong = [half for cards in ((one, other), (other, one)) for half in halves(*cards, EVERY) if half.wrong]
    assert not wrong


@each_pair
def test_silence_between_two_cards_misses_nothing_and_ends(name: str) -> None:
    """Who stays silent hears all numbers of both cards when crossing once, and a goodbye when crossing each time."""
    one, other = PAIRS[name]
    assert not unheard(one, other) | unheard(other, one)
    assert not never_end(one, other, EVERY) + never_end(other, one, EVERY)


def test_what_is_said_may_change_during_a_call() -> None:
    """A card that differs in nothing but what is said takes a call over as if it were the same."""
    assert all(half.reached == half.promised for half in halves(*PAIRS[SAID], EVERY))


def test_somebody_silent_goes_on_behind_a_number_that_is_gone() -> None:
    """Where the list began anew already, it goes on with what comes next by name."""
    keys = {"1": "danger", "3": "essm", "5": "m", "6": "trafficking"}
    replica = Replica(changed(OURS, keys={"main": keys}, chapters={"trafficking": {"3": "essm"}}))
    for gone, expected in {"a": "essm", "k": "m", "police": "main"}.items():
        found = replica.step(*replica.addresses.read(f"list/{gone}/silence", "anew=1", {}))
        assert found.id == expected


def _paths_only(card: Card, position: Position) -> str:
    """What the fingerprint covered before; as figures and letters, like ours, which nothing has to quote."""
    told = "_".join(f"{key}{address.path(target)}" for key, target in sorted(offers(card, position).items()))
    return told.encode().hex()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("two numbers to connect to exchanged", "connects to what was not offered"),
        ("the contents of two names exchanged", "leads to what was not offered"),
        ("a number replaced behind the same name", "leads to what was not offered"),
    ],
)
def test_the_walk_can_fail(monkeypatch: pytest.MonkeyPatch, name: str, fault: str) -> None:
    """With a fingerprint that leaves out the numbers behind the names, the walk finds wrong halves."""
    monkeypatch.setattr(address, "fingerprint", _paths_only)
    assert fault in {half.wrong for half in halves(*PAIRS[name], EVERY)}


def test_what_one_server_plays_the_other_has_or_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It plays what it has of each line, in whatever voice, and never another; the walk finds a server that does."""
    ways = list(recorded_ways(tmp_path))
    found = {way: list(plays(one, other)) for way, one, other in ways}
    assert not [play for each in found.values() for play in each if play.wrong]
    told = {way: (len(each) > 50, sum(play.whole for play in each) > 10) for way, each in found.items()}
    assert told == {
        "read, then not read": (True, False),
        "read, then read anew in Dutch": (True, True),
        "not read, then read": (False, False),
        "not read, then read anew in Dutch": (False, False),
        "read anew in Dutch, then read": (True, True),
        "read anew in Dutch, then not read": (True, False),
    }
    joined = recording.joined
    monkeypatch.setattr(recording, "joined", lambda wanted, read: joined(wanted[::-1], read))
    assert {play.wrong for play in plays(*ways[1][1:])}
