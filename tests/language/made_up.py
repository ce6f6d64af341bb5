# SPDX-License-Identifier: EUPL-1.2
"""A made-up language for the tests: it spells everything, in words that no other language has.

Every word begins with an x, so that a word of any other language in a call is seen at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ivr.language import PAUSE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, time

    from ivr.language import Week

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789*#+.-/:"
NAMES = {sign: f"x{chr(ord('a') + place // 26)}{chr(ord('a') + place % 26)}" for place, sign in enumerate(SIGNS)}


def spell(text: str) -> str:
    """Name each sign, one by one."""
    return " ".join(NAMES[sign] for sign in text)


def digits(printed: str) -> str:
    """Name the digits of a number, group by group."""
    if not re.fullmatch(r"\+?[0-9 -]*[0-9][0-9 -]*", printed):
        raise ValueError(f"{printed!r} is no number.")
    return PAUSE.join(spell(group) for group in re.findall("[+0-9]+", printed))


def key(k: str) -> str:
    """Name a key."""
    if not re.fullmatch("[0-9*#]", k):
        raise ValueError(f"{k!r} is no key.")
    return spell(k)


def letters(text: str) -> str:
    """Spell a word."""
    if not re.fullmatch("[A-Za-z]+", text):
        raise ValueError(f"{text!r} is not made of letters.")
    return spell(text.lower())


def clock(t: time) -> str:
    """Spell a time."""
    return spell(f"{t:%H:%M}")


def moment(days: int, at: datetime) -> str:
    """Spell how many days ahead, and the time."""
    return spell(f"{days}+{at:%H:%M}")


def hours(week: Week) -> str:
    """Spell the spans of each day."""
    if not any(week):
        raise ValueError("There are no hours.")
    return spell("/".join("+".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in day) for day in week))


def either(names: Sequence[str]) -> str:
    """Join names by a word."""
    if not names:
        raise ValueError("There is no name.")
    return " xor ".join(names)
