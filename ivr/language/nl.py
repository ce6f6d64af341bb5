# SPDX-License-Identifier: EUPL-1.2
"""Dutch, as `ivr.language.Language` describes it."""

from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase

from ivr.language import ALWAYS, WHOLE_DAY, Week, join, label, read, say_week, spell

# "één" has its accents, since "een" is also the article.
NUMBERS = (
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig eenentwintig tweeëntwintig drieëntwintig vierentwintig "
    "vijfentwintig zesentwintig zevenentwintig achtentwintig negenentwintig dertig eenendertig"
).split()
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "plus", "*": "sterretje", "#": "hekje"}
NAMES = "aa bee cee dee ee ef gee haa ie jee kaa el em en oo pee kuu er es tee uu vee wee iks ypsilon zet"
LETTERS = dict(zip(ascii_lowercase, NAMES.split(), strict=True))

# Each takes six hours, from midnight, and they build "'s nachts", "vannacht",
# "morgenmiddag" and "maandagavond".
PARTS = ("nacht", "ochtend", "middag", "avond")
SOON = ("van", "morgen")
WEEKDAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


def digits(printed: str) -> str:
    """Read a number: "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "één", "sterretje", "hekje"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "ee es es em"."""
    return spell(text, LETTERS)


def clock(t: time) -> str:
    """Say a time: "half negen 's ochtends", "kwart over twaalf 's nachts"."""
    if t.hour == t.minute == 0:
        return "middernacht"
    return f"{_time(t)} 's {PARTS[t.hour // 6]}s"


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "morgenochtend half negen", "vannacht twee uur".

    "Vannacht" is today's night as well as tomorrow's: a caller at 23:00 and one at
    1:00 mean the same night. A later night has the names of the two days it lies
    between, since "maandag twee uur 's nachts" is heard as either night of Monday.
    """
    part, said = PARTS[at.hour // 6], _time(at.time())
    day = WEEKDAYS[at.weekday()]
    if far := days >= len(WEEKDAYS):
        day = f"{day} {NUMBERS[at.day]} {MONTHS[at.month - 1]}"
    if part == "nacht" and days > 1:
        return f"de nacht van {WEEKDAYS[at.weekday() - 1]} op {day}, {said}"
    if part == "nacht":
        return f"vannacht {said}"
    if far:
        return f"{day}, {clock(at.time())}"
    return f"{SOON[days] if days < len(SOON) else day}{part} {said}"


def hours(week: Week) -> str:
    """Say a week: "elke dag van half negen 's ochtends tot tien uur 's avonds"."""
    return "dag en nacht" if week == ALWAYS else say_week(week, "en", "elke dag", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "de politie of Meld Misdaad Anoniem"."""
    return join(names, "of")


def _time(t: time) -> str:
    """Say a time without the part of the day; Dutch counts to and from the half."""
    this, following = NUMBERS[t.hour % 12 or 12], NUMBERS[t.hour % 12 + 1]
    past = t.minute
    if past in range(1, 16):
        return f"{_minutes(past)} over {this}"
    if past in range(16, 30):
        return f"{_minutes(30 - past)} voor half {following}"
    if past in range(31, 45):
        return f"{_minutes(past - 30)} over half {following}"
    if past in range(45, 60):
        return f"{_minutes(60 - past)} voor {following}"
    return f"half {following}" if past else f"{this} uur"


def _minutes(count: int) -> str:
    short = {1: "één minuut", 5: "vijf", 10: "tien", 15: "kwart"}
    return short.get(count, f"{NUMBERS[count]} minuten")


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]} tot en met {WEEKDAYS[last]}"


def _span(opens: time, closes: time) -> str:
    return "de hele dag" if (opens, closes) == WHOLE_DAY else f"van {clock(opens)} tot {clock(closes)}"
