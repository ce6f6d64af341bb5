# SPDX-License-Identifier: EUPL-1.2
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import dialogue
from ivr.address import Addresses, fingerprint, path
from ivr.card import Card
from ivr.position import Dialled, Event, Keys, Kind, Position, Silence
from tests.conftest import LINE, LINES

CARD = LINE.card
BASE = "https://lijn.example/voice"
POSITIONS = {path(position): position for position in dialogue.positions(CARD)}

both_cards = pytest.mark.parametrize("card", [line.card for line in LINES.values()], ids=LINES)


def read(addresses: Addresses, url: str, form: dict[str, str]) -> tuple[Position, Event]:
    """What a request to an address tells."""
    parts = urlsplit(url)
    return addresses.read(parts.path.removeprefix("/voice/"), parts.query, form)


@both_cards
@given(data=st.data())
def test_an_address_leads_back_to_its_position(card: Card, data: st.DataObject) -> None:
    """Whatever is reported at an address of a position is read as that event, fresh, at that position."""
    addresses = Addresses(card, BASE)
    number = data.draw(st.sampled_from(list(card.numbers.values())))
    typed = number.digits[: data.draw(st.integers(0, len(number.digits) - 1))]
    position = data.draw(st.sampled_from(list(dialogue.positions(card))))._replace(typed=typed)
    digits, status = data.draw(st.text("0123456789*#", min_size=1)), data.draw(st.text())
    ways = addresses.ways(position)
    assert "%" not in ways.keys  # it is read without unquoting
    assert read(addresses, ways.keys, {"Digits": digits}) == (position, Keys(digits))
    assert read(addresses, ways.keys, {"Digits": ""}) == (position, Silence())
    assert read(addresses, ways.silence, {}) == (position, Silence())
    assert read(addresses, ways.outcome, {"DialCallStatus": status}) == (position, Dialled(status))


@given(
    st.text(), st.text() | st.dictionaries(st.text(), st.text()).map(urlencode), st.dictionaries(st.text(), st.text())
)
def test_any_address_can_be_read(address: str, query: str, form: dict[str, str]) -> None:
    """Whatever somebody makes up is a position of this card, and no key that it brings counts as fresh."""
    position, event = Addresses(CARD, BASE).read(address, query, form)
    assert path(position) in POSITIONS
    assert not isinstance(event, Keys) or event.stale


def test_the_fingerprint_shows_what_is_offered_and_no_more() -> None:
    """It is the same on every turn, differs between positions, and changes with what can be connected."""
    menu, essm = POSITIONS["menu/main"], POSITIONS["number/essm"]
    assert fingerprint(CARD, menu) == fingerprint(CARD, POSITIONS["menu/main/noinput"])
    assert fingerprint(CARD, menu) != fingerprint(CARD, POSITIONS["chapter/doubt"])
    assert fingerprint(CARD, essm) != fingerprint(CARD.read_out_only(), essm)
    waiting = replace(CARD, wait="essm")  # whoever does nothing in a menu is connected
    assert fingerprint(waiting, menu) != fingerprint(CARD, menu)


@both_cards
def test_every_position_has_a_path_of_its_own(card: Card) -> None:
    """Paths are distinct, and made of what no proxy and no library writes in another way."""
    paths = [path(position) for position in dialogue.positions(card)]
    assert len(set(paths)) == len(paths)
    assert not set("".join(paths)) - set("abcdefghijklmnopqrstuvwxyz0123456789-/")


@pytest.mark.parametrize("typed", ["12", "0102365256", "0612345678", "1111", "%31", "x", "0" * 5000])
def test_nothing_but_the_beginning_of_a_number_is_read_from_an_address(typed: str) -> None:
    """What cannot become a number of this card is forgotten, and the key that comes with it is stale."""
    query = f"offer={fingerprint(CARD, POSITIONS['menu/main'])}&typed={typed}"
    position, event = Addresses(CARD, BASE).read("menu/main/keys", query, {"Digits": "3"})
    assert position.typed in {"", "0", "1", "11"}
    assert event == Keys("3", stale=True)


def test_the_list_goes_on_before_a_number_that_is_gone() -> None:
    """Where the number that was read is gone from the card, the list goes on after the one before it, sorted by id."""
    card = LINE.card
    addresses = Addresses(card, "https://line.example/voice")
    position, event = addresses.read("list/zoo/silence", "offer=0", {})
    assert (position.kind, position.id, event) == (Kind.LIST, max(card.numbers), Silence(stale=True))
