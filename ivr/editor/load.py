# SPDX-License-Identifier: EUPL-1.2
"""From a folder to what a line is given: the card, and the sentences and the voice of each language it is offered in.

Mistakes are reported in stages, so that a cause does not come with all that follows from it: first the shape of every
file, then what refers to what on the card, then the sentences against a card that is right.

A line needs its first language. Another one that has a mistake is left out, and the line starts without it: a number
that was added in Dutch must not silence it until everything is translated.
"""

import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ivr import language as languages
from ivr.card import Card
from ivr.editor import cards, recordings, texts
from ivr.editor.fields import Shape, day, text_of
from ivr.editor.source import Table, read
from ivr.line import Line, Spoken, Voice
from ivr.messages.files import contents, there
from ivr.messages.problems import CardError, Place, Problem, Problems
from ivr.page.words import LOGO, PAGE, STYLE
from ivr.settings import LANGUAGE, VOICE, Settings, default_prompts

CARD = "card.yaml"

FILES = ("line", "menus", "chapters", "numbers")
"""The files with sentences, without `.yaml`; the one for chapters is not needed on a card that has none.

Nor is the one for the page: where a card has none, the page has the words of our own card, which fit any.
"""

LANGUAGE_BLOCK = """\
name: …
voice: …
locale: {0}-…
offer: … {{key}}.
short: … {{key}}.
"""
"""What `language.yaml` begins with, to paste."""


class Read(NamedTuple):
    """What a line is given: the card, and how it is spoken in each of its languages, by their codes, the first first.

    `left_out` has what is wrong with each language that the card also offers, and that is not in `spoken`, by its code.
    `places` says where each fact of the card stands.
    """

    card: Card
    spoken: Mapping[str, Spoken]
    left_out: Mapping[str, tuple[Problem, ...]]
    places: cards.Places


def load(folder: Path, code: str | None = None, also: str | None = None) -> Read:
    """Read a card in its languages. `code`, such as "nl", is the first where the card names none.

    Where the card begins in another language than `code`, it is read in `code` alone. `also` names one to read beside
    it, whatever the card offers. Raises CardError with every mistake of the first stage that has one, and LookupError
    for a language that the line does not speak.
    """
    problems = Problems()
    table = read_card(folder, problems)
    offered = cards.listed(table, "languages")
    code = code or next((str(known) for known in offered if known in languages.KNOWN), LANGUAGE[:2])
    languages.load(code)
    tables = _files(folder / code, table, code, problems)
    problems.stop()
    card = cards.card(table, problems, code, texts.names_in(tables))
    problems.stop()
    spoken = {code: _spoken(folder / code, tables, card, problems)}
    left_out: dict[str, tuple[Problem, ...]] = {
        str(other): (Problem("found-language-unknown", {"text": other}, other.place),)
        for other in offered
        if other not in languages.KNOWN
    }
    for other in (also,) if also else card.languages[1:]:
        try:
            spoken[other] = _other(folder / other, table, card)
        except CardError as error:
            left_out[other] = error.problems
    return Read(card, spoken, left_out, cards.places(table))


def _other(folder: Path, table: Table, card: Card) -> Spoken:
    """How a card, which is right and whose table that is, is spoken in the language of a folder, not its first."""
    problems = Problems()
    first = card.languages[0]
    if not folder.is_dir():
        problems.add(Place(folder), "found-no-folder", code=folder.name, first=first)
        problems.stop()
    tables = _files(folder, table, first, problems)
    problems.stop()
    return _spoken(folder, tables, card, problems)


def parts(folder: Path) -> Iterator[Path]:
    """Every file that a card in a folder can have, whether or not it is there."""
    yield from (folder / name for name in (CARD, STYLE, LOGO))
    for code in languages.KNOWN:
        yield from (folder / code / f"{name}.yaml" for name in (*FILES, texts.ABOUT, PAGE))


def to_publish(folder: Path) -> Iterator[Path]:
    """Every file that a server needs which serves the card in a folder: also the recordings."""
    yield from filter(os.path.lexists, parts(folder))
    for code in languages.KNOWN:
        yield from recordings.files(folder / code)


def fingerprint(folder: Path) -> str:
    """A hash of the files of a card: it shows whether a server, or a sheet that was signed, has what is in a folder.

    Recordings do not count: whatever is played of a line, the addresses stay the same.
    Raises OSError for a file that may not be read.
    """
    read = ((file, contents(file).replace(b"\r\n", b"\n")) for file in parts(folder) if there(file))
    found = [(file.relative_to(folder).as_posix(), text) for file, text in read]
    return sha256(repr(found).encode()).hexdigest()[:16]


