# SPDX-License-Identifier: EUPL-1.2
"""What is said at a position, as plain data: the lines, and then listen, connect or hang up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ivr.dialogue import AFTER_CONNECTION, Kind, Turn
from ivr.hours import ALWAYS, Closed, Open

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivr.card import Card, Number
    from ivr.dialogue import Position
    from ivr.hours import Opening
    from ivr.language import Language
    from ivr.sentences import Sentences

PATIENCE = 10
"""Seconds that the line waits for a key. People answer a voice by talking, and look for their glasses."""

NEXT = 2
"""Seconds between two numbers of the list, in which a key stays at the first; then comes the next."""

PARTING = 3
"""Seconds after a goodbye in which a key still counts."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait so many seconds for a key; silence goes on to the next position."""

    seconds: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """Wait so many seconds for a key; silence ends the call."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect to a number (E.164)."""

    number: str


@dataclass(frozen=True, slots=True)
class Script:
    """The lines that are said, with a short pause at each `…` and between lines, and what follows."""

    lines: tuple[str, ...]
    then: Listen | HangUp | Connect


class Writer:
    """Writes the script of every position of one card, in one language."""

    def __init__(self, card: Card, sentences: Sentences, language: Language) -> None:
        self._card = card
        self._say = sentences.say
        self._sentences = sentences
        self._language = language
        self._emergency = language.digits(card.emergency.number)

    def script(self, position: Position, opening: Opening = ALWAYS) -> Script:
        """What is said at a position, when the number there (if any) is in this opening state."""
        match position.kind:
            case Kind.MENU:
                return Script(self._menu(position), Listen(PATIENCE))
            case Kind.CHAPTER:
                return Script(self._chapter(position), Listen(PATIENCE))
            case Kind.GOODBYE:
                return Script(self._goodbye(), HangUp(PARTING))
            case _:
                return self._at_number(position, self._card.numbers[position.id], opening)

    def without_a_service(self) -> tuple[str, ...]:
        """What is said when nobody can ask what was pressed: 112 first, all numbers twice, a goodbye.

        It is fixed text, so it does not know what is open.
        """
        listed = (
            self._of(number, "list", number=self._digits(number)) + self._say("line.again", number=self._digits(number))
            for number in self._card.numbers.values()
        )
        return self._danger() + self._say("line.list") + tuple(chain(*listed)) + self._goodbye()

    def _at_number(self, position: Position, number: Number, opening: Opening) -> Script:
        if position.kind is Kind.CONNECT and number.connect:
            return Script(self._of(number, "connect"), Connect(number.connect))
        if position.kind is Kind.LIST:
            # Whoever presses a key is not led on before they had time to hear what to do, nor is anybody at the end.
            stays = position.turn is Turn.TYPED or number.id == list(self._card.numbers)[-1]
            lines = self._listed(position, number, opening) + (self._say("line.choices") if stays else ())
            return Script(lines, Listen(PATIENCE if stays else NEXT))
        if position.turn is Turn.GOODBYE:
            end = self._of(number, "end", number=self._digits(number)) if number.emergency else self._goodbye()
            return Script(end, HangUp(PARTING))
        return Script(self._number(position, number, opening), Listen(PATIENCE))

    def _menu(self, position: Position) -> tuple[str, ...]:
        root = position.id == self._card.start.id
        keys = dict(sorted(self._card.menus[position.id].keys.items()))
        prefix = f"menus.{position.id}"
        if position.turn is Turn.FIRST:
            opening = self._danger() if root else ()
            choices = self._choices(prefix, keys, ".long")
            end = self._say("line.repeat") + self._say("line.all") + (() if root else self._say("line.back"))
            return opening + self._say(f"{prefix}.about") + choices + end
        opening = self._say("line.noinput" if position.turn is Turn.NOINPUT else "line.nomatch")
        end = (() if root else self._say("line.back_short")) + self._say("line.repeat_short")
        return opening + self._choices(prefix, keys, ".short") + end + self._say("line.all_short")

    def _chapter(self, position: Position) -> tuple[str, ...]:
        prefix = f"chapters.{position.id}"
        choices = self._choices(prefix, self._card.menus[position.id].keys)
        return self._say(f"{prefix}.about") + choices + self._say("line.choices")

    def _choices(self, prefix: str, keys: Mapping[str, str], form: str = "") -> tuple[str, ...]:
        lines: tuple[str, ...] = ()
        for key, target in keys.items():
            lines += self._say(f"{prefix}.choices.{target}{form}", key=self._language.key(key))
        return lines

    def _number(self, position: Position, number: Number, opening: Opening) -> tuple[str, ...]:
        """The short name and the number come first, and the number comes twice; what they do comes after it."""
        connects = bool(number.connect) and isinstance(opening, Open)
        offer = self._of(number, "offer", key=self._connect_key) if connects else ()
        again = self._say("line.again", number=self._digits(number))
        choices = self._say("line.choices")
        about = self._of(number, "about")
        first = self._opening_line(number, opening, ("first", "closed"))
        closed = isinstance(opening, Closed)
        instead = self._say("line.instead", others=self._others(number)) if closed else ()
        match position.turn:
            case Turn.TYPED if number.emergency:
                return self._typed(number) + about
            case Turn.TYPED:
                return self._typed(number) + (first + self._danger() if closed else ()) + offer + instead + choices
            case Turn.NOINPUT:
                return (first if closed else again) + offer + instead + choices
            case Turn.COMPLETED:
                return self._of(number, "completed", number=self._digits(number)) + choices
            case turn if turn in AFTER_CONNECTION:
                return self._not_connected(number, turn, offer_retry=connects)
        if number.emergency:
            return first + again + about
        if closed:
            about = self._of(number, "about_closed") + self._form(number)
            return first + self._danger() + instead + again + about + choices
        return first + offer + again + about + self._details(number, opening) + offer + choices

    def _not_connected(self, number: Number, turn: Turn, *, offer_retry: bool) -> tuple[str, ...]:
        happened = self._of(number, turn.replace("-", "_"), number=self._digits(number))
        retry = self._of(number, "retry", key=self._connect_key) if offer_retry else ()
        others = self._say("line.instead_short", others=self._others(number))
        return happened + retry + self._say("line.repeat_short") + others

    def _form(self, number: Number) -> tuple[str, ...]:
        if not number.form:
            return ()
        return self._of(number, "form", address=self._sentences.word(f"numbers.{number.id}.address"))

    def _details(self, number: Number, opening: Opening) -> tuple[str, ...]:
        lines = self._form(number)
        if isinstance(opening, Open) and opening.week:
            lines += self._of(
                number, "hours" if opening.usual else "hours_now", hours=self._language.hours(opening.week)
            )
        if self._sentences.has(f"numbers.{number.id}.full_name"):
            lines += self._of(number, "full_name")
        return lines

    def _listed(self, position: Position, number: Number, opening: Opening) -> tuple[str, ...]:
        line = self._opening_line(number, opening, ("list", "list_closed"))
        if position.turn is Turn.TYPED:
            return self._typed(number) + (line if isinstance(opening, Closed) else ())
        intro = self._say("line.list") if number is next(iter(self._card.numbers.values())) else ()
        return intro + line + self._say("line.again", number=self._digits(number))

    def _opening_line(self, number: Number, opening: Opening, ids: tuple[str, str]) -> tuple[str, ...]:
        """The line that names a number and reads it: as it is when open, or closed until when."""
        open_, closed = ids
        digits = self._digits(number)
        if isinstance(opening, Open):
            return self._of(number, open_, number=digits)
        if opening.at is None:
            return self._of(number, f"{closed}_unknown", number=digits)
        return self._of(number, closed, number=digits, opens=self._language.moment(opening.days, opening.at))

    def _typed(self, number: Number) -> tuple[str, ...]:
        return self._say("line.typed", number=self._digits(number))

    def _danger(self) -> tuple[str, ...]:
        return self._say("line.danger", emergency=self._emergency)

    def _goodbye(self) -> tuple[str, ...]:
        return self._say("line.goodbye", emergency=self._emergency)

    def _of(self, number: Number, id_: str, /, **places: str) -> tuple[str, ...]:
        return self._say(f"numbers.{number.id}.{id_}", **places)

    def _others(self, number: Number) -> str:
        return self._language.either([self._sentences.word(f"numbers.{id_}.name") for id_ in number.instead])

    def _digits(self, number: Number) -> str:
        return self._language.digits(number.number)

    @property
    def _connect_key(self) -> str:
        return self._language.key(self._card.connect_key)
