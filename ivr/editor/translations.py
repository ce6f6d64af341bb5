# SPDX-License-Identifier: EUPL-1.2
"""How a translation stands to the sentences it was made from: what is missing, what is stale, and what does not fit.

A translation is a folder beside that of the source. `accept` writes into `accepted.txt` which sentence of the source
each was made from: a short hash, which differs from today's where the source changed, and what the source said, to be
shown beside what it says now.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

from ivr import language as languages
from ivr.card import Card
from ivr.editor import texts
from ivr.editor.fields import Shape, descriptions, text_of
from ivr.editor.load import files_of, read_all
from ivr.editor.source import Table, Text
from ivr.language import Language
from ivr.messages.files import there
from ivr.messages.problems import CardError, Place, Problem, Problems, order
from ivr.sentences import Sentences

ACCEPTED = "accepted.txt"

HEAD = """\
# SPDX-License-Identifier: EUPL-1.2
# From which sentence of the source each of these was translated: the first digits of its SHA-256, and what it said.
# `ivr translate accept {code}` writes this file.
"""

WORDS = 3
"""A sentence of so many words, names and blanks apart, that another language has too was copied and not translated."""

DIGITS = 8
"""Of a hash. That a changed sentence keeps them by chance: one in four billion."""

MOMENTS = [datetime(2026, 1, 5, hour, minute) for hour, minute in ((0, 0), (2, 0), (8, 30), (12, 15), (22, 1))]  # noqa: DTZ001
"""Times that a language may say each in its own way, on a Monday."""

_SENTENCE = re.compile(r"^( *)(-|([\w-]+):)(?: +([^ #].*))?$", re.MULTILINE)
"""A line of a file: what it is indented by, its dash or its name with the colon, the name, and what it says."""

_MISSING = ("sentence-missing", "sentences-missing")
"""Messages that are left out here, since `missing` has the ids."""


@dataclass(frozen=True, slots=True)
class TranslationStanding:
    """How the translation in a folder stands to its source, by the ids of the sentences."""

    code: str
    wanted: tuple[str, ...]
    """Every sentence that the source has."""
    missing: tuple[str, ...]
    """Those that are not translated, or have an empty line."""
    stale: Mapping[str, tuple[str, str]]
    """Those translated from what the source no longer says, or accepted by nobody, each with what the source said then
    (empty where that is not known) and says now."""
    wrong: tuple[Problem, ...] = ()
    """What is translated and does not fit: sentences that the source no longer has, other blanks, a digit."""
    broken: tuple[Problem, ...] = ()
    """Why a file cannot be read; its sentences count as missing."""


def languages_beside(folder: Path, source: str) -> list[str]:
    """The languages that have a folder beside that of the source, offered or not, such as "pl"."""
    folders = (below.name for below in folder.iterdir() if below.is_dir())
    return sorted(name for name in folders if re.fullmatch("[a-z]{2}", name) and name != source)


def standing(folder: Path, code: str, card: Card, sentences: Sentences) -> TranslationStanding:
    """Hold the translation `code`, of which nothing need be there, against the sentences of a card's first language."""
    source, original = card.languages[0], _translated(sentences)
    broken = Problems()
    tables = _read(folder, code, broken)
    wrong = Problems()
    if code in languages.KNOWN:
        language = languages.load(code)
    else:
        language = original.language  # to judge by, until there is one
        wrong.add(Place(folder / code), "translate-no-module", code=code)
    own = tuple(f"{texts.ABOUT}.{name}" for name in texts.about([f"to_{source}"]))
    about = tables.pop(texts.ABOUT, Table())
    if about:
        Shape(wrong).language(about, source)
    elif not (file := files_of(folder / code)[texts.ABOUT]).exists():
        wrong.add(Place(file), "translate-no-language")
    said_of_itself = {f"{texts.ABOUT}.{name}" for name, value in about.items() if text_of(value)}
    found = texts.sentences(tables, card, language, wrong)
    said = cast("dict[str, tuple[Text, ...]]", found.lines)
    empty = {(str(line.place.file), line.place.line) for held in said.values() for line in held if not line}
    lines = {id_: held for id_, held in said.items() if id_ in original.lines and held and all(held)}
    for id_, held in lines.items():
        counts = {"count": str(len(held)), "most": str(len(original.lines[id_]))}
        if counts["count"] != counts["most"]:
            wrong.add(held[0].place, "translate-lines", source=source, **counts)
    others = [original.lines]
    others += [texts.plain(_read(folder, other, Problems())) for other in languages_beside(folder, code)]
    lines = {id_: held for id_, held in lines.items() if not _copied(held, [other.get(id_) for other in others])}
    accepted, now = _accepted(folder / code / ACCEPTED), hashes(original)
    changed = [id_ for id_ in original.lines if id_ in lines and accepted.get(id_, ("",))[0] != now[id_]]
    return TranslationStanding(
        code,
        wanted=(*original.lines, *own),
        missing=tuple(id_ for id_ in (*original.lines, *own) if id_ not in lines and id_ not in said_of_itself),
        stale={id_: (accepted.get(id_, ("", ""))[1], source_text(original, id_)) for id_ in changed},
        wrong=tuple(
            problem for problem in wrong if problem.message not in _MISSING and order(problem)[:2] not in empty
        ),
        broken=tuple(broken),
    )


