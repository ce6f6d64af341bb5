# SPDX-License-Identifier: EUPL-1.2
import io
import wave
from pathlib import Path

import pytest

from ivr import recording
from ivr.recording import RATE, Recording, Track, joined, pieces, silence, track_of, unpack, wav
from tests.recorded import tone

TEXT = "Bel … één, één, twee."
ROW = Track(800, "nl", TEXT)
DATA = wav(tone(1, 800), [ROW])
NAME = recording.name(DATA, "nl", TEXT)
ONE = Recording(NAME, ROW, Path("one.wav"))


def test_a_file_is_a_wav_that_tells_its_words() -> None:
    """Any program plays it, at 8,000 samples a second; whoever knows us reads the words and the language too."""
    with wave.open(io.BytesIO(DATA)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels(), file.getnframes()) == (8000, 2, 1, 800)
    assert unpack(DATA) == (tone(1, 800), [ROW])
    assert track_of(DATA, NAME) == ROW
    assert ROW.seconds == 0.1


@pytest.mark.parametrize(
    "data",
    [b"", DATA[:20], DATA[:44], DATA[:-1], DATA + b"x", DATA[:50] + DATA[52:], DATA.replace(b"800 nl", b"801 nl")],
    ids=["empty", "a head", "no sound", "half", "more", "a gap", "another length"],
)
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    """A file that lost or gained a byte anywhere is not read."""
    with pytest.raises(ValueError, match=r".+"):
        unpack(data)


def test_a_name_is_of_one_file_and_one_text() -> None:
    """Other sound, another text and another language have other names; a file under another name is refused."""
    others = [wav(tone(2, 800), [ROW]), wav(tone(1, 800), [Track(800, "nl", "Bel.")]), wav(tone(1, 800), [Track(800)])]
    for data in others:
        with pytest.raises(ValueError, match="another"):
            track_of(data, NAME)
    assert recording.name(DATA, "nl", TEXT) != recording.name(DATA, "en", TEXT)


def test_an_answer_is_one_file_with_our_pauses() -> None:
    """Its name lists the lines and the milliseconds before each; its sound and its words are those of the lines."""
    address = next(recording.addresses([(400, ONE), (500, ONE)]))
    wanted = pieces(address)
    assert wanted == [(400, NAME), (500, NAME)]
    size, parts = joined([(pause, ONE) for pause, _ in wanted], lambda _, begin, length: DATA[begin : begin + length])
    sent = list(parts)
    assert max(map(len, sent)) <= recording.PART  # so much of it a slow reader holds
    whole = b"".join(sent)
    assert len(whole) == size
    sound, heard = unpack(whole)
    assert sound == silence(400) + tone(1, 800) + silence(500) + tone(1, 800)
    assert heard == [Track(3200), ROW, Track(4000), ROW]


@pytest.mark.parametrize(
    "address", ["", "x.wav", "../card.yaml", f"400.{NAME}.mp3", f"9999.{NAME}.wav", f"1.{NAME}." * 41 + "wav"]
)
def test_any_other_name_has_one_line_that_no_file_has(address: str) -> None:
    """What nobody named is never looked for, and no name makes an answer of more than forty lines."""
    assert pieces(address) == [(0, "")]


def test_a_long_line_is_read_in_parts() -> None:
    """It is whole in the end, whatever its length."""
    samples = tone(1, 2 * RATE + 1)
    data = wav(samples, [Track(2 * RATE + 1, "nl", TEXT)])
    long = Recording("", Track(2 * RATE + 1, "nl", TEXT), Path("long.wav"))
    asked = []

    def read(_: Path, begin: int, length: int) -> bytes:
        asked.append(length)
        return data[begin : begin + length]

    assert unpack(b"".join(joined([(0, long)], read)[1]))[0] == samples
    assert asked == [recording.PART, len(samples) - recording.PART]


def test_a_file_that_goes_while_it_is_sent_breaks_off() -> None:
    """Silence in its place would be kept, with its words, by whoever fetched it."""
    with pytest.raises(OSError, match="has changed"):
        list(joined([(0, ONE)], lambda *_: b"")[1])


@pytest.mark.parametrize(
    ("lines", "seconds", "files"), [(40, 0.1, 1), (41, 0.1, 2), (4, 22, 1), (5, 22, 2), (2, 99, 2)]
)
def test_an_answer_that_is_too_long_is_several_files(lines: int, seconds: float, files: int) -> None:
    """None has more than forty lines or ninety seconds, since a server sends no more; together they are all of it."""
    one = ONE._replace(heard=Track(round(seconds * RATE), "nl", TEXT))
    told = list(recording.addresses([(0, one)] * lines))
    assert len(told) == files
    assert [piece for address in told for piece in pieces(address)] == [(0, NAME)] * lines
