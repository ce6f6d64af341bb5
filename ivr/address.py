# SPDX-License-Identifier: EUPL-1.2
"""Writes a position as an address that Twilio calls, and reads it back.

A call has no session. Where the caller is stands in the address that Twilio calls next, such as
`/voice/number/essm/typed/keys?offer=1f0c9a4e&typed=010`: the kind, the id and the turn, what is reported there, a
fingerprint of what the keys lead to (`offer`), and typed digits that begin a number of the card. Two versions of a card
can answer one call in turn, so what is reported with another fingerprint than this card's is *stale*.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from ivr.card import Card
from ivr.dialogue import back, listed, offers, positions, start
from ivr.position import Dialled, Event, Keys, Kind, Position, Silence, Turn

KEYS, SILENCE, OUTCOME = "keys", "silence", "outcome"
"""The last part of an address: what Twilio reports there."""


class Ways(NamedTuple):
    """The addresses where Twilio goes on from a position: after a key, after silence, after a connection."""

    keys: str
    silence: str
    outcome: str


class Addresses:
    """The addresses of one card. `base` is what all of them begin with, such as `https://lijn.example.nl/voice`."""

    def __init__(self, card: Card, base: str) -> None:
        self._card = card
        self._base = base
        self._positions = {path(position): position._replace(menu="") for position in positions(card)}
        self._menus = {menu.id for menu in card.menus.values() if not menu.chapter}
        self._offers: dict[tuple[str, str, str, str, bool, str], str] = {}

    def ways(self, position: Position) -> Ways:
        """Where Twilio goes on from a position."""
        here = f"{self._base}/{path(position)}"
        query = _query(position, self._offer(position))
        return Ways(*(f"{here}/{reported}?{query}" for reported in (KEYS, SILENCE, OUTCOME)))

    def read(self, address: str, query: str, form: Mapping[str, str]) -> tuple[Position, Event]:
        """The position that an address names and what the form reports there.

        `address` is what follows the base, and `query` what follows its question mark, as it was asked for.

        For an address that this card lacks another position stands in, where digits still count: nothing loses a call.
        """
        name, _, reported = address.rpartition("/")
        told = dict(pair.partition("=")[::2] for pair in query.split("&"))  # no value that we write needs quoting
        position = self._position(name, told)
        stale = name not in self._positions or told.get("offer") != self._offer(position)
        stale |= told.get("typed", position.typed) != position.typed  # it begins no number of this card
        digits = form.get("Digits", "")
        if reported == OUTCOME:
            return position, Dialled(form.get("DialCallStatus", ""), stale)
        if reported == SILENCE or (reported == KEYS and not digits):
            return position, Silence(stale)
        return position, Keys(digits, stale or reported != KEYS)

    def _position(self, name: str, query: Mapping[str, str]) -> Position:
        position = self._positions.get(name) or self._in_language(name)
        if query.keys() <= {"offer"}:  # as nearly always
            return position
        typed = self._card.begun(query.get("typed", ""))
        if position.id not in self._card.numbers and position.kind is not Kind.LANGUAGES:
            return position._replace(typed=typed)
        menu = query.get("menu", "")
        menu = menu if menu in self._menus and menu != self._card.home[position.id] else ""
        anew = position.kind is Kind.LIST and query.get("anew") == "1"
        return position._replace(typed=typed, menu=menu, anew=anew)

    def _in_language(self, name: str) -> Position:
        """What stands in for a position that is gone, in the caller's language if the card still has it."""
        language, _, rest = name.partition("/")
        if language in self._card.languages[1:]:
            return self._instead(rest)._replace(language=language)
        if re.fullmatch("[a-z]{2}", language):
            return self._positions.get(rest) or self._instead(rest)
        return self._instead(name)

    def _instead(self, name: str) -> Position:
        """What stands in for a position that is gone. All events there are stale, and silence still ends the call."""
        kind, _, rest = name.partition("/")
        id_, _, turn = rest.partition("/")
        first = start(self._card)
        if kind == Kind.LIST:  # the number before it, sorted by id, so that the list skips none
            before = [number.id for number in listed(self._card, first.id, anew=True) if number.id < id_]
            return Position(Kind.LIST, before[-1] if before else self._card.emergency.id)
        if kind in (Kind.MENU, Kind.CHAPTER):
            return first._replace(turn=Turn.NOINPUT) if kind == Kind.MENU and turn else first
        return Position(Kind.GOODBYE, first.id)

    def _offer(self, position: Position) -> str:
        # Except at a goodbye, `typed` and the turn do not change what is offered: later turns have fewer of its keys.
        turn = Turn.GOODBYE if position.turn is Turn.GOODBYE else Turn.FIRST
        key = (position.kind, position.id, turn, position.menu, position.anew, position.language)
        if key not in self._offers:
            self._offers[key] = fingerprint(self._card, position._replace(turn=turn, typed=""))
        return self._offers[key]


def _query(position: Position, offer: str) -> str:
    told = {"offer": offer, "typed": position.typed, "menu": position.menu, "anew": int(position.anew)}
    return urlencode({name: value for name, value in told.items() if value})


def path(position: Position) -> str:
    """The kind, the id and the turn as they stand in an address: `number/essm/typed`.

    What is said in another language than the first stands under its code: `en/number/essm/typed`.
    """
    return "/".join(filter(None, (position.language, position.kind, position.id, position.turn)))


def fingerprint(card: Card, position: Position) -> str:
    """Eight characters that change when the keys of a position, or what they lead to, change.

    It covers the first language, the number of the position, the keys with where they lead and the numbers there, what
    waiting connects to, and in the list also the order.
    """
    offered: list[object] = [*card.languages[:1], _known_by(card, position._replace(turn=Turn.FIRST))]
    offered += [[key, _known_by(card, target)] for key, target in sorted(offers(card, position).items())]
    if card.wait and (position.kind is Kind.MENU or position.id == card.wait):
        offered.append(_known_by(card, Position(Kind.CONNECT, card.wait)))
    if position.kind is Kind.LIST:
        offered += [number.number for number in listed(card, back(card, position), anew=position.anew)]
    return hashlib.sha256(json.dumps(offered).encode()).hexdigest()[:8]


def _known_by(card: Card, position: Position) -> list[object]:
    """What somebody who goes to a position relies on: its number, what that connects to, and whether it has hours."""
    number = card.numbers.get(position.id)
    facts = [number.number, number.connect, number.hours is not None] if number else []
    return [path(position), *facts]
