# SPDX-License-Identifier: EUPL-1.2
"""Made-up cards that have what a card can have, to find out which sentences there are at all.

The schemas know every name from them, and an editor is told which field of the card a sentence goes with.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from ivr.card import Card, Menu, Notice, Number
from ivr.hours import Hours
from ivr.script import needed

FIELDS = ("emergency", "hours", "form", "connect", "call_yourself")
"""The fields of a number that bring sentences of their own."""

HOURS = Hours("Mo 09:00-17:00", ZoneInfo("UTC"), None)
"""Those of a number that is not always open."""

PLAIN, MENU, CHAPTER, WAIT, NOTICE = "plain", "menu", "chapter", "wait", "notice"
OTHER_THINGS = (MENU, CHAPTER, WAIT, NOTICE)


def card(*names: str) -> Card:
    """A card with a number for danger, a plain one, and what is named: OTHER_THINGS, or a field that a number has."""
    numbers = {name: _number(name) for name in ("emergency", PLAIN, *names) if name not in OTHER_THINGS}
    menus = {"main": Menu("main", dict(zip("123456789", numbers, strict=False)))}
    menus |= {name: Menu(name, {"1": PLAIN}, chapter=name == CHAPTER) for name in (MENU, CHAPTER) if name in names}
    home = dict.fromkeys((*numbers, *menus), "main")
    notice = Notice(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) if NOTICE in names else None
    wait = "connect" if WAIT in names else None
    return Card("", ZoneInfo("UTC"), "9", numbers, menus, home, wait=wait, notice=notice)


def everything() -> Card:
    """A card with all that a card can have."""
    return card(*FIELDS[1:], *OTHER_THINGS)


@cache
def belongs() -> Mapping[str, str]:
    """For each sentence that only a number with a certain field needs, that field."""
    plain = {_last(id_) for id_ in needed(card()) if not id_.startswith("numbers.emergency.")}
    return {name: field for field in FIELDS for name in map(_last, needed(card(field))) if name not in plain}


def _number(field: str) -> Number:
    return Number(
        id=field,
        number="112" if field == "emergency" else "000",
        source="",
        checked=date.min,
        emergency=field == "emergency",
        hours=HOURS if field == "hours" else None,
        connect="+12025550100" if field == "connect" else None,
        form="https://voorbeeld.example" if field == "form" else None,
        search="voorbeeld" if field == "form" else None,
        call_yourself=field == "call_yourself",
        instead=(PLAIN,) if field in ("hours", "connect") else (),
    )


def _last(id_: str) -> str:
    return id_.rpartition(".")[2]
