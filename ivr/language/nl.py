# SPDX-License-Identifier: EUPL-1.2
"""Dutch."""

from datetime import datetime, time

from ivr.language import Language

# Each takes six hours, from midnight, and they build "'s nachts", "vannacht",
# "morgenmiddag" and "maandagavond".
PARTS = ("nacht", "ochtend", "middag", "avond")
SOON = ("van", "morgen")
MINUTES = {1: "één minuut", 5: "vijf", 10: "tien", 15: "kwart"}


class Dutch(Language):
    """Dutch: "nul, één, nul … twee, drie, zes", "half negen 's ochtends", "morgenochtend half negen"."""

    def clock(self, t: time) -> str:
        """Say a time: "half negen 's ochtends", "kwart over twaalf 's nachts"."""
        if t.hour == t.minute == 0:
            return "middernacht"
        return f"{self._time(t)} 's {PARTS[t.hour // 6]}s"

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "morgenochtend half negen", "vannacht twee uur".

        "Vannacht" is today's night as well as tomorrow's: a caller at 23:00 and one at
        1:00 mean the same night. A later night has the names of the two days it lies
        between, since "maandag twee uur 's nachts" is heard as either night of Monday.
        """
        part, said = PARTS[at.hour // 6], self._time(at.time())
        day = self.weekdays[at.weekday()]
        if far := days >= len(self.weekdays):
            day = f"{day} {self.numbers[at.day]} {self.months[at.month - 1]}"
        if part == "nacht" and days > 1:
            return f"de nacht van {self.weekdays[at.weekday() - 1]} op {day}, {said}"
        if part == "nacht":
            return f"vannacht {said}"
        if far:
            return f"{day}, {self.clock(at.time())}"
        return f"{SOON[days] if days < len(SOON) else day}{part} {said}"

    def _time(self, t: time) -> str:
        """Say a time without the part of the day; Dutch counts to and from the half."""
        this, following = self.numbers[t.hour % 12 or 12], self.numbers[t.hour % 12 + 1]
        past = t.minute
        if past in range(1, 16):
            return f"{self._minutes(past)} over {this}"
        if past in range(16, 30):
            return f"{self._minutes(30 - past)} voor half {following}"
        if past in range(31, 45):
            return f"{self._minutes(past - 30)} over half {following}"
        if past in range(45, 60):
            return f"{self._minutes(60 - past)} voor {following}"
        return f"half {following}" if past else f"{this} uur"

    def _minutes(self, count: int) -> str:
        return MINUTES.get(count, f"{self.numbers[count]} minuten")


LANGUAGE = Dutch("nl")
