# SPDX-License-Identifier: EUPL-1.2
"""How a language says numbers, times and days: as words, never with a digit.

A speech engine reads `112` as "honderdtwaalf" and `22:00` as "tweeëntwintig nul nul", so the line hands it words only.
A language is one module of this package, named by the first part of its BCP-47 tag, with a subclass of `Language`, and
beside it a file with its words.
"""

import importlib
import pkgutil
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, time
from importlib import resources
from itertools import groupby
from string import ascii_lowercase

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


class Language(ABC):
    """What a language can say, in words without a digit: a subclass has its words, and what it says in its own way."""

    numbers: Sequence[str]
    """The numbers from zero on, as far as days and minutes need them."""
    signs: Sequence[str]
    """The names of `+`, `*` and `#`."""
    alphabet: Sequence[str]
    """The names of the letters, A to Z."""
    and_: str
    or_: str
    every_day: str
    always: str = ""
    """What is said of a week that is open day and night; empty where `every_day` and `whole_day` say it."""
    whole_day: str
    weekdays: Sequence[str]
    several_days: str
    """Three or more days that follow each other, such as "{} tot en met {}"."""
    from_until: str
    """When something opens and closes, such as "van {} tot {}"."""
    short_days: Sequence[str]
    """The days of the week, Monday first, as they stand in a row of hours; this and what follows is read, not heard."""
    months: Sequence[str]
    """The months, as they stand in a date."""
    named_days: Sequence[str] = ()
    """The days of the week as they stand in a date, where `weekdays` has them in another form."""
    dated = "{}, {} {}"
    """A date: the day of the week, the day and the month."""
    timed = "{}"
    """A time, from its figures."""

    def __init__(self, code: str = "") -> None:
        """Take the words of the language with this code from its file; those that are not there stand in the class."""
        if code:
            file = resources.files(__name__).joinpath(f"{code}.toml")
            vars(self).update(tomllib.loads(file.read_text(encoding="utf-8")))

    @abstractmethod
    def clock(self, t: time) -> str:
        """Say a time by itself, to the minute: no two sound alike.

        It names the part of the day, unless the language announces times of twenty-four hours.
        """

    @abstractmethod
    def moment(self, days: int, at: datetime) -> str:
        """Say when something opens, in the words, and the case, that follow "closed until".

        `at` is local and naive, and lies `days` calendar days after the caller's today: 0 or more, and less than a
        year, since no year is said. The time of the call is not known here: to a caller of 3:00, "tonight" can be this
        night or the next. Give `days` 2 for an opening of the next day if that may be misheard.
        """

    def digits(self, printed: str) -> str:
        """Read a phone number one digit at a time, with pauses between its groups.

        `printed` has digits, spaces, hyphens and at most a leading `+`. A group of
        four is split in two pairs, and nothing is ever read as a number above nine:
        people dial along while they listen. Raises ValueError for anything else.
        """
        if not re.fullmatch(r"\+?[0-9 -]*[0-9][0-9 -]*", printed):
            raise ValueError(
                f"{printed!r} cannot be read as a phone number: "
                "write digits, spaces and hyphens, with at most a + in front."
            )
        groups = re.findall("[0-9]+", re.sub(r"\b([0-9]{2})([0-9]{2})\b", r"\1 \2", printed))
        spoken = PAUSE.join(", ".join(self.numbers[int(digit)] for digit in group) for group in groups)
        return f"{self.signs[0]}, {spoken}" if printed.startswith("+") else spoken

    def key(self, k: str) -> str:
        """Name a key of the telephone: `0` to `9`, `*` or `#`, else ValueError.

        The name is in the form that follows "press", which may be another than that in a number.
        """
        if not re.fullmatch("[0-9*#]", k):
            raise ValueError(f"{k!r} is not a key of a telephone: use 0 to 9, * or #.")
        return self.numbers[int(k)] if k.isdecimal() else self.signs["+*#".index(k)]

    def letters(self, text: str) -> str:
        """Spell `text`, A to Z in either case; raises ValueError for anything else."""
        if not re.fullmatch("[A-Za-z]+", text):
            raise ValueError(f"{text!r} cannot be spelled: write only letters from A to Z.")
        return " ".join(self.alphabet[ascii_lowercase.index(letter)] for letter in text.lower())

    def capital(self, text: str) -> str:
        """A text as it begins a sentence. Turkish, whose i keeps its dot, does this in a way of its own."""
        return text[:1].upper() + text[1:]

    def either(self, names: Sequence[str]) -> str:
        """Join one or more names as a choice; raises ValueError if there are none."""
        return join(names, self.or_)

    def hours(self, week: Week) -> str:
        """Say the opening hours of a week, in the words that follow "Open: "; raises ValueError if it never is."""
        if week == ALWAYS and self.always:
            return self.always
        open_on: dict[Day, list[int]] = {}
        for day, spans in enumerate(week):
            if spans:
                open_on.setdefault(spans, []).append(day)
        if not open_on:
            raise ValueError("A week without opening hours cannot be said: leave it out.")
        clauses = []
        for spans, open_days in open_on.items():
            names = [self.days(first, last) for first, last in _runs(open_days)]
            said = self.every_day if len(open_days) == len(week) else join(names, self.and_)
            clauses.append(f"{said} {f' {self.and_} '.join(self.span(*each) for each in spans)}")
        return "; ".join(clauses)

    def date(self, day: date) -> str:
        """Write a date, with a digit: "zondag 29 november"."""
        named = self.named_days or self.weekdays
        return self.dated.format(named[day.weekday()], day.day, self.months[day.month - 1])

    def figures(self, *times: time) -> str:
        """Write a time, or from when until when, with digits: "8:30", "8:30–24:00"."""
        hours = [t.hour or 24 * (n > 0 and not t.minute) for n, t in enumerate(times)]  # what closes at 0:00, at 24:00
        return self.timed.format("–".join(f"{hour}:{t.minute:02}" for hour, t in zip(hours, times, strict=True)))

    def day(self, spans: Day) -> str:
        """Write the opening hours of a day, with digits: "8:30–12:30, 13:30–22:00"."""
        return ", ".join(self.whole_day if span == WHOLE_DAY else self.figures(*span) for span in spans)

    def week(self, week: Week) -> tuple[str, ...]:
        """Write the opening hours of a week, with digits, days in a row with the same hours together."""
        rows = []
        for spans, group in groupby(range(len(week)), week.__getitem__):
            days = [self.short_days[day] for day in group]
            if spans:
                rows.append(f"{'–'.join(dict.fromkeys((days[0], days[-1])))} {self.day(spans)}")
        return tuple(rows)

    def days(self, first: int, last: int) -> str:
        """Say one day (Monday is 0, first and last are the same), or three or more that follow each other."""
        if first == last:
            return self.weekdays[first]
        return self.several_days.format(self.weekdays[first], self.weekdays[last])

    def span(self, opens: time, closes: time) -> str:
        """Say when something opens and closes."""
        if (opens, closes) == WHOLE_DAY:
            return self.whole_day
        return self.from_until.format(self.clock(opens), self.clock(closes))


def load(tag: str) -> Language:
    """Return the language of a BCP-47 tag such as `nl-NL`; raises LookupError, with the known ones, for any other."""
    name = tag.partition("-")[0].lower()
    if name not in KNOWN:
        raise LookupError(f"The line does not speak {tag!r}. It speaks: {', '.join(KNOWN)}.")
    language: Language = importlib.import_module(f"{__name__}.{name}").LANGUAGE
    return language


def join(names: Sequence[str], word: str) -> str:
    """Join names with commas, and with a word before the last; raises ValueError if there are none."""
    if not names:
        raise ValueError("A choice needs at least one name.")
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    # In days that follow each other, day and index rise together.
    for _, group in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        run = [day for _, day in group]
        runs += [(run[0], run[-1])] if run[2:] else [(day, day) for day in run]
    return runs
