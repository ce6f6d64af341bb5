# SPDX-License-Identifier: EUPL-1.2
"""How a language says numbers, times and days: as words, never with a digit.

A speech engine reads `112` as "honderdtwaalf" and `22:00` as "tweeëntwintig nul
nul", so the line hands it words only. A language is one module of this package,
named by the first part of its BCP-47 tag, with the functions of `Language`.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from datetime import datetime, time
from typing import Protocol, cast

PAUSE = " … "
"""A short pause inside a sentence, the same in every language."""

Day = tuple[tuple[time, time], ...]
"""The opening hours of a day, as pairs of (opens, closes); none on a closed day.

`closes` 0:00 is midnight at the end of that day, 0:00 to 0:00 is the whole day, and
`closes` earlier than `opens` runs past midnight.
"""

Week = tuple[Day, ...]
"""The opening hours of seven days, Monday first."""

KNOWN = tuple(module.name for module in pkgutil.iter_modules(__path__))
"""The languages that the line can speak."""


class Language(Protocol):
    """What a language can say. Every answer is a phrase of words, without a digit."""

    def digits(self, printed: str) -> str:
        """Read a phone number one digit at a time, with pauses between its groups.

        `printed` has digits, spaces, hyphens and at most a leading `+`. A group of
        four is split in two pairs, and nothing is ever read as a number above nine:
        people dial along while they listen. Raises ValueError for anything else.
        """

    def key(self, k: str) -> str:
        """Name a key of the telephone: `0` to `9`, `*` or `#`, else ValueError."""

    def letters(self, text: str) -> str:
        """Spell `text`, A to Z in either case; raises ValueError for anything else."""

    def address(self, spoken: str) -> str:
        """Turn a spoken web address back into the address that a caller would type.

        The names of letters and signs become those letters and signs, other words
        are joined as they are, and commas and pauses are dropped. It proves that what
        is said is what the card prints.
        """

    def clock(self, t: time) -> str:
        """Say a time, to the minute, with the part of the day: no two sound alike."""

    def moment(self, days: int, at: datetime) -> str:
        """Say when something opens, in the words that follow "closed until".

        `at` is local and naive, and lies `days` calendar days after the caller's
        today: 0 or more, and less than a year, since no year is said. The time of the
        call is not known here: to a caller of 3:00, "tonight" can be this night or the
        next. Give `days` 2 for an opening of the next day if that may be misheard.
        """

    def hours(self, week: Week) -> str:
        """Say the opening hours of a week, in the words that follow "Open: ".

        Closed days are left out. Raises ValueError if every day is closed.
        """

    def either(self, names: Sequence[str]) -> str:
        """Join one or more names as a choice; raises ValueError if there are none."""


def load(tag: str) -> Language:
    """Return the language of a BCP-47 tag such as `nl` or `nl-NL`.

    Raises LookupError, with the known languages, for any other.
    """
    name = tag.partition("-")[0].lower()
    if name not in KNOWN:
        raise LookupError(f"The line does not speak {tag!r}. It speaks: {', '.join(KNOWN)}.")
    return cast("Language", importlib.import_module(f"{__name__}.{name}"))