def begin(folder: Path, code: str, source: str) -> None:
    """Write the files of a new language: all that the source has, each sentence empty below what it is, and says."""
    (folder / code).mkdir()
    for name, file in files_of(folder / source).items():
        if file.exists():
            text = file.read_text(encoding="utf-8")
            if name == texts.ABOUT:
                text += f'to_{source}: ""\nothers: ""\nspeaks_unknown: ""\n'
            told = descriptions()[name] | {f"to_{source}": descriptions()["language"]["to"]}
            text = _SENTENCE.sub(lambda line: _emptied(line, told), text)  # noqa: B023 - called here
            (folder / code / file.name).write_text(text, encoding="utf-8")


def _emptied(line: re.Match[str], told: Mapping[str, str]) -> str:
    """A line without its sentence, below what `told` says that it is, and what stood there."""
    indent, name, id_, said = line.groups()
    notes = "".join(f"{indent}# {note}\n" for note in (told.get(id_), (said or "").strip('"')) if note)
    return f"{notes}{indent}{name}" + (' ""' if said else "")


def asked(source: Language) -> Iterator[tuple[str, str]]:
    """What somebody who speaks a language tells a programmer for its module, each with what the source says."""
    minutes = [*source.numbers, *map(str, range(len(source.numbers), 60))]  # whatever this one says in another way
    for name in Language.__annotations__:
        yield name, repr(minutes if name == "numbers" else getattr(source, name))
    for sign in "0123456789*#":
        yield f"key({sign!r})", source.key(sign)
    yield f"date({MOMENTS[0]:%Y-%m-%d})", source.date(MOMENTS[0])
    for at in MOMENTS:
        yield f"clock({at:%H:%M})", source.clock(at.time())
        for days in (0, 1, 2, 7):
            yield f"moment({days}, {at:%a %H:%M})", source.moment(days, at)


def since(before: Sentences, after: Sentences) -> Iterator[tuple[str, str, str]]:
    """The sentences of the source that are new or changed, by id, with what each said before (or nothing) and says."""
    old, new = _translated(before).lines, _translated(after).lines
    for id_ in sorted(new, key=lambda id_: id_ in old):  # what is new first
        if old.get(id_) != new[id_]:
            yield id_, source_text(before, id_), source_text(after, id_)


def accept(folder: Path, code: str, card: Card, sentences: Sentences, only: Collection[str] = ()) -> tuple[str, ...]:
    """Note that every sentence of a translation, or `only` those with these ids, translates what the source says today.

    Returns the ids of those that were stale. Raises CardError where a file cannot be read: what stands in it would be
    forgotten.
    """
    now = standing(folder, code, card, sentences)
    if now.broken:
        raise CardError(now.broken)
    file, current = folder / code / ACCEPTED, hashes(_translated(sentences))
    done = tuple(id_ for id_ in now.stale if not only or id_ in only)
    noted = _accepted(file) | {id_: (current[id_], source_text(sentences, id_)) for id_ in done}
    kept = [id_ for id_ in current if id_ in noted and id_ not in now.missing]
    lines = ("  ".join((noted[id_][0], id_, noted[id_][1])).rstrip() for id_ in kept)
    file.write_text(HEAD.format(code=code) + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return done


def hashes(sentences: Sentences) -> dict[str, str]:
    """The short hash of each sentence, by id: of its words, not of how the file is laid out."""
    return {id_: sha256("\n".join(lines).encode()).hexdigest()[:DIGITS] for id_, lines in sentences.lines.items()}


def digest(sentences: Sentences) -> str:
    """The short hash of all sentences of a language together: it shows whether any was changed after a review."""
    return sha256(repr(sorted(sentences.lines.items())).encode()).hexdigest()[:DIGITS]


def _translated(sentences: Sentences) -> Sentences:
    """The sentences that are translated: not those of `language.yaml`, in which a language offers itself."""
    translated = {id_: lines for id_, lines in sentences.lines.items() if not id_.startswith(f"{texts.ABOUT}.")}
    return Sentences(translated, sentences.language)


def source_text(sentences: Sentences, id_: str) -> str:
    """What the source says in a sentence; nothing where it has none."""
    return " / ".join(sentences.lines.get(id_, ()))


def _copied(held: Sequence[str], others: Collection[Sequence[str] | None]) -> bool:
    """Whether another language says the same, though it has more words than a name and what is filled in."""
    words = re.findall(r"[^\W\d_]+", re.sub("<[^>]*>|{[^}]*}", "", " ".join(held)))
    return len(words) >= WORDS and tuple(held) in others


def _accepted(file: Path) -> dict[str, tuple[str, str]]:
    """The hash that was accepted, by id, and what was said; none where there is no such file."""
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.findall(r"^([0-9a-f]+)  (\S+)(?:  (.*))?$", written, re.MULTILINE)
    return {id_: (digits, said) for digits, id_, said in found}


def _read(folder: Path, code: str, problems: Problems) -> dict[str, Table]:
    """The files of a language that there are; why one cannot be read goes to the problems."""
    return read_all({name: file for name, file in files_of(folder / code).items() if there(file)}, problems)
