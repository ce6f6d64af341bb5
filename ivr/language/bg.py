# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: RUF001 - the words are Cyrillic, and some of them look like Latin
"""Bulgarian."""

from datetime import datetime, time

from ivr.language import Language, count

TODAY = {"сутринта": "тази сутрин", "на обяд": "днес на обяд", "следобед": "днес следобед", "вечерта": "тази вечер"}
MONTHS = "януари февруари март април май юни юли август септември октомври ноември декември".split()
ORDINALS = (
    "първи втори трети четвърти пети шести седми осми девети десети единадесети дванадесети тринадесети "
    "четиринадесети петнадесети шестнадесети седемнадесети осемнадесети деветнадесети двадесети"
).split()
ORDINALS += [f"двадесет и {one}" for one in ORDINALS[:9]] + ["тридесети", "тридесет и първи"]


class Bulgarian(Language):
    """Bulgarian. `key` follows "натиснете", and `moment` "затворен до".

    A time has twelve hours and the part of the day: on a clock of twenty-four "двадесет и два" is two past eight as
    well as ten at night.
    """

    # Neuter, as digits are. Hours are masculine, with "един" and "два", and minutes feminine, with "една".
    numbers = count(
        "нула едно две три четири пет шест седем осем девет десет единадесет дванадесет тринадесет четиринадесет "
        "петнадесет шестнадесет седемнадесет осемнадесет деветнадесет",
        "двадесет тридесет четиридесет петдесет",
        " и ",
    )
    signs = ("плюс", "звездичка", "диез")
    alphabet = (
        "а, бе, це, де, е, еф, ге, ха, и, йот, ка, ел, ем, ен, о, пе, ку, ер, ес, те, у, ве, дубъл ве, хикс, игрек, зет"
    ).split(", ")
    and_, or_ = "и", "или"
    every_day, whole_day = "всеки ден", "денонощно"
    weekdays = "понеделник вторник сряда четвъртък петък събота неделя".split()
    several_days, from_until = "от {} до {}", "от {} до {}"
    short_days, months = "пн вт ср чт пт сб нд".split(), MONTHS
    timed = "{} ч."

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
            day += f", {ORDINALS[at.day - 1]} {MONTHS[at.month - 1]},"
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


LANGUAGE = Bulgarian()
