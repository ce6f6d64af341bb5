# SPDX-License-Identifier: EUPL-1.2
"""All of our card in Dutch and English, said by espeak-ng, and played to a caller over the real webhooks."""

from dataclasses import replace
from datetime import datetime
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from ivr import dialogue, recording
from ivr.app import create_app
from ivr.asterisk.sounds import Sounds
from ivr.phone import transport
from ivr.phone.events import Ended, Said, elapsed
from ivr.phone.transport import Answer, Request
from ivr.recording import WIDTH, Track
from ivr.voice import speaking
from tests.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, PUBLIC_URL, SETTINGS, TOKEN
from tests.in_process import wsgi
from tests.recorded import line_of, ours, record


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, read by espeak-ng in both languages, and heard by nobody but this test."""
    folder = ours(tmp_path_factory.mktemp("espeak"))

    def read(text: str, code: str) -> bytes:
        return speaking.line(text, speaking.command(["espeak-ng", "-v", code, "-s", "160", "--stdin", "--stdout"]))

    assert len(record(folder, "nl", "en", voice=read).recordings) > 200
    return folder


def caller(folder: Path, at: datetime, language: str) -> tuple[Caller, list[bytes]]:
    """Somebody who calls a card, and the recordings that are fetched for them."""
    app = create_app(replace(SETTINGS, prompts=folder), lambda: at)
    signed = transport.signed(wsgi(app, PUBLIC_URL), TOKEN)
    fetched: list[bytes] = []

    def fetch(request: Request) -> Answer:
        answer = signed(request)
        if answer.content_type.startswith("audio/"):
            fetched.append(answer.body)
        return answer

    return Caller(fetch, f"{PUBLIC_URL}/voice{language}"), fetched


@pytest.mark.starts("espeak-ng")
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_a_caller_hears_the_files(prompts: Path, at: datetime, language: str) -> None:
    """Through some keys and then silence, all is recorded: each line, sample by sample, from the file of that line."""
    spoken = line_of(prompts).spoken(language[1:])
    files = {text: recording.unpack(one.file.read_bytes())[0] for text, one in spoken.recorded.items()}
    somebody, fetched = caller(prompts, at, language)
    moments = list(somebody.heard)
    for key in "6#3*1#":
        moments += somebody.press(key).heard
    while not somebody.over:
        moments += somebody.silence().heard
    pieces = [moment for moment in moments if isinstance(moment, Said) and moment.text]
    assert all(piece.seconds for piece in pieces)
    lines = [line for body in fetched for line in cut(body) if line[0].language == (language[1:] or "nl")]
    assert len(lines) > 40
    for track, samples in lines:
        assert samples == files[track.text]


def cut(body: bytes) -> list[tuple[Track, bytes]]:
    """The lines in the file of an answer, each with its samples."""
    samples, tracks = recording.unpack(body)
    ends = [*accumulate(track.samples * WIDTH for track in tracks)]
    pieces = [samples[begin:end] for begin, end in pairwise([0, *ends])]
    return [(track, piece) for track, piece in zip(tracks, pieces, strict=True) if track.text]


@pytest.mark.starts("espeak-ng")
def test_what_is_fetched_is_what_a_whole_answer_is(prompts: Path, tmp_path: Path) -> None:
    """The file of an answer is what Asterisk plays there, to the sample, and lasts as long as is told."""
    line = line_of(prompts)
    (tmp_path / "answers").mkdir()
    for code, language in (("", ""), ("en", "/en")):
        parts = line.parts(dialogue.start(line.card, code), line.world(BY_DAY))
        whole, _ = recording.unpack(Sounds(tmp_path, "nobody-speaks").answer(parts).read_bytes())
        somebody, fetched = caller(prompts, BY_DAY, language)
        moments = [moment for moment in somebody.heard if isinstance(moment, Said)]
        assert b"".join(recording.unpack(body)[0] for body in fetched) == whole
        lasts = elapsed([*moments, Ended("line")], lambda *_: 0.0)
        assert lasts == pytest.approx(len(whole) / WIDTH / recording.RATE)
