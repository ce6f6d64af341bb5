# SPDX-License-Identifier: EUPL-1.2
"""Dutch, as `ivr.language.Language` describes it."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from itertools import groupby

from ivr.language import PAUSE, Day, Week

# "één" has its accents, since "een" is also the article.
NUMBERS = (
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig eenentwintig tweeëntwintig drieëntwintig vierentwintig "
    "vijfentwintig zesentwintig zevenentwintig achtentwintig negenentwintig dertig eenendertig"
).split()
KEYS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"*": "sterretje", "#": "hekje"}
NAMES = "aa bee cee dee ee ef gee haa ie jee kaa el em en oo pee kuu er es tee uu vee wee iks ypsilon zet"
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", NAMES.split(), strict=True))
WRITTEN = {name: letter for letter, name in LETTERS.items()} | {
    "punt": ".",
    "streepje": "-",
    "schuine streep": "/",
}

# Each takes six hours, from midnight, and they build "'s nachts", "vannacht",
# "morgenmiddag" and "maandagavond".
PARTS = ("nacht", "ochtend", "middag", "avond")
SOON = ("van", "morgen")
WEEKDAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
WHOLE_DAY = (time(0), time(0))


def digits(printed: str) -> str:
    """Read a number: "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes"."""
    if not re.fullmatch(r"\+?[0-9 -]*[0-9][0-9 -]*", printed):
        raise ValueError(
            f"{printed!r} cannot be read as a phone number: "
            "write digits, spaces and hyphens, with at most a + in front."
        )
    groups = re.findall("[0-9]+", re.sub(r"\b([0-9]{2})([0-9]{2})\b", r"\1 \2", printed))
    spoken = PAUSE.join(", ".join(KEYS[digit] for digit in group) for group in groups)
    return f"plus, {spoken}" if printed.startswith("+") else spoken


def key(k: str) -> str:
    """Name a key: "één", "sterretje", "hekje"."""
    if k not in KEYS:
        raise ValueError(f"{k!r} is not a key of a telephone: use 0 to 9, * or #.")
    return KEYS[k]


def letters(text: str) -> str:
    """Spell an abbreviation: "ee es es em"."""
    if not re.fullmatch("[A-Za-z]+", text):
        raise ValueError(f"{text!r} cannot be spelled: write only letters from A to Z.")
    return " ".join(LETTERS[letter] for letter in text.lower())


def address(spoken: str) -> str:
    """Write down "meld misdaad anoniem punt en el" as `meldmisdaadanoniem.nl`."""
    words = re.sub(r"[\s,…]+", " ", spoken.lower())
    tokens = re.findall(r"schuine streep\b|[^ ]+", words)
    return "".join(WRITTEN.get(token, token) for token in tokens)


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
    open_on: dict[Day, list[int]] = {}
    for day, spans in enumerate(week):
        if spans:
            open_on.setdefault(spans, []).append(day)
    if not open_on:
        raise ValueError("A week without opening hours cannot be said: leave it out.")
    if all(spans == (WHOLE_DAY,) for spans in week):
        return "dag en nacht"
    return "; ".join(f"{_days(days)} {_spans(spans)}" for spans, days in open_on.items())


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "de politie of Meld Misdaad Anoniem"."""
    if not names:
        raise ValueError("A choice needs at least one name.")
    return _list(names, "of")


def _list(names: Sequence[str], word: str) -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


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


def _days(days: Sequence[int]) -> str:
    if len(days) == len(WEEKDAYS):
        return "elke dag"
    names: list[str] = []
    # In a run of days that follow each other, day and position rise together.
    for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        first, *others = [WEEKDAYS[day] for _, day in run]
        names += [f"{first} tot en met {others[-1]}"] if others[1:] else [first, *others]
    return _list(names, "en")


def _spans(spans: Day) -> str:
    return " en ".join(
        "de hele dag" if (opens, closes) == WHOLE_DAY else f"van {clock(opens)} tot {clock(closes)}"
        for opens, closes in spans
    )
