# SPDX-License-Identifier: EUPL-1.2
"""Every sentence that the line says, by id: `numbers.essm.first` is `first` of `essm` in `numbers.yaml`.

Sentences are whole, with named places that the line fills (`{number}`); none is glued from words. The card decides
which sentences there must be, and each must have exactly its own places.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ivr.editor.source import Place, Problems, Sequence, Table, Text, Value, nearest, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from ivr.card import Card, Number
    from ivr.language import Language

LONGEST = 3000
"""Characters of one <Say> with a Polly voice (https://www.twilio.com/docs/voice/twiml/say)."""

FILLED = 1000
"""Characters that a place may take once it is filled: the hours of a week can be long."""

LINE = {
    "danger": "emergency",
    "noinput": "",
    "nomatch": "",
    "repeat": "",
    "all": "",
    "repeat_short": "",
    "all_short": "",
    "again": "number",
    "typed": "number",
    "choices": "",
    "list": "",
    "goodbye": "emergency",
}
"""The sentences of `line.yaml`, each with the place that it fills."""

LINE_SUBMENUS = {"back": "", "back_short": ""}
LINE_HOURS = {"instead": "others"}
LINE_CONNECT = {"instead_short": "others"}
LINE_SOMETIMES = LINE_SUBMENUS | LINE_HOURS | LINE_CONNECT
"""Sentences that only some cards say: with a menu under a menu, with opening hours, with a connection."""

NUMBER = {"name": "", "first": "number", "list": "number", "about": ""}
NUMBER_EMERGENCY = {"end": "number"}
NUMBER_FORM = {"form": "address", "address": ""}
NUMBER_HOURS = {
    "closed": "number opens",
    "closed_unknown": "number",
    "list_closed": "number opens",
    "list_closed_unknown": "number",
    "about_closed": "",
    "hours": "hours",
    "hours_now": "hours",
}
NUMBER_CONNECT = {
    "offer": "key",
    "connect": "",
    "busy": "number",
    "no_answer": "number",
    "failed": "number",
    "retry": "key",
    "completed": "number",
}
NUMBER_OPTIONAL = {"full_name": ""}
"""Sentences that any number may have."""

BELONGS = {
    name: field
    for field, names in {
        "emergency": NUMBER_EMERGENCY,
        "form": NUMBER_FORM,
        "hours": NUMBER_HOURS | LINE_HOURS,
        "connect": NUMBER_CONNECT | LINE_CONNECT,
    }.items()
    for name in names
}
"""Sentences that only a number with a certain field of the card needs, with that field."""

MENU_CHOICE = {"long": "key", "short": "key"}
CHAPTER_CHOICE = "key"

UNSAYABLE = "<>&*#@/\\"
"""Signs that a voice would name, or that mean something in its markup."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")

Wanted = dict[str, "str | Wanted"]
"""What there must be under a name: the places of a sentence, with spaces between, or more names."""


class Sentences:
    """The sentences of one language by id, ready to be filled."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]]) -> None:
        self.lines = lines

    def has(self, id_: str) -> bool:
        """Whether an optional sentence is there."""
        return id_ in self.lines

    def say(self, id_: str, /, **places: str) -> tuple[str, ...]:
        """The lines of a sentence, its places filled; each begins with a capital, whatever filled its first place."""
        filled = (line.format(**places) for line in self.lines[id_])
        return tuple(line[0].upper() + line[1:] for line in filled)

    def word(self, id_: str) -> str:
        """A text that stands inside another sentence, such as a name."""
        return " ".join(self.lines[id_])


def load(folder: Path, card: Card | None, language: Language, problems: Problems) -> Sentences:
    """Read the sentences that a card needs from the language's folder; every mistake goes to `problems`.

    After mistakes in the card, or without one, each sentence is still judged by itself, and all that the card is clear
    about.
    """
    unsure = bool(problems)
    optional = NUMBER_OPTIONAL | LINE_SOMETIMES if unsure else NUMBER_OPTIONAL
    checker = _Checker(problems, language, optional)
    for file, names in wanted(card, unsure=unsure).items():
        path = folder / f"{file}.yaml"
        if not names and not path.exists():
            continue
        table = read(path, problems)
        if table is not None:
            checker.names(table, names, file, Place(path), more=unsure and file != "line")
    if card:
        checker.addresses(card)
    return Sentences({id_: _lines(value) for id_, value in checker.found.items()})


def judge(text: Text, language: Language, problems: Problems) -> None:
    """Judge one text that will be said, and in which nothing is filled in."""
    _Checker(problems, language, optional=()).line(text, set())


def wanted(card: Card | None, *, unsure: bool = False) -> dict[str, Wanted]:
    """Every sentence that a card needs, by file; all that it may need where that is not sure."""
    menus: Wanted = {}
    chapters: Wanted = {}
    for menu in card.menus.values() if card else ():
        choice: str | Wanted = CHAPTER_CHOICE if menu.chapter else dict(MENU_CHOICE)
        section = chapters if menu.chapter else menus
        section[menu.id] = {"about": "", "choices": dict.fromkeys(menu.keys.values(), choice)}
    numbers: Wanted = {number.id: dict(_of_number(number)) for number in card.numbers.values()} if card else {}
    return {"line": _of_line(None if unsure else card), "menus": menus, "chapters": chapters, "numbers": numbers}


def _of_line(card: Card | None) -> Wanted:
    if card is None:
        return {**LINE, **LINE_SOMETIMES}
    numbers = card.numbers.values()
    parts = (
        (len([menu for menu in card.menus.values() if not menu.chapter]) > 1, LINE_SUBMENUS),
        (any(number.hours for number in numbers), LINE_HOURS),
        (any(number.connect for number in numbers), LINE_CONNECT),
    )
    return {**LINE, **{id_: places for there, part in parts if there for id_, places in part.items()}}


def _of_number(number: Number) -> dict[str, str]:
    parts = (
        (number.emergency, NUMBER_EMERGENCY),
        (number.form, NUMBER_FORM),
        (number.hours, NUMBER_HOURS),
        (number.connect, NUMBER_CONNECT),
    )
    return NUMBER | NUMBER_OPTIONAL | {id_: places for there, part in parts if there for id_, places in part.items()}


class _Checker:
    """Holds the sentences of the files against those that are wanted; `found` keeps them by id.

    Those with an `optional` name may be missing.
    """

    def __init__(self, problems: Problems, language: Language, optional: Collection[str]) -> None:
        self.wrong = problems.add
        self.language = language
        self.optional = optional
        self.found: dict[str, Text | Sequence] = {}

    def names(self, table: Table, wanted: Wanted, prefix: str, owner: Place, *, more: bool = False) -> None:
        """Judge what stands under a name, or in a file. `more`: there may be names that nobody is sure about."""
        meant: set[str] = set()
        for name, value in table.items():
            expected = wanted.get(name)
            if expected is None and more:
                for text in _texts(value):
                    self.line(text, None)
            elif expected is None:
                meant.add(self.unused(name, wanted, prefix))
            elif isinstance(expected, dict) and isinstance(value, Table):
                self.names(value, expected, f"{prefix}.{name}", name.place)
            elif isinstance(expected, str) and not isinstance(value, Table):
                self.found[f"{prefix}.{name}"] = value
                self.sentence(value, set(expected.split()))
            else:
                self.wrong(name.place, "not-table" if isinstance(expected, dict) else "not-text", key=name)
        present = {*table, *meant, *self.optional}
        missing = {name: wanted[name] for name in wanted if table.certain and name not in present}
        if single := [name for name, expected in missing.items() if isinstance(expected, str)]:
            self.wrong(owner, "sentence-missing", names=", ".join(single))
        for part, below in missing.items():
            if isinstance(below, dict):
                self.wrong(
                    owner, "sentences-missing", name=part, names=", ".join(n for n in below if n not in self.optional)
                )

    def unused(self, name: Text, wanted: Wanted, prefix: str) -> str:
        """Say that a sentence is never said; returns which one may be meant."""
        if name in BELONGS and prefix.startswith(("line", "numbers.")):
            self.wrong(name.place, "sentence-not-here", id=name, field=BELONGS[name])
            return ""
        known = nearest(name, wanted)
        self.wrong(name.place, "sentence-unused", id=name, known=known)
        return known

    def sentence(self, value: Text | Sequence, places: set[str]) -> None:
        """Judge a sentence, which may have several lines."""
        found: set[str] = set()
        for line in [value] if isinstance(value, Text) else value:
            if isinstance(line, Text):
                found |= self.line(line, places)
            else:
                self.wrong(line.place, "not-text", key="-")
        if isinstance(value, Sequence) and not value:
            self.wrong(value.place, "sentence-empty")
        for place in sorted(places - found) if found <= places else ():  # an unknown place may be a missing one
            self.wrong(value.place, "place-missing", name=place)

    def line(self, line: Text, places: set[str] | None) -> set[str]:
        """Judge one line; returns the places in it. None: it is not known which it may have."""
        longest = LONGEST - FILLED * len(places or ())
        if not line.strip():
            self.wrong(line.place, "sentence-empty")
        if len(line) > longest:
            self.wrong(line.place, "sentence-long", length=str(len(line)), longest=str(longest))
        if digit := next(filter(str.isnumeric, line), None):
            self.wrong(line.place.of(digit), "sentence-digit", digit=digit)
        if sign := next((c for c in line if c in UNSAYABLE or unicodedata.category(c)[0] == "S"), None):
            self.wrong(line.place.of(sign), "sentence-sign", sign=sign)
        if letters := _ABBREVIATION.search(line):
            values = {"word": letters[0], "spelled": self.language.letters(letters[0])}
            self.wrong(line.place.of(letters[0]), "sentence-letters", **values)
        found = set(_PLACE.findall(line))
        if set("{}") & set(_PLACE.sub("", line)):
            self.wrong(line.place, "sentence-braces")
            return set(places or ())
        for place in () if places is None else sorted(found - places):
            known = ", ".join(f"{{{name}}}" for name in sorted(places or ()))
            message = "place-unknown" if known else "place-none"
            self.wrong(line.place.of(f"{{{place}}}"), message, name=place, known=known)
        return found

    def addresses(self, card: Card) -> None:
        """The web address in words is the one on the card."""
        for number in card.numbers.values():
            spoken = self.found.get(f"numbers.{number.id}.address")
            written = re.fullmatch("https://(.*?)/?", number.form or "")
            if spoken and written:
                said = self.language.address(" ".join(_lines(spoken)))
                if said != written[1]:
                    self.wrong(spoken.place, "address-differs", spoken=said, written=written[1])


def _texts(value: Value) -> Iterator[Text]:
    """Every text in a value."""
    if isinstance(value, Text):
        yield value
    else:
        for item in value.values() if isinstance(value, Table) else value:
            yield from _texts(item)


def _lines(value: Text | Sequence) -> tuple[str, ...]:
    """The lines of a sentence; three dots, which are easier to type, are a pause too."""
    lines = [value] if isinstance(value, Text) else value
    return tuple(" ".join(str(line).split()).replace("...", "…") for line in lines)
