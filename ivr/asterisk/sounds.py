# SPDX-License-Identifier: EUPL-1.2
"""Every sentence as a file before the first call, and every answer as one file: Asterisk keeps no key between two.

A file is named by all that is heard in it, so that it never changes, and those of two cards stand beside each other.
"""

import hashlib
import os
import shlex
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from ivr.dialogue import positions
from ivr.line import Line, Part, paused
from ivr.process import log
from ivr.proof.lines import lines
from ivr.recording import WIDTH, Track, silence, unpack, wav

KEPT = 24 * 60 * 60
"""Seconds after which an answer is made anew when a card is loaded: those of old cards would fill the disk."""


class Sounds:
    """A folder of files. `speech` is a command that speaks a text in a {language}, such as espeak-ng.

    The fallback, which Asterisk plays by itself, stands beside it: whatever happens to the folder, it stays.
    What it makes may raise RecordError, OSError for a disk that is full, and ValueError for a file that is broken.
    """

    def __init__(self, folder: Path, speech: str) -> None:
        self.fallback = folder.with_name("fallback.wav")
        self.folder = folder
        self._speech = speech

    @property
    def there(self) -> bool:
        """Whether nobody has removed it since it was made."""
        return self.fallback.exists() and all((self.folder / kind).exists() for kind in ("lines", "answers"))

    def prepare(self, line: Line, now: datetime) -> None:
        """Make every sentence that a line says in the year from now on, its answers, and the fallback."""
        for folder in (self.folder, *(self.folder / kind for kind in ("lines", "answers"))):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)  # Asterisk is another user
        for old in (self.folder / "answers").iterdir():
            if time.time() - old.stat().st_mtime > KEPT:
                old.unlink()
        spoken = [code for code in line.card.languages if line.spoken(code).voice]
        wanted = [(code, text) for code in spoken for text in lines(line, code, now.date())]
        missing = [each for each in wanted if not self._file("lines", *each).exists()]
        for count, each in enumerate(missing, 1):
            self._said(*each)
            if count % 50 == 0 or count == len(missing):
                log.log.info("speaking", done=count, of=len(missing))
        for position in positions(line.card):
            self.answer(line.parts(position, line.world(now)))
        _write(self.fallback, list(self._pieces(line.fixed)))

    def answer(self, parts: Iterable[Part]) -> Path:
        """The file of an answer (`Line.parts`), made unless it is there."""
        heard = [(part.language, part.text, part.recording and part.recording.name) for part in parts]
        if not (file := self._file("answers", repr(heard))).exists():
            _write(file, list(self._pieces(parts)))
        return file

    def _pieces(self, parts: Iterable[Part]) -> Iterator[tuple[bytes, Track]]:
        """The samples of each part, after those of the pause before it."""
        for milliseconds, part in paused(parts):
            pause = silence(milliseconds)
            yield pause, Track(len(pause) // WIDTH)
            data = part.recording.file.read_bytes() if part.recording else self._said(part.language, part.text)
            samples, (track,) = unpack(data)
            yield samples, track

    def _said(self, code: str, text: str) -> bytes:
        """The file of a line, spoken unless it is there."""
        if not (file := self._file("lines", code, text)).exists():
            from ivr.voice import speaking  # noqa: PLC0415 - whoever has all files needs no libraries for sound

            words = [word.replace("{language}", code) for word in shlex.split(self._speech)]
            samples = speaking.line(text, speaking.command(words))
            _write(file, [(samples, Track(len(samples) // WIDTH, code, text))])
        return file.read_bytes()

    def _file(self, kind: str, *heard: str) -> Path:
        name = hashlib.sha256("\n".join([self._speech, *heard]).encode()).hexdigest()[:32]
        return self.folder / kind / f"{name}.wav"


def _write(file: Path, pieces: list[tuple[bytes, Track]]) -> None:
    """Write a file whole or not at all; others may write it at the same moment."""
    new = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    new.write_bytes(wav(b"".join(samples for samples, _ in pieces), [track for _, track in pieces]))
    new.chmod(0o644)
    new.replace(file)
