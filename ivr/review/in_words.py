# SPDX-License-Identifier: EUPL-1.2
"""Where a caller can be and when a number is open, in words for people: the map and the difference both say it so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ivr.card import Number
from ivr.editor.hours import holidays, hours_of, written
from ivr.hours import Hours
from ivr.language import Day, Week
from ivr.line import Line
from ivr.position import Kind, Position
from ivr.world import World

Say = Callable[..., str]
"""`Catalogue.say` of the editor's language."""

NEVER: Week = ((),) * 7

AHEAD = 365
"""Days ahead of which those with other hours than usual are told."""

SEASON = 28
"""Days that hours last at least, to be a season and no exception."""

HALF = timedelta(minutes=30)

MANY = 3
"""More areas of a kind are counted instead of named."""


class Area(NamedTuple):
    """Where a caller can be, whatever happened before; the list of all numbers is one area, as is the goodbye."""

    kind: Kind
    id: str = ""

    @classmethod
    def of(cls, position: Position) -> Area:
        """The area of a position; a connection is made at its number."""
        match position.kind:
            case Kind.LIST | Kind.GOODBYE:
                return cls(position.kind)
            case Kind.CONNECT:
                return cls(Kind.NUMBER, position.id)
            case _:
                return cls(position.kind, position.id)


def name(line: Line, position: Position) -> str:
    """What an area is called, in the line's own words: the name of a number, else its first sentence."""
    match position.kind:
        case Kind.NUMBER:
            return line.sentences.word(f"numbers.{position.id}.name")
        case Kind.MENU:
            first = line.sentences.word(f"menus.{position.id}.about")
        case Kind.CHAPTER:
            first = line.sentences.word(f"chapters.{position.id}.about")
        case _:
            first = line.said(position, World())[0]
    return re.split(r"[.…,]", first)[0].strip()


def capital(text: str) -> str:
    """A text as it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def called(line: Line, say: Say, area: Area) -> str:
    """An area as it stands in the middle of a sentence: "the menu with …"."""
    named = "" if area.kind in (Kind.LIST, Kind.GOODBYE) else name(line, Position(*area))
    return named if area.kind is Kind.NUMBER else say(f"diff-the-{area.kind}", name=named)


def where(line: Line, say: Say, areas: Collection[Area]) -> str:
    """Where something is heard: "with the police; in the list". Many areas of a kind are counted."""
    phrases: list[str] = []
    for kind in Kind:
        here = [area for area in areas if area.kind is kind]
        if len(here) > MANY:
            phrases.append(say(f"diff-at-many-{kind}", count=len(here)))
        else:
            phrases += [say(f"diff-at-{kind}", area=called(line, say, area)) for area in here]
    return "; ".join(phrases)


class Year(NamedTuple):
    """When a number is open in the coming year: the usual week from these days on, and the days that differ."""

    seasons: Mapping[date, Week]
    days: Mapping[date, Day]

    def on(self, day: date) -> Day:
        """The hours of a day."""
        usual = [week for first, week in self.seasons.items() if first <= day][-1]
        return self.days.get(day, usual[day.weekday()])


def year(hours: Hours, today: date) -> Year:
    """When it is open in the year from a day on. What lasts shorter than a season is listed day by day."""
    return _year(hours.text, hours.timezone, hours.country, today)


@lru_cache(64)
def _year(text: str, timezone: ZoneInfo, country: str | None, today: date) -> Year:
    """What `year` returns, worked out once for all cards that have these hours: it takes half a second."""
    hours = Hours(text, timezone, country)
    coming = [today + timedelta(days=ahead) for ahead in range(AHEAD + SEASON)]
    opens = {day: (hours.week(day) or NEVER)[day.weekday()] for day in coming}
    seasons: dict[date, Week] = {}
    for usual, group in groupby(coming, lambda day: hours.usual(day) or NEVER):
        days = list(group)
        before = next(reversed(seasons.values()), usual)
        new = [day for day in days if opens[day] == usual[day.weekday()] != before[day.weekday()]]
        if not seasons:
            seasons[today] = usual
        elif new and len(days) >= SEASON and new[0] < coming[AHEAD]:
            seasons[new[0]] = usual
    usually_open = Year(seasons, {})
    return Year(seasons, {day: opens[day] for day in coming[:AHEAD] if opens[day] != usually_open.on(day)})


def usually(line: Line, say: Say, number: Number, today: date) -> str:
    """The usual hours of a number in the words that callers hear; of a card with seasons those of each."""
    if number.hours is None:
        return say("diff-no-hours")
    phrases: list[str] = []
    for first, usual in year(number.hours, today).seasons.items():
        open_ = line.sentences.language.hours(usual) if any(usual) else say("diff-closed")
        phrases.append(say("diff-from", date=first.isoformat(), hours=open_) if phrases else open_)
    return "; ".join(phrases)


def otherwise(say: Say, number: Number, today: date) -> Iterator[str]:
    """The days of the coming year on which a number has other hours than usual, those with the same hours together."""
    days = year(number.hours, today).days if number.hours else {}
    for hours, group in groupby(sorted(days.items(), key=lambda day: day[1]), key=lambda day: times(say, day[1])):
        yield say("diff-otherwise", hours=hours, dates=", ".join(day.isoformat() for day, _ in group))


def on_holidays(say: Say, hours: Hours, today: date) -> str:
    """What a number does on the public holidays of the coming year."""
    if not hours.country:
        return say("check-no-country")
    coming = year(hours, today)
    named_days = holidays(hours.country, today, today + timedelta(days=365))
    days_by_hours: dict[str, list[str]] = {}
    for day, name in named_days.items():
        named = f"{say(f'check-day-{name}')} ({day.isoformat()})" if name else day.isoformat()
        days_by_hours.setdefault(times(say, coming.on(day)), []).append(named)
    return "; ".join(say("diff-otherwise", hours=open_, dates=", ".join(days)) for open_, days in days_by_hours.items())


def times(say: Say, day: Day) -> str:
    """The hours of one day, in figures."""
    return written(day).replace(",", ", ") or say("diff-closed")


def seven_days(line: Line, say: Say, hours: Hours, today: date) -> str:
    """The coming seven days, each in a row of half hours: what begins on a day stands behind it, as hours."""
    rows = [" " * 17 + "".join(f"{hour:<6}" for hour in range(0, 24, 3))]
    for day in (today + timedelta(days=ahead) for ahead in range(7)):
        begin = datetime.combine(day, time(), hours.timezone)
        spans = hours.spans(begin, begin + timedelta(days=1))
        halves = [begin + timedelta(minutes=minutes) for minutes in range(0, 1440, 30)]
        open_ = ["█" if any(a <= half and half + HALF <= b for a, b in spans) else "·" for half in halves]
        name = line.sentences.language.weekdays[day.weekday()]
        rows.append(f"{name[:10]:<10} {day:%d-%m} {''.join(open_)}  {times(say, hours_of(hours, day))}")
    return "\n".join(rows)
