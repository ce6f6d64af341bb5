# SPDX-License-Identifier: EUPL-1.2
"""Everything that somebody does who records a language: what must be read, making it, taking it in, and judging it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple
from xml.sax.saxutils import escape

from ivr.editor.load import load, make_line
from ivr.editor.recordings import Entry
from ivr.line import Line
from ivr.messages.problems import CardError, Problem, RecordError
from ivr.phone import espeak
from ivr.proof.checks import ANY_CALLER_ID
from ivr.proof.lines import SHOWN, Standing, standing
from ivr.recording import RATE, WIDTH
from ivr.settings import Settings
from ivr.twiml import WITHIN_LINE
from ivr.voice import audio, speaking
from ivr.voice.audio import Take
from ivr.voice.book import Book

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is taken in."""

DOUBTED = 0.3
"""How far the length of a line may be off from what espeak-ng takes, as a part of it, once the reader's own pace is
known: 95 % of right recordings are within, and 38 % of wrong ones."""

ENOUGH = 5
"""Lines from which a reader's pace is known."""


class Taken(NamedTuple):
    """What became of one file: its name, its line and what there is to tell of it; or what is wrong with it."""

    file: str
    number: int
    told: Take | Problem


@dataclass
class Desk:
    """The recordings of one language of a card, with what the line says in it."""

    line: Line
    language: str
    prompts: Path
    book: Book
    today: date
    new: list[Entry] = field(default_factory=list)
    """Lines that had no number yet: they are on no sheet that was printed before."""

    @classmethod
    def open(cls, chosen: Settings, language: str | None, today: date | None = None) -> "Desk":
        """Everything about a language, offered or a draft; without one the first. Raises CardError, LookupError."""
        today = today or datetime.now(UTC).date()
        read = load(chosen.prompts, chosen.code)
        code = language or read.card.languages[0]
        if code not in read.spoken:
            also = load(chosen.prompts, chosen.code, code)
            if wrong := also.left_out.get(code):
                raise CardError(wrong)
            read = read._replace(spoken={**read.spoken, code: also.spoken[code]})
        line = make_line(replace(chosen, caller_id=chosen.caller_id or ANY_CALLER_ID), read)
        desk = cls(line, code, chosen.prompts, Book(chosen.prompts / code, chosen.editor_language), today)
        desk.new = desk.book.number(desk.standing.wanted)
        return desk

    @property
    def standing(self) -> Standing:
        """How the recordings stand to what is said, as it is on the disk now."""
        return standing(self.line, self.prompts, self.language, self.today)

    def entries(self, texts: Iterable[str]) -> list[Entry]:
        """The entries of these texts."""
        return [self.book.entries[text] for text in texts]

    def speak(self, words: Sequence[str], by: str, *, again: bool) -> Iterator[tuple[int, int, Entry]]:
        """Let a command say each line that is missing, or each line; tells how many are done, of how many, and which.

        Raises RecordError; what was made before that stays.
        """
        speak = speaking.command(words)
        now = self.standing
        todo = self.entries(now.wanted if again else now.missing)
        for count, entry in enumerate(todo, 1):
            yield count, len(todo), entry
            self.book.keep(entry, speaking.line(entry.text, speak), by, self.today)

    def take_in(self, folder: Path, by: str) -> Iterator[Taken]:
        """Take in every file of a folder that is named by a number on the sheet, and tell of each."""
        numbers = {entry.number: entry for entry in self.entries(self.standing.wanted)}
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        named = {path: int(match[1]) for path in files if (match := re.match(r"0*([0-9]{1,6})(?![0-9])", path.stem))}
        twice = {number for number in named.values() if list(named.values()).count(number) > 1}
        for path in files:
            number = named.get(path, 0)
            try:
                if unfit := _unfit(path, folder, number, numbers, twice):
                    raise unfit
                made = audio.take(path.read_bytes())
                self.book.keep(numbers[number], made.samples, by, self.today)
                yield Taken(path.name, number, made)
            except RecordError as error:
                yield Taken(path.name, number, error.problems[0])
            except OSError as error:
                yield Taken(path.name, number, Problem("import-unread", {"reason": str(error.strerror)}))

    def accept(self, numbers: Iterable[int], by: str) -> list[Entry]:
        """Note that somebody has heard these lines; without numbers, all that nobody has. Raises RecordError."""
        chosen = set(numbers)
        unheard = [entry for entry in self.entries(self.standing.unheard) if not chosen or entry.number in chosen]
        if lost := chosen - {entry.number for entry in unheard}:
            raise RecordError("record-not-unheard", numbers=", ".join(map(str, sorted(lost))))
        if own := [str(entry.number) for entry in unheard if entry.spoken_by.casefold() == by.casefold()]:
            raise RecordError("record-own-ears", by=by, numbers=", ".join(own[:SHOWN]) + " …" * (len(own) > SHOWN))
        self.book.accept(unheard, by, self.today)
        return unheard

    def doubts(self) -> Iterator[Problem]:
        """What a second look may find: lines that are too quiet, of an odd length, or the same sound for two texts."""
        recorded = self.entries(text for text in self.standing.wanted if text in self.standing.sound)
        paces: dict[str, dict[int, float]] = {}
        for entry in recorded:
            samples = self.book.samples(entry) or b""
            off = audio.level(audio.from_bytes(samples))
            if abs(off) > audio.NEAR:
                values = {"number": str(entry.number), "decibels": f"{abs(off):.0f}"}
                yield Problem("record-quiet" if off < 0 else "record-loud", values)
            pace = len(samples) / WIDTH / RATE / _expected(entry.text, self.language)
            paces.setdefault(entry.spoken_by, {})[entry.number] = pace
        for by in paces.values():
            usual = median(by.values())
            for number, pace in by.items() if len(by) >= ENOUGH else ():
                if abs(pace / usual - 1) > DOUBTED:
                    message = "record-longer" if pace > usual else "record-shorter"
                    yield Problem(message, {"number": str(number), "percent": f"{abs(pace / usual - 1) * 100:.0f}"})
        for one, other in self.book.twins(recorded):
            yield Problem("record-twins", {"number": str(one.number), "other": str(other.number)})


def _unfit(
    path: Path, folder: Path, number: int, numbers: Mapping[int, Entry], twice: Collection[int]
) -> RecordError | None:
    """Why a file of a folder is not taken in, whatever is in it."""
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        return RecordError("import-outside")
    if number not in numbers:
        return RecordError("import-number" if number else "import-name", number=str(number))
    if number in twice:
        return RecordError("import-twice", number=str(number))
    if path.stat().st_size > LARGEST:
        return RecordError("import-large", most=str(LARGEST // 1024 // 1024))
    return None


def _expected(text: str, language: str) -> float:
    """Seconds that espeak-ng takes to say a line, or would take about."""
    ssml = re.sub("…+", lambda mark: f'<break time="{WITHIN_LINE.get(mark[0], 0)}ms"/>', escape(text))
    return (espeak.measured if espeak.available() else espeak.estimated)(ssml, language)
