# SPDX-License-Identifier: EUPL-1.2
"""Polish."""

from collections.abc import Sequence
from datetime import datetime, time

from ivr.language import Language

ON_DAYS = "poniedziałek wtorek środę czwartek piątek sobotę niedzielę".split()
MIDNIGHT = "północy"


class Polish(Language):
    """Polish. `key` is in the accusative, after "naciśnij"; `moment` in the genitive, after "do".

    `clock` is in the nominative. Times are those of a twenty-four-hour clock, as they are announced: "dwudziesta
    druga".
    """

    ordinals: Sequence[str]

    def clock(self, t: time) -> str:
        """Say a time: "ósma trzydzieści", "druga w nocy", "północ"."""
        return self._until(t).replace("giej", "ga").replace("ej", "a").replace("północy", "północ")

    def moment(self, days: int, at: datetime) -> str:
        """Say when it opens: "jutra do godziny ósmej trzydzieści", "godziny drugiej dziś w nocy".

        A night later than the coming one has the names of the two days it lies between: "czwartek w nocy" is heard as
        either night of Thursday.
        """
        weekday, t = at.weekday(), at.time()
        date = ""
        if days >= len(self.weekdays):
            date = f", {self.ordinals[at.day - 1].replace('ej', 'ego')} {self.months[at.month - 1]},"
        said = self._time(t)
        until = said if said == MIDNIGHT else f"godziny {said}"
        if days < 2 and t.hour < 5:  # the coming night
            return until if said == MIDNIGHT else f"{until} dziś w nocy"
        if not days:  # "nieczynny do dzisiaj do godziny ósmej" is not said
            return f"{until} dzisiaj rano" if t.hour < 12 else f"{until} dzisiaj"
        day = "jutra" if days == 1 else self.weekdays[weekday] + date
        if t.hour < 5:
            before = self.weekdays[weekday - 1]
            day = f"nocy {'ze' if before == 'środy' else 'z'} {before} na {ON_DAYS[weekday]}{date}"
        return f"{day} do {until}"

    def days(self, first: int, last: int) -> str:
        """Say a day after "w", or days after "od" and "do"."""
        if first != last:
            return super().days(first, last)
        return f"{'we' if ON_DAYS[first] == 'wtorek' else 'w'} {ON_DAYS[first]}"

    def span(self, opens: time, closes: time) -> str:
        """Say when something opens and closes, in the genitive."""
        said = super().span(opens, closes)
        return said if said == self.whole_day else self.from_until.format(self._until(opens), self._until(closes))

    def _time(self, t: time) -> str:
        """Say a time in the genitive, after "od" and "do"."""
        if t.hour == t.minute == 0:
            return MIDNIGHT
        hour = self.ordinals[t.hour - 1] if t.hour else self.numbers[0]
        return f"{hour} {'zero ' if t.minute < 10 else ''}{self.numbers[t.minute]}" if t.minute else hour

    def _until(self, t: time) -> str:
        """Say a time, naming the night: people call two in the afternoon by the same name."""
        return f"{self._time(t)} w nocy" if t.hour in range(1, 5) else self._time(t)


LANGUAGE = Polish("pl")
