# SPDX-License-Identifier: EUPL-1.2
"""Sound as a telephone wants it: 8,000 samples a second of 16 bit, one channel, at one level, no silence around it.

What is wrong with a recording is raised as a RecordError: the person who reads does it again.
"""

import io
import struct
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from ivr.messages.problems import RecordError
from ivr.recording import RATE

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

SILENT = -65
"""Decibels below the loudest that there can be: anything softer is no speech."""

SHORTEST = 0.2
"""Seconds that anything said takes."""

LONGEST = 120
"""Seconds of one recording."""

ENDLESS = 0x7FFF0000
"""A size that a program writes before it knows how much comes, as espeak-ng does into a pipe."""


class Take(NamedTuple):
    """One recording, ready to be kept, and what there is to tell of it."""

    samples: bytes
    cut: float
    """Seconds of silence that were cut off at the ends."""
    level: float
    """Decibels above or below the level that it was brought to."""


def take(data: bytes) -> Take:
    """Make a recording from any file that libsndfile reads; raises RecordError."""
    heard = read(data)
    levels = _levels(heard)
    if not levels.size or levels.max() < SILENT:
        raise RecordError("audio-silent")
    if levels.max() - np.percentile(levels, 5) < 12:
        raise RecordError("audio-noise")
    spoken = trimmed(heard)
    if len(spoken) < SHORTEST * RATE:
        raise RecordError("audio-short")
    off = level(spoken)
    if off < -SOFT:
        raise RecordError("audio-soft", decibels=f"{-off:.0f}")
    return Take(levelled(spoken), (len(heard) - len(spoken)) / RATE, off)


def read(data: bytes, *, piped: bool = False) -> Samples:
    """The samples of a file, one channel at our rate; `piped`: its header may tell no length. Raises RecordError."""
    if not piped and (told := _told(data)) and told > len(data):
        raise RecordError("audio-half", percent=str(100 * len(data) // told))
    try:
        samples, rate = soundfile.read(io.BytesIO(data), always_2d=True, dtype="float64")
    except (soundfile.LibsndfileError, TypeError, ValueError):
        raise RecordError("audio-unreadable") from None
    if not 0 < len(samples) / rate <= LONGEST:
        raise RecordError("audio-long" if len(samples) else "audio-silent", most=str(LONGEST))
    if not piped and _clipped(samples):
        raise RecordError("audio-clipped")
    one: Samples = samples.mean(axis=1)
    return one if rate == RATE else np.asarray(soxr.resample(one, rate, RATE), dtype=np.float64)


def trimmed(samples: Samples) -> Samples:
    """The samples without what is silent before and after."""
    loud = np.flatnonzero(_active(samples))
    if not loud.size:
        return samples[:0]
    return samples[max(0, loud[0] * FRAME - AROUND) : (loud[-1] + 1) * FRAME + AROUND]


def level(samples: Samples) -> float:
    """How many decibels the active speech is above the level of a telephone, or below it."""
    filtered = _high(samples)
    frames = _frames(filtered)
    active = frames[_active(filtered)]
    power = float(np.mean(active**2)) if active.size else 0.0
    return 10 * float(np.log10(max(power, 1e-12))) - 20 * float(np.log10(LEVEL))


def levelled(samples: Samples) -> bytes:
    """The samples at the level of a telephone, as near as their peaks allow, 16 bit each."""
    gain = 10 ** (-level(samples) / 20)
    peak = float(np.abs(samples).max(initial=1e-6))
    return to_bytes(samples * min(gain, 0.98 / peak))


def to_bytes(samples: Samples) -> bytes:
    """The samples as 16 bit each."""
    return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def from_bytes(samples: bytes) -> Samples:
    """What `to_bytes` wrote."""
    return np.frombuffer(samples, "<i2").astype(np.float64) / 32767


def _told(data: bytes) -> int:
    """How long a WAV says that it is, in bytes; 0 where it does not say."""
    place = 12 if data[:4] == b"RIFF" and data[8:12] == b"WAVE" else len(data)
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        if name == b"data":
            return 0 if size >= ENDLESS else place + 8 + int(size)
        place += 8 + size + size % 2
    return 0


def _clipped(samples: Samples) -> bool:
    """Whether the tops are cut off flat, more than once: three samples in a row that are the same, and the loudest."""
    loud = np.abs(samples[1:-1]) >= 0.99
    return int(np.count_nonzero(loud & (np.diff(samples[:-1], axis=0) == 0) & (np.diff(samples[1:], axis=0) == 0))) > 1


def _high(samples: Samples) -> Samples:
    """The samples without what is below 300 Hz, which a telephone does not carry."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < 300] = 0
    return np.fft.irfft(spectrum, len(samples))


def _frames(samples: Samples) -> Samples:
    return samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)


def _levels(samples: Samples) -> Samples:
    """The decibels of each frame, below the loudest that there can be."""
    power: Samples = np.mean(_frames(samples) ** 2, axis=1)
    return 10 * np.log10(np.maximum(power, 1e-12))


def _active(samples: Samples) -> npt.NDArray[np.bool_]:
    """Which frames have speech in them."""
    levels = _levels(samples)
    return levels > max(SILENT, (np.percentile(levels, 95) if levels.size else 0) - ACTIVE)
