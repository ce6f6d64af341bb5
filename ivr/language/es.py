# SPDX-License-Identifier: EUPL-1.2
"""Spanish, in words that Spain and Latin America share where there are any."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from ivr.language import Language, join


class Spanish(Language):
    """Spanish. `key` follows "pulse", and `moment` "cerrado hasta".

    A time counts on from the hour: "las nueve menos cuarto" is said in Spain only.
    """

    def either(self, names: Sequence[str]) -> str:
        """Join names as a choice: "la policía o Fairwork"; "o" is "u" before its own sound."""
        return join(names, "u" if names and re.match("h?[oó]", names[-1], re.IGNORECASE) else self.or_)

    def clock(self, t: time) -> str:
        """Say a time: "las ocho y media de la mañana", "la una y cinco de la tarde"."""
        return f"{self._time(t)} {_part(t.hour)}"

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "mañana a las ocho y media de la mañana", "las ocho y media de esta mañana".

        The hour after midnight has the names of the two days it lies between: "el jueves por la noche" ends a Thursday.
        """
        day = self.weekdays[at.weekday()]
        if days >= len(self.weekdays):
            day += f" {'primero' if at.day == 1 else self.numbers[at.day]} de {self.months[at.month - 1]}"
        if at.hour == 0:
            night = "esta noche" if days < 2 else f"la noche del {self.weekdays[at.weekday() - 1]} al {day}"
            return f"{night} a {self._time(at.time())}"
        if not days:  # "cerrado hasta hoy a las ocho" is not said
            return self.clock(at.time()).replace(" de la ", " de esta ").replace(" del ", " de este ")
        return f"{'mañana' if days == 1 else f'el {day}'} a {self.clock(at.time())}"

    def _time(self, t: time) -> str:
        hour = "la una" if t.hour % 12 == 1 else f"las {self.numbers[t.hour % 12 or 12]}"
        minutes = {1: "un minuto", 15: "cuarto", 30: "media"}.get(t.minute, self.numbers[t.minute])
        return f"{hour} y {minutes}" if t.minute else hour


def _part(hour: int) -> str:
    if hour == 12:
        return "del mediodía"
    if hour in range(1, 6):
        return "de la madrugada"
    return "de la mañana" if hour in range(6, 12) else "de la tarde" if hour in range(13, 20) else "de la noche"


LANGUAGE = Spanish("es")
