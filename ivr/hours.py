# SPDX-License-Identifier: EUPL-1.2
"""Is a number open now, when does it open next, and what are its hours this week.

The rules are written in OpenStreetMap's `opening_hours` syntax
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification) and evaluated by
opening-hours-py, which knows public holidays, time zones and summer time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from statistics import mode
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivr.language import Week

HORIZON = timedelta(days=364)
"""How far ahead a next opening is looked for: no year is said, so less than one. Beyond it: "until further notice"."""

NIGHT_ENDS = time(6)
"""Until then a caller's "tomorrow" may be the day that has begun already, so the line names the day instead."""

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

AROUND = range(-4, 5)
"""The weeks that tell what is usual, counted from today."""

_HOLIDAYS = re.compile(r"\bPH\b", re.IGNORECASE)
_UNCERTAIN = re.compile(r"\d+(?::\d\d)?\+|\bunknown\b|\|\||\bSH\b|\b(?:dawn|dusk|sunrise|sunset)\b", re.IGNORECASE)
"""What nobody can promise a caller: perhaps open, school holidays that are not known here, and the sun."""

_COMMENT = re.compile('"[^"]*"?')
_LATE = re.compile(r"\b(\d\d:\d\d)-(2[4-9]|[34]\d):(\d\d)")
"""A closing time of the next day, counted on past midnight; 24:00 itself is not one."""

_PIECE = re.compile(r";|(?<=\d\d:\d\d),(?= *[A-Za-z])")
"""Between two pieces that each name days."""

_SPANS = re.compile(r"\d:\d\d|24/7|\b(?:off|closed|open)\b", re.IGNORECASE)

_DATE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d", re.IGNORECASE)
_TIMES = re.compile(r"\b(?:off|closed|open)\b|\d\d:\d\d.*", re.IGNORECASE)
"""What stands after the days in a rule."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Open:
    """Open now. `week` holds the hours of the coming seven days, Monday first; None: hours are not known.

    They are `usual` when most weeks around have the same: not with a holiday in them, or a season that ends.
    """

    week: Week | None = None
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed now. It opens at local time `at`; None: no opening is known.

    `days` is how many calendar days ahead that is: 0 today, 1 tomorrow. In the small hours the next day is not
    1 but 2, the day after the one that the caller calls today or tomorrow.
    """

    days: int = 0
    at: datetime | None = None


Opening = Open | Closed
ALWAYS = Open()


