# SPDX-License-Identifier: EUPL-1.2
"""Recordings for the tests that need some and no voice: a tone for each line, as long as it takes to say it about."""

import math
import shutil
import struct
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from ivr import recording
from ivr.editor.load import make_line
from ivr.editor.recordings import FOLDER, LIST, Entry
from ivr.line import Line
from ivr.recording import RATE, Track
from ivr.settings import default_prompts
from ivr.voice.desk import Desk
from tests.conftest import SETTINGS

TODAY = date(2026, 11, 25)


def record(
    folder: Path,
    *codes: str,
    but: Collection[str] = (),
    pitch: int = 0,
    heard_by: str = "CD",
    voice: Callable[[str, str], bytes] | None = None,
) -> Line:
    """Record each line of the card in a folder in these languages but some texts, and return the line that plays it.

    `voice` makes the samples of a text in a language; without it each line is a tone.
    """
    for code in codes:
        desk = Desk.open(replace(SETTINGS, prompts=folder), code, TODAY)
        entries = [one for text, one in desk.now.entries.items() if text not in but]
        said = [voice(one.text, code) if voice else _toned(one.text, one.number + pitch) for one in entries]
        desk.save(*(_put(folder / code, *each, heard_by) for each in zip(entries, said, strict=True)))
    return line_of(folder)


def _put(folder: Path, entry: Entry, samples: bytes, heard_by: str) -> Entry:
    """Put the file of one line into the folder of its language."""
    data = recording.wav(samples, [Track(len(samples) // 2, folder.name, entry.text)])
    file = f"{recording.name(data, folder.name, entry.text)}.wav"
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / file).write_bytes(data)
    return replace(entry, file=file, spoken_by="AB", spoken="2026-11-20", heard_by=heard_by, heard="2026-11-21")


def _toned(text: str, pitch: int) -> bytes:
    return tone(pitch, round(len(text) * 0.06 * RATE))


def tone(pitch: int, samples: int) -> bytes:
    """So many samples of a tone; another pitch is another tone."""
    length = 20 + pitch
    wave = (round(8000 * math.sin(2 * math.pi * count / length)) for count in range(length))
    return (struct.pack(f"<{length}h", *wave) * (samples // length + 1))[: 2 * samples]


def ours(folder: Path) -> Path:
    """A copy of our card, in Dutch and English, to be recorded."""
    to = folder / "prompts"
    shutil.copytree(default_prompts(), to, ignore=lambda _, names: {name for name in names if name not in WANTED})
    return to


WANTED = {"card.yaml", "nl", "en"} | {
    f"{name}.yaml" for name in ("line", "menus", "chapters", "numbers", "language", "page")
}


def line_of(folder: Path) -> Line:
    """The line of a folder."""
    return make_line(replace(SETTINGS, prompts=folder))


def listed(folder: Path, code: str) -> Path:
    """The list of a language."""
    return folder / code / FOLDER / LIST
