# SPDX-License-Identifier: EUPL-1.2
"""Is a number open now, when does it open next, and what are its hours this week.

The rules are written in OpenStreetMap's `opening_hours` syntax
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification) and evaluated by
opening-hours-py, which knows public holidays.

Of a night it takes each calendar day by itself: `Mo-Su 22:00-06:00; Dec 25 off` would be open until six on the 26th.
Here a night belongs to the day on which it begins. So what runs past midnight is cut there, and what comes after is
evaluated as a rule of the day before.

Of an hour that the clock shows twice it knows the second only. So it is asked about what a clock shows (datetimes
without a zone) between two changes of it. What opens in that hour is closed until then the second time too, and what
closes in it does not open again: nobody is sent to a number that may be closed.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed
from functools import lru_cache
from heapq import merge
from itertools import chain
from statistics import mode
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from ivr.language import Week

HORIZON = timedelta(days=364)
"""How far ahead a next opening is looked for: no year is said, so less than one. Beyond it: "until further notice"."""

NIGHT_ENDS = time(6)
"""Until then a caller's "tomorrow" may be the day that has begun already, so the line names the day instead."""

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

TIMES = re.compile(r"(\d?\d):(\d\d) *- *(\d?\d):(\d\d)")
"""From a time until another, each in hours and minutes; an end past 24:00 is on the next day."""

NOTHING = "23:58-23:59"
"""Stands for hours without a night, among those of nights: a rule for a day replaces the others though it has none."""

Span = tuple[datetime, datetime]

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

    `always` is the one state of hours that never close, which say so: 24/7. `nights`: whether some run past midnight.

    Whether an expression is one that a line can promise to callers, is judged where the card is read.
    """

    def __init__(self, expression: str, timezone: ZoneInfo, country: str | None) -> None:
        self.text = expression
        self.timezone = timezone
        self.country = country
        self._rules = OpeningHours(expression, country=country)
        self._nights: OpeningHours | None = None
        evenings, nights = TIMES.sub(_evening, expression), TIMES.sub(_night, expression.replace("24/7", NOTHING))
        self.nights = evenings != expression
        if self.nights:
            self._rules = OpeningHours(evenings, country=country)
            self._nights = OpeningHours(nights, country=country)
        self.always = Open((((time(), time()),),) * 7) if expression == "24/7" else None
        self.week = lru_cache(7 * len(AROUND))(self._week)  # the proof asks for the same ones all week

    def at(self, now: datetime) -> tuple[Opening, datetime]:
        """The opening state at an aware moment, and the moment until which it holds, in UTC.

        It holds no longer than the words for it: what is "tomorrow" changes at midnight, and when the small hours end.
        """
        here = now.astimezone(self.timezone)
        today = here.date()
        small_hours = here.time() < NIGHT_ENDS
        day_ends = (today, NIGHT_ENDS) if small_hours else (today + DAY, time())
        holds = datetime.combine(*day_ends, self.timezone).astimezone(UTC)
        # The first span is enough, and each is read to its end: of hours that never close that would be the whole year.
        span = next(chain(self._open(now, holds), self._open(holds, now + HORIZON)), None)
        if span is None:
            return Closed(), holds
        begin, end = (moment.astimezone(UTC) for moment in span)
        if begin <= now:
            week = self.week(today)
            return Open(week, week == self.usual(today)), min(end, holds)
        opens_at = begin.astimezone(self.timezone).replace(tzinfo=None)
        days = (opens_at.date() - today).days
        days += small_hours and days == 1
        return Closed(days, opens_at), min(begin, holds)

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """When it is open between two aware moments."""
        return [
            (begin.astimezone(self.timezone), until.astimezone(self.timezone))
            for begin, until in self._open(start, end)
        ]

    def usual(self, day: date) -> Week | None:
        """The hours of a usual week about a day: those of most weeks around it, so a season begins on its first day."""
        return mode(self.week(day + ahead * WEEK) for ahead in AROUND)

    def _week(self, first: date) -> Week | None:
        """The hours that start on the seven days from one on, Monday first; None when none do."""
        start = datetime.combine(first, time())
        days: list[list[tuple[time, time]]] = [[] for _ in range(7)]
        # A day more at both ends, so that what runs past midnight is seen as a whole.
        for span in self._shown(start - DAY, start + 8 * DAY):
            for begin, end in _days(*span):
                if start <= begin < start + 7 * DAY:
                    days[begin.weekday()].append((begin.time(), end.time()))
        return tuple(map(tuple, days)) if any(days) else None

    def _open(self, start: datetime, end: datetime) -> Iterator[Span]:
        """When it is open between two aware moments."""
        return _joined(
            (begin.replace(tzinfo=first.tzinfo), min(until.replace(tzinfo=self.timezone).astimezone(UTC), last))
            for first, last in self._between_changes(start.astimezone(UTC), end.astimezone(UTC))
            for begin, until in self._shown(first.replace(tzinfo=None), last.replace(tzinfo=None))
        )

    def _between_changes(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The time between two moments in UTC, cut each week and where the clock is changed, each in its offset."""
        while start < end:
            offset, minute = self._offset(start), start.replace(second=0, microsecond=0)
            until = min(minute + WEEK, end)
            if self._offset(until) != offset:
                minutes = range((until - minute) // MINUTE)
                until = minute + MINUTE * bisect(minutes, 0, key=lambda m: self._offset(minute + m * MINUTE) != offset)
            yield start.astimezone(fixed(offset)), until.astimezone(fixed(offset))
            start = until

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.timezone).utcoffset() or timedelta()

    def _shown(self, start: datetime, end: datetime) -> Iterator[Span]:
        """When it is open between two times of a clock."""
        by_day = opens(self._rules, start, end)
        return _joined(merge(by_day, self._after_midnight(self._nights, start, end))) if self._nights else by_day

    @staticmethod
    def _after_midnight(nights: OpeningHours, start: datetime, end: datetime) -> Iterator[Span]:
        """What is left after midnight of each night, a day after the one whose rules give it."""
        for begin, until in opens(nights, *(datetime.combine(moment, time()) for moment in (start - 2 * DAY, end))):
            if begin.time() == time() and until + DAY > start and begin + DAY < end:
                yield max(begin + DAY, start), min(until + DAY, end)


