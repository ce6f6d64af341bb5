# SPDX-License-Identifier: EUPL-1.2
"""British English, as `ivr.language.Language` describes it.

Times are said as they are written, "eight thirty": "half eight" is another time to people from elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase, ascii_uppercase

from ivr.language import ALWAYS, WHOLE_DAY, Week, count, join, label, read, say_week, spell

NUMBERS = count(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "twenty thirty forty fifty",
    "-",
)
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "plus", "*": "star", "#": "hash"}
LETTERS = dict(zip(ascii_lowercase, ascii_uppercase, strict=True))

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
    "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()


def digits(printed: str) -> str:
    """Read a number: "zero, one, zero … two, three, six … five, two … five, six"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "one", "star", "hash"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "E, S, S, M". Without commas "A" is heard as the article."""
    return spell(text, LETTERS).replace(" ", ", ")


def clock(t: time) -> str:
    """Say a time: "eight thirty in the morning", "twelve fifteen at night", "midnight"."""
    part = _part(t)
    return f"{_time(t)} {'at night' if part == 'night' else part and f'in the {part}'}".rstrip()


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "eight thirty tomorrow morning", "twelve noon on Thursday".

    The hour after midnight has the names of the two days it lies between: "Thursday night" ends a Thursday.
    """
    said, part, day = _time(at.time()), _part(at.time()), WEEKDAYS[at.weekday()]
    date = f" the {ORDINALS[at.day - 1]} of {MONTHS[at.month - 1]}" if days >= len(WEEKDAYS) else ""
    if at.hour == 0:
        night = f"on the night between {WEEKDAYS[at.weekday() - 1]} and {day}{date}"
        return f"{said} {night if days > 1 else 'tonight'}"
    if date:
        return f"{clock(at.time())} on {day}{date}"
    if days == 0:
        return f"{said} {({'': 'today', 'night': 'tonight'}).get(part, f'this {part}')}"
    return f"{said} {'tomorrow' if days == 1 else f'on {day}'} {part}".rstrip()


def hours(week: Week) -> str:
    """Say a week: "every day from eight thirty in the morning to ten o'clock at night"."""
    return "day and night" if week == ALWAYS else say_week(week, "and", "every day", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "the police or Fairwork"."""
    return join(names, "or")


def _time(t: time) -> str:
    if t.minute:
        return f"{NUMBERS[t.hour % 12 or 12]} {'oh ' if t.minute < 10 else ''}{NUMBERS[t.minute]}"
    return {0: "midnight", 12: "twelve noon"}.get(t.hour, f"{NUMBERS[t.hour % 12]} o'clock")


def _part(t: time) -> str:
    """Name the part of the day; midnight and noon need none."""
    if t.minute == 0 == t.hour % 12:
        return ""
    if t.hour in (0, 22, 23):
        return "night"
    return "morning" if t.hour < 12 else "afternoon" if t.hour < 18 else "evening"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]} to {WEEKDAYS[last]}"


def _span(opens: time, closes: time) -> str:
    return "twenty-four hours" if (opens, closes) == WHOLE_DAY else f"from {clock(opens)} to {clock(closes)}"
