# SPDX-License-Identifier: EUPL-1.2
"""The telephones of this machine play the very files."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.browser import app as browser
from ivr.phone import handsets, speech
from ivr.phone.events import Said
from ivr.phone.transcript import Transcript
from tests.browser.visitor import NOW
from tests.conftest import SETTINGS
from tests.recorded import listed, ours, record

SAID = Said("Bel.", 0.0, interruptible=True, language="nl", seconds=0.1)


def test_the_terminal_waits_as_long_as_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text stands there for as long as it lasts."""
    waits: list[float | None] = []
    monkeypatch.setattr(handsets, "_key", lambda seconds, *_: waits.append(seconds))
    handsets._act(SAID, Transcript("nl"))  # noqa: SLF001
    assert waits == [0.1]


def test_the_page_plays_a_recording(tmp_path: Path) -> None:
    """The same file as Twilio gets its samples from; what was taken away since is said by espeak-ng, if it is there."""
    folder = ours(tmp_path)
    one = next(one for one in record(folder, "nl").recordings.values() if "…" in one.heard.text)
    client = browser.make(replace(SETTINGS, prompts=folder), lambda: NOW).test_client()
    asked = {"text": speech.plain(one.heard.text), "recorded": "1"}
    assert client.get("/sound/nl.wav", query_string=asked).data == one.file.read_bytes()
    listed(folder, "nl").unlink()
    assert client.get("/sound/nl.wav", query_string=asked).data != one.file.read_bytes()