def opens(rules: OpeningHours, start: datetime, end: datetime) -> Iterator[Span]:
    """When it is open between two times of a clock; comments do not count, only open or not."""
    found = rules.intervals(start, end)
    return _joined((begin, until) for begin, until, state, _ in found if state is State.OPEN)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans, in the order in which they begin, as one where one begins before another is over; no empty ones."""
    whole: Span | None = None
    for begin, until in spans:
        if until <= begin:
            continue
        if whole and begin <= whole[1]:
            whole = whole[0], max(whole[1], until)
            continue
        if whole:
            yield whole
        whole = begin, until
    if whole:
        yield whole


def _minutes(times: re.Match[str]) -> tuple[int, int]:
    """The minutes of a day at which hours begin and end; those of a night end after 1440."""
    begins, ends = int(times[1]) * 60 + int(times[2]), int(times[3]) * 60 + int(times[4])
    return begins, ends + 1440 * (ends <= begins)


def _evening(times: re.Match[str]) -> str:
    """What of some hours is on the day on which they begin."""
    begins, ends = _minutes(times)
    return times[0] if ends <= 1440 else f"{begins // 60:02}:{begins % 60:02}-24:00"


def _night(times: re.Match[str]) -> str:
    """What of some hours is on the day after, from its first minute."""
    left = _minutes(times)[1] - 1440
    return f"00:00-{left // 60:02}:{left % 60:02}" if left > 0 else NOTHING


def _days(begin: datetime, end: datetime) -> Iterator[Span]:
    """A span as it is; one that lasts a day or longer in pieces, cut at midnight."""
    while end - begin >= DAY:
        midnight = datetime.combine(begin.date() + DAY, time(), begin.tzinfo)
        yield begin, midnight
        begin = midnight
    if begin < end:
        yield begin, end
