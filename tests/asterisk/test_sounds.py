# SPDX-License-Identifier: EUPL-1.2
"""What is said, as files."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from ivr.asterisk.sounds import KEPT, Sounds
from ivr.dialogue import start
from ivr.line import BETWEEN_LINES, LEAD
from ivr.messages.problems import RecordError
from ivr.phone.speech import heard, played
from ivr.recording import RATE, WIDTH, unpack
from tests.asterisk.conftest import copied
from tests.conftest import BY_DAY, LINE, answers
from tests.recorded import ours, record


def said(file: Path) -> list[str]:
    """What is said in a file."""
    return [each.text for each in played(unpack(file.read_bytes())[1], interruptible=True) if each.text]


def test_the_fallback_is_that_of_twilio(sounds: Sounds) -> None:
    """What Asterisk plays when the line is gone has the words of fallback.xml."""
    words = " ".join(each.text for each in heard(answers(LINE).fallback, {})).split()
    assert " ".join(said(sounds.fallback)).split() == words
    assert words


def test_what_is_there_is_not_made_again(
    sounds: Sounds, speech: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second start speaks nothing, needs no command, and makes old answers anew; other speech is another file."""
    folder = Path(shutil.copytree(sounds.folder, tmp_path / "sounds"))
    old = sounds.answer(LINE.parts(start(LINE.card), LINE.world(BY_DAY)))
    old = folder / "answers" / old.name
    before = old.stat().st_mtime - KEPT - 100
    for each in (folder / "answers").iterdir():
        os.utime(each, (before, before))
    (folder / "answers" / "another card.wav").write_bytes(b"")
    os.utime(folder / "answers" / "another card.wav", (before, before))
    capsys.readouterr()
    Sounds(folder, speech).prepare(LINE, BY_DAY)
    assert capsys.readouterr().out == ""
    assert old.stat().st_mtime > before
    assert not (folder / "answers" / "another card.wav").exists()
    with pytest.raises(RecordError, match="nobody-speaks could not say this"):
        Sounds(folder, "nobody-speaks {language}").prepare(LINE, BY_DAY)


def test_a_recording_is_played(sounds: Sounds, speech: str, tmp_path: Path) -> None:
    """What a person read is played as it is; only what nobody read is spoken."""
    line = record(ours(tmp_path), "nl")
    made = copied(sounds, tmp_path / "sounds", speech)
    parts = line.parts(start(line.card), line.world(BY_DAY))
    samples, _ = unpack(made.answer(parts).read_bytes())
    recorded = [part.recording for part in parts if part.recording]
    assert recorded
    assert all(unpack(each.file.read_bytes())[0] in samples for each in recorded)
    assert samples not in unpack(sounds.answer(LINE.parts(start(line.card), LINE.world(BY_DAY))).read_bytes())
    english = record(ours(tmp_path / "english"), "en")
    parts = english.parts(start(english.card, "en"), english.world(BY_DAY))
    seconds = sum(part.recording.heard.seconds for part in parts if part.recording)
    pauses = (LEAD + BETWEEN_LINES * (len(parts) - 1)) / 1000
    samples, _ = unpack(made.answer(parts).read_bytes())
    assert len(samples) / WIDTH / RATE == pytest.approx(seconds + pauses)


@pytest.mark.starts
def test_each_language_has_its_own_voice(speech: str, tmp_path: Path) -> None:
    """What is said in English is asked of the English voice."""
    for kind in ("lines", "answers"):
        (tmp_path / kind).mkdir()
    made = Sounds(tmp_path, f"sh -c 'echo {{language}} >> {tmp_path}/asked; {speech}'")
    made.answer(LINE.parts(start(LINE.card, "en"), LINE.world(BY_DAY)))
    assert {*(tmp_path / "asked").read_text().split()} == {"en"}


def test_asterisk_may_read_all_of_it(tmp_path: Path, sounds: Sounds, speech: str) -> None:
    """Asterisk is another user than the line, which may have a strict umask."""
    shutil.copytree(sounds.folder / "lines", tmp_path / "sounds/lines")
    before = os.umask(0o077)
    try:
        Sounds(tmp_path / "sounds", speech).prepare(LINE, BY_DAY)
    finally:
        os.umask(before)
    found = list(tmp_path.rglob("*"))
    assert all(stat.S_IMODE(each.stat().st_mode) == (0o755 if each.is_dir() else 0o644) for each in found)
