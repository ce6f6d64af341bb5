# SPDX-License-Identifier: EUPL-1.2
"""British English."""

from collections.abc import Sequence
from datetime import datetime, time

from ivr.language import Language


class English(Language):
    """British English.

    Times are said as they are written, "eight thirty": "half eight" is another time to people from elsewhere.
    """

    ordinals: Sequence[str]

    def letters(self, text: str) -> str:
        """Spell an abbreviation: "E, S, S, M". Without commas "A" is heard as the article."""
        return super().letters(text).replace(" ", ", ")

    def clock(self, t: time) -> str:
        """Say a time: "eight thirty in the morning", "twelve fifteen at night", "midnight"."""
        part = _part(t)
        return f"{self._time(t)} {'at night' if part == 'night' else part and f'in the {part}'}".rstrip()

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "eight thirty tomorrow morning", "twelve noon on Thursday".

        The hour after midnight has the names of the two days it lies between: "Thursday night" ends a Thursday.
        """
        said, part, day = self._time(at.time()), _part(at.time()), self.weekdays[at.weekday()]
        date = f" the {self.ordinals[at.day - 1]} of {self.months[at.month - 1]}" if days >= len(self.weekdays) else ""
        if at.hour == 0:
            night = f"on the night between {self.weekdays[at.weekday() - 1]} and {day}{date}"
            return f"{said} {night if days > 1 else 'tonight'}"
        if date:
            return f"{self.clock(at.time())} on {day}{date}"
        if days == 0:
            return f"{said} {({'': 'today', 'night': 'tonight'}).get(part, f'this {part}')}"
        return f"{said} {'tomorrow' if days == 1 else f'on {day}'} {part}".rstrip()

    def _time(self, t: time) -> str:
        if t.minute:
            return f"{self.numbers[t.hour % 12 or 12]} {'oh ' if t.minute < 10 else ''}{self.numbers[t.minute]}"
        return {0: "midnight", 12: "twelve noon"}.get(t.hour, f"{self.numbers[t.hour % 12]} o'clock")


def _part(t: time) -> str:
    """Name the part of the day; midnight and noon need none."""
    if t.minute == 0 == t.hour % 12:
        return ""
    if t.hour in (0, 22, 23):
        return "night"
    return "morning" if t.hour < 12 else "afternoon" if t.hour < 18 else "evening"


LANGUAGE = English("en")
