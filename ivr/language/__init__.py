# SPDX-License-Identifier: EUPL-1.2
"""How a language says numbers, times and days: as words, never with a digit.

A speech engine reads `112` as "honderdtwaalf" and `22:00` as "tweeëntwintig nul
nul", so the line hands it words only. A language is one module of this package,
named by the first part of its BCP-47 tag, with the functions of `Language`.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
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

WHOLE_DAY = (time(0), time(0))
ALWAYS: Week = ((WHOLE_DAY,),) * 7

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
        """Name a key of the telephone: `0` to `9`, `*` or `#`, else ValueError.

        The name is in the form that follows "press".
        """

    def letters(self, text: str) -> str:
        """Spell `text`, A to Z in either case; raises ValueError for anything else."""

    def clock(self, t: time) -> str:
        """Say a time by itself, to the minute: no two sound alike.

        It names the part of the day, unless the language announces times of twenty-four hours.
        """

    def moment(self, days: int, at: datetime) -> str:
        """Say when something opens, in the words, and the case, that follow "closed until".

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


def count(small: str, tens: str, link: str) -> list[str]:
    """Count from zero to 59, with the small numbers (from zero on), the later tens, and what links a ten and a one."""
    numbers = small.split()
    return numbers + [ten + (link + numbers[one] if one else "") for ten in tens.split() for one in range(10)]


def read(printed: str, names: Mapping[str, str]) -> str:
    """Read a phone number as `Language.digits` asks, with the names of its digits and of `+`."""
    if not re.fullmatch(r"\+?[0-9 -]*[0-9][0-9 -]*", printed):
        raise ValueError(
            f"{printed!r} cannot be read as a phone number: "
            "write digits, spaces and hyphens, with at most a + in front."
        )
    groups = re.findall("[0-9]+", re.sub(r"\b([0-9]{2})([0-9]{2})\b", r"\1 \2", printed))
    spoken = PAUSE.join(", ".join(names[digit] for digit in group) for group in groups)
    return f"{names['+']}, {spoken}" if printed.startswith("+") else spoken


def label(k: str, names: Mapping[str, str]) -> str:
    """Name a key as `Language.key` asks."""
    if not re.fullmatch("[0-9*#]", k):
        raise ValueError(f"{k!r} is not a key of a telephone: use 0 to 9, * or #.")
    return names[k]


def spell(text: str, names: Mapping[str, str]) -> str:
    """Spell as `Language.letters` asks, with the names of the small letters."""
    if not re.fullmatch("[A-Za-z]+", text):
        raise ValueError(f"{text!r} cannot be spelled: write only letters from A to Z.")
    return " ".join(names[letter] for letter in text.lower())


def join(names: Sequence[str], word: str) -> str:
    """Join names with commas, and with a word before the last; raises ValueError if there are none."""
    if not names:
        raise ValueError("A choice needs at least one name.")
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def say_week(
    week: Week, word: str, every_day: str, days: Callable[[int, int], str], span: Callable[[time, time], str]
) -> str:
    """Say hours as `Language.hours` asks, the days with the same hours together and closed days left out.

    `word` is "and". `days` says one day (Monday is 0, first and last are the same), or three or more that follow each
    other; `span` says when something opens and closes. Raises ValueError if every day is closed.
    """
    open_on: dict[Day, list[int]] = {}
    for day, spans in enumerate(week):
        if spans:
            open_on.setdefault(spans, []).append(day)
    if not open_on:
        raise ValueError("A week without opening hours cannot be said: leave it out.")
    clauses = []
    for spans, open_days in open_on.items():
        names = [days(first, last) for first, last in _runs(open_days)]
        said = every_day if len(open_days) == len(week) else join(names, word)
        clauses.append(f"{said} {f' {word} '.join(span(*each) for each in spans)}")
    return "; ".join(clauses)


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    # In days that follow each other, day and index rise together.
    for _, group in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        run = [day for _, day in group]
        runs += [(run[0], run[-1])] if run[2:] else [(day, day) for day in run]
    return runs
