# SPDX-License-Identifier: EUPL-1.2
"""The hours that an editor writes: whether a line can promise them, and what they say of holidays."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, UnknownCountryError  # type: ignore[attr-defined]

from ivr.hours import DAY, TIMES, Hours, opens
from ivr.language import Day
from ivr.messages.problems import ProblemError

_HOLIDAYS = re.compile(r"\bPH\b", re.IGNORECASE)
_UNCERTAIN = re.compile(r"\d+(?::\d\d)?\+|\bunknown\b|\|\||\bSH\b|\b(?:dawn|dusk|sunrise|sunset)\b", re.IGNORECASE)
"""What a line cannot promise: uncertain hours, school holidays (not known here), and times that follow the sun."""

_COMMENT = re.compile('"[^"]*"?')
_PARTLY_OFF = re.compile(r"\d:\d\d *(?:off|closed)\b", re.IGNORECASE)
"""Closed for a part of a day: whether of a night that began the day before, nobody can tell."""

_PIECE = re.compile(r";|(?<=\d\d:\d\d),(?= *[A-Za-z])|, +(?=[A-Za-z])")
"""Between two pieces that each name days: after a comma, a space begins a rule of its own."""

_SPANS = re.compile(r"\d:\d\d|24/7|\b(?:off|closed)\b", re.IGNORECASE)
_OPEN = re.compile(r" *\bopen\b", re.IGNORECASE)

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(rf"\b({'|'.join(MONTHS)}) +(\d+)(?!\d*:)", re.IGNORECASE)
_ONE_DAY = re.compile(rf"{_DATE.pattern}|\beaster\b", re.IGNORECASE)
_TIMES = re.compile(r"\b(?:off|closed|open)\b|\d?\d:\d\d.*", re.IGNORECASE)
"""What stands after the days in a rule."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ANSWER = re.compile(r"(?:19|20)\d\d [A-Z][a-z]{2} \d+ \d")
"""Hours of one day in one year, which may be as on other days: then they say that somebody asked."""

WHOLE_DAY = "00:00-24:00"

NIGHT_WORK_ENDS = "06:00"
"""What goes on from the evening until after this is a night that few work, and may be meant the other way round."""

CALLED = {
    "new-year": "Jan 01",
    "good-friday": "easter -2 days",
    "easter": "easter",
    "easter-monday": "easter +1 day",
    "kings-day": "Apr 26-27",
    "labour": "May 01",
    "liberation": "May 05",
    "ascension": "easter +39 days",
    "whit-sunday": "easter +49 days",
    "whit-monday": "easter +50 days",
    "christmas": "Dec 25",
    "christmas-two": "Dec 26",
}
"""How holidays are called in the Netherlands, by the end of a message's id, and the days that they are on."""

ASKED = {"NL": ("good-friday", "liberation")}
"""Days by country that are no public holidays (`PH`), on which many are closed: contracts decide."""


