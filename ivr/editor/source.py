# SPDX-License-Identifier: EUPL-1.2
"""A YAML file that remembers where everything stands.

YAML has traps that matter on a phone card: `08:30` is read as 510, `112` as a number, and of a
duplicate key the last one wins without a word. So every scalar stays text, duplicates are refused,
and each piece keeps its place for the message. `layout` refuses what else would be read in silence.
"""

from __future__ import annotations

import codecs
import difflib
import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import yaml

from ivr.editor import layout
from ivr.messages.files import OddFileError, contents
from ivr.messages.problems import Place, Problem, Problems


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


class Table(dict[Text, "Node"]):
    """A mapping of the file, with its place; its keys are texts with places of their own."""

    __slots__ = ("place",)
    place: Place

    @classmethod
    def at(cls, place: Place) -> Table:
        """An empty table at a place."""
        made = cls()
        made.place = place
        return made

    def find(self, key: str) -> Node | None:
        """What stands under a key, if anything."""
        return self.get(Text(key))

    def name(self, key: str) -> Text:
        """A key as it stands in the file, with its place."""
        return next(name for name in self if name == key)


class Sequence(list["Node"]):
    """A list of the file, with its place."""

    __slots__ = ("place",)
    place: Place


Node = Text | Table | Sequence

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Where PyYAML was built with libyaml, as in its wheels, that reads the same in a fourteenth of the time."""

FORMATS = {b"{\\rtf": "RTF", b"pk\x03\x04": "DOCX", b"%pdf": "PDF", b"<!doctype": "HTML", b"<html": "HTML"}
"""How a file begins that a word processor or a browser saved, in small letters."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like `word` and begins like it; empty when none does."""
    close = difflib.get_close_matches(word.lower(), [other for other in known if other[:1] == word[:1].lower()], n=1)
    return close[0] if close else ""


def suggestion(message: str, word: str, known: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The message that names the word that may be meant; where none is close, the one ending in -all, with them all."""
    known = list(known)
    close = nearest(word, known)
    return message if close else f"{message}-all", {"known": close or ", ".join(known)}


def read(file: Path, problems: Problems) -> Table | None:
    """Read a YAML file of texts, tables and lists; None where there are mistakes, which go to `problems`."""
    text = _decoded(file)
    if isinstance(text, Problem):
        problems.append(text)
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
        node = yaml.compose(text, LOADER)
        if isinstance(node, yaml.MappingNode):
            table = reader.table(node)
            return table if len(problems) == before else None
    except yaml.MarkedYAMLError as error:
        # Every line is sound by itself, so it is the lines together that are not: this one, under those above it.
        mark = cast("yaml.Mark", error.problem_mark)  # where there is text there is a mark
        line, content = lines[mark.line], lines[mark.line].strip()
        spaces = line.index(content)
        place = Place(file, mark.line + 1, spaces + 1, line, max(1, len(content)))
        problems.add(place, "indent", spaces=str(spaces))
        return None
    except RecursionError:  # one below the other, hundreds of times
        pass
    problems.add(Place(file), "file-not-table", file=file.name)
    return None


def opened(file: Path) -> str:
    """The command that lets everybody read a file: it opens the first closed folder on the way, or the file's own."""
    for folder in reversed(file.absolute().parents):
        try:
            os.stat(f"{folder}/.")  # noqa: PTH116 - pathlib takes the point away
        except PermissionError:
            # Not all that is in a folder further up: secrets may stand there.
            return f"chmod {'-R a+rX' if folder == file.absolute().parent else 'a+rx'} {shlex.quote(str(folder))}"
    return f"chmod -R a+rX {shlex.quote(str(file.absolute().parent))}"


def _decoded(file: Path) -> str | Problem:
    """The text in a file, or why there is none."""
    try:
        raw = contents(file)
    except PermissionError:
        return Problem("setting-prompts-denied", {"file": str(file), "cure": opened(file)}, Place(file))
    except OddFileError as error:
        return Problem(error.message, {"file": str(file)}, Place(file))
    except OSError:
        found, wanted = other_name(file)
        message = "file-other-name" if found else "file-missing"
        return Problem(message, {"found": found, "file": wanted}, Place(file))
    if kind := next((kind for begin, kind in FORMATS.items() if raw.lstrip().lower().startswith(begin)), None):
        return Problem("file-format", {"kind": kind}, Place(file))
    if raw.startswith(codecs.BOM_UTF8):
        return Problem("byte-order-mark", {}, Place(file))
    if b"\0" in raw:  # two bytes a character
        return Problem("encoding", {}, Place(file))
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        source = raw.split(b"\n")[line - 1].decode("utf-8", "replace").rstrip("\r")
        return Problem("encoding", {}, Place(file, line, source.index("\N{REPLACEMENT CHARACTER}") + 1, source))


def other_name(file: Path) -> tuple[str, str]:
    """The name that a missing file, or its folder, may have now, such as card.yaml.txt; and the right one."""
    here, ending = file.parent, r"\.(ya?ml|txt)(\.\w+)?"
    if here.is_dir():
        alike = [other.name for other in here.iterdir() if re.fullmatch(file.stem + ending, other.name, re.IGNORECASE)]
        return min(alike, default=""), file.name
    folders = here.parent.iterdir() if here.parent.is_dir() else ()
    found = min((other.name for other in folders if other.name.lower() == here.name), default="")
    return found, here.name if found else file.name


class _Reader:
    """Turns the nodes of PyYAML into texts, tables and lists with their places."""

    def __init__(self, file: Path, lines: list[str], problems: Problems) -> None:
        self._file = file
        self._lines = lines
        self._wrong = problems.add

    def place(self, mark: yaml.Mark, width: int = 1) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1, self._lines[mark.line], width)

    def table(self, node: yaml.MappingNode) -> Table:
        table = Table.at(self.place(node.start_mark))
        for key_node, item_node in node.value:
            key = self.text(key_node)
            if key in table:
                self._wrong(key.place, "duplicate", key=key, line=str(table.name(key).place.line))
            table[key] = self._value(item_node)
        return table

    def text(self, node: yaml.ScalarNode) -> Text:
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            return Text.at(self.place(start, end.column - start.column), node.value)
        # A line that is indented too far became more of the text above it.
        raise yaml.MarkedYAMLError(problem_mark=end)

    def _value(self, node: yaml.Node) -> Node:
        if isinstance(node, yaml.ScalarNode):
            return self.text(node)
        if isinstance(node, yaml.MappingNode):
            return self.table(node)
        sequence = Sequence(map(self._value, node.value))
        sequence.place = self.place(node.start_mark)
        return sequence
