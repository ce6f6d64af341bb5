# SPDX-License-Identifier: EUPL-1.2
"""What stands on the page, as data: the card's facts in the sentences of the line, without what belongs to keys.

A page stays open, is saved and is printed. So what holds for a while has its date in it, and is not false afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from ivr.card import Number, digits
from ivr.hours import DAY, Closed, Hours, Open, Opening
from ivr.line import Line
from ivr.sentences import Key, Sentence, Sentences, Value

SOON = 14
"""Days from today on for which the page names other hours than usual."""

ORDINARY = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
"""Kinds of numbers that can be called from abroad too."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A number that can be called. `now` is empty where it is not known, or not asked, whether it is open.

    `until`: when `now` is out of date. `hours`: of a usual week, and then each day soon that has others.
    """

    id: str
    question: str
    name: str
    number: Number
    now: str
    until: str
    is_open: bool
    hours: tuple[str, ...]
    about: tuple[str, ...]
    cost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedNotice:
    """What everybody reads for a while, with when, and the moment when it is out of date.

    `lang`: the language of `about`, where that is the first of the card for want of a translation.
    """

    lang: str
    about: tuple[str, ...]
    when: str
    until: str


@dataclass(frozen=True, slots=True)
class Submenu:
    """The choices of a menu below another."""

    question: str
    about: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that is explained; its own `ways` lead to numbers, by their ids."""

    id: str
    question: str
    title: str
    about: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    signals: str


Choice = Contact | Submenu | Chapter


