# SPDX-License-Identifier: EUPL-1.2
"""What stands on the page, as data: the card's facts in the sentences of the line, without what belongs to keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from urllib.parse import urlsplit

from ivr.card import Number
from ivr.hours import Closed, Open, Opening
from ivr.line import Line
from ivr.sentences import Hours as HoursOf
from ivr.sentences import Key, Sentence, Sentences, Value
from ivr.world import NOTICE


@dataclass(frozen=True, slots=True)
class Call:
    """A number that can be called. `now` is empty where it is not known, or not asked, whether it is open."""

    id: str
    question: str
    name: str
    number: str
    link: str
    now: str
    is_open: bool
    hours: tuple[str, ...]
    about: tuple[str, ...]
    form: str
    site: str


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of a menu below another."""

    question: str
    about: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that is explained. A menu has only its question; its own `ways` lead to numbers, by their ids."""

    id: str
    question: str
    title: str
    about: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    signals: str
    site: str


Choice = Call | Group | Chapter


class Content:
    """The page of a line, as the world is; without `states` nothing is said of what is open at this moment.

    A moment without a time zone is in the card's own. `foreign`: the line answers the phone in another language, so at
    each number stands that nobody knows whether this one is spoken there, unless the card tells.
    """

    def __init__(
        self, line: Line, now: datetime, states: Mapping[str, Opening] | None, *, foreign: bool = False
    ) -> None:
        self._line = line
        self._foreign = foreign
        self._card = line.card
        zone = self._card.timezone
        self._now = now.astimezone(zone) if now.tzinfo else now.replace(tzinfo=zone)
        self._states = states
        language = line.sentences.language
        keys = "|".join(re.escape(language.key(key)) for key in "*#")
        self._keys = re.compile(rf"\{{key\}}|\b(?:{keys})\b", re.IGNORECASE)
        self._letters = {language.letters(letter): letter.upper() for letter in ascii_lowercase}
        self.name = self._card.name
        self.country = self._card.country
        self.danger = self._call(self._card.emergency, "", ("where",))
        noticed = states and isinstance(states.get(NOTICE), Open)
        self.notice = self._prose("line.notice") if noticed else ()
        self.chapters: list[Chapter] = []
        self._seen = {self.danger.id}
        self.choices = list(self._choices(self._card.start.id))
        for chapter in self.chapters:  # grows while it is read
            self.choices += [choice for choice in self._choices(chapter.id) if not isinstance(choice, Chapter)]

    def say(self, name: str, /, **blanks: str) -> tuple[str, ...]:
        """The lines of a text of the page's own."""
        return tuple(line.format(**blanks) for line in self._line.sentences.lines[f"page.{name}"])

    def word(self, name: str, /, **blanks: str) -> str:
        """A text of the page's own in one piece."""
        return " ".join(self.say(name, **blanks))

    def _choices(self, menu: str) -> Iterator[Choice]:
        """The choices of a menu or a chapter in the order of their keys; what was shown already is left out."""
        found = self._card.menus[menu]
        kind, length = ("chapters", "") if found.chapter else ("menus", ".long")
        for key, target in sorted(found.keys.items()):
            if target in self._seen:
                continue
            self._seen.add(target)
            question = self._question(f"{kind}.{menu}.choices.{target}{length}", key)
            if target in self._card.numbers:
                number = self._card.numbers[target]
                yield self._call(number, question, ("about", "full_name", *(("cost",) if number.premium else ())))
            elif self._card.menus[target].chapter:
                self.chapters.append(self._chapter(target, question))
                yield self.chapters[-1]
            else:
                yield Group(question, self._prose(f"menus.{target}.about"), tuple(self._choices(target)))

    def _question(self, id_: str, key: str) -> str:
        """What a choice asks, without its key; the whole sentence where it is all in one."""
        parts = self._parts(self._line.sentences.word(id_))
        return " ".join(parts or self._line.sentences.say(Sentence(id_, {"key": Key(key)})))

    def _call(self, number: Number, question: str, about: tuple[str, ...]) -> Call:
        state = self._states and number.hours and self._states.get(number.id)
        now = ""
        if isinstance(state, Open):
            now = self.word("open")
        elif isinstance(state, Closed) and state.at:
            now = self.word("closed", opens=self._line.sentences.language.moment(state.days, state.at))
        elif state:
            now = self.word("closed_unknown")
        known = not self._foreign or self._card.languages[0] in number.speaks
        told = [f"numbers.{number.id}.{part}" for part in about] + ([] if known else ["language.speaks_unknown"])
        name = self._line.sentences.word(f"numbers.{number.id}.name")
        return Call(
            id=number.id,
            question=question,
            name=name[0].upper() + name[1:],
            number=number.number,
            link=f"tel:{'+' * number.number.startswith('+')}{number.digits}",
            now=now,
            is_open=isinstance(state, Open),
            hours=tuple(self._hours(number, state or None)),
            about=tuple(text for id_ in told for text in self._prose(id_)),
            form=number.form or "",
            site=_site(number.form),
        )

    def _hours(self, number: Number, state: Opening | None) -> Iterator[str]:
        """The hours of this week where it is open and the week is known, else those of a usual one."""
        if number.hours is None:
            return
        if isinstance(state, Open) and not state.usual:
            name, week = "hours_now", state.week
        else:
            reopens = state.at if isinstance(state, Closed) else None
            begin = reopens.replace(tzinfo=self._card.timezone) if reopens else self._now
            name, week = "hours", number.hours.usual(begin.date())
        if week:
            yield from self._prose(f"numbers.{number.id}.{name}", hours=HoursOf(week))

    def _chapter(self, id_: str, question: str) -> Chapter:
        """A chapter; what is said first, up to its first stop, is its title."""
        first, *more = self._prose(f"chapters.{id_}.about") or (question,)
        title, *rest = re.split(r"(?<=[.?!])\s+", first, maxsplit=1)
        keys = sorted(self._card.menus[id_].keys.items())
        ways = tuple(
            (self._question(f"chapters.{id_}.choices.{target}", key), target)
            for key, target in keys
            if target in self._card.numbers
        )
        signals = self._card.signals.get(id_, "")
        return Chapter(id_, question, title.rstrip(".!"), (*rest, *more), ways, signals, _site(signals))

    def _prose(self, id_: str, /, **values: Value) -> tuple[str, ...]:
        """The lines of a sentence as somebody reads them, without keys and pauses; none where it is not written."""
        sentences = self._line.sentences
        if id_ not in sentences.lines:
            return ()
        told = Sentences({id_: tuple(filter(None, map(self._read, sentences.lines[id_])))}, sentences.language)
        lines = told.say(Sentence(id_, values))
        return tuple(map(self._abbreviated, lines)) if id_.endswith(".full_name") else lines

    def _read(self, line: str) -> str:
        """A line without what is said about keys, and the question before that."""
        parts = self._parts(line)
        text = " ".join(parts)
        return text if len(parts) == line.count("…") + 1 else re.sub(r"[^.!?]*\?$", "", text).strip()

    def _parts(self, line: str) -> list[str]:
        """What stands between the pauses of a line, without the parts about keys."""
        return [part.strip() for part in line.split("…") if not self._keys.search(part)]

    def _abbreviated(self, text: str) -> str:
        """A text with the letters that the line spells out as an abbreviation."""
        names = sorted(map(re.escape, self._letters), key=len, reverse=True)
        name = rf"\b(?:{'|'.join(names)})\b"

        def letters(run: re.Match[str]) -> str:
            return "".join(self._letters[found] for found in re.findall(name, run[0]))

        return re.sub(rf"{name}(?:,? {name})+", letters, text)


def _site(address: str | None) -> str:
    """The site of an address, as somebody reads it."""
    return (urlsplit(address or "").hostname or "").removeprefix("www.")
