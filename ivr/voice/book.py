# SPDX-License-Identifier: EUPL-1.2
"""The recordings of one language as they lie on the disk: numbered, kept, accepted. Nothing is ever half written."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from ivr import recording
from ivr.editor import recordings
from ivr.editor.recordings import ENTRY, FOLDER, LIST, Entry
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import Problems, RecordError
from ivr.recording import Track
from ivr.sentences import Sentence


class Book:
    """The list of a language and its files; `folder` is the language's, `reader` the language of the list's comments.

    Raises CardError for a list with mistakes: what stands in it would be lost.
    """

    def __init__(self, folder: Path, reader: str) -> None:
        problems = Problems()
        found = recordings.entries(folder, problems)
        problems.stop()
        self.folder = folder
        self.entries = {entry.text: entry for entry in found}
        self._head = Catalogue(reader).say("record-head")

    @property
    def language(self) -> str:
        """Its code, such as "nl"."""
        return self.folder.name

    def number(self, wanted: Mapping[str, Sentence]) -> list[Entry]:
        """Give each line without a number the next one, and tell which these are. A number never goes to another line.

        It is kept once anything is, or at `save`.
        """
        highest = max((entry.number for entry in self.entries.values()), default=0)
        new = [text for text in wanted if text not in self.entries]
        made = [Entry(number, wanted[text].id, text) for number, text in enumerate(new, highest + 1)]
        self.entries |= {entry.text: entry for entry in made}
        return made

    def keep(self, entry: Entry, samples: bytes, by: str, today: date) -> Entry:
        """Keep a recording of a line, which nobody has heard yet, instead of the one before. Raises RecordError."""
        data = recording.wav(samples, [Track(len(samples) // recording.WIDTH, self.language, entry.text)])
        file = f"{recording.name(data, self.language, entry.text)}.wav"
        _write(self.folder / FOLDER / file, data)
        kept = replace(entry, file=file, spoken_by=by, spoken=today.isoformat(), heard_by="", heard="")
        if (entry.file, entry.spoken_by) == (file, by):  # the very same sound, which somebody may have heard
            kept = entry
        self.entries[entry.text] = kept
        self.save()
        if entry.file not in ("", file):
            with suppress(OSError):
                (self.folder / FOLDER / entry.file).unlink()
        return kept

    def accept(self, chosen: Iterable[Entry], by: str, today: date) -> None:
        """Note that somebody has heard these lines, and that they are right. Raises RecordError."""
        for entry in chosen:
            self.entries[entry.text] = replace(entry, heard_by=by, heard=today.isoformat())
        self.save()

    def samples(self, entry: Entry) -> bytes | None:
        """The sound of a line; None where there is none, or the file is not what it should be."""
        if not recordings.sound(self.folder, entry, Problems()):
            return None
        return recording.unpack((self.folder / FOLDER / entry.file).read_bytes())[0]

    def twins(self, entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
        """Pairs of lines that say different things with the same sound."""
        seen: dict[bytes, Entry] = {}
        found = []
        for entry in entries:
            if samples := self.samples(entry):  # pragma: no branch - else it is gone, and listed as missing
                if samples in seen:
                    found.append((seen[samples], entry))
                seen.setdefault(samples, entry)
        return found

    def save(self) -> None:
        """Write the list. Raises RecordError."""
        told = [self._head]
        for entry in sorted(self.entries.values(), key=lambda entry: entry.number):
            told.append(f"\n{entry.number}:\n")
            values = {one.name: getattr(entry, one.name) for one in fields(entry)}
            told += [f"  {name}: {_quoted(values[name])}\n" for name in ENTRY if values[name]]
        _write(self.folder / FOLDER / LIST, "".join(told).encode())


def _quoted(text: str) -> str:
    """A value as it stands in the list: in quotes, unless it is a name or a date."""
    plain = text.replace("-", "").replace(".", "").replace("_", "").isalnum()
    return text if plain else '"' + text.replace('"', '\\"') + '"'


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
