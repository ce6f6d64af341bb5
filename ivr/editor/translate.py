# SPDX-License-Identifier: EUPL-1.2
"""How a translation stands to the sentences it was made from: what is missing, what is stale, and what does not fit.

A translation is a folder beside that of the source. Which sentence of the source each of its sentences was made from,
stands in `accepted.txt` as short hashes, which `accept` writes: a hash that is not today's is a sentence that changed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from ivr import language as languages
from ivr.card import Card
from ivr.editor import texts
from ivr.editor.fields import Shape
from ivr.editor.load import files_of
from ivr.editor.source import Table, Text, read
from ivr.messages.problems import CardError, Place, Problem, Problems
from ivr.sentences import Sentences

ACCEPTED = "accepted.txt"

HEAD = """\
# SPDX-License-Identifier: EUPL-1.2
# From which sentence of the source each of these was translated: the first digits of its SHA-256.
# `ivr translate accept {code}` writes this file.
"""

DIGITS = 8
"""Of a hash. That a changed sentence keeps them by chance: one in four billion."""

_MISSING = ("sentence-missing", "sentences-missing")
"""Messages that are told here by the id of each sentence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the translation in a folder stands to its source, by the ids of the sentences."""

    code: str
    wanted: tuple[str, ...]
    """Every sentence that the source has."""
    missing: tuple[str, ...]
    """Those that are not translated, or have an empty line."""
    stale: tuple[str, ...]
    """Those that are translated, from what the source does not say today, or nobody accepted them."""
    wrong: tuple[Problem, ...] = ()
    """What is translated and does not fit: sentences that the source no longer has, other blanks, a digit."""
    broken: tuple[Problem, ...] = ()
    """Why a file cannot be read; its sentences count as missing."""


def languages_beside(folder: Path, source: str) -> list[str]:
    """The languages that have a folder beside that of the source, offered or not, such as "pl"."""
    folders = (below.name for below in folder.iterdir() if below.is_dir())
    return sorted(name for name in folders if re.fullmatch("[a-z]{2}", name) and name != source)


def standing(folder: Path, code: str, card: Card, sentences: Sentences) -> Standing:
    """Hold the translation `code` of the card in a folder against the sentences of the card's first language.

    The folder of the translation may be empty, or absent: then all is missing.
    """
    source, original = card.languages[0], _translated(sentences)
    broken = Problems()
    tables = _read(folder, code, broken)
    wrong = Problems()
    if code in languages.KNOWN:
        language = languages.load(code)
    else:
        language = original.language  # to judge by, until there is one
        wrong.add(Place(folder / code), "translate-no-module", code=code)
    _judge(folder / code / "language.yaml", source, broken, wrong)
    found = texts.sentences(tables, card, language, wrong)
    said = cast("dict[str, tuple[Text, ...]]", found.lines)
    empty = {line.place for held in said.values() for line in held if not line}
    lines = {id_: held for id_, held in said.items() if id_ in original.lines and held and all(held)}
    for id_, held in lines.items():
        counts = {"count": str(len(held)), "most": str(len(original.lines[id_]))}
        if counts["count"] != counts["most"]:
            wrong.add(held[0].place, "translate-lines", source=source, **counts)
    accepted, now = _accepted(folder / code / ACCEPTED), hashes(original)
    return Standing(
        code,
        wanted=tuple(original.lines),
        missing=tuple(id_ for id_ in original.lines if id_ not in lines),
        stale=tuple(id_ for id_ in original.lines if id_ in lines and accepted.get(id_) != now[id_]),
        wrong=tuple(problem for problem in wrong if problem.message not in _MISSING and problem.place not in empty),
        broken=tuple(broken),
    )


def accept(folder: Path, code: str, card: Card, sentences: Sentences) -> tuple[str, ...]:
    """Note that every sentence of a translation is one of what the source says today.

    Returns the ids of those that were stale. Raises CardError where a file cannot be read: what stands in it would be
    forgotten.
    """
    now = standing(folder, code, card, sentences)
    if now.broken:
        raise CardError(now.broken)
    current = hashes(sentences)
    kept = [f"{current[id_]}  {id_}\n" for id_ in now.wanted if id_ not in now.missing]
    (folder / code / ACCEPTED).write_text(HEAD.format(code=code) + "".join(kept), encoding="utf-8")
    return now.stale


def hashes(sentences: Sentences) -> dict[str, str]:
    """The short hash of each sentence, by id: of its words, not of how the file is laid out."""
    return {id_: sha256("\n".join(lines).encode()).hexdigest()[:DIGITS] for id_, lines in sentences.lines.items()}


def _translated(sentences: Sentences) -> Sentences:
    """The sentences that are translated: a language offers itself in its own words."""
    translated = {id_: lines for id_, lines in sentences.lines.items() if not id_.startswith(f"{texts.ABOUT}.")}
    return Sentences(translated, sentences.language)


def _accepted(file: Path) -> Mapping[str, str]:
    """The hashes that were accepted, by id; none where there is no such file."""
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    return {id_: digits for digits, id_ in re.findall(r"^([0-9a-f]+)  (\S+)$", written, re.MULTILINE)}


def _read(folder: Path, code: str, problems: Problems) -> dict[str, Table]:
    """The files of a language that there are; why one cannot be read goes to the problems."""
    files = files_of(folder / code)
    del files[texts.ABOUT]  # which is judged by itself
    tables = {}
    for name, file in files.items():
        found = Problems()
        table = read(file, found)
        problems += [problem for problem in found if problem.message != "file-missing" or file.exists()]
        if table is not None:
            tables[name] = table
    return tables


def _judge(file: Path, source: str, broken: Problems, wrong: Problems) -> None:
    """Judge the file that says how a language is called, and its voice."""
    found = Problems()
    table = read(file, found)
    if table is not None:
        Shape(wrong).language(table, source)
    elif not file.exists():
        wrong.add(Place(file), "translate-no-language")
    else:
        broken += found
