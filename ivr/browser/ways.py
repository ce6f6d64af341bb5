# SPDX-License-Identifier: EUPL-1.2
"""Where every event leads from every position, as tables that a page can read without a rule of the dialogue.

What was typed, the menu that `#` leads back to and the language stand apart, and a row says what becomes of each: next
to each position they would multiply all of it. Positions that are `alike` share their rows.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ivr.address import path
from ivr.card import KEYPAD, Card
from ivr.dialogue import back, positions, start, step
from ivr.phone.handsets import OUTCOME_KEYS, SILENCE
from ivr.position import Dialled, Event, Keys, Kind, Position, Silence, Turn
from ivr.proof.graph import alike
from ivr.review.map import key_of
from ivr.world import World

EVENTS: Mapping[str, Event] = {
    **{key: Keys(key) for key in KEYPAD},
    SILENCE: Silence(),
    **{key: Dialled(status) for key, status in OUTCOME_KEYS.items()},
}
"""The columns of a row, as `ivr call --keys` takes them."""

NOWHERE = -1
"""In a row: that cannot happen there."""

SAME = -1
"""In an end: the menu or the language stays as it is."""

LATER = [turn for turn in Turn if turn is not Turn.FIRST]
"""Turns at the menu that the caller came from: an end there is -1 for the first of these, and so on."""


T = TypeVar("T", bound=Hashable)


class Shared(dict[T, int]):
    """Numbers things in the order in which they come, the same thing once."""

    def __missing__(self, key: T) -> int:
        self[key] = len(self)
        return self[key]


class Ways:
    """The tables of a card in some worlds. `alike` has a position of each class of those that are."""

    def __init__(self, card: Card, worlds: Sequence[World]) -> None:
        self._card, self._key = card, alike(card)
        self._languages = ("", *card.languages[1:])
        self._plain = Shared[Position]()
        for position in positions(card):
            self._plain[position._replace(menu="", language="")]
        self._menus = Shared[str]((menu.id, at) for at, menu in enumerate(card.menus.values()))
        self._typed, self._classes = Shared[str]({"": 0}), Shared[object]()
        self._ends, self._rows = Shared[tuple[int, ...]](), Shared[tuple[int, ...]]()
        self.alike: list[Position] = []
        here = (plain._replace(language=language) for plain in self._plain for language in self._languages)
        self._classes_at = [brief(list(map(self._class, self._members(position)))) for position in here]
        walked = [self._walk(world) for world in worlds]
        by_typed = Shared[tuple[int, ...]]()
        ways = [
            [
                by_typed[tuple(brief([rows.get((at, typed), NOWHERE) for typed in self._typed]))]
                for at in range(len(self.alike))
            ]
            for rows in walked
        ]
        self.data: dict[str, Any] = {
            "events": "".join(EVENTS),
            "languages": card.languages,
            "paths": [path(plain) for plain in self._plain],
            "keys": [key_of(plain) for plain in self._plain],
            "start": self._plain[start(card)],
            "menus": [
                [self._plain.get(Position(Kind.MENU, menu, turn), NOWHERE) for turn in LATER] for menu in self._menus
            ],
            "typed": [[self._typed.get(card.begun(begun + key), 0) for key in KEYPAD] for begun in self._typed],
            "ends": list(self._ends),
            "rows": list(self._rows),
            "byTyped": list(by_typed),
            "classes": self._classes_at,
            "ways": ways,
        }

    def _from_any(self, position: Position) -> bool:
        """Whether `#` leads from there to the menu that the caller came from, whichever that was."""
        return position.id in self._card.numbers or position.kind is Kind.LANGUAGES

    def _members(self, position: Position) -> Iterator[Position]:
        """The positions of a plain one, one for each menu that `#` may lead back to from there."""
        home = self._card.home[position.id]
        for menu in self._menus if self._from_any(position) else [home]:
            yield position._replace(menu="" if menu == home or self._card.menus[menu].chapter else menu)

    def _class(self, position: Position) -> int:
        found = self._classes[self._key(position._replace(typed=""))]
        if found == len(self.alike):
            self.alike.append(position._replace(typed=""))
        return found

    def _walk(self, world: World) -> dict[tuple[int, str], int]:
        """The row of each class, with each beginning of a number that may have been typed there."""
        waiting = list(positions(self._card))
        seen = {(self._class(position), "") for position in waiting}
        rows: dict[tuple[int, str], int] = {}
        for position in waiting:  # grows while it is read
            row: list[int] = []
            for event in EVENTS.values():
                if (position.kind is Kind.CONNECT) != isinstance(event, Dialled):
                    row.append(NOWHERE)
                    continue
                end = step(self._card, position, event, world)
                row.append(self._ends[self._end(position, end)])
                key = self._class(end), end.typed
                if key not in seen:
                    seen.add(key)
                    waiting.append(end)
            self._typed[position.typed]
            rows[self._class(position), position.typed] = self._rows[tuple(row)]
        return rows

    def _end(self, position: Position, end: Position) -> tuple[int, int, int]:
        """Where an event leads: to a plain position, with the menu and the language as they are from then on."""
        came = back(self._card, position) if self._from_any(position) else None
        language = SAME if end.language == position.language else self._languages.index(end.language)
        if end.kind is Kind.MENU and end.id == came and end.turn in LATER:  # a key may lead to the first turn of any
            return -1 - LATER.index(end.turn), 0, language
        menu = back(self._card, end) if self._from_any(end) else None
        kept = 0 if menu is None else SAME if menu == came else self._menus[menu]
        return self._plain[end._replace(typed="", menu="", language="")], kept, language


def brief(each: Sequence[Any]) -> list[Any]:
    """A list, or its one member where all are the same."""
    return list(each[:1]) if all(one == each[0] for one in each) else list(each)
