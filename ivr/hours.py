# SPDX-License-Identifier: EUPL-1.2
"""Is a number open now, when does it open next, and what are its hours this week.

The rules are written in OpenStreetMap's `opening_hours` syntax
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification) and evaluated by
opening-hours-py, which knows public holidays, time zones and summer time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from statistics import mode
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from ivr.language import Week

HORIZON = timedelta(days=364)
"""How far ahead a next opening is looked for: no year is said, so less than one. Beyond it: "until further notice"."""

NIGHT_ENDS = time(6)
"""Until then a caller's "tomorrow" may be the day that has begun already, so the line names the day instead."""

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

AROUND = (0, -1, 1, -2, 2, -3, 3, -4, 4)
"""The weeks, counted from a day, whose most frequent hours are usual; of two as frequent the nearest counts."""


@dataclass(frozen=True, slots=True)
class Open:
    """Open now. `week` holds the hours of the coming seven days, Monday first; None: hours are not known.

    They are `usual` when most weeks around have the same; with a holiday, or where a season ends, they are not.
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


class Hours:
    """The opening hours of one number, in its own time zone; `country` must be one whose holidays are known.

    `always` is the one state of hours that never close, which say so: 24/7.

    Whether an expression is one that a line can promise to callers, is judged where the card is read.
    """

    def __init__(self, expression: str, timezone: ZoneInfo, country: str | None) -> None:
        self.text = expression
        self.timezone = timezone
        self.country = country
        self._rules = OpeningHours(expression, timezone=timezone, country=country)
        self.always = Open((((time(), time()),),) * 7) if expression == "24/7" else None
        self._week = lru_cache(7 * len(AROUND))(self._hours_of_week)  # the proof asks for the same ones all week

    def at(self, now: datetime) -> tuple[Opening, datetime]:
        """The opening state at an aware moment, and the moment until which it holds.

        It holds no longer than the words for it: what is "tomorrow" changes at midnight, and when the small hours end.
        """
        now = now.astimezone(self.timezone)
        today = now.date()
        small_hours = now.time() < NIGHT_ENDS
        holds = self._moment(today, NIGHT_ENDS) if small_hours else self._moment(today + DAY)
        span = next(opens(self._rules, now, now + HORIZON), None)
        if span is None:
            return Closed(), holds
        begin, end = span
        if begin <= now:
            week = self.week(today)
            return Open(week, week == self.usual(today)), min(end, holds)
        days = (begin.date() - today).days
        days += small_hours and days == 1
        return Closed(days, begin.replace(tzinfo=None)), min(begin, holds)

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """When it is open between two aware moments."""
        return list(opens(self._rules, start, end))

    def week(self, first: date) -> Week | None:
        """The hours that start on the seven days from one on, Monday first; None when none do."""
        return self._week(first)

    def usual(self, day: date) -> Week | None:
        """The hours of a usual week about a day: those of most weeks around it, so a season begins on its first day."""
        return mode(self.week(day + ahead * WEEK) for ahead in AROUND)

    def _hours_of_week(self, first: date) -> Week | None:
        """What `week` returns, computed and not kept."""
        start = self._moment(first)
        days: list[list[tuple[time, time]]] = [[] for _ in range(7)]
        # A day more at both ends, so that what runs past midnight is seen as a whole.
        for span in opens(self._rules, start - DAY, start + 8 * DAY):
            for begin, end in _days(*span):
                if start <= begin < start + 7 * DAY:
                    days[begin.weekday()].append((begin.time(), end.time()))
        return tuple(map(tuple, days)) if any(days) else None

    def _moment(self, day: date, clock: time = time()) -> datetime:
        return datetime.combine(day, clock, self.timezone)


def opens(rules: OpeningHours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
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