def has_holidays(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166-1 code) are known."""
    try:
        OpeningHours("24/7", country=country)
    except UnknownCountryError:
        return False
    return True


def holidays(country: str, start: date, end: date) -> dict[date, str]:
    """The public holidays of a country (one whose holidays are known) from a day up to another, and those in ASKED.

    Each with its name in CALLED; empty where it has none there, and in other countries.
    """
    asked = ASKED.get(country, ())
    found = dict.fromkeys(_days_of("PH", country, start, end), "")
    for name, days in CALLED.items() if country == "NL" else ():
        found |= {day: name for day in _days_of(days, None, start, end) if name in asked or day in found}
    return dict(sorted(found.items()))


def _days_of(days: str, country: str | None, start: date, end: date) -> list[date]:
    """The days from one up to another that a rule is about."""
    rule = OpeningHours(f"{days} 12:00-13:00", country=country)
    begin, until = (datetime.combine(day, time()) for day in (start, end))
    return [first.date() for first, _ in opens(rule, begin, until)]


@lru_cache  # a card is often read anew with the same hours, and to look for a rule without effect takes years of them
def read_hours(expression: str, timezone: ZoneInfo, country: str | None) -> Hours:
    """Hours that a line can promise; raises ProblemError for an expression that is none, or is seldom meant.

    Its `detail` is the part that is wrong, `written` what is meant, where that is known.
    """
    if country is None and (holidays := _HOLIDAYS.search(expression)):
        raise ProblemError("hours-no-country", detail=holidays[0])
    if uncertain := _UNCERTAIN.search(expression):
        raise ProblemError("hours-uncertain", detail=uncertain[0])
    if comment := _COMMENT.search(expression):
        raise ProblemError("hours-comment", detail=comment[0])
    try:
        hours = Hours(expression, timezone, country)
    except ParserError as error:
        column = re.search(r"-->\s*1:(\d+)", str(error))
        rest = expression[int(column[1]) - 1 :].strip() if column else ""
        raise ProblemError("hours-syntax", detail=rest or expression) from None
    for late in TIMES.finditer(expression):
        begins, ends = (int(late[part]) * 60 + int(late[part + 1]) for part in (1, 3))
        if ends > 1440 and begins:  # from 00:00 it is a whole day and the night after, which has no other form
            until = "24:00" if ends - 1440 >= begins else f"{int(late[3]) - 24:02}:{late[4]}"
            raise ProblemError("hours-late", detail=late[0], written=f"{late[1]}:{late[2]}-{until}")
        if begins == ends:
            raise ProblemError("hours-same", detail=late[0])
    _judge_days(expression)
    rules = [rule.strip() for rule in expression.split(";") if rule.strip()]
    if partly := next(filter(_PARTLY_OFF.search, rules), None) if hours.nights else None:
        raise ProblemError("hours-uncertain", detail=partly)
    if rules[1:] and (idle := _idle_rule(hours, rules)):
        raise ProblemError("hours-idle", detail=idle)
    return hours


def _judge_days(expression: str) -> None:
    """Raises ProblemError for a day that no year has, and for days without a time, which are open all day."""
    for name, number in _DATE.findall(expression):
        if int(number) > monthrange(2024, MONTHS.index(name.lower()) + 1)[1]:
            raise ProblemError("hours-no-day", detail=f"{name} {number}")
    for piece in filter(None, map(str.strip, _PIECE.split(expression))):
        if not _SPANS.search(piece):
            raise ProblemError("hours-all-day", detail=piece, written=_OPEN.sub("", piece))


def _idle_rule(hours: Hours, rules: list[str]) -> str | None:
    """The first rule without which nothing would change, in the years that the rules name and four that are fixed: a
    card which loads today loads tomorrow.
    """
    years = [int(year) for year in YEAR.findall(hours.text)] + [2024, 2027]
    start = datetime(min(years), 1, 1, tzinfo=hours.timezone)
    end = datetime(max(years) + 1, 1, 1, tzinfo=hours.timezone)
    whole = hours.spans(start, end)
    for position, rule in enumerate(rules):
        if _ANSWER.match(rule):
            continue
        others = "; ".join(rules[:position] + rules[position + 1 :])
        if Hours(others, hours.timezone, hours.country).spans(start, end) == whole:
            return rule
    return None


def unlikely(hours: Hours) -> Iterator[tuple[str, str, str]]:
    """What may not be meant: the id of a message, the part, and how to write what may be."""
    for before, until, begins, after in re.findall(r"(?=(\d\d:\d\d)-(\d\d:\d\d),(\d\d:\d\d)-(\d\d:\d\d))", hours.text):
        if before <= begins < until:
            yield "doubt-overlap", f"{before}-{until},{begins}-{after}", f"{before}-{max(until, after)}"
    yield from _unlikely_nights(hours)
    rules = [rule.strip() for rule in hours.text.split(";")]
    holiday = next((rule for rule in rules if re.fullmatch(r"PH (off|closed)", rule, re.IGNORECASE)), None)
    later = rules[rules.index(holiday) + 1 :] if holiday else []
    if holiday and any(not _ONE_DAY.search(rule) and not _HOLIDAYS.search(rule) for rule in later):
        rules.remove(holiday)
        yield "doubt-holiday-order", holiday, "; ".join([*rules, holiday])


def _unlikely_nights(hours: Hours) -> Iterator[tuple[str, str, str]]:
    """Nights that may not be meant, and whole days that end at midnight though the nights around them go on."""
    times = [(f"{int(one):02}:{two}", f"{int(three):02}:{four}") for one, two, three, four in TIMES.findall(hours.text)]
    nights = [(begin, end) for begin, end in times if "00:00" < end < begin]
    if nights and (WHOLE_DAY in hours.text):
        ends = max(end for _, end in nights)
        written = hours.text.replace(WHOLE_DAY, f"00:00-{int(ends[:2]) + 24}{ends[2:]}")
        year = [datetime(year, 1, 1, tzinfo=hours.timezone) for year in (2027, 2028)]  # with every day and holiday
        if Hours(written, hours.timezone, hours.country).spans(*year) != hours.spans(*year):
            yield "doubt-night-day", WHOLE_DAY, written
    elif "00:00" not in [begin for begin, _ in times]:  # where whole days are open, nights are meant
        for begin, end in nights:
            if end > NIGHT_WORK_ENDS:
                yield "doubt-night", f"{begin}-{end}", f"{end}-{begin}"


def unnamed_holidays(hours: Hours, start: date, end: date) -> dict[date, str]:
    """The holidays from a day up to another on which it is open, and of which the rules say nothing; with their names.

    Of a day in ASKED a rule for public holidays says nothing.
    """
    if hours.country is None or hours.always:
        return {}
    asked = ASKED.get(hours.country, ()) if _HOLIDAYS.search(hours.text) else ("", *CALLED)
    found = holidays(hours.country, start, end)
    return {
        day: name for day, name in found.items() if name in asked and hours_of(hours, day) and not _names(hours, day)
    }


def hours_of(hours: Hours, day: date) -> Day:
    """The hours that begin on a day."""
    return (hours.week(day) or ((),) * 7)[day.weekday()]


def written(day: Day) -> str:
    """The hours of one day as an editor writes them; nothing where it is closed."""
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}".replace("-00:00", "-24:00") for opens, closes in day)


def _names(hours: Hours, day: date) -> bool:
    """Whether a rule names a day, as in `Dec 25 off`, `2026 Dec 24-26 10:00-12:00` or `easter -2 days off`."""
    for rule in hours.text.split(";"):
        days = _TIMES.sub("", rule).strip()
        if _ONE_DAY.search(days) and _days_of(days, hours.country, day, day + DAY):
            return True
    return False
