# SPDX-License-Identifier: EUPL-1.2
"""Anything wrong that somebody is told: which message says so, what fills it in and, where there is one, the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ivr.messages.catalogue import say

WIDTH = 60
"""Characters that a picture shows of what stands before a spot, of the spot itself, and of what follows it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file (line 0), line and column from 1, the line itself, and how many characters."""

    file: Path
    line: int = 0
    column: int = 1
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)

    def of(self, part: str) -> Place:
        """The place of `part`, a piece of what stands here."""
        column = self.source.index(part, self.column - 1) + 1
        return replace(self, column=column, width=len(part))

    def picture(self) -> str:
        """The line with a mark under the spot, as a compiler shows it; of the file as a whole there is none."""
        if not self.line:
            return ""
        begin, end = self.column - 1, self.column - 1 + self.width
        before, spot, after = self.source[:begin], self.source[begin:end], self.source[end:]
        before = before if len(before) <= WIDTH else "…" + before[-WIDTH:]
        spot, after = _cut(spot), _cut(after)
        gutter = f"{self.line:5} | "
        mark = "     | " + " " * len(before) + "^" * max(1, len(spot))
        return f"\n{gutter}{_visible(before + spot + after)}\n{mark}"


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[:WIDTH] + "…"


def invisible(character: str) -> bool:
    """Whether a character cannot be seen, or is a space but not the usual one."""
    return not character.isprintable()


def _visible(text: str) -> str:
    """The text with an arrow for a tab and a dot for another character that nobody can see."""
    return "".join("→" if c == "\t" else "·" if invisible(c) else c for c in text)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the id of the message, what fills its blanks, and where it is if it is in a file."""

    message: str
    values: Mapping[str, str]
    place: Place | None = None
    block: str = ""
    """What is missing there, to paste; it stands after all problems, without a margin."""

    def said(self, language: str) -> str:
        """What is wrong and what to do, in `language` ("nl" or "en")."""
        return say(language, self.message, **self.values)

    def text(self, language: str) -> str:
        """The message; before it its place, and below it the line with a mark under the spot."""
        said = self.said(language)
        return f"{self.place}: {said}{self.place.picture()}" if self.place else said


def blocks(problems: Iterable[Problem], language: str) -> str:
    """What is missing, to paste: for each place one block, and where it goes. Empty where nothing is."""
    texts = []
    missing = [problem for problem in problems if problem.block]
    missing.sort(key=lambda problem: (order(problem)[0], -order(problem)[1]))  # what is pasted moves all below it
    for place, there in groupby(missing, lambda problem: problem.place or Place(Path())):
        values = {"file": place.file, "line": place.line, "name": place.source.strip()}
        head = say(language, "block-under" if place.line else "block", **values)
        texts.append(f"{head}\n\n" + "".join(problem.block for problem in there).strip("\n"))
    return "\n\n".join(texts)


class ProblemsError(Exception):
    """Raised for something that cannot be used; holds every problem in it, in the order of the files."""

    between = "\n\n"
    """Stands between two problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=order))
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """All problems in `language` ("nl" or "en"), and then what can be pasted."""
        told = self.between.join(problem.text(language) for problem in self.problems)
        paste = blocks(self.problems, language)
        return f"{told}\n\n{paste}" if paste else told


class CardError(ProblemsError):
    """Raised when the card or its sentences cannot be used."""


class ProblemError(ProblemsError):
    """Raised for one problem, by the id of its message and what fills that."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__([Problem(message, values)])


class RecordError(ProblemError):
    """Raised for what is no recording, or not a good one, or cannot be kept."""


class Problems(list[Problem]):
    """The problems found so far: they are collected, so that somebody sees all of them at once."""

    def add(self, place: Place | None, message: str, /, *, block: str = "", **values: str) -> None:
        """Note a problem, and what can be pasted there."""
        self.append(Problem(message, values, place, block))

    def stop(self) -> None:
        """End a stage: what comes next builds on it. Raises CardError when there is a mistake."""
        if self:
            raise CardError(self)


def order(problem: Problem) -> tuple[str, int, int]:
    """Where a problem stands among others: by file, line and column."""
    place = problem.place
    return (str(place.file), place.line, place.column) if place else ("", 0, 0)
