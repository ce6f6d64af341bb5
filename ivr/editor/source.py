# SPDX-License-Identifier: EUPL-1.2
"""A YAML file that remembers where everything stands, and the mistakes found in it.

YAML has traps that matter on a phone card: `08:30` is read as 510, `112` as a number, and of a
duplicate key the last one wins without a word. So every scalar stays text, duplicates are refused,
and each piece keeps its place for the message. `layout` refuses what else would be read in silence.
"""

from __future__ import annotations

import codecs
import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import yaml

from ivr.editor import layout

SHOWN = 60
"""Characters that a picture shows of what stands before a spot, of the spot itself, and of what follows it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column (both from 1), the line itself, and how many characters it has.

    Line 0 is the file as a whole.
    """

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
        before = before if len(before) <= SHOWN else "…" + before[-SHOWN:]
        spot, after = _cut(spot), _cut(after)
        gutter = f"{self.line:5} | "
        mark = "     | " + " " * _cells(before) + "^" * max(1, _cells(spot))
        return f"\n{gutter}{_visible(before + spot + after)}\n{mark}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _visible(text: str) -> str:
    """The text with an arrow for a tab and a dot for another character that nobody can see."""
    return "".join("→" if c == "\t" else "·" if layout.invisible(c) else c for c in text)


def _cells(text: str) -> int:
    """How many columns of a screen a text takes: an accent of its own takes none, a wide character two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in _visible(text)
    )


class Text(str):
    """A scalar of the file, with its place."""

    __slots__ = ("place",)
    place: Place

    @classmethod
    def at(cls, place: Place, text: str) -> Text:
        """A text that stands at a place."""
        made = cls(text)
        made.place = place
        return made


class Table(dict[Text, "Value"]):
    """A mapping of the file, with its place; its keys are texts with places of their own.

    Where a key stands twice it is not `certain` what was meant.
    """

    __slots__ = ("certain", "place")
    certain: bool
    place: Place

    def find(self, key: str) -> Value | None:
        """What stands under a key, if anything."""
        return self.get(Text(key))

    def name(self, key: str) -> Text:
        """A key as it stands in the file, with its place."""
        return next(name for name in self if name == key)


class Sequence(list["Value"]):
    """A list of the file, with its place."""

    __slots__ = ("place",)
    place: Place


Value = Text | Table | Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it is, which message of `messages.yaml` says so, and what fills its places."""

    place: Place
    message: str
    values: dict[str, str]

    def said(self, language: str) -> str:
        """What is wrong and what to do, in `language` ("nl" or "en")."""
        return messages()[self.message][language].format(**self.values)

    def text(self, language: str) -> str:
        """The message with its place, the line, and a mark under the spot."""
        return f"{self.place}: {self.said(language)}{self.place.picture()}"


class Problems(list[Problem]):
    """The mistakes found so far: they are collected, so that an editor sees all of them at once."""

    def add(self, place: Place, message: str, /, **values: str) -> None:
        """Note a mistake."""
        self.append(Problem(place, message, values))


class CardError(Exception):
    """Raised when the card or its sentences cannot be used; holds every mistake that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (str(p.place.file), p.place.line, p.place.column)))
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """All mistakes in `language` ("nl" or "en")."""
        return "\n\n".join(problem.text(language) for problem in self.problems)


@cache
def messages() -> dict[str, dict[str, str]]:
    """Every message to an editor, by id and language."""
    text = resources.files("ivr.editor").joinpath("messages.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - our own file, texts only
    return loaded


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like `word`, or all of them when none does."""
    known = list(known)
    close = difflib.get_close_matches(word.lower(), known, n=1)
    return close[0] if close else ", ".join(known)


def read(file: Path, problems: Problems) -> Table | None:
    """Read a YAML file of texts, tables and lists.

    Mistakes go to `problems`. None when the file could not be read at all; else what is sound is returned.
    """
    text = _decoded(file, problems)
    if text is None:
        return None
    lines = text.split("\n")
    before = len(problems)
    for number, line in enumerate(lines, 1):
        for column, width, message, values in layout.mistakes(line):
            problems.add(Place(file, number, column, line, width), message, **values)
    if len(problems) > before:
        return None
    reader = _Reader(file, lines, problems)
    try:
        node = yaml.compose(text, yaml.BaseLoader)
        if isinstance(node, yaml.MappingNode):
            return reader.table(node)
    except yaml.MarkedYAMLError as error:
        # Every line is sound by itself, so it is the lines together that are not.
        reader.misfit(cast("yaml.Mark", error.problem_mark))  # where there is text there is a mark
        return None
    problems.add(Place(file), "file-not-table", file=file.name)
    return None


def _decoded(file: Path, problems: Problems) -> str | None:
    try:
        raw = file.read_bytes()
    except OSError:
        problems.add(Place(file), "file-missing", file=file.name)
        return None
    if raw.startswith(codecs.BOM_UTF8):
        problems.add(Place(file), "byte-order-mark")
        return None
    if b"\0" in raw:  # two bytes a character
        problems.add(Place(file), "encoding")
        return None
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        source = raw.split(b"\n")[line - 1].decode("utf-8", "replace").rstrip("\r")
        problems.add(Place(file, line, source.index("\N{REPLACEMENT CHARACTER}") + 1, source), "encoding")
        return None


class _Reader:
    """Turns the nodes of PyYAML into texts, tables and lists with their places."""

    def __init__(self, file: Path, lines: list[str], problems: Problems) -> None:
        self._file = file
        self._lines = lines
        self._wrong = problems.add

    def place(self, mark: yaml.Mark, width: int = 1) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1, self._lines[mark.line], width)

    def misfit(self, mark: yaml.Mark) -> None:
        """Note that a line does not fit under the ones above it."""
        line = self._lines[mark.line]
        content = line.strip()
        spaces = line.index(content)
        self._wrong(
            Place(self._file, mark.line + 1, spaces + 1, line, max(1, len(content))), "indent", spaces=str(spaces)
        )

    def table(self, node: yaml.MappingNode) -> Table:
        table = Table()
        table.place, table.certain = self.place(node.start_mark), True
        for key_node, item_node in node.value:
            key = self.text(key_node)
            if key in table:
                self._wrong(key.place, "duplicate", key=key, line=str(table.name(key).place.line))
                table.certain = False
            table[key] = self._value(item_node)
        return table

    def text(self, node: yaml.ScalarNode) -> Text:
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            return Text.at(self.place(start, end.column - start.column), node.value)
        # A line that is indented too far became more of the text above it.
        raise yaml.MarkedYAMLError(problem_mark=end)

    def _value(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.ScalarNode):
            return self.text(node)
        if isinstance(node, yaml.MappingNode):
            return self.table(node)
        sequence = Sequence(map(self._value, node.value))
        sequence.place = self.place(node.start_mark)
        return sequence
