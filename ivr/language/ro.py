# SPDX-License-Identifier: EUPL-1.2
"""Romanian, as `ivr.language.Language` describes it.

`key` follows "apăsați tasta", and `moment` "închis până". A time has twelve hours and the part of the day: on a clock
of twenty-four "douăzeci și două" is two past eight as well as ten at night.
"""

from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase

from ivr.language import ALWAYS, WHOLE_DAY, Week, count, join, label, read, say_week, spell

# Masculine, as digits and dates are; hours and minutes have "două" for "doi".
NUMBERS = count(
    "zero unu doi trei patru cinci șase șapte opt nouă zece unsprezece doisprezece treisprezece paisprezece "
    "cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece",
    "douăzeci treizeci patruzeci cincizeci",
    " și ",
)
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "plus", "*": "steluță", "#": "diez"}
NAMES = (
    "a, be, ce, de, e, ef, ge, haș, i, je, ka, el, em, en, o, pe, chiu, er, es, te, u, ve, dublu ve, ics, i grec, zet"
)
LETTERS = dict(zip(ascii_lowercase, NAMES.split(", "), strict=True))

WEEKDAYS = "luni marți miercuri joi vineri sâmbătă duminică".split()
MONTHS = "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie".split()


def digits(printed: str) -> str:
    """Read a number: "zero, unu, zero … doi, trei, șase … cinci, doi … cinci, șase"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "unu", "steluță", "diez"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "e es es em"."""
    return spell(text, LETTERS)


def clock(t: time) -> str:
    """Say a time: "ora opt și jumătate dimineața", "ora două după-amiaza"."""
    return f"{_time(t)} {_part(t.hour)}"


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "mâine la ora opt și jumătate dimineața", "în noaptea aceasta la ora două".

    A night later than the coming one has the names of the two days it lies between: "joi noaptea" is heard as either
    night of Thursday.
    """
    day = WEEKDAYS[at.weekday()]
    if days >= len(WEEKDAYS):
        day += f", {'întâi' if at.day == 1 else NUMBERS[at.day]} {MONTHS[at.month - 1]},"
    if at.hour < 5:
        night = "aceasta" if days < 2 else f"de {WEEKDAYS[at.weekday() - 1]} spre {day}"
        return f"în noaptea {night} la {_time(at.time())}"
    return f"{('astăzi', 'mâine')[days] if days < 2 else day} la {clock(at.time())}"


def hours(week: Week) -> str:
    """Say a week: "în fiecare zi de la ora opt și jumătate dimineața până la ora zece seara"."""
    return "zi și noapte" if week == ALWAYS else say_week(week, "și", "în fiecare zi", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "poliția sau Fairwork"."""
    return join(names, "sau")


def _time(t: time) -> str:
    hour = f"ora {_feminine(t.hour % 12 or 12)}"
    return f"{hour} și {_minutes(t.minute)}" if t.minute else hour


def _minutes(count: int) -> str:
    short = {1: "un minut", 15: "un sfert", 30: "jumătate"}.get(count)
    return short or _feminine(count) + ("" if count % 5 == 0 else " minute" if count < 20 else " de minute")


def _feminine(number: int) -> str:
    return NUMBERS[number].replace("doi", "două")


def _part(hour: int) -> str:
    if hour < 5:
        return "noaptea"
    return "dimineața" if hour < 12 else "la prânz" if hour == 12 else "după-amiaza" if hour < 18 else "seara"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"de {WEEKDAYS[first]} până {WEEKDAYS[last]}"


def _span(opens: time, closes: time) -> str:
    return "non-stop" if (opens, closes) == WHOLE_DAY else f"de la {clock(opens)} până la {clock(closes)}"
