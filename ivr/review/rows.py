# SPDX-License-Identifier: EUPL-1.2
"""A line as one table, to compare two cards by: of each kind what is there, about what, and in which area.

What fills a blank is a row (a number, hours, a key). So a sentence, which is heard in several areas, is none: it
differs where its own words do, and `WalkedLine` knows where it is heard.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple
from datetime import date
from typing import Any, NamedTuple

from ivr.answers import Answers
from ivr.card import Card, Number
from ivr.dialogue import offers, positions, start
from ivr.editor.texts import ABOUT
from ivr.line import Line
from ivr.phone import espeak
from ivr.phone.events import Ended, elapsed
from ivr.position import Kind, Position
from ivr.proof.durations import heard
from ivr.proof.graph import silent_path, worlds
from ivr.proof.proofs import openings
from ivr.proof.walked import Walked
from ivr.review.in_words import Area, capital, year
from ivr.script import needed
from ivr.sentences import Digits, Either, Key, Moment, Sentence, Value, WeekHours, Words
from ivr.world import World

There = Any
"""A text, an area or several; of opening hours those of a day, or the usual weeks by the first day. Empty: none."""


class Change(NamedTuple):
    """One change; `kind` is what comes after `diff-` in its message, and `about` what it is of: sentences, a key, days.

    It is met in these `areas`, and `before` and `after` are what was and is there; empty stands for nothing. `language`
    has the code of another language than the first, and `line` which of the first sentence's lines is another.
    """

    kind: str
    about: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    before: There = ""
    after: There = ""
    language: str = ""
    line: int = 0


Rows = Mapping[Change, There]
"""What is there, by the change that it would be a part of: one without `before` and `after`, in one area at most."""


def number_area(id_: str) -> Area:
    """Where a number is read."""
    return Area(Kind.NUMBER, id_)


CARD: Mapping[str, Callable[[Card], There]] = {
    "languages": lambda card: ", ".join(card.languages),
    "name": lambda card: card.name,
    "timezone": lambda card: str(card.timezone),
    "country": lambda card: card.country or "",
    "own-number": lambda card: card.own_number or "",
    "exit": lambda card: card.exit,
    "emergency": lambda card: number_area(card.emergency.id),
    "start": lambda card: Area(Kind.MENU, card.start.id),
    "wait": lambda card: number_area(card.wait) if card.wait else "",
    "notice": lambda card: " – ".join(f"{at:%Y-%m-%d %H:%M}" for at in astuple(card.notice)) if card.notice else "",
}

NUMBER: Mapping[str, Callable[[Number, date], There]] = {
    "printed": lambda number, _: number.number,
    "hours": lambda number, today: number.hours and tuple(year(number.hours, today).seasons.items()),
    "connect": lambda number, _: number.connect or "",
    "form": lambda number, _: number.form or "",
    "search": lambda number, _: number.search or "",
    "instead": lambda number, _: tuple(map(number_area, dict.fromkeys(number.instead))),
    "speaks": lambda number, _: ", ".join(number.speaks),
    "source": lambda number, _: number.source,
    "checked": lambda number, _: number.checked.isoformat(),
}


def rows(line: Line, walked: "WalkedLine", today: date) -> Rows:
    """The table of a line, walked in its first language; hours are those of the year from `today` on."""
    card = line.card
    table = {Change(kind): of(card) for kind, of in CARD.items()}
    table |= {Change("signals", areas=(Area(Kind.CHAPTER, id_),)): page for id_, page in card.signals.items()}
    for number in card.numbers.values():
        table |= {Change(kind, areas=(number_area(number.id),)): of(number, today) for kind, of in NUMBER.items()}
    for area in walked.entrance:
        table |= {Change("key", (key,), (area,)): to for key, to in sorted(walked.keys(area).items())}
    for code in card.languages:
        spoken = line.spoken(code)
        table[Change("voice", language=code)] = " ".join(spoken.voice or ())
        table[Change("own-number", language=code)] = spoken.own_number or ""
        for id_, texts in spoken.sentences.lines.items():
            if id_.startswith(f"{ABOUT}."):
                table[Change("about-language", (id_.partition(".")[2],), language=code)] = " ".join(texts)
    return table


class WalkedLine:
    """A line, walked through: where each sentence is heard, and in how many situations."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._walked = Walked(Answers(line, ""))
        self.card = line.card
        self.said = needed(line.card)
        self.heard: dict[str, Counter[Area]] = defaultdict(Counter)
        self.entrance: dict[Area, Position] = {}
        for position in positions(line.card):
            if position.kind is not Kind.CONNECT:
                self.entrance.setdefault(Area.of(position), position)
            said = [id_ for world in worlds(line.card, position, openings) for id_ in self.ids(position, world)]
            for id_ in dict.fromkeys(said):
                self.heard[id_][Area.of(position)] += 1

    def ids(self, position: Position, world: World) -> Iterator[str]:
        """The sentences that are said at a position, and the names inside them."""
        for sentence in self.line.script(position, world).sentences:
            if sentence.optional and sentence.id not in self.line.sentences.lines:
                continue
            yield sentence.id
            for value in sentence.values.values():
                if isinstance(value, Either):
                    yield from value.ids

    def order(self, area: Area) -> list[str]:
        """The sentences of an area as usual, in their order."""
        position = self.entrance[area]
        return list(dict.fromkeys(self.ids(position, worlds(self.card, position)[0])))

    def texts(self, id_: str) -> tuple[str, ...]:
        """The lines of a sentence as they are heard, but with figures for what is read digit by digit, and no times.

        Where a time is said, the blank stands as it is written: `{opens}` or `{hours}`.
        """
        if id_ not in self.said:  # with its blanks as they are written, since nothing fills them here
            return tuple(map(capital, self.line.sentences.lines.get(id_, ())))
        shown = {name: _shown(name, value) for name, value in self.said[id_].values.items()}
        return self.line.sentences.say(Sentence(id_, shown, optional=True))

    def keys(self, area: Area) -> dict[str, Area]:
        """The keys of an area and where they lead; those of the list and of the goodbye are those of every card.

        One that connects leads to an area without an id.
        """
        keys = {} if area.kind in (Kind.LIST, Kind.GOODBYE) else offers(self.card, self.entrance[area])
        return {key: Area(to.kind) if to.kind is Kind.CONNECT else Area.of(to) for key, to in keys.items()}

    def seconds(self, area: Area | None) -> float:
        """How long all that is said where a caller comes into an area takes as usual; about, from the text alone.

        Without an area: a call in which nobody presses a key.
        """
        path = [self.entrance[area]] if area else silent_path(self.card, start(self.card))
        usual = [(position, worlds(self.card, position)[0]) for position in path]
        moments = [moment for position, world in usual for moment in heard(self._walked, position, world)]
        return elapsed(moments if area else [*moments, Ended("line")], espeak.estimated)


def _shown(name: str, value: Value) -> Value:
    match value:
        case Digits(printed):
            return Words(printed)
        case Key(key):
            return Words(key)
        case Moment() | WeekHours():
            return Words(f"{{{name}}}")
        case _:
            return value