def refuse_links(folder: Path) -> None:
    """Raise CardError where a file of a card is a link: what it leads to would be shown to others.

    `ivr serve` follows links, since Kubernetes makes a mounted card of them.
    """
    problems = Problems()
    for file in parts(folder.resolve()):
        if file.is_symlink() or file.parent.is_symlink():
            problems.add(Place(file), "odd-link", file=str(file))
    problems.stop()


def read_card(folder: Path, problems: Problems) -> Table:
    """The table of `card.yaml`, in the right shape unless there are problems."""
    table = read(folder / CARD, problems)
    if table is None:
        return Table()
    Shape(problems).card(table)
    return table


def files_of(folder: Path) -> dict[str, Path]:
    """Where each file of a language is, by its name; the page has our own words where a card has none."""
    files = {name: folder / f"{name}.yaml" for name in (*FILES, texts.ABOUT, PAGE)}
    if not there(files[PAGE]):
        files[PAGE] = default_prompts() / folder.name / f"{PAGE}.yaml"
    return files


def _files(folder: Path, card: Table, first: str, problems: Problems) -> dict[str, Table]:
    """The tables of the files of one language, those that are there or have to be."""
    files = files_of(folder)
    if card and "chapters" not in card:
        del files["chapters"]
    # A card in one language can do without that about it and the page.
    needed = {name: file for name, file in files.items() if name in ("line", "menus", "numbers") or there(file)}
    tables = read_all(needed, problems)
    if texts.ABOUT in tables:
        Shape(problems).language(tables[texts.ABOUT], first)
    return tables


def read_all(files: Mapping[str, Path], problems: Problems) -> dict[str, Table]:
    """The tables of files, by the same names; without those in which there are mistakes, which go to `problems`."""
    tables = {name: read(file, problems) for name, file in files.items()}
    return {name: table for name, table in tables.items() if table is not None}


def _spoken(folder: Path, tables: Mapping[str, Table], card: Card, problems: Problems) -> Spoken:
    """The sentences and the voice in the tables of one language; raises CardError with every mistake in them."""
    if "chapters" not in tables:
        place = Place(folder / "chapters.yaml")
        if any(menu.chapter for menu in card.menus.values()):  # nobody has made the file yet
            problems.add(place, "file-new", file=place.file.name, folder=folder.name)
            tables = {**tables, "chapters": Table.at(place)}
        elif there(place.file):
            problems.add(place, "file-unneeded", file=place.file.name)
    about = tables.get(texts.ABOUT)
    if about is None and card.languages[1:]:
        place = Place(folder / f"{texts.ABOUT}.yaml")
        problems.add(place, "language-new", folder=folder.name, block=LANGUAGE_BLOCK.format(folder.name))
    voice: Voice | None = Voice(VOICE, LANGUAGE)
    if about:
        voice = Voice(str(about.find("voice")), str(about.find("locale"))) if "voice" in about else None
        if not voice and folder.name == card.languages[0]:
            problems.add(about.place, "language-voice-first")
    sentences = texts.sentences(tables, card, languages.load(folder.name), problems)
    problems.stop()
    # `ivr check` reports what is wrong with a recording; until then a voice speaks instead.
    recorded = recordings.recorded(folder, Problems())
    read = about and text_of(about.find("reviewed"))
    reviewed = (day(read), str(about.find("reviewed_said"))) if about and read else None
    own_number = text_of(about.find("own_number")) if about else None
    return Spoken(sentences, voice, reviewed, recorded, own_number)


def left_out(read: Read) -> list[Problem]:
    """Which languages of the card the line does without, and why; nothing, where it has all."""
    problems = [problem for wrong in read.left_out.values() for problem in wrong]
    return [Problem("found-left-out", {"languages": ", ".join(read.left_out)}), *problems] if problems else []


def make_line(settings: Settings, read: Read | None = None) -> Line:
    """Make the line of what was read, or of the folder that the settings name; raises CardError."""
    card, spoken, *_ = read or load(settings.prompts, settings.code)
    first, said = next(iter(spoken.items()))
    name, locale = said.voice or (VOICE, LANGUAGE)
    voice = Voice(settings.voice or name, settings.language or locale)
    return Line(card, {**spoken, first: said._replace(voice=voice)}, settings.caller_id)
