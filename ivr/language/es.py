# SPDX-License-Identifier: EUPL-1.2
"""Spanish, as `ivr.language.Language` describes it, in words that Spain and Latin America share where there are any.

`key` follows "pulse", and `moment` "cerrado hasta". A time counts on from the hour: "las nueve menos cuarto" is said in
Spain only.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time
from string import ascii_lowercase

from ivr.language import ALWAYS, WHOLE_DAY, Week, count, join, label, read, say_week, spell

NUMBERS = count(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve",
    "treinta cuarenta cincuenta",
    " y ",
)
SIGNS = {str(digit): NUMBERS[digit] for digit in range(10)} | {"+": "más", "*": "asterisco", "#": "almohadilla"}
NAMES = (
    "a, be, ce, de, e, efe, ge, hache, i, jota, ka, ele, eme, ene, o, pe, cu, erre, ese, te, u, uve, uve doble, equis, "
    "i griega, zeta"
)
LETTERS = dict(zip(ascii_lowercase, NAMES.split(", "), strict=True))

WEEKDAYS = "lunes martes miércoles jueves viernes sábado domingo".split()
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


def digits(printed: str) -> str:
    """Read a number: "cero, uno, cero … dos, tres, seis … cinco, dos … cinco, seis"."""
    return read(printed, SIGNS)


def key(k: str) -> str:
    """Name a key: "uno", "asterisco", "almohadilla"."""
    return label(k, SIGNS)


def letters(text: str) -> str:
    """Spell an abbreviation: "e ese ese eme"."""
    return spell(text, LETTERS)


def clock(t: time) -> str:
    """Say a time: "las ocho y media de la mañana", "la una y cinco de la tarde"."""
    return f"{_time(t)} {_part(t.hour)}"


def moment(days: int, at: datetime) -> str:
    """Say when it opens: "mañana a las ocho y media de la mañana", "esta noche a las doce".

    The hour after midnight has the names of the two days it lies between: "el jueves por la noche" ends a Thursday.
    """
    day = WEEKDAYS[at.weekday()]
    if days >= len(WEEKDAYS):
        day += f" {'primero' if at.day == 1 else NUMBERS[at.day]} de {MONTHS[at.month - 1]}"
    if at.hour == 0:
        night = "esta noche" if days < 2 else f"la noche del {WEEKDAYS[at.weekday() - 1]} al {day}"
        return f"{night} a {_time(at.time())}"
    return f"{('hoy', 'mañana')[days] if days < 2 else f'el {day}'} a {clock(at.time())}"


def hours(week: Week) -> str:
    """Say a week: "todos los días de las ocho y media de la mañana a las diez de la noche"."""
    return "día y noche" if week == ALWAYS else say_week(week, "y", "todos los días", _days, _span)


def either(names: Sequence[str]) -> str:
    """Join names as a choice: "la policía o Fairwork"; "o" is "u" before its own sound."""
    return join(names, "u" if names and re.match("h?[oó]", names[-1], re.IGNORECASE) else "o")


def _time(t: time) -> str:
    hour = "la una" if t.hour % 12 == 1 else f"las {NUMBERS[t.hour % 12 or 12]}"
    minutes = {1: "un minuto", 15: "cuarto", 30: "media"}.get(t.minute, NUMBERS[t.minute])
    return f"{hour} y {minutes}" if t.minute else hour


def _part(hour: int) -> str:
    if hour == 12:
        return "del mediodía"
    if hour in range(1, 6):
        return "de la madrugada"
    return "de la mañana" if hour in range(6, 12) else "de la tarde" if hour in range(13, 20) else "de la noche"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"de {WEEKDAYS[first]} a {WEEKDAYS[last]}"


def _span(opens: time, closes: time) -> str:
    return "las veinticuatro horas" if (opens, closes) == WHOLE_DAY else f"de {clock(opens)} a {clock(closes)}"