class Content:
    """The page of a line, as the world is; without `states` nothing is said of what is open at this moment.

    A moment without a time zone is in the card's own. `first`: the line in the language that answers the phone, where
    that is another; then each number says that nobody knows whether this one is spoken there, unless the card does.
    Texts may have marks round words of the first language, as sentences have.
    """

    def __init__(
        self, line: Line, now: datetime, states: Mapping[str, Opening] | None, first: Line | None = None
    ) -> None:
        self._line = line
        self._first = first
        self.card = line.card
        zone = self.card.timezone
        self._now = now.astimezone(zone) if now.tzinfo else now.replace(tzinfo=zone)
        self._states = states
        self._language = language = line.sentences.language
        keys = "|".join(re.escape(language.key(key)) for key in "*#")
        self._keys = re.compile(rf"\{{key\}}|\b(?:{keys})\b", re.IGNORECASE)
        self._letters = {language.letters(letter): letter.upper() for letter in ascii_lowercase}
        self.as_of = self.word("as_of", date=language.date(self._now), year=str(self._now.year))
        self.own_number = line.spoken(self.card.languages[0]).own_number or self.card.own_number
        self.danger = self._call(self.card.emergency, "", ("where",))
        self.notice = self._notice()
        self.chapters: list[Chapter] = []
        self._seen = {self.danger.id}
        self.choices = list(self._choices(self.card.start.id))
        for chapter in self.chapters:  # grows while it is read
            self.choices += [choice for choice in self._choices(chapter.id) if not isinstance(choice, Chapter)]

    def say(self, name: str, /, **blanks: str) -> tuple[str, ...]:
        """The lines of a text of the page's own."""
        return tuple(line.format(**blanks) for line in self._line.sentences.lines[f"page.{name}"])

    def word(self, name: str, /, **blanks: str) -> str:
        """A text of the page's own in one piece."""
        return " ".join(self.say(name, **blanks))

    def anchor(self, id_: str) -> str:
        """The name of a number or a chapter in the page's addresses: it reveals nothing, as those stay in a history."""
        return f"d{[*self.card.numbers, *self.card.menus].index(id_)}"

    def _notice(self) -> DatedNotice | None:
        """The notice: while it runs, and on a page for any time until it is over."""
        notice = self.card.notice
        if not notice or self._now >= notice.ends or (self._states is not None and self._now < notice.begins):
            return None
        when = " – ".join(self._moment(at) for at in (notice.begins, notice.ends))
        about, lang = self._prose("line.notice"), ""
        if not about and self._first:  # as on the phone
            first = Content(self._first, self._now, self._states)
            about, lang = first._prose("line.notice"), self._first.card.languages[0]
        return DatedNotice(lang, about, self._language.capital(when), notice.ends.isoformat())

    def _moment(self, at: datetime) -> str:
        return f"{self._language.date(at)} {self._language.figures(at.time())}"

    def _choices(self, id_: str) -> Iterator[Choice]:
        """The choices of a menu or a chapter in the order of their keys; what was shown already is left out."""
        menu = self.card.menus[id_]
        kind, length = ("chapters", "") if menu.chapter else ("menus", ".long")
        for key, target in sorted(menu.keys.items()):
            if target in self._seen:
                continue
            self._seen.add(target)
            question = self._question(f"{kind}.{id_}.choices.{target}{length}", key)
            if target in self.card.numbers:
                yield self._call(self.card.numbers[target], question, ("about", "full_name"))
            elif self.card.menus[target].chapter:
                self.chapters.append(self._chapter(target, question))
                yield self.chapters[-1]
            else:
                yield Submenu(question, self._prose(f"menus.{target}.about"), tuple(self._choices(target)))

    def _question(self, id_: str, key: str) -> str:
        """What a choice asks, without its key; the whole sentence where it is all in one."""
        parts = self._parts(" ".join(self._line.sentences.lines[id_]))
        return " ".join(parts or self._line.sentences.marked(Sentence(id_, {"key": Key(key)})))

    def _call(self, number: Number, question: str, about: tuple[str, ...]) -> Contact:
        state = self._states and self._states.get(number.id)
        now, until = self._state(number.hours, state) if number.hours and state else ("", "")
        known = number.emergency or not self._first or self.card.languages[0] in number.speaks
        about_ids = [f"numbers.{number.id}.{part}" for part in about] + ([] if known else ["language.speaks_unknown"])
        return Contact(
            id=number.id,
            question=question,
            name=self._language.capital(" ".join(self._line.sentences.lines[f"numbers.{number.id}.name"])),
            number=number,
            now=self._language.capital(now),
            until=until,
            is_open=isinstance(state, Open),
            hours=tuple(self._hours(number.hours)) if number.hours else (),
            about=tuple(text for id_ in about_ids for text in self._prose(id_)),
            cost=self._prose(f"numbers.{number.id}.cost") if number.premium else (),
        )

    def _state(self, hours: Hours, state: Opening) -> tuple[str, str]:
        """Whether it is open at this moment, with today's date, and until when that holds."""
        today = self._language.date(self._now)
        if isinstance(state, Open):
            (_, closes), *_ = hours.spans(self._now, self._now + 2 * DAY)
            if closes - self._now > DAY:
                return self.word("open_day", date=today, hours=self._language.whole_day), closes.isoformat()
            until = self._language.figures(self._now.time(), closes.time()).rpartition("–")[2]
            return self.word("open", date=today, until=until), closes.isoformat()
        if state.at is None:
            return self.word("closed_unknown", date=today), ""
        at = state.at.replace(tzinfo=self.card.timezone)
        later = self._moment(at) if at.date() > self._now.date() else self._language.figures(at.time())
        return self.word("closed", date=today, opens=later), at.isoformat()

    def _hours(self, hours: Hours) -> Iterator[str]:
        """The hours of a usual week, and the days soon that differ from it."""
        state, _ = hours.at(self._now)
        begins = state.at if isinstance(state, Closed) else None
        if usual := hours.usual((begins or self._now).date()):
            yield self.word("hours", hours="; ".join(self._language.week(usual)))
            for day in (self._now.date() + count * DAY for count in range(SOON)):
                spans = (hours.week(day) or ((),) * 7)[day.weekday()]
                if spans != usual[day.weekday()]:
                    name = "open_day" if spans else "closed_unknown"
                    told = self.word(name, date=self._language.date(day), hours=self._language.day(spans))
                    yield self._language.capital(told)

    def _chapter(self, id_: str, question: str) -> Chapter:
        """A chapter; what is said first, up to its first stop, is its title."""
        first, *more = self._prose(f"chapters.{id_}.about") or (question,)
        title, *rest = re.split(r"(?<=[.?!])\s+", first, maxsplit=1)
        keys = sorted(self.card.menus[id_].keys.items())
        ways = tuple(
            (self._question(f"chapters.{id_}.choices.{target}", key), target)
            for key, target in keys
            if target in self.card.numbers
        )
        return Chapter(id_, question, title.rstrip(".!"), (*rest, *more), ways, self.card.signals.get(id_, ""))

    def _prose(self, id_: str, /, **values: Value) -> tuple[str, ...]:
        """The lines of a sentence as somebody reads them, without keys and pauses; none where it is not written."""
        sentences = self._line.sentences
        if id_ not in sentences.lines:
            return ()
        told = Sentences({id_: tuple(filter(None, map(self._read, sentences.lines[id_])))}, sentences.language)
        lines = told.marked(Sentence(id_, values))
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


def link(printed: str, country: str | None) -> str:
    """A link that dials a number: also from abroad, if it is of a kind that can be called from there."""
    try:
        parsed = phonenumbers.parse(printed, country)
        if phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in ORDINARY:
            return f"tel:{phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)}"
    except NumberParseException:  # a short number, or a card without a country
        pass
    return f"tel:{'+' * printed.startswith('+')}{digits(printed)}"


def site(address: str) -> str:
    """The site of an address, as somebody reads it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
