# SPDX-License-Identifier: EUPL-1.2
"""The recordings that an answer plays. Twilio fetches them unsigned: they say what the line says to everybody.

A fetch that fails ends a call. So a server also answers for what another server told Twilio to play. A file that is not
its own it looks for beside the card as it is now, and beside the one before; without that it plays its own recording of
the same line, and without one a second of silence. Nothing about a fetch is kept.
"""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request

from ivr import recording
from ivr.answers import SOUNDS
from ivr.language import KNOWN
from ivr.line import Line
from ivr.recording import Recording
from ivr.web.refusals import note

TYPE = "audio/x-wav"
FOREVER = "public, max-age=31536000, immutable"
VERIFIED = 4096
"""How many verified files are remembered, each for as long as it does not change."""


def blueprint(line: Line, prompts: Path) -> Blueprint:
    """The address of a line's recordings; `prompts` is where the card is, which may lead to another card later."""
    bp = Blueprint("sound", __name__)
    ours = {name.partition("-")[0]: name for name in line.recordings}
    began = prompts.resolve()

    @bp.get(f"/{SOUNDS}/<address>")
    def sound(address: str) -> Response:
        cards = dict.fromkeys((began, prompts, Path(f"{prompts}.before")))
        # Not by listing them: without a file descriptor left that would fail.
        folders = [folder for card in cards for code in KNOWN if (folder := card / code / "recordings").is_dir()]

        def file(name: str | None) -> Recording | None:
            """The recording of this name, as it is on the disk now; None where no file is what its name says."""
            return next(filter(None, (_recording(folder / f"{name}.wav") for folder in folders)), None)

        wanted = recording.pieces(address)
        exact = [file(name) for _, name in wanted]
        played = [
            (pause, found or file(ours.get(name.partition("-")[0])))
            for (pause, name), found in zip(wanted, exact, strict=True)
        ]
        seconds = sum(pause / 1000 + (found.heard.seconds if found else 1) for pause, found in played)
        if not any(found for _, found in played) or seconds > recording.LONGEST:
            exact, played = [None], [(0, None)]  # no server of this line has said so
        size, parts = recording.joined(played, _read)
        response = Response(parts, content_type=TYPE)
        response.content_length = size
        response.headers["X-Content-Type-Options"] = "nosniff"
        if not all(exact):
            response.headers["Cache-Control"] = "no-store"
            return response
        response.headers["Cache-Control"] = FOREVER
        response.set_etag(hashlib.sha256(address.encode()).hexdigest()[:16])
        response.make_conditional(request)
        return response

    return bp


def _read(path: Path, begin: int = 0, length: int = -1) -> bytes:
    """A part of a file, or all of it. Raises OSError."""
    with path.open("rb") as file:
        file.seek(begin)
        return file.read(length)


def _recording(path: Path) -> Recording | None:
    """The recording in a file, if it can be read and is what its name says.

    What is there and cannot be read, or is another by now, is told: callers hear silence in its place.
    """
    try:
        with path.open("rb") as file:
            now = os.fstat(file.fileno())
        return _verified(path, now.st_mtime_ns, now.st_size, now.st_ino)
    except FileNotFoundError:
        return None
    except OSError as error:
        note(error)
        return None


@lru_cache(VERIFIED)
def _verified(path: Path, *_: int) -> Recording | None:
    """The same, kept until the time, the size or the inode of the file changes."""
    try:
        return Recording(path.stem, recording.track_of(_read(path), path.stem), path)
    except ValueError as error:
        note(error)
        return None
