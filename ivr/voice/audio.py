# SPDX-License-Identifier: EUPL-1.2
"""Sound as a telephone wants it: 8,000 samples a second of 16 bit, one channel, at one level, no silence around it.

What is wrong with a recording is raised as a RecordError: the person who reads does it again.
"""

import os
from typing import BinaryIO, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from ivr.messages.problems import RecordError
from ivr.recording import RATE, WIDTH, unpack

Samples: TypeAlias = npt.NDArray[np.float64]
"""One channel, from -1 to 1."""

LEVEL = 2600 / 32768
"""RMS of active speech, with all below 300 Hz left out: -19 dBm0 (RFC 7874, section 4)."""

NEAR = 6.0
"""Decibels that a recording may be off (RFC 7874)."""

ACTIVE = 26.0
"""Decibels below the loud frames within which there is speech. Of 400 recordings by people 90 % are then within 6 dB of
their middle; with 14, 20 or 34 dB 47, 80 and 97 %."""

SOFT = 24.0
"""A recording so many decibels too soft is refused: the noise between the words would be raised with them."""

FRAME = RATE // 50
"""Samples of 20 ms."""

AROUND = RATE // 20
"""Samples of silence, 50 ms, that stay around the words."""

ALIKE = 0.7
"""The least correlation, of 1, of what a test call hears. A network changes a sound; other words stay below 0.3."""

SILENT = -65
"""Decibels below the loudest that there can be: anything softer is no speech."""

SHORTEST = 5
"""Frames of speech, 0.1 s, that anything said takes; less is a click."""

LONGEST = 60
"""Seconds of one recording: a file of a card has a million bytes at most."""

ENDLESS = 0x7FFF0000
"""A size that a program writes before it knows how much comes, as espeak-ng does into a pipe."""


class Take(NamedTuple):
    """One recording, ready to be kept, and what there is to tell of it."""

    samples: bytes
    cut: float
    """Seconds of silence that were cut off at the ends."""
    level: float
    """Decibels above or below the level that it was brought to."""


def take(file: BinaryIO) -> Take:
    """Make a recording from any file that libsndfile reads; raises RecordError."""
    heard = read(file)
    spoken = trimmed(heard)
    levels = _levels(heard)
    if levels.max() - np.percentile(levels, 5) < 12:
        raise RecordError("audio-noise")
    off = level(spoken)
    if off < -SOFT:
        raise RecordError("audio-soft", decibels=f"{-off:.0f}")
    return Take(levelled(spoken), (len(heard) - len(spoken)) / RATE, off)


def read(file: BinaryIO) -> Samples:
    """The samples of a file, one channel at our rate. Raises RecordError."""
    head, size = file.read(8), file.seek(0, os.SEEK_END)
    told = 8 + int.from_bytes(head[4:], "little") if head[:4] == b"RIFF" else 0
    if size < told < ENDLESS:  # which soundfile would not tell
        raise RecordError("audio-half", percent=str(100 * size // told))
    file.seek(0)
    try:
        with soundfile.SoundFile(file) as sound:
            rate = sound.samplerate
            if sound.frames > LONGEST * rate:
                raise RecordError("audio-long", most=str(LONGEST))
            samples = sound.read(always_2d=True)
    except soundfile.LibsndfileError:
        raise RecordError("audio-unreadable") from None
    if _clipped(samples):
        raise RecordError("audio-clipped")
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, RATE), dtype=np.float64)


def trimmed(samples: Samples) -> Samples:
    """The samples without what is silent before and after. Raises RecordError where all is."""
    loud = np.flatnonzero(_active(samples))
    if loud.size < SHORTEST:
        raise RecordError("audio-silent")
    return samples[max(0, loud[0] * FRAME - AROUND) : (loud[-1] + 1) * FRAME + AROUND]


def level(samples: Samples) -> float:
    """How many decibels the active speech is above the level of a telephone, or below it."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < 300] = 0
    filtered = np.fft.irfft(spectrum, len(samples))
    active = _frames(filtered)[_active(filtered)]
    power = float(np.mean(active**2)) if active.size else 1e-12  # a hum has nothing above 300 Hz
    return 10 * float(np.log10(power / LEVEL**2))


def levelled(samples: Samples) -> bytes:
    """The samples at the level of a telephone, as near as their peaks allow, 16 bit each."""
    return to_bytes(samples * min(10 ** (-level(samples) / 20), 0.98 / np.abs(samples).max(initial=1e-6)))


def to_bytes(samples: Samples) -> bytes:
    """The samples as 16 bit each."""
    return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def from_bytes(samples: bytes) -> Samples:
    """What `to_bytes` wrote."""
    return np.frombuffer(samples, "<i2").astype(np.float64) / 32767


def begins(sound: Samples, piece: Samples, alike: float) -> list[int]:
    """The samples at which a piece begins in a sound: where their correlation is more than `alike`, of 1 at most."""
    if (length := len(piece)) > len(sound):
        return []
    size = 1 << (len(sound) + length).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(piece, size)), size)
    energy = np.concatenate([[0.0], np.cumsum(sound**2)])
    there = np.sqrt((energy[length:] - energy[:-length]) * np.sum(piece**2) + 1e-9)
    right = product[: len(there)] / there
    found = []
    while right.max() > alike:
        found.append(int(right.argmax()))
        right[max(0, found[-1] - length // 2) : found[-1] + length // 2] = 0
    return found


def hears(call: bytes, file: bytes) -> bool:
    """Whether a file of ours is heard in a call, as the WAV that a telephone wrote: it may break off anywhere."""
    samples = call[44:]
    sound = from_bytes(samples[: len(samples) // WIDTH * WIDTH])
    return bool(begins(sound, trimmed(from_bytes(unpack(file)[0])), ALIKE))


def _clipped(samples: Samples) -> bool:
    """Whether the tops are cut off flat, more than once: three samples in a row that are the same, and the loudest."""
    loud = np.abs(samples[1:-1]) >= 0.99
    return int(np.count_nonzero(loud & (np.diff(samples[:-1], axis=0) == 0) & (np.diff(samples[1:], axis=0) == 0))) > 1


def _frames(samples: Samples) -> Samples:
    return samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)


def _levels(samples: Samples) -> Samples:
    """The decibels of each frame, below the loudest that there can be."""
    power: Samples = np.mean(_frames(samples) ** 2, axis=1)
    return 10 * np.log10(np.maximum(power, 1e-12))


def _active(samples: Samples) -> npt.NDArray[np.bool_]:
    """Which frames have speech in them."""
    levels = _levels(samples)
    return levels > max(SILENT, np.percentile(levels, 95) - ACTIVE if levels.size else 0)
