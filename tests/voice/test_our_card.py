# SPDX-License-Identifier: EUPL-1.2
"""All of our card in Dutch and English, said by espeak-ng, and played to a caller over the real webhooks."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ivr import dialogue, recording
from ivr.app import create_app
from ivr.asterisk.sounds import Sounds
from ivr.phone import transport
from ivr.phone.events import Ended, Said, elapsed
from ivr.recording import WIDTH
from ivr.voice.desk import Desk
from tests.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, PUBLIC_URL, SETTINGS, TOKEN
from tests.recorded import TODAY, line_of, ours


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, read by espeak-ng in both languages, and heard by nobody but this test."""
    folder = ours(tmp_path_factory.mktemp("espeak"))
    for code in ("nl", "en"):
        desk = Desk.open(replace(SETTINGS, prompts=folder), code, TODAY)
        command = ["espeak-ng", "-v", code, "-s", "160", "--stdin", "--stdout"]
        made = [entry.number for _, _, entry in desk.speak(command, "espeak-ng", again=False)]
        assert len(made) == len(desk.now.wanted) > 100
        Desk.open(replace(SETTINGS, prompts=folder), code, TODAY).accept([], "test")
    return folder


def caller(folder: Path, at: datetime, language: str) -> Caller:
    """Somebody who calls a card."""
    app = create_app(replace(SETTINGS, prompts=folder), lambda: at)
    fetch = transport.signed(transport.wsgi(app, PUBLIC_URL), TOKEN)
    return Caller(fetch, f"{PUBLIC_URL}/voice{language}")


@pytest.mark.starts("espeak-ng")
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_a_caller_hears_the_files(prompts: Path, at: datetime, language: str) -> None:
    """Through some keys and then silence: each piece is, sample by sample, the file of the line that it says."""
    spoken = line_of(prompts).spoken(language[1:])
    files = {text: recording.unpack(one.file.read_bytes())[0] for text, one in spoken.recorded.items()}
    somebody = caller(prompts, at, language)
    moments = list(somebody.heard)
    for key in "6#3*1#":
        moments += somebody.press(key).heard
    while not somebody.over:
        moments += somebody.silence().heard
    pieces = [moment for moment in moments if isinstance(moment, Said) and moment.text]
    ours = [piece for piece in pieces if piece.language == (language[1:] or "nl")]
    assert len(ours) > 40
    for piece in ours:
        samples, (heard,) = recording.unpack(piece.sound)
        assert samples == files[heard.text]
        assert piece.seconds == len(samples) / WIDTH / recording.RATE
    assert all(piece.sound for piece in pieces)


@pytest.mark.starts("espeak-ng")
def test_what_is_fetched_is_what_a_whole_answer_is(prompts: Path, tmp_path: Path) -> None:
    """The file of an answer is what Asterisk plays there, to the sample, and lasts as long as is told."""
    line = line_of(prompts)
    (tmp_path / "answers").mkdir()
    for code, language in (("", ""), ("en", "/en")):
        parts = line.parts(dialogue.start(line.card, code), line.world(BY_DAY))
        whole, _ = recording.unpack(Sounds(tmp_path, "nobody-speaks").answer(parts).read_bytes())
        moments = [moment for moment in caller(prompts, BY_DAY, language).heard if isinstance(moment, Said)]
        heard = b"".join(
            (recording.unpack(moment.sound)[0] if moment.sound else b"") + recording.silence(round(1000 * moment.pause))
            for moment in moments
        )
        assert heard == whole
        lasts = elapsed([*moments, Ended("line")], lambda *_: 0.0)
        assert lasts == pytest.approx(len(whole) / WIDTH / recording.RATE)
