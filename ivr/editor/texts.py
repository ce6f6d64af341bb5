# SPDX-License-Identifier: EUPL-1.2
"""The sentences of one language, as an editor writes them, held against what a card needs.

Each must have exactly its own blanks, and nothing that a voice reads wrongly.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ivr import language as languages
from ivr.card import LANGUAGE_KEY, Card
from ivr.editor import example, layout
from ivr.editor.fields import TO_FIRST, descriptions, text_of
from ivr.editor.source import Sequence, Table, Text, nearest, read
from ivr.language import Language
from ivr.line import LONGEST
from ivr.messages.catalogue import say
from ivr.messages.problems import Place, Problems
from ivr.page.words import PAGE, PAGE_WORDS
from ivr.script import needed
from ivr.sentences import FIRST, Key, Sentence, Sentences
from ivr.settings import default_prompts

FILLED = 1000
"""Characters that a blank may take once it is filled: the hours of a week can be long."""

UNSAYABLE = "<>&*#@/\\"
"""Signs that a voice would name, or that mean something in its markup."""

NOT_SAID = ("null", "yes", "no", "true", "false")
"""What somebody fills in who thinks that a field wants a value of YAML."""

_BLANK = re.compile(r"\{([^{}]*)\}")
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")

ABOUT = "language"
"""The file about a language, which has sentences and other things."""

Needed = Mapping[str, "Sentence | Needed"]
"""What there must be under a name: a sentence, or more names."""


def wanted(card: Card, *, first: bool = True) -> dict[str, Needed]:
    """Every sentence that a card needs in its first language, or in another, by file and by the names in it."""
    files: dict[str, Needed] = {}
    # What nobody hears at a number that never closes may stay, for when it does.
    at_times = {id_: replace(one, hours=one.hours and example.HOURS) for id_, one in card.numbers.items()}
    kept = {id_: replace(one, optional=True) for id_, one in needed(replace(card, numbers=at_times)).items()}
    for id_, sentence in (kept | needed(card)).items():
        *names, last = id_.split(".")
        below: dict[str, Any] = files
        for name in names:
            below = below.setdefault(name, {})
        below[last] = replace(sentence, optional=sentence.optional or (sentence.or_first and not first))
    return files


def sentences(tables: Mapping[str, Table], card: Card, language: Language, problems: Problems) -> Sentences:
    """The sentences in the tables of the files, by the name of the file; every mistake goes to `problems`."""
    checker = _Checker(problems, language, names_in(tables))
    files = wanted(card, first=language is languages.load(card.languages[0])) | {PAGE: PAGE_WORDS}
    for file, table in tables.items():
        checker.heard = file != PAGE
        words = about(table) if file == ABOUT else files.get(file, {})
        checker.names(table, words, file, Place(table.place.file))
    return Sentences({id_: _lines(value) for id_, value in checker.found.items()}, language)


def about(names: Iterable[str]) -> dict[str, Sentence]:
    """The sentences of `language.yaml`, among these names."""
    key = {"key": Key(LANGUAGE_KEY)}
    found = {"offer": key, "short": key, "others": key, "speaks_unknown": {}} | {
        name: key for name in map(str, names) if re.fullmatch(TO_FIRST, name)
    }
    return {name: Sentence(f"{ABOUT}.{name}", values, optional=True) for name, values in found.items()}


def plain(tables: Mapping[str, Table]) -> dict[str, tuple[str, ...]]:
    """The sentences in the tables of files by their ids, as they stand there, right or wrong."""
    by_id: dict[str, tuple[str, ...]] = {}
    below: list[tuple[str, Any]] = list(tables.items())
    for id_, value in below:  # grows while it is read
        if isinstance(value, Table):
            below += [(f"{id_}.{name}", deeper) for name, deeper in value.items()]
        else:  # a file holds nothing else than texts and lists of them
            by_id[id_] = _lines(value)
    return by_id


def names_in(tables: Mapping[str, Table]) -> set[str]:
    """Every name in the tables of files, at any depth."""
    return {name for id_ in plain(tables) for name in id_.split(".")[1:]}


def judge(text: Text, language: Language, problems: Problems, *, letters: bool = True) -> None:
    """Judge one text that is said and has no blanks; abbreviations are a problem too, unless `letters` is False."""
    found = Problems()
    _Checker(found, language).line(text, set())
    problems += [problem for problem in found if letters or problem.message != "sentence-letters"]


class _Checker:
    """Holds the sentences of the files against those that are wanted; `found` keeps them by id."""

    heard = True
    """Whether a voice says the sentences; what is only read may hold what a voice cannot say."""

    def __init__(self, problems: Problems, language: Language, there: Collection[str] = ()) -> None:
        self.there = there  # every name in the files of the language: what is among them is not a new one of another
        self.wrong = problems.add
        self.language = language
        self.found: dict[str, Text | Sequence] = {}
        self.numbers: list[Table] = []

    def names(self, table: Table, wanted: Needed, prefix: str, owner: Place) -> None:
        """Judge what stands under a name, or in a file."""
        if prefix == "numbers":
            self.numbers = [value for value in table.values() if isinstance(value, Table)]
        present: set[str] = set(table)
        renamed = _renamed(table, wanted, prefix, self.there)
        for name, value in table.items():
            wants = renamed.get(name, str(name))
            expected = wanted.get(wants)
            if name in renamed:
                present.add(wants)
                self.wrong(name.place, "sentence-renamed", id=name, known=wants)
            if expected is None:
                present.add(self.unused(name, [other for other in wanted if other not in table], prefix))
            elif isinstance(expected, Mapping) and isinstance(value, Table):
                self.names(value, expected, f"{prefix}.{wants}", name.place)
            elif isinstance(expected, Sentence) and not isinstance(value, Table):
                self.found[f"{prefix}.{wants}"] = value
                self.sentence(value, set(expected.values))
            else:
                self.wrong(name.place, "not-table" if isinstance(expected, Mapping) else "not-text", key=name)
        missing = {name: below for name, below in wanted.items() if name not in present}
        file = prefix.partition(".")[0]
        indent = next(iter(table)).place.column - 1 if table else 2 * prefix.count(".")
        if single := _required(missing, file):
            words = self.wording(table, file, owner.file)
            block = _block({name: missing[name] for name in single}, file, indent, words)
            self.wrong(owner, "sentence-missing", names=", ".join(single), block=block)
        for part, below in missing.items():
            if isinstance(below, Mapping):
                block = _block({part: below}, file, indent)
                self.wrong(owner, "sentences-missing", name=part, block=block)

    def wording(self, table: Table, file: str, path: Path) -> dict[str, str]:
        """What our own card says on the whole line; and what another number of this card, or else of ours, says where a
        number needs the same sentence, with its own name in place of the other.
        """
        ours = read(default_prompts() / path.parent.name / path.name, Problems()) or Table()
        if file == "line":
            return {name: " ".join(_lines(value)) for name, value in ours.items() if not isinstance(value, Table)}
        words: dict[str, str] = {}
        own = text_of(table.find("name")) if file == "numbers" else None
        others = [other for other in ours.values() if isinstance(other, Table) and "where" not in other]  # not danger's
        for other in [*self.numbers, *others] if own else ():
            theirs = text_of(other.find("name"))
            for name, value in other.items() if theirs else ():
                if name in example.belongs() and name != "about_closed" and not isinstance(value, Table):
                    said = " ".join(_lines(value)).replace(str(theirs), str(own))
                    said = said.replace(self.language.capital(str(theirs)), self.language.capital(str(own)))
                    words.setdefault(name, said)
        return words

    def unused(self, name: Text, missing: list[str], prefix: str) -> str:
        """Report a sentence that is never said; returns the one that may be meant, which is not missing then."""
        if prefix == ABOUT:
            return ""  # it has other fields too
        field = example.belongs().get(name) if prefix.startswith(("line", "numbers.")) else None
        if field:
            self.wrong(name.place, "sentence-not-here", id=name, field=field)
            return ""
        known = nearest(name, missing)
        here = prefix in ("line", "page") or name in descriptions()[prefix.partition(".")[0]]  # another card has it
        message = "sentence-unused" if known else "sentence-unneeded" if here else "sentence-unknown"
        self.wrong(name.place, message, id=name, known=known)
        return known

    def sentence(self, value: Text | Sequence, blanks: set[str]) -> None:
        """Judge a sentence, which may have several lines."""
        named: set[str] = set()
        lines = [value] if isinstance(value, Text) else value
        for line in lines:
            if isinstance(line, Text):
                named |= self.line(line, blanks)
            else:
                self.wrong(line.place, "not-text", key="-")
        if (named or not lines) and not any(map(_words, lines)):  # only blanks, or nothing
            self.wrong(value.place, "sentence-empty")
        for blank in sorted(blanks - named) if named <= blanks else ():  # an unknown blank may be a missing one
            self.wrong(value.place, "blank-missing", name=blank)

    def line(self, line: Text, blanks: set[str]) -> set[str]:
        """Judge one line, which may have these blanks; returns those in it."""
        longest = LONGEST - FILLED * len(blanks)
        if not _words(line) and not _BLANK.search(line):
            self.wrong(line.place, "sentence-empty")
        if len(line) > longest:
            self.wrong(line.place, "sentence-long", length=str(len(line)), longest=str(longest))
        if self.heard:
            self.sayable(line)
        named = set(_BLANK.findall(line))
        if set("{}") & set(_BLANK.sub("", line)):
            self.wrong(line.place, "sentence-braces")
            return blanks
        for blank in sorted(named - blanks):
            known = ", ".join(f"{{{name}}}" for name in sorted(blanks))
            message = "blank-unknown" if known else "blank-none"
            self.wrong(line.place.of(f"{{{blank}}}"), message, name=blank, known=known)
        return named

    def sayable(self, line: Text) -> None:
        """Judge whether a voice says all of a line as it is meant."""
        said = FIRST.sub(lambda name: name[1] if name[1][:1].isupper() else name[0], line)  # and not <b>
        if digit := next(filter(str.isnumeric, _BLANK.sub("", said)), None):
            self.wrong(line.place.of(digit), "sentence-digit", digit=digit)
        if sign := next((c for c in said if c in UNSAYABLE or unicodedata.category(c)[0] == "S"), None):
            self.wrong(line.place.of(sign), "sentence-mark" if sign in "<>" else "sentence-sign", sign=sign)
        if letters := _ABBREVIATION.search(line):
            values = {"word": letters[0], "spelled": self.language.letters(letters[0])}
            self.wrong(line.place.of(letters[0]), "sentence-letters", **values)


def _required(names: Needed, file: str) -> list[str]:
    """The sentences among the names that must be there, in the order in which an editor knows them."""
    found = [name for name, below in names.items() if isinstance(below, Sentence) and not below.optional]
    known = list(descriptions().get(file, ()))
    return sorted(found, key=lambda name: known.index(name) if name in known else -1)


def _words(line: object) -> bool:
    """Whether a line has words of its own, besides what is filled in."""
    bare = _BLANK.sub("", str(line)).strip(" .…").lower()
    return any(map(str.isalnum, bare)) and bare not in NOT_SAID


def _renamed(table: Table, wanted: Needed, prefix: str, there: Collection[str]) -> dict[str, str]:
    """The one name of a number, menu or chapter that is not on the card, with the only one that has no sentences.

    One that stands elsewhere in the files was there before. What it has no sentence for here, is not renamed but new:
    with a chapter taken out, the one before it would lead on with words about what is gone.
    """
    unknown = [str(name) for name in table if name not in wanted]
    missing = [name for name in wanted if name not in table]
    names = prefix in ("menus", "chapters", "numbers") or prefix.endswith(".choices")
    one = len(unknown) == len(missing) == 1 and missing[0] not in there
    return dict(zip(unknown, missing, strict=True)) if names and one else {}


def _block(names: Needed, file: str, indent: int, words: Mapping[str, str] = {}) -> str:
    """What to paste for names that are missing, below what each is for: in `words` said elsewhere, or blank."""
    lines: list[str] = []
    space = " " * indent
    for name, below in names.items():
        if isinstance(below, Mapping):
            inner = {one: below[one] for one in _required(below, file)}
            inner |= {one: deeper for one, deeper in below.items() if isinstance(deeper, Mapping)}
            lines += ["" if indent else "\n", f"{space}{name}:\n", _block(inner, file, indent + 2)]
            continue
        if about := descriptions()[file].get(name):
            taken = f" {say('nl', 'block-taken')}" if name in words else ""
            lines.append(f"{space}# {about}{taken}\n")
        if said := words.get(name):
            quoted = '"' + said.replace('"', '\\"') + '"'
            lines.append(f"{space}{name}: {quoted if any(layout.mistakes(f'{name}: {said}')) else said}\n")
            continue
        blanks = sorted(below.values, key=lambda blank: blank == "number")  # the number last
        lines.append(f"{space}{name}: {' '.join(f'… {{{blank}}}' for blank in blanks) or '…'}\n")
    return "".join(lines)


def _lines(value: Text | Sequence) -> tuple[str, ...]:
    """The lines of a sentence, each with its place; three dots, which are easier to type, are a pause too."""
    lines = [value] if isinstance(value, Text) else value
    return tuple(Text.at(line.place, " ".join(str(line).split()).replace("...", "…")) for line in lines)
