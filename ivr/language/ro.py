# SPDX-License-Identifier: EUPL-1.2
"""Romanian."""

from datetime import datetime, time

from ivr.language import Language

TODAY = {"dimineața": "azi dimineață", "la prânz": "azi la prânz", "după-amiaza": "azi după-amiază", "seara": "diseară"}


class Romanian(Language):
    """Romanian. `key` follows "apăsați tasta", and `moment` "închis până".

    A time has twelve hours and the part of the day: on a clock of twenty-four "douăzeci și două" is two past eight as
    well as ten at night.
    """

    def clock(self, t: time) -> str:
        """Say a time: "ora opt și jumătate dimineața", "ora două după-amiaza"."""
        return f"{self._time(t)} {_part(t.hour)}"

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "mâine la ora opt și jumătate dimineața", "în noaptea aceasta la ora două".

        A night later than the coming one has the names of the two days it lies between: "joi noaptea" is heard as
        either night of Thursday.
        """
        day = self.weekdays[at.weekday()]
        if days >= len(self.weekdays):
            day += f", {'întâi' if at.day == 1 else self.numbers[at.day]} {self.months[at.month - 1]},"
        if at.hour < 5:
            night = "aceasta" if days < 2 else f"de {self.weekdays[at.weekday() - 1]} spre {day}"
            return f"în noaptea {night} la {self._time(at.time())}"
        if not days:  # "închis până astăzi la ora opt" is not said
            return f"la {self._time(at.time())}, {TODAY[_part(at.hour)]}"
        return f"{'mâine' if days == 1 else day} la {self.clock(at.time())}"

    def _time(self, t: time) -> str:
        hour = f"ora {self._feminine(t.hour % 12 or 12)}"
        return f"{hour} și {self._minutes(t.minute)}" if t.minute else hour

    def _minutes(self, count: int) -> str:
        short = {1: "un minut", 15: "un sfert", 30: "jumătate"}.get(count)
        return short or self._feminine(count) + ("" if count % 5 == 0 else " minute" if count < 20 else " de minute")

    def _feminine(self, number: int) -> str:
        return self.numbers[number].replace("doi", "două")


def _part(hour: int) -> str:
    if hour < 5:
        return "noaptea"
    return "dimineața" if hour < 12 else "la prânz" if hour == 12 else "după-amiaza" if hour < 18 else "seara"


LANGUAGE = Romanian("ro")
