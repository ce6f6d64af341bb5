# SPDX-License-Identifier: EUPL-1.2
"""How long it takes to say something: measured with espeak-ng, or estimated where that is absent.

A yardstick that anyone can repeat, not Twilio's voice: one <Say> is one utterance of
`espeak-ng -m -v nl -s 160`, its breaks inside.
"""

import re
import shutil
import subprocess
from functools import lru_cache
from xml.sax.saxutils import escape

WORDS_A_MINUTE = "160"
BYTES_A_SECOND = 22050 * 2
"""espeak-ng writes 16 bit mono at 22,050 Hz."""

WAV_HEADER = 44

ERROR = 0.2
"""How far the estimate of a wait may be off, as a part of it; a test holds it to that."""


def available() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


@lru_cache(4096)
def measured(ssml: str, language: str) -> float:
    """Seconds that espeak-ng takes to say a piece of SSML (text and breaks) in a language such as "nl"."""
    return (len(_wav(ssml, language)) - WAV_HEADER) / BYTES_A_SECOND


@lru_cache(512)
def spoken(text: str, language: str) -> bytes:
    """A WAV file in which espeak-ng says a text in a language such as "nl"."""
    return _wav(escape(text), language)


def _wav(ssml: str, language: str) -> bytes:
    command = ["espeak-ng", "-m", "-v", language, "-s", WORDS_A_MINUTE, "--stdout", f"<speak>{ssml}</speak>"]
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - no shell, our own text


def estimated(ssml: str, language: str) -> float:  # noqa: ARG001 - in every language that we know about the same
    """Seconds that it takes about, from the text alone."""
    breaks = sum(int(milliseconds) for milliseconds in re.findall(r'<break time="(\d+)ms"', ssml)) / 1000
    text = re.sub(r"<[^>]*>", " ", ssml)
    return breaks + 0.068 * len(re.sub(r"\s+", " ", text)) + 0.1 * len(re.findall(r"[.?!]", text))
