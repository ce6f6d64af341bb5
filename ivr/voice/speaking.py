# SPDX-License-Identifier: EUPL-1.2
"""Lets a command speak: a line piece by piece between its pauses, and a whole answer as a caller hears it.

Samples are bytes, 8,000 a second, 16 bit, one channel.
"""

import re
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from typing import TypeAlias

from ivr.line import WITHIN_LINE
from ivr.messages.problems import RecordError
from ivr.recording import silence
from ivr.voice import audio

SECONDS = 120
"""A command may take so long for one piece: a speech service is asked over the internet."""

Speaker: TypeAlias = Callable[[str], bytes]
"""Speaks a text without pauses in it; gives samples, or raises RecordError."""


def command(words: Sequence[str]) -> Speaker:
    """A command that takes a text on its standard input and writes a WAV to its standard output."""

    def speak(text: str) -> bytes:
        try:
            done = subprocess.run(words, input=text.encode(), capture_output=True, check=True, timeout=SECONDS)  # noqa: S603 - the owner's own
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or str(error).encode()
            reason = " ".join(told.decode(errors="replace").split())[-200:]
            raise RecordError("record-command", command=words[0], text=text, reason=reason) from None
        return audio.to_bytes(audio.trimmed(audio.read(BytesIO(done.stdout))))

    return cache(speak)


def line(text: str, speak: Speaker) -> bytes:
    """The samples of one line, with our pauses in it, at the level of a telephone."""
    found = b""
    for piece in filter(None, re.split(r"\s*(…+)\s*", text)):
        found += silence(WITHIN_LINE.get(piece, 0)) if piece.startswith("…") else speak(piece)
    return audio.levelled(audio.from_bytes(found))
