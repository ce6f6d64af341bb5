# SPDX-License-Identifier: EUPL-1.2
"""Polish, as `ivr.language.Language` describes it.

`key` is in the accusative, after "naciśnij"; `moment` in the genitive, after "do"; `clock` in the nominative. Times are
those of a twenty-four-hour clock, as they are announced: "dwudziesta druga".
"""

from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase

from ivr.language import ALWAYS, WHOLE_DAY, Week, count, join, label, read, say_week, spell

NUMBERS = count(
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście "
    "czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście",
    "dwadzieścia trzydzieści czterdzieści pięćdziesiąt",
    " ",
)
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "plus", "*": "gwiazdkę", "#": "krzyżyk"}
NAMES = "a be ce de e ef gie ha i jot ka el em en o pe ku er es te u fau wu iks igrek zet"
LETTERS = dict(zip(ascii_lowercase, NAMES.split(), strict=True))

# A day in the genitive, and as it is said after "w" and "na".
DAYS = "poniedziałku wtorku środy czwartku piątku soboty niedzieli".split()
ON_DAYS = "poniedziałek wtorek środę czwartek piątek sobotę niedzielę".split()
MONTHS = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()
MIDNIGHT = "północy"
# Feminine and in the genitive, for hours: "do ósmej". The other forms are made of these.
ORDINALS = (
    "pierwszej drugiej trzeciej czwartej piątej szóstej siódmej ósmej dziewiątej dziesiątej jedenastej dwunastej "
    "trzynastej czternastej piętnastej szesnastej siedemnastej osiemnastej dziewiętnastej dwudziestej"
).split()
ORDINALS += [f"dwudziestej {one}" for one in ORDINALS[:9]] + ["trzydziestej", "trzydziestej pierwszej"]


def digits(printed: str) -> str:
    """Read a number: "zero, jeden, zero … dwa, trzy, sześć … pięć, dwa … pięć, sześć"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "jeden", "gwiazdkę", "krzyżyk"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "e es es em"."""
    return spell(text, LETTERS)


def clock(t: time) -> str:
    """Say a time: "ósma trzydzieści", "druga w nocy", "północ"."""
    return _until(t).replace("giej", "ga").replace("ej", "a").replace("północy", "północ")


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "jutra do godziny ósmej trzydzieści", "dzisiejszej nocy do północy".

    A night later than the coming one has the names of the two days it lies between: "czwartek w nocy" is heard as
    either night of Thursday.
    """
    weekday, t = at.weekday(), at.time()
    date = f", {ORDINALS[at.day - 1].replace('ej', 'ego')} {MONTHS[at.month - 1]}," if days >= len(DAYS) else ""
    day = ("dzisiaj", "jutra")[days] if days < 2 else DAYS[weekday] + date
    if t.hour < 5:
        before = DAYS[weekday - 1]
        between = f"nocy {'ze' if before == 'środy' else 'z'} {before} na {ON_DAYS[weekday]}{date}"
        day = between if days > 1 else "dzisiejszej nocy"
    return f"{day} do {'' if _time(t) == MIDNIGHT else 'godziny '}{_time(t)}"


def hours(week: Week) -> str:
    """Say a week: "codziennie od ósmej trzydzieści do dwudziestej drugiej"."""
    return "całą dobę, siedem dni w tygodniu" if week == ALWAYS else say_week(week, "i", "codziennie", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "policja lub Fairwork"."""
    return join(names, "lub")


def _time(t: time) -> str:
    """Say a time in the genitive, after "od" and "do"."""
    if t.hour == t.minute == 0:
        return MIDNIGHT
    hour = ORDINALS[t.hour - 1] if t.hour else NUMBERS[0]
    return f"{hour} {'zero ' if t.minute < 10 else ''}{NUMBERS[t.minute]}" if t.minute else hour


def _until(t: time) -> str:
    """Say a time, naming the night: people call two in the afternoon by the same name."""
    return f"{_time(t)} w nocy" if t.hour in range(1, 5) else _time(t)


def _days(first: int, last: int) -> str:
    if first != last:
        return f"od {DAYS[first]} do {DAYS[last]}"
    return f"{'we' if ON_DAYS[first] == 'wtorek' else 'w'} {ON_DAYS[first]}"


def _span(opens: time, closes: time) -> str:
    return "całą dobę" if (opens, closes) == WHOLE_DAY else f"od {_until(opens)} do {_until(closes)}"
