# SPDX-License-Identifier: EUPL-1.2
"""Everything that somebody does who records a language: what must be read, making it, taking it in, and judging it."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

from ivr import recording
from ivr.editor import recordings
from ivr.editor.load import load, make_line
from ivr.editor.recordings import FOLDER, LIST, Entry
from ivr.line import WITHIN_LINE, Line
from ivr.messages.catalogue import say
from ivr.messages.problems import CardError, Problem, Problems, RecordError
from ivr.phone import espeak
from ivr.proof.lines import NAMED, RecordingStanding, standing
from ivr.recording import WIDTH, Track
from ivr.settings import Settings
from ivr.voice import audio
from ivr.voice.audio import Take

DOUBTED = 0.3
"""How far the length of a line may be off from what espeak-ng takes, as a part of it, once the reader's own pace is
known: 95 % of right recordings are within, and 38 % of wrong ones."""

ENOUGH = 5
"""Lines from which a reader's pace is known."""


@dataclass(frozen=True)
class Desk:
    """One language of a card and its recordings, as they were when it was opened.

    `folder` is the language's, `reader` the language of whoever records ("nl" or "en"). In `now` every line that is
    said has an entry with a number, which is kept once anything is, or by `save`.
    """

    line: Line
    folder: Path
    reader: str
    today: date
    now: RecordingStanding

    @classmethod
    def open(cls, chosen: Settings, language: str | None, today: date | None = None) -> "Desk":
        """Open a language, offered or a draft; without one the first.

        Raises LookupError for a language that the line does not speak, and CardError for mistakes, also in the list of
        recordings: what stands in it would be lost.
        """
        today = today or datetime.now(UTC).date()
        read = load(chosen.prompts, chosen.code)
        code = language or read.card.languages[0]
        if code not in read.spoken:
            also = load(chosen.prompts, chosen.code, code)
            if wrong := also.left_out.get(code):
                raise CardError(wrong)
            read = read._replace(spoken={**read.spoken, code: also.spoken[code]})
        line = make_line(chosen.connecting(), read)
        known = _listed(chosen.prompts / code)
        now = standing(line, chosen.prompts, code, today)
        highest = max((entry.number for entry in known.values()), default=0)
        new = [text for text in now.wanted if text not in known]
        known |= {text: Entry(number, now.wanted[text].id, text) for number, text in enumerate(new, highest + 1)}
        return cls(line, chosen.prompts / code, chosen.editor_language, today, now._replace(entries=known))

    @property
    def language(self) -> str:
        """Its code, such as "nl"."""
        return self.folder.name

    def say(self, message: str, **values: object) -> str:
        """A message to the reader."""
        return say(self.reader, message, **values)

    def entries(self, texts: Iterable[str]) -> list[Entry]:
        """The entries of these texts, by number."""
        return sorted((self.now.entries[text] for text in texts), key=lambda entry: entry.number)

    def save(self, *changed: Entry) -> None:
        """Write the list, with what another program wrote there meanwhile. Raises RecordError and CardError."""
        entries = self.now.entries | _listed(self.folder) | {entry.text: entry for entry in changed}
        told = self.say("record-head")
        told += recordings.written(sorted(entries.values(), key=lambda entry: entry.number))
        _write(self.folder / FOLDER / LIST, told.encode())

    def keep(self, entry: Entry, samples: bytes, by: str) -> None:
        """Keep a recording of a line, which nobody has heard yet, instead of the one before. Raises as `save`."""
        _initials(by)
        data = recording.wav(samples, [Track(len(samples) // WIDTH, self.language, entry.text)])
        file = f"{recording.name(data, self.language, entry.text)}.wav"
        _write(self.folder / FOLDER / file, data)
        if (entry.file, entry.spoken_by) == (file, by):  # the very same sound, which somebody may have heard
            return
        self.save(replace(entry, file=file, spoken_by=by, spoken=self.today.isoformat(), heard_by="", heard=""))
        if entry.file not in ("", file):
            with suppress(OSError):
                (self.folder / FOLDER / entry.file).unlink()

    def take_in(self, folder: Path, by: str) -> Iterator[tuple[str, int, Take | Problem]]:
        """Take in every file of a folder that is named by a number on the sheet; tells of each what became of it.

        Raises RecordError where there is no room for one; what was taken in before that stays.
        """
        numbers = {entry.number: entry for entry in self.entries(self.now.wanted)}
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        named = {path: int(match[0]) if (match := re.match("[0-9]+", path.stem)) else 0 for path in files}
        twice = {number for number, count in Counter(named.values()).items() if count > 1}
        for path, number in named.items():
            try:
                made = _taken(path, number, numbers, twice)
            except RecordError as error:
                yield path.name, number, error.problems[0]
            else:
                self.keep(numbers[number], made.samples, by)
                yield path.name, number, made

    def accept(self, unheard: Collection[Entry], by: str) -> None:
        """Note that somebody has heard these lines. Raises RecordError, also for lines that this person has read."""
        _initials(by)
        if own := [str(entry.number) for entry in unheard if entry.spoken_by.casefold() == by.casefold()]:
            raise RecordError("record-own-ears", by=by, numbers=", ".join(own[:NAMED]) + " …" * (len(own) > NAMED))
        self.save(*(replace(entry, heard_by=by, heard=self.today.isoformat()) for entry in unheard))

    def doubts(self) -> Iterator[Problem]:
        """What a second look may find: lines that are too quiet, of an odd length, or the same sound for two texts."""
        paces: dict[str, dict[int, float]] = {}
        heard: dict[bytes, int] = {}
        for entry in self.entries(self.now.sound.keys() & self.now.wanted.keys()):
            sound = self.now.sound[entry.text]
            samples = recording.unpack(sound.file.read_bytes())[0]
            if (off := audio.level(audio.from_bytes(samples))) < -audio.NEAR:
                yield Problem("record-quiet", {"number": str(entry.number), "decibels": f"{-off:.0f}"})
            if (other := heard.setdefault(samples, entry.number)) != entry.number:
                yield Problem("record-twins", {"number": str(other), "other": str(entry.number)})
            pace = sound.heard.seconds / _expected(entry.text, self.language)
            paces.setdefault(entry.spoken_by, {})[entry.number] = pace
        for by in paces.values():
            for number, pace in by.items() if len(by) >= ENOUGH else ():
                if abs(more := pace / median(by.values()) - 1) > DOUBTED:
                    yield Problem("record-length", {"number": str(number), "percent": f"{more * 100:+.0f}"})


def _taken(path: Path, number: int, numbers: Mapping[int, Entry], twice: Collection[int]) -> Take:
    """What a file of a folder has for the line of a number. Raises RecordError."""
    if path.is_symlink() or not path.is_file():
        raise RecordError("import-outside")
    if number not in numbers:
        raise RecordError("import-number" if number else "import-name", number=str(number))
    if number in twice:
        raise RecordError("import-twice", number=str(number))
    try:
        with path.open("rb") as file:
            return audio.take(file)
    except OSError as error:
        raise RecordError("import-unread", reason=str(error.strerror)) from None


def _initials(by: str) -> None:
    """Refuse initials with what nobody sees, such as a tab that was pasted along. Raises RecordError."""
    if not re.fullmatch(r"[\w. -]+", by):
        raise RecordError("record-initials", by=repr(by)[1:-1])


def _listed(folder: Path) -> dict[str, Entry]:
    """The entries in the list of the language of a folder, by text. Raises CardError for a list with mistakes."""
    problems = Problems()
    found = recordings.entries(folder, problems)
    problems.stop()
    return found


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises RecordError, for a disk that is full."""
    new = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(exist_ok=True)
        with new.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise RecordError("record-disk", file=str(file), reason=str(error.strerror)) from None


def _expected(text: str, language: str) -> float:
    """Seconds that espeak-ng takes to say a line, or would take about."""
    ssml = re.sub("…+", lambda mark: f'<break time="{WITHIN_LINE.get(mark[0], 0)}ms"/>', escape(text))
    return (espeak.measured if espeak.available() else espeak.estimated)(ssml, language)
