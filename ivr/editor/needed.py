# SPDX-License-Identifier: EUPL-1.2
"""Which sentences a card needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ivr.card import Card

LINE = {
    "danger": "emergency",
    "noinput": "",
    "nomatch": "",
    "repeat": "",
    "all": "",
    "repeat_short": "",
    "all_short": "",
    "again": "number",
    "typed": "number",
    "choices": "",
    "list": "",
    "goodbye": "emergency",
}
"""The sentences of `line.yaml`, each with the place that it fills."""

LINE_SUBMENUS = {"back": "", "back_short": ""}
LINE_HOURS = {"instead": "others"}
LINE_CONNECT = {"instead_short": "others"}
LINE_SOMETIMES = LINE_SUBMENUS | LINE_HOURS | LINE_CONNECT
"""Sentences that only some cards say: with a menu under a menu, with opening hours, with a connection."""

NUMBER = {"name": "", "first": "number", "list": "number", "about": ""}
NUMBER_EMERGENCY = {"end": "number"}
NUMBER_FORM = {"form": "address", "address": ""}
NUMBER_HOURS = {
    "closed": "number opens",
    "closed_unknown": "number",
    "list_closed": "number opens",
    "list_closed_unknown": "number",
    "about_closed": "",
    "hours": "hours",
    "hours_now": "hours",
}
NUMBER_CONNECT = {
    "offer": "key",
    "connect": "",
    "busy": "number",
    "no_answer": "number",
    "failed": "number",
    "retry": "key",
    "completed": "number",
}
NUMBER_OPTIONAL = {"full_name": ""}
"""Sentences that any number may have."""

MENU_CHOICE = {"long": "key", "short": "key"}
CHAPTER_CHOICE = "key"


class Sentence(NamedTuple):
    """A sentence that a card needs: the names of its blanks, and whether it may be missing."""

    values: Mapping[str, object]
    optional: bool = False


def needed(card: Card) -> Mapping[str, Sentence]:
    """Every sentence that a card needs, by id."""
    numbers = card.numbers.values()
    parts: list[tuple[object, str, Mapping[str, str]]] = [
        (True, "line", LINE),
        (len([menu for menu in card.menus.values() if not menu.chapter]) > 1, "line", LINE_SUBMENUS),
        (any(number.hours for number in numbers), "line", LINE_HOURS),
        (any(number.connect for number in numbers), "line", LINE_CONNECT),
    ]
    for menu in card.menus.values():
        prefix = f"{'chapters' if menu.chapter else 'menus'}.{menu.id}"
        parts.append((True, prefix, {"about": ""}))
        for target in menu.keys.values():
            below = {target: CHAPTER_CHOICE} if menu.chapter else {f"{target}.{n}": b for n, b in MENU_CHOICE.items()}
            parts.append((True, f"{prefix}.choices", below))
    for number in numbers:
        parts += [
            (True, f"numbers.{number.id}", NUMBER | NUMBER_OPTIONAL),
            (number.emergency, f"numbers.{number.id}", NUMBER_EMERGENCY),
            (number.form, f"numbers.{number.id}", NUMBER_FORM),
            (number.hours, f"numbers.{number.id}", NUMBER_HOURS),
            (number.connect, f"numbers.{number.id}", NUMBER_CONNECT),
        ]
    return {
        f"{prefix}.{name}": Sentence(dict.fromkeys(blanks.split()), name in NUMBER_OPTIONAL)
        for there, prefix, names in parts
        if there
        for name, blanks in names.items()
    }
