# SPDX-License-Identifier: EUPL-1.2
import io
import math

import numpy as np
import pytest
import soundfile

from ivr.messages.problems import RecordError
from ivr.recording import RATE
from ivr.voice import audio
from ivr.voice.audio import Samples


def speech(seconds: float = 2.0, rate: int = RATE, loud: float = 0.3, around: float = 0.5) -> Samples:
    """Something that a telephone takes for speech: syllables of a voice, with silence around them and a soft noise."""
    time = np.arange(round(seconds * rate)) / rate
    voice = sum(np.sin(2 * math.pi * hertz * time) / count for count, hertz in enumerate((420, 840, 1260), 1))
    syllables = np.maximum(0, np.sin(2 * math.pi * 3 * time)) ** 0.5
    silence = np.zeros(round(around * rate))
    noise = np.random.default_rng(1).normal(0, 0.0002, len(time) + 2 * len(silence))
    whole: Samples = np.concatenate([silence, loud * voice * syllables / 1.8, silence]) + noise
    return whole


def wav(samples: Samples, rate: int = RATE, subtype: str = "PCM_16", kind: str = "WAV") -> bytes:
    """A file of these samples."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, subtype=subtype, format=kind)
    return file.getvalue()


def test_a_good_recording_is_cut_and_put_at_the_level_of_a_telephone() -> None:
    """Silence at its ends goes but for 50 ms, and the level becomes that of RFC 7874."""
    made = take(wav(speech(around=1.5)))
    seconds = len(made.samples) / 2 / RATE
    assert 1.9 < seconds < 2.2
    assert made.cut == pytest.approx(5 - seconds, abs=0.01)
    assert abs(audio.level(audio.from_bytes(made.samples))) < 0.1


@pytest.mark.parametrize(
    ("rate", "subtype", "kind"),
    [(48000, "PCM_24", "WAV"), (44100, "FLOAT", "WAV"), (16000, "PCM_16", "FLAC"), (22050, "PCM_U8", "WAV")],
)
def test_any_rate_and_any_width_is_converted(rate: int, subtype: str, kind: str) -> None:
    """What a studio hands over, in stereo too, sounds the same on the telephone."""
    plain = take(wav(speech())).samples
    mono = speech(rate=rate)
    made = take(wav(np.stack([mono, mono], axis=1), rate, subtype, kind)).samples
    assert abs(len(made) - len(plain)) < 0.1 * RATE * 2
    assert abs(audio.level(audio.from_bytes(made))) < 0.1


def endless(data: bytes) -> bytes:
    """The same WAV as a program writes it into a pipe."""
    place = data.index(b"data") + 4
    return data[:4] + b"\x24\xf0\xff\x7f" + data[8:place] + b"\x00\xf0\xff\x7f" + data[place + 4 :]


def take(data: bytes) -> audio.Take:
    """What is made of a file."""
    return audio.take(io.BytesIO(data))


GOOD = wav(speech())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no sound at all", "audio-unreadable"),
        (b"", "audio-unreadable"),
        (GOOD[: len(GOOD) // 2], "audio-half"),
        (GOOD[:44], "audio-half"),
        (wav(np.zeros(RATE)), "audio-silent"),
        (wav(np.zeros(0)), "audio-silent"),
        (wav(np.clip(20 * speech(), -1, 1)), "audio-clipped"),
        (wav(speech(loud=0.006)), "audio-soft"),
        (wav(np.random.default_rng(1).normal(0, 0.1, 2 * RATE)), "audio-noise"),
        (wav(speech(0.06)), "audio-silent"),
        (wav(np.zeros(61 * RATE)), "audio-long"),
    ],
    ids="text empty half head silence nothing clipped soft noise short long".split(),
)
def test_a_bad_recording_is_refused_in_words(data: bytes, message: str) -> None:
    """The reader is told what is wrong and what to do, in both languages."""
    with pytest.raises(RecordError) as error:
        take(data)
    assert [problem.message for problem in error.value.problems] == [message]
    assert error.value.text("nl") != error.value.text("en")


def test_what_a_program_pipes_tells_no_length() -> None:
    """A header of two gigabytes is one that was written before the sound."""
    assert take(endless(GOOD)).samples == take(GOOD).samples


def test_chunks_before_the_sound_are_passed_over() -> None:
    """A studio's program writes its own name first."""
    note = b"LIST" + (5).to_bytes(4, "little") + b"aname" + b"\0"
    data = GOOD[:12] + note + GOOD[12:]
    whole = data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]
    assert take(whole).samples == take(GOOD).samples
    with pytest.raises(RecordError, match="not whole"):
        take(whole[:-2000])


def test_silence_has_no_level_and_no_words() -> None:
    """Nothing is divided by nothing."""
    with pytest.raises(RecordError):
        audio.trimmed(np.zeros(0))
    assert audio.level(np.zeros(RATE)) < -60
    assert audio.levelled(np.zeros(80)) == bytes(160)
