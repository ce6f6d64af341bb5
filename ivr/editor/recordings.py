# SPDX-License-Identifier: EUPL-1.2
"""The recordings of a language: what `recordings.yaml` says of each line, and which of the files may be played.

A file is played when it is what its name says, says the text that stands beside it, and somebody has heard it. What is
wrong with it never keeps the line from starting: a voice speaks instead.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr import recording
from ivr.editor.fields import DATE, Field, Shape, text_of
from ivr.editor.source import Table, read
from ivr.messages.files import there
from ivr.messages.problems import Place, Problems
from ivr.recording import Recording

FOLDER = "recordings"
LIST = "recordings.yaml"
FILE = f"{recording.FILE.pattern}[.]wav"

ENTRY = {
    "line": Field(required=True),
    "text": Field(required=True),
    "file": Field(FILE, "recording-file"),
    "spoken_by": Field(),
    "spoken": DATE,
    "heard_by": Field(),
    "heard": DATE,
}
"""The fields of a line, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one line: its number on the sheet, its sentence, its text, the file, and who spoke and heard it.

    `line` is the id of the sentence. A field that is not there yet is empty.
    """

    number: int
    line: str
    text: str
    file: str = ""
    spoken_by: str = ""
    spoken: str = ""
    heard_by: str = ""
    heard: str = ""
    place: Place | None = field(default=None, compare=False)

    @property
    def accepted(self) -> bool:
        """Whether somebody has heard it."""
        return bool(self.file and self.heard_by and self.heard)


def files(folder: Path) -> list[Path]:
    """Every file of the recordings of the language of a folder: the list, and what has the name of a recording."""
    return [file for file in (folder / FOLDER).glob("*") if file.name == LIST or re.fullmatch(FILE, file.name)]


def entries(folder: Path, problems: Problems) -> dict[str, Entry]:
    """What the list of the language of a folder says of each line, by text; what is wrong goes to the problems."""
    file = folder / FOLDER / LIST
    table = read(file, problems) if there(file) else None
    by_text: dict[str, Entry] = {}
    for number, value in (table or {}).items():
        before = len(problems)
        if not isinstance(value, Table) or not number.isdecimal():
            problems.add(number.place, "recording-number", text=number)
            continue
        Shape(problems).fields(value, ENTRY, number.place)
        if len(problems) > before:
            continue
        texts = {str(name): str(text_of(value.find(name)) or "") for name in value}
        if other := by_text.get(texts["text"]):
            problems.add(number.place, "recording-twice", number=number, other=str(other.number))
        else:
            by_text[texts["text"]] = Entry(int(number), place=number.place, **texts)
    return by_text


def written(found: Iterable[Entry]) -> str:
    """The entries as they stand in the list, each text in quotes that it does not have itself."""
    listed = ""
    for entry in found:
        listed += f"\n{entry.number}:\n"
        for name in ENTRY:
            if text := str(getattr(entry, name)):
                quoted = json.dumps(text, ensure_ascii=False) if "'" in text else f"'{text}'"
                listed += f"  {name}: {quoted}\n"
    return listed


def sound(folder: Path, entry: Entry, problems: Problems) -> Recording | None:
    """The recording of a line; None where there is none, or, which is a problem, not the one in the list."""
    if not entry.file:
        return None
    values = {"number": str(entry.number), "file": entry.file, "language": folder.name}
    file = folder / FOLDER / entry.file
    try:
        heard = recording.track_of(file.read_bytes(), file.stem)
        if heard[1:] == (folder.name, entry.text):
            return Recording(file.stem, heard, file)
        problems.add(entry.place, "recording-other", says=heard.text, **values)
    except OSError as error:
        problems.add(entry.place, "recording-gone", reason=str(error.strerror), **values)
    except ValueError:
        problems.add(entry.place, "recording-damaged", **values)
    return None


def recorded(folder: Path, problems: Problems) -> Mapping[str, Recording]:
    """What may be played in the language of a folder, by its text."""
    accepted = [entry for entry in entries(folder, problems).values() if entry.accepted]
    return {entry.text: found for entry in accepted if (found := sound(folder, entry, problems))}
