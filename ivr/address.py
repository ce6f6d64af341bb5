# SPDX-License-Identifier: EUPL-1.2
"""A position is an address, and an address is a position: both directions, and nobody else knows how.

A call has no session. Where the caller is stands in the address that Twilio calls next, such as
`/voice/number/essm/typed/keys?offer=1f0c9a4e&pressed=1`: the position, what is reported there, a fingerprint of the
keys that were offered, and how many keys of the emergency number were pressed in a row.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ivr.dialogue import Dialled, Keys, Position, Silence, offers, positions, start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivr.card import Card
    from ivr.dialogue import Event

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
        self._base = base
        self._start = start(card)
        self._positions = {path(position): position for position in positions(card)}
        self._offers = {name: fingerprint(card, position) for name, position in self._positions.items()}
        self._pressed = {str(count): count for count in range(1, len(card.emergency.digits))}

    def ways(self, position: Position) -> Ways:
        """Where Twilio goes on from a position."""
        name = path(position)
        here = f"{self._base}/{name}"
        pressed = f"pressed={position.pressed}" if position.pressed else ""
        after = f"?{pressed}" if pressed else ""
        offer = f"?offer={self._offers[name]}" + (f"&{pressed}" if pressed else "")
        return Ways(f"{here}/{KEYS}{offer}", f"{here}/{SILENCE}{after}", f"{here}/{OUTCOME}{after}")

    def read(self, address: str, query: Mapping[str, str], form: Mapping[str, str]) -> tuple[Position, Event]:
        """The position that an address names and what the form reports there; `address` is what follows the base.

        An address that this card does not have is the start, and what was pressed counts all the same: nothing that
        anybody sends loses a call. Keys that answer an offer which this card does not make are stale.
        """
        name, _, reported = address.rpartition("/")
        position = self._positions.get(name, self._start)
        if pressed := self._pressed.get(query.get("pressed", "")):
            position = replace(position, pressed=pressed)
        digits = form.get("Digits", "")
        if reported == OUTCOME:
            return position, Dialled(form.get("DialCallStatus", ""))
        if reported == SILENCE or (reported == KEYS and not digits):
            return position, Silence()
        fits = reported == KEYS and query.get("offer") == self._offers[path(position)]
        return position, Keys(digits, stale=not fits)


def path(position: Position) -> str:
    """The position as it stands in an address, without what was pressed: `number/essm/typed`."""
    return "/".join(filter(None, (position.kind, position.id, position.turn)))


def fingerprint(card: Card, position: Position) -> str:
    """Eight characters that change when the keys offered at a position, or where they lead, change."""
    offered = {key: path(target) for key, target in sorted(offers(card, position).items())}
    return hashlib.sha256(json.dumps(offered).encode()).hexdigest()[:8]
