# SPDX-License-Identifier: EUPL-1.2
"""Sentences: by id with typed values, as a script has them, and as the words of a language.

`numbers.essm.first` is `first` of `essm` in `numbers.yaml`. Sentences are whole, with named blanks that the line fills
(`{number}`); none is glued from words. What stands between `<` and `>` are words of the first language of the card, in
a sentence of another: `<Meld Misdaad Anoniem>` is said in the first voice, since no other voice can read it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from ivr.language import PAUSE, Language, Week

FIRST = re.compile("<([^<>]*)>")
"""Words of the first language of a card, in a sentence of another."""

LONG_PAUSE = " …… "
"""A pause long enough to write down what came before it."""


@dataclass(frozen=True, slots=True)
class Digits:
    """A phone number as printed on the card, to be read digit by digit; `slow` to write it down."""

    printed: str
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the telephone."""

    key: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When something opens: at local time `at`, so many calendar days ahead (see `Closed`)."""

    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The opening hours of a week, Monday first."""

    week: Week


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, each by the id of the sentence that names it."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the card, which are those of its first language in every other."""

    text: str


Value = Digits | Key | Moment | WeekHours | Either | Words
"""What fills a blank."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence by its id, with what fills its blanks. An `optional` one is left out where nobody wrote it.

    `language` is the code of the language that says it, wherever the caller is; none is the caller's own. `or_first`:
    where that has no such sentence, the first language of the card says it.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    optional: bool = False
    language: str = ""
    or_first: bool = False


class Sentences:
    """The texts of one language by id, and how that language fills their blanks."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]], language: Language) -> None:
        self.lines = lines
        self.language = language
        self._words = lru_cache(1024)(self._in_words)  # a number stands in many sentences

    def say(self, sentence: Sentence) -> tuple[str, ...]:
        """The lines of a sentence, its blanks filled; each begins with a capital, whatever fills its first blank."""
        return tuple(map(bare, self.marked(sentence)))

    def marked(self, sentence: Sentence) -> tuple[str, ...]:
        """The same lines, in which words of the first language stand between `<` and `>`."""
        if sentence.optional and sentence.id not in self.lines:
            return ()
        words = {name: self._words(value) for name, value in sentence.values.items()}
        filled = (line.format(**words) for line in self.lines[sentence.id])
        return tuple(map(self.language.capital, filled))

    def word(self, id_: str) -> str:
        """A text that stands inside another sentence, such as a name."""
        return bare(" ".join(self.lines[id_]))

    def _in_words(self, value: Value) -> str:
        match value:
            case Digits(printed, slow):
                spoken = self.language.digits(printed)
                return spoken.replace(PAUSE, LONG_PAUSE) if slow else spoken
            case Key(key):
                return self.language.key(key)
            case Moment(days, at):
                return self.language.moment(days, at)
            case WeekHours(week):
                return self.language.hours(week)
            case Words(text):
                return f"<{text}>"
        return self.language.either([" ".join(self.lines[id_]) for id_ in value.ids])


def bare(line: str) -> str:
    """A line without the marks round words of the first language."""
    return FIRST.sub(r"\1", line) if "<" in line else line


def parts(line: str) -> Iterator[tuple[str, bool]]:
    """The parts of a line of another language that are said one after another, and whether each is in the first."""
    for index, part in enumerate(FIRST.split(line)):
        # A change of voice is a pause already, and punctuation without words cannot be said.
        words = part.strip(" …") if index % 2 else part.lstrip(" …,.;:!?").rstrip(" …")
        if words:
            yield words, bool(index % 2)
