# SPDX-License-Identifier: EUPL-1.2
"""What the card is: numbers with their opening hours, menus and keys. Facts only, no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.hours import Closed, Hours, Open, Opening

KEYPAD = "1234567890*#"
EXIT = "https://www.knmi.nl/"
"""Where the quick way out of the page leads: to the weather, which raises no suspicion, at a public service."""

REPEAT, BACK, ALL = "*", "#", "0"
"""Keys that no card can give another meaning: again, the other choices, and (in menus) all numbers."""

LANGUAGE_KEY = "8"
"""The key for another language, in the menus and chapters of a card that is offered in several."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number that the line reads out, as printed on the card, with where that fact came from.

    `speaks`: the languages that are known to be spoken there, by their codes, with the source of each.
    """

    id: str
    number: str
    source: str
    checked: date
    emergency: bool = False
    hours: Hours | None = None
    connect: str | None = None
    form: str | None = None
    search: str | None = None
    instead: tuple[str, ...] = ()
    premium: bool = False
    call_yourself: bool = False
    speaks: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def digits(self) -> str:
        """The digits to dial."""
        return digits(self.number)


@lru_cache(1024)  # a card has as many at most, and each is asked for at every key
def digits(printed: str) -> str:
    """The digits of a number as it is printed."""
    return "".join(filter(str.isdecimal, printed))


@dataclass(frozen=True, slots=True)
class Menu:
    """What a caller chooses from with keys. A chapter tells something and then behaves like the menu above it."""

    id: str
    keys: Mapping[str, str]
    chapter: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that every caller hears for a while, from one moment in the card's time zone until another."""

    begins: datetime
    ends: datetime

    def at(self, now: datetime) -> tuple[Opening, datetime]:
        """Open while it runs, else closed; and the moment until which that holds."""
        if self.begins <= now < self.ends:
            return Open(), self.ends
        return Closed(), self.begins if now < self.begins else datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card. Numbers and menus stand in the order of the file; the first menu answers the phone.

    `home` names, for every number, menu and chapter, the menu that `#` goes back to; for a number in several menus that
    is the first. `languages` has the codes of the languages that are offered, and the first of them answers the phone.
    `wait` names the number that a caller is connected to who waits at a menu. `country` is an ISO 3166-1
    code. `signals` has addresses of pages with signals to look for, by the chapter that each goes with.
    `own_number` is what people dial to call this line, as printed; `exit` the page's quick way out.
    """

    name: str
    timezone: ZoneInfo
    connect_key: str
    numbers: Mapping[str, Number]
    menus: Mapping[str, Menu]
    home: Mapping[str, str]
    languages: tuple[str, ...] = ()
    country: str | None = None
    wait: str | None = None
    notice: Notice | None = None
    signals: Mapping[str, str] = field(default_factory=dict)
    own_number: str | None = None
    exit: str = EXIT
    _whole: Mapping[str, Number] = field(init=False, repr=False, compare=False)
    _begun: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find what can be typed: whole numbers, that for danger and the longest first, and their beginnings."""
        first = sorted(self.numbers.values(), key=lambda number: (not number.emergency, -len(number.digits)))
        whole: dict[str, Number] = {}
        for number in first:
            whole.setdefault(number.digits, number)
        object.__setattr__(self, "_whole", whole)
        object.__setattr__(self, "_begun", frozenset(each[:count] for each in whole for count in range(1, len(each))))

    @property
    def start(self) -> Menu:
        """The menu that answers the phone."""
        return next(iter(self.menus.values()))

    @property
    def emergency(self) -> Number:
        """The number for danger: never connected."""
        return next(number for number in self._whole.values() if number.emergency)  # the first of them

    def whole(self, typed: str) -> Number | None:
        """The number whose digits somebody typed last: that for danger before all others, and then the longest."""
        found = (self._whole.get(typed[at:]) for at in range(len(typed)))
        return min(filter(None, found), key=lambda number: not number.emergency, default=None)

    def begun(self, typed: str) -> str:
        """The end of what somebody typed that may become a number of the card. Nothing else of it is ever kept."""
        return next((typed[at:] for at in range(len(typed)) if typed[at:] in self._begun), "")

    def read_out_only(self) -> Card:
        """The same card with nothing to connect, for a line that has no number of its own to show."""
        return replace(self, wait=None, numbers={id_: replace(n, connect=None) for id_, n in self.numbers.items()})
