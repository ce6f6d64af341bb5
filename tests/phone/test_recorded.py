# SPDX-License-Identifier: EUPL-1.2
"""The telephones of this machine play the very files."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr import recording
from ivr.browser import app as browser
from ivr.phone import handsets, speech
from ivr.phone.events import Said
from ivr.recording import Track
from tests.browser.visitor import NOW
from tests.conftest import SETTINGS
from tests.recorded import listed, ours, record, tone

FILE = recording.wav(tone(1, 800), [Track(800, "nl", "Bel.")])
SAID = Said("Bel.", 0.0, interruptible=True, language="nl", seconds=0.1, sound=FILE)


@pytest.mark.starts
def test_the_terminal_plays_a_recording(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a program that plays a WAV; a key is heard after it; without --speak it lasts as long as it is."""
    player = tmp_path / "paplay"
    player.write_text(f'#!/bin/sh\n/bin/cat "$1" > {tmp_path}/played\n', encoding="utf-8")
    player.chmod(0o755)
    waits: list[float | None] = []
    monkeypatch.setattr(handsets, "_key", lambda seconds, *_: waits.append(seconds))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert handsets._hear(SAID, speak=True) is None  # noqa: SLF001
    assert (tmp_path / "played").read_bytes() == FILE
    waits.clear()
    assert handsets._hear(SAID, speak=False) is None  # noqa: SLF001
    assert waits == [0.1]


def test_without_a_player_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is not the same as silence."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(handsets.HandsetError, match="aplay or paplay"):
        handsets._sounds(SAID, "x.wav")  # noqa: SLF001


def test_the_page_plays_a_recording(tmp_path: Path) -> None:
    """The same file as Twilio gets its samples from; what was taken away since is said by espeak-ng, if it is there."""
    folder = ours(tmp_path)
    one = next(one for one in record(folder, "nl").recordings.values() if "…" in one.heard.text)
    client = browser.make(replace(SETTINGS, prompts=folder), lambda: NOW).test_client()
    asked = {"text": speech.plain(one.heard.text), "recorded": "1"}
    assert client.get("/sound/nl.wav", query_string=asked).data == one.file.read_bytes()
    listed(folder, "nl").unlink()
    assert client.get("/sound/nl.wav", query_string=asked).data != one.file.read_bytes()
