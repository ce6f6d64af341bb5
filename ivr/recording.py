# SPDX-License-Identifier: EUPL-1.2
"""Recordings: the name and the file of one line that somebody read, and one file of several with our pauses between.

A file is a WAV of 8,000 samples a second, 16 bit, one channel, which telephones play without conversion. It contains
its own words, so that nothing is played under another text, and whoever fetches it knows what a caller hears. This
module handles bytes only; others read the files.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

RATE = 8000
"""Samples a second."""

WIDTH = 2
"""Bytes of a sample."""

FILE = re.compile("[0-9a-f]{8}-[0-9a-f]{16}")
"""The name of a file, without its ending: a hash of the line, and one of the file."""

MOST, LONGEST = 40, 90
"""Lines and seconds of one file: a longer answer is several, and a name of more counts as none, so that nobody makes a
server send what no answer has."""

FAINT = 100
"""A file whose samples are all below this is heard by nobody: those of speech are a hundred times as large."""

PART = 16 * 1024
"""Bytes that are read of a file at a time."""

_ADDRESS = re.compile(rf"(?:[0-9]{{1,3}}\.{FILE.pattern}\.){{1,{MOST}}}wav")
_PIECE = re.compile(rf"([0-9]+)\.({FILE.pattern})")
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")


class Track(NamedTuple):
    """So many samples of a file, in which a text is said in a language such as "nl"; without a text it is silence."""

    samples: int
    language: str = ""
    text: str = ""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples / RATE


class Recording(NamedTuple):
    """A recording of one line, whose file was verified: the name of the file, without its ending, and what it says.

    `file` is where it lies; it is not read to answer a call, but only when it is fetched.
    """

    name: str
    heard: Track
    file: Path


def name(data: bytes, language: str, text: str) -> str:
    """The name of a file in which one line is said."""
    line = hashlib.sha256(f"{language} {text}".encode()).hexdigest()[:8]
    return f"{line}-{hashlib.sha256(data).hexdigest()[:16]}"


def addresses(pieces: Iterable[tuple[int, Recording]]) -> Iterator[str]:
    """The names of the files of several lines, each after so many milliseconds of silence."""
    lines: list[str] = []
    left = float(LONGEST)
    for pause, recording in pieces:
        seconds = pause / 1000 + recording.heard.seconds
        if lines and (len(lines) == MOST or seconds > left):
            yield ".".join([*lines, "wav"])
            lines, left = [], LONGEST
        lines.append(f"{pause}.{recording.name}")
        left -= seconds
    yield ".".join([*lines, "wav"])


def pieces(address: str) -> list[tuple[int, str]]:
    """The lines in such a name, each after its milliseconds of silence; for any other name one that no file has."""
    if not _ADDRESS.fullmatch(address):
        return [(0, "")]
    return [(int(pause), found) for pause, found in _PIECE.findall(address)]


def silence(milliseconds: int) -> bytes:
    """Samples of silence."""
    return bytes(milliseconds * RATE // 1000 * WIDTH)


def wav(samples: bytes, heard: Sequence[Track]) -> bytes:
    """A file with these samples, which tells what is heard in them."""
    begin, end = _around(len(samples), heard)
    return begin + samples + end


def silent(samples: bytes) -> bool:
    """Whether nothing can be heard."""
    return all(-FAINT < sample < FAINT for sample in memoryview(samples).cast("h"))


def unpack(data: bytes) -> tuple[bytes, list[Track]]:
    """The samples of a file, and what is heard in them. Raises ValueError unless it is whole, and made by `wav`."""
    try:
        length = _HEAD.unpack_from(data)[-1]
        samples, end = data[_HEAD.size : _HEAD.size + length], data[_HEAD.size + length :]
        rows = (row.split(" ", 2) for row in end[20:].rstrip(b"\0").decode().splitlines())
        heard = [Track(int(count), language, text) for count, language, text in rows]
    except struct.error as error:
        raise ValueError(str(error)) from None
    if sum(one.samples for one in heard) * WIDTH != length or wav(samples, heard) != data:
        raise ValueError("not whole, or not made here")
    return samples, heard


def track_of(data: bytes, named: str) -> Track:
    """What is heard in the file of one line, which has this name. Raises ValueError for any other file."""
    _, heard = unpack(data)
    if len(heard) != 1 or name(data, heard[0].language, heard[0].text) != named:
        raise ValueError("another file")
    return heard[0]


def joined(
    wanted: Sequence[tuple[int, Recording | None]], read: Callable[[Path, int, int], bytes]
) -> tuple[int, Iterator[bytes]]:
    """The size in bytes of a file of several lines, each after its milliseconds, and its parts, one after another.

    Where there is no recording there is a second of silence. `read` gives so many bytes of a file from a place on; no
    more than PART are in memory at a time, for whoever reads them slowly. Where it gives less, the parts end with an
    OSError: what breaks off is kept by nobody, and silence would be.
    """
    heard: list[Track] = []
    for pause, take in wanted:
        heard += [Track(len(silence(pause)) // WIDTH), take.heard if take else Track(RATE)]
    length = sum(row.samples for row in heard) * WIDTH
    begin, end = _around(length, heard)

    def parts() -> Iterator[bytes]:
        yield begin
        for pause, take in wanted:
            yield silence(pause)
            size = (take.heard.samples if take else RATE) * WIDTH
            for start in range(0, size, PART):
                count = min(PART, size - start)
                samples = read(take.file, _HEAD.size + start, count) if take else bytes(count)
                if len(samples) < count:
                    raise OSError(f"{take and take.file} has changed")
                yield samples
        yield end

    return len(begin) + length + len(end), parts()


def _around(length: int, heard: Iterable[Track]) -> tuple[bytes, bytes]:
    """What stands before and after so many bytes of samples."""
    words = "".join(f"{one.samples} {one.language} {one.text}\n" for one in heard).encode()
    words += bytes(1 + (len(words) + 1) % 2)
    end = struct.pack("<4sI4s4sI", b"LIST", 12 + len(words), b"INFO", b"ICMT", len(words)) + words
    sizes = 36 + length + len(end), b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * WIDTH, WIDTH, 8 * WIDTH, b"data", length
    return _HEAD.pack(b"RIFF", *sizes), end
