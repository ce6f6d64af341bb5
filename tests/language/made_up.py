# SPDX-License-Identifier: EUPL-1.2
"""A made-up language for the tests: it spells everything, in words that no other language has.

Every word begins with an x, so that a word of any other language in a call is seen at once.
"""

from collections.abc import Sequence
from datetime import datetime, time

from ivr.language import Language, Week

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789*#+.-/:"
NAMES = {sign: f"x{chr(ord('a') + place // 26)}{chr(ord('a') + place % 26)}" for place, sign in enumerate(SIGNS)}


def spell(text: str) -> str:
    """Name each sign, one by one."""
    return " ".join(NAMES[sign] for sign in text)


class MadeUp(Language):
    """It has the names of its signs, and joins whatever else there is by spelling it."""

    numbers = tuple(NAMES[digit] for digit in "0123456789")
    signs = (NAMES["+"], NAMES["*"], NAMES["#"])
    alphabet = tuple(NAMES.values())[:26]
    or_ = "xor"
    from_until = "xfrom {} xuntil {}"
    every_day = always = whole_day = spell("24/7")
    weekdays = tuple(map(spell, "mo tu we th fr sa su".split()))

    def clock(self, t: time) -> str:
        """Spell a time."""
        return spell(f"{t:%H:%M}")

    def moment(self, days: int, at: datetime) -> str:
        """Spell how many days ahead, and the time."""
        return spell(f"{days}+{at:%H:%M}")

    def hours(self, week: Week) -> str:
        """Spell the spans of each day."""
        if not any(week):
            raise ValueError("There are no hours.")
        return spell("/".join("+".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in day) for day in week))

    def either(self, names: Sequence[str]) -> str:
        """Join names by a word, however many there are."""
        if not names:
            raise ValueError("There is no name.")
        return f" {self.or_} ".join(names)


LANGUAGE = MadeUp()
