# SPDX-License-Identifier: EUPL-1.2
"""Calls that show any card, found from the card alone, for whoever has another card than ours."""

from datetime import datetime, timedelta

from ivr.card import Card, Number
from ivr.hours import Closed

DAY = "2026-11-25T14:00"

WholeCall = tuple[str, str, str]
"""What a call shows, when it is made, and the keys."""

CLOSED = "-dicht"

CONNECTIONS = {"c": "doorverbonden", "b": "in-gesprek", "n": "niet-opgenomen", "f": "niet-gelukt"}
"""How a connection ends, by its key."""


def calls_of(card: Card) -> dict[str, WholeCall]:
    """Calls that show a card, by name: silence, the list, each chapter, menu, number and connection."""
    calls = {
        "stilte": ("Iemand die nooit op een toets drukt", DAY, ""),
        "alle-nummers": ("Nul: alle nummers", DAY, "0"),
    }
    for id_, keys in _ways(card).items():
        if id_ not in card.numbers:
            kind = "hoofdstuk" if card.menus[id_].chapter else "menu"
            calls[f"{kind}-{id_}"] = (f"Het {kind} {id_}", DAY, keys)
            continue
        for state, at in _moments(card, card.numbers[id_]).items():
            calls[f"nummer-{id_}{state}"] = (f"Het nummer {id_}{state.replace('-', ', ')}", at, keys)
            if card.numbers[id_].connect and state != CLOSED:
                for outcome, ends in CONNECTIONS.items():
                    shows = f"Het nummer {id_}, {ends.replace('-', ' ')}"
                    calls[f"nummer-{id_}-{ends}"] = (shows, at, f"{keys}{card.connect_key}{outcome}")
    return calls


def _ways(card: Card) -> dict[str, str]:
    """The fewest keys that lead to each number, chapter and menu, but not to the first."""
    ways = {card.start.id: ""}
    waiting = [card.start.id]
    for id_ in waiting:  # grows while it is read: breadth first
        for key, target in card.menus[id_].keys.items() if id_ in card.menus else ():
            if target not in ways:
                ways[target] = ways[id_] + key
                waiting.append(target)
    del ways[card.start.id]
    return ways


def _moments(card: Card, number: Number) -> dict[str, str]:
    """When a number is first open and first closed, in the week after DAY; one moment where it has no hours."""
    if not number.hours:
        return {"": DAY}
    found: dict[str, str] = {}
    for half_hours in range(7 * 48):
        at = datetime.fromisoformat(DAY).replace(tzinfo=card.timezone) + timedelta(minutes=30 * half_hours)
        state = CLOSED if isinstance(number.hours.at(at)[0], Closed) else "-open"
        found.setdefault(state, f"{at:%Y-%m-%dT%H:%M}")
    return found
