# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: RUF001, RUF002 - the words are Cyrillic, and some of them look like Latin
"""Bulgarian, as `ivr.language.Language` describes it.

`key` follows "натиснете", and `moment` "затворен до". A time has twelve hours and the part of the day: on a clock of
twenty-four "двадесет и два" is two past eight as well as ten at night.
"""

from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase

from ivr.language import WHOLE_DAY, Week, count, join, label, read, say_week, spell

# Neuter, as digits are. Hours are masculine, with "един" and "два", and minutes feminine, with "една".
NUMBERS = count(
    "нула едно две три четири пет шест седем осем девет десет единадесет дванадесет тринадесет четиринадесет "
    "петнадесет шестнадесет седемнадесет осемнадесет деветнадесет",
    "двадесет тридесет четиридесет петдесет",
    " и ",
)
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "плюс", "*": "звездичка", "#": "диез"}
NAMES = "а, бе, це, де, е, еф, ге, ха, и, йот, ка, ел, ем, ен, о, пе, ку, ер, ес, те, у, ве, дубъл ве, хикс, игрек, зет"
LETTERS = dict(zip(ascii_lowercase, NAMES.split(", "), strict=True))

WEEKDAYS = "понеделник вторник сряда четвъртък петък събота неделя".split()
MONTHS = "януари февруари март април май юни юли август септември октомври ноември декември".split()
ORDINALS = (
    "първи втори трети четвърти пети шести седми осми девети десети единадесети дванадесети тринадесети "
    "четиринадесети петнадесети шестнадесети седемнадесети осемнадесети деветнадесети двадесети"
).split()
ORDINALS += [f"двадесет и {one}" for one in ORDINALS[:9]] + ["тридесети", "тридесет и първи"]


def digits(printed: str) -> str:
    """Read a number: "нула, едно, нула … две, три, шест … пет, две … пет, шест"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "едно", "звездичка", "диез"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "е ес ес ем"."""
    return spell(text, LETTERS)


def clock(t: time) -> str:
    """Say a time: "осем и половина сутринта", "два часа следобед", "полунощ"."""
    return f"{_time(t)} {_part(t.hour)}" if t.hour or t.minute else "полунощ"


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "утре в осем и половина сутринта", "тази нощ в два часа".

    A night later than the coming one has the names of the two days it lies between: "четвъртък през нощта" is heard as
    either night of Thursday.
    """
    day = WEEKDAYS[at.weekday()]
    if days >= len(WEEKDAYS):
        day += f", {ORDINALS[at.day - 1]} {MONTHS[at.month - 1]},"
    if at.hour < 5:
        night = "тази нощ" if days < 2 else f"нощта на {WEEKDAYS[at.weekday() - 1]} срещу {day}"
        return f"{night} в {_time(at.time())}"
    return f"{('днес', 'утре')[days] if days < 2 else day} в {clock(at.time())}"


def hours(week: Week) -> str:
    """Say a week: "всеки ден от осем и половина сутринта до десет часа вечерта", "всеки ден денонощно"."""
    return say_week(week, "и", "всеки ден", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "полицията или Fairwork"."""
    return join(names, "или")


def _time(t: time) -> str:
    hour = {1: "един", 2: "два"}.get(t.hour % 12, NUMBERS[t.hour % 12 or 12])
    return f"{hour} и {_minutes(t.minute)}" if t.minute else f"{hour} часа"


def _minutes(count: int) -> str:
    if count == 30:
        return "половина"
    said = NUMBERS[count].replace("едно", "една")
    return said if count % 5 == 0 else f"{said} минут{'а' if count == 1 else 'и'}"


def _part(hour: int) -> str:
    if hour < 5:
        return "през нощта"
    return "сутринта" if hour < 12 else "на обяд" if hour == 12 else "следобед" if hour < 18 else "вечерта"


def _days(first: int, last: int) -> str:
    if first != last:
        return f"от {WEEKDAYS[first]} до {WEEKDAYS[last]}"
    return f"{'във' if WEEKDAYS[first] == 'вторник' else 'в'} {WEEKDAYS[first]}"


def _span(opens: time, closes: time) -> str:
    return "денонощно" if (opens, closes) == WHOLE_DAY else f"от {clock(opens)} до {clock(closes)}"
