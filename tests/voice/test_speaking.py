# SPDX-License-Identifier: EUPL-1.2
import sys
from pathlib import Path

import numpy as np
import pytest

from ivr.messages.problems import RecordError
from ivr.recording import silence
from ivr.voice import speaking
from tests.recorded import tone
from tests.voice.test_audio import GOOD, wav

NOTHING = wav(np.zeros(4000))


def test_a_line_is_spoken_piece_by_piece_with_our_pauses() -> None:
    """The command never sees a pause; between the pieces stands as much silence as in a <Say>."""
    asked = []

    def speak(text: str) -> bytes:
        asked.append(text)
        return tone(1, 800)

    made = speaking.line("Een … twee. …… Drie. ………", speak)
    assert asked == ["Een", "twee.", "Drie."]
    assert len(made) == 3 * 1600 + len(silence(350)) + len(silence(800))


def program(tmp_path: Path, code: str) -> list[str]:
    """A command that runs some Python."""
    file = tmp_path / "speaks.py"
    file.write_text(f"import sys, time\ntext = sys.stdin.read()\n{code}\n", encoding="utf-8")
    return [sys.executable, str(file)]


@pytest.mark.starts
def test_a_command_reads_the_text_and_writes_a_wav(tmp_path: Path) -> None:
    """Text on its standard input, sound from its standard output; the same text is asked once."""
    (tmp_path / "good.wav").write_bytes(GOOD)
    code = (
        f"open({str(tmp_path / 'asked')!r}, 'a').write(text)\n"
        f"sys.stdout.buffer.write(open({str(tmp_path / 'good.wav')!r}, 'rb').read())"
    )
    speak = speaking.command(program(tmp_path, code))
    assert speak("Hé.") == speak("Hé.")
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "Hé."


@pytest.mark.starts
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sys.exit('no such voice')", "no such voice"),
        ("sys.exit(3)", "exit status 3"),
        ("print('hello')", "no sound that we can read"),
        ("time.sleep(9)", "timed out after 1 s"),
        (f"sys.stdout.buffer.write({NOTHING!r})", "No sentence can be heard"),
    ],
    ids=["says why", "fails", "no sound", "slow", "silence"],
)
def test_a_command_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, told: str) -> None:
    """With what it said itself."""
    monkeypatch.setattr(speaking, "SECONDS", 1)
    with pytest.raises(RecordError, match=told):
        speaking.command(program(tmp_path, code))("Bel.")


@pytest.mark.starts
def test_a_command_that_is_not_there_is_told() -> None:
    """By its name."""
    with pytest.raises(RecordError, match=r"no-such-program could not say this.*No such file"):
        speaking.command(["no-such-program"])("Bel.")
