# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: RUF001 - the words are Cyrillic, and some of them look like Latin
"""Bulgarian."""

from collections.abc import Sequence
from datetime import datetime, time

from ivr.language import Language

TODAY = {"сутринта": "тази сутрин", "на обяд": "днес на обяд", "следобед": "днес следобед", "вечерта": "тази вечер"}


class Bulgarian(Language):
    """Bulgarian. `key` follows "натиснете", and `moment` "затворен до".

    A time has twelve hours and the part of the day: on a clock of twenty-four "двадесет и два" is two past eight as
    well as ten at night.
    """

    ordinals: Sequence[str]

    def clock(self, t: time) -> str:
        """Say a time: "осем и половина сутринта", "два часа следобед", "полунощ"."""
        return f"{self._time(t)} {_part(t.hour)}" if t.hour or t.minute else "полунощ"

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "утре в осем и половина сутринта", "тази нощ в два часа".

        A night later than the coming one has the names of the two days it lies between: "четвъртък през нощта" is heard
        as either night of Thursday.
        """
        day = self.weekdays[at.weekday()]
        if days >= len(self.weekdays):
            day += f", {self.ordinals[at.day - 1]} {self.months[at.month - 1]},"
        if at.hour < 5:
            night = "тази нощ" if days < 2 else f"нощта на {self.weekdays[at.weekday() - 1]} срещу {day}"
            return f"{night} в {self._time(at.time())}"
        if not days:  # "затворен до днес в осем" is not said
            return f"{self._time(at.time())} {TODAY[_part(at.hour)]}"
        return f"{'утре' if days == 1 else day} в {self.clock(at.time())}"

    def days(self, first: int, last: int) -> str:
        """Say a day after "в", which is "във" before its own sound."""
        said = super().days(first, last)
        return said if first != last else f"{'във' if said == 'вторник' else 'в'} {said}"

    def _time(self, t: time) -> str:
        hour = {1: "един", 2: "два"}.get(t.hour % 12, self.numbers[t.hour % 12 or 12])
        return f"{hour} и {self._minutes(t.minute)}" if t.minute else f"{hour} часа"

    def _minutes(self, count: int) -> str:
        if count == 30:
            return "половина"
        said = self.numbers[count].replace("едно", "една")
        return said if count % 5 == 0 else f"{said} минут{'а' if count == 1 else 'и'}"


def _part(hour: int) -> str:
    if hour < 5:
        return "през нощта"
    return "сутринта" if hour < 12 else "на обяд" if hour == 12 else "следобед" if hour < 18 else "вечерта"


LANGUAGE = Bulgarian("bg")