class HoursError(ValueError):
    """Raised when hours cannot be used; `message` is the id of a message, `detail` the part that is wrong.

    `written` is how to write what may be meant, where that can be told.
    """

    def __init__(self, message: str, detail: str, written: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.written = written


def has_holidays(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166-1 code) are known."""
    try:
        OpeningHours("24/7", country=country)
    except UnknownCountryError:
        return False
    return True


def holidays(country: str, start: date, end: date) -> list[date]:
    """The public holidays of a country (one whose holidays are known) from a day up to another."""
    days = OpeningHours("PH 12:00-13:00", country=country, timezone=ZoneInfo("UTC"))
    begin, until = (datetime.combine(day, time(), ZoneInfo("UTC")) for day in (start, end))
    return [opens.date() for opens, _ in _opens(days, begin, until)]


class Hours:
    """The opening hours of one number, in its own time zone; `country` must be one whose holidays are known.

    Raises HoursError for an expression that does not parse, uses holidays without a country, is not certain, has a
    comment (which no caller would hear), days without a time (which are open all day), a time after 24:00 (which is
    more often a slip than meant), or a rule that never takes effect.
    """

    def __init__(self, expression: str, timezone: ZoneInfo, country: str | None) -> None:
        if country is None and (holidays := _HOLIDAYS.search(expression)):
            raise HoursError("hours-no-country", holidays[0])
        if uncertain := _UNCERTAIN.search(expression):
            raise HoursError("hours-uncertain", uncertain[0])
        if comment := _COMMENT.search(expression):
            raise HoursError("hours-comment", comment[0])
        self.text = expression
        self._timezone = timezone
        self._country = country
        self._rules = self._parse(expression)
        for late in _LATE.finditer(expression):
            if (late[2], late[3]) != ("24", "00"):
                raise HoursError("hours-late", late[0], f"{late[1]}-{int(late[2]) - 24:02}:{late[3]}")
        for piece in filter(None, map(str.strip, _PIECE.split(expression))):
            if not _SPANS.search(piece):
                raise HoursError("hours-all-day", piece)
        self._week = lru_cache(7 * len(AROUND))(self._hours_of_week)  # the proof asks for the same ones all week
        rules = [rule.strip() for rule in expression.split(";") if rule.strip()]
        if idle := self._idle_rule(rules, expression):
            written = next(filter(None, (_with_break(idle, rule) for rule in rules)), "")
            raise HoursError("hours-break" if written else "hours-idle", idle, written)

    def _parse(self, expression: str) -> OpeningHours:
        try:
            return OpeningHours(expression, timezone=self._timezone, country=self._country)
        except ParserError as error:
            column = re.search(r"-->\s*1:(\d+)", str(error))
            rest = expression[int(column[1]) - 1 :].strip() if column else ""
            raise HoursError("hours-syntax", rest or expression) from None

    def _idle_rule(self, rules: list[str], expression: str) -> str | None:
        """The first rule without which nothing would change, over every year that the rules name and four more.

        The years are fixed by the text and not by the clock, so that a card which loads today loads tomorrow.
        """
        years = [int(year) for year in _YEAR.findall(expression)] + [2024, 2027]
        start = datetime(min(years), 1, 1, tzinfo=self._timezone)
        end = datetime(max(years) + 1, 1, 1, tzinfo=self._timezone)
        whole = list(_opens(self._rules, start, end))
        for position, rule in enumerate(rules):
            others = "; ".join(rules[:position] + rules[position + 1 :])
            if others and list(_opens(self._parse(others), start, end)) == whole:
                return rule
        return None

    def at(self, now: datetime) -> tuple[Opening, datetime]:
        """The opening state at an aware moment, and the moment until which it holds.

        It holds no longer than the words for it: what is "tomorrow" changes at midnight, and when the small hours end.
        """
        now = now.astimezone(self._timezone)
        today = now.date()
        small_hours = now.time() < NIGHT_ENDS
        holds = self._moment(today, NIGHT_ENDS) if small_hours else self._moment(today + DAY)
        span = next(_opens(self._rules, now, now + HORIZON), None)
        if span is None:
            return Closed(), holds
        begin, end = span
        if begin <= now:
            weeks = {ahead: self._week(today + ahead * WEEK) for ahead in AROUND}
            return Open(weeks[0], weeks[0] == mode(weeks.values())), min(end, holds)
        days = (begin.date() - today).days
        days += small_hours and days == 1
        return Closed(days, begin.replace(tzinfo=None)), min(begin, holds)

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """When it is open between two aware moments."""
        return list(_opens(self._rules, start, end))

    def week(self, first: date) -> Week | None:
        """The hours that start on the seven days from one on, Monday first; None when none do."""
        return self._week(first)

    def unnamed_holidays(self, start: date, end: date) -> list[date]:
        """The public holidays from a day up to another about which the rules say nothing."""
        if self._country is None or _HOLIDAYS.search(self.text) or self.text == "24/7":
            return []
        return [day for day in holidays(self._country, start, end) if not self._names(day)]

    def _names(self, day: date) -> bool:
        """Whether a rule names a day, as in `Dec 25 off` or `2026 Dec 24-26 10:00-12:00`."""
        begin = self._moment(day)
        for rule in self.text.split(";"):
            days = _TIMES.sub("", rule).strip()
            if _DATE.search(days) and any(_opens(self._parse(days), begin, begin + DAY)):
                return True
        return False

    def _hours_of_week(self, first: date) -> Week | None:
        """The same as `week`, worked out anew."""
        start = self._moment(first)
        days: list[list[tuple[time, time]]] = [[] for _ in range(7)]
        # A day more at both ends, so that what runs past midnight is seen as a whole.
        for span in _opens(self._rules, start - DAY, start + 8 * DAY):
            for begin, end in _days(*span):
                if start <= begin < start + 7 * DAY:
                    days[begin.weekday()].append((begin.time(), end.time()))
        return tuple(map(tuple, days)) if any(days) else None

    def _moment(self, day: date, clock: time = time()) -> datetime:
        return datetime.combine(day, clock, self._timezone)


def _with_break(one: str, other: str) -> str:
    """Two rules for the same days, one after the other in the day, as the one rule that is meant; else nothing.

    The later of two rules for a day takes the place of the earlier, so the morning would be lost.
    """
    days, those = (_TIMES.sub("", rule) for rule in (one, other))
    first, second = sorted((one.removeprefix(days), other.removeprefix(those)))
    follow = days == those and first[:1].isdigit() and first[-5:] <= second[:5]
    return f"{days}{first},{second}" if follow else ""


def _opens(rules: OpeningHours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When it is open between two moments, in local time; comments do not count, only open or not."""
    opened = closed = start
    for begin, until, state, _ in rules.intervals(start, end):
        if state is not State.OPEN:
            continue
        if begin != closed:
            if opened < closed:
                yield opened, closed
            opened = begin
        closed = until
    if opened < closed:
        yield opened, closed


def _days(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A span as it is; one that lasts a day or longer in pieces, cut at midnight."""
    while end - begin >= DAY:
        midnight = datetime.combine(begin.date() + DAY, time(), begin.tzinfo)
        yield begin, midnight
        begin = midnight
    if begin < end:
        yield begin, end
