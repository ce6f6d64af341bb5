# SPDX-License-Identifier: EUPL-1.2
import builtins
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.asterisk.sounds import Sounds
from ivr.commands.main import main
from ivr.dialogue import start, step
from ivr.position import Keys
from tests.asterisk.conftest import copied
from tests.conftest import LINE

ENVIRONMENT = {"IVR_CALLER_ID": "+12025550123", "IVR_EDITOR_LANGUAGE": "en"}


def ivr(*arguments: str, **variables: str) -> Result:
    """Run the command, with our own number."""
    return CliRunner().invoke(main, ["asterisk", *arguments], env=ENVIRONMENT | variables)


def test_what_keeps_it_from_starting_is_told(
    tmp_path: Path, sounds: Sounds, speech: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port that is taken, a command or libraries that are missing, an example that was left in the settings."""
    new = f"--sounds={tmp_path / 'sounds'}"
    assert "ivr.env" in ivr(new, IVR_CALLER_ID="+12025550100").output
    assert "nobody-speaks could not say this" in ivr(new, "--speech=nobody-speaks").output
    real = builtins.__import__

    def absent(name: str, *rest: object, **more: object) -> object:
        if name == "ivr.voice":
            raise ModuleNotFoundError(name="numpy")
        return real(name, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(builtins, "__import__", absent)
        assert "Recording needs more: numpy is missing." in ivr(new, "--speech", speech).output
    copied(sounds, tmp_path / "made", speech)
    made = f"--sounds={tmp_path / 'made'}"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Cannot listen on 127.0.0.1, port {port}" in ivr(made, "--speech", speech, "--port", port).output


def test_a_test_call_is_judged_by_its_sound(tmp_path: Path, sounds: Sounds, speech: str) -> None:
    """What a telephone heard is good with the first sentence and the words that were expected, and else is not."""
    copied(sounds, tmp_path / "sounds", speech)
    words = "nul één nul, twee drie zes, vijf twee, vijf zes"

    def judged(sound: bytes, expected: str = words) -> str:
        (tmp_path / "heard.wav").write_bytes(sound)
        given = (f"--sounds={tmp_path / 'sounds'}", "--speech", speech, f"--heard={tmp_path / 'heard.wav'}")
        return ivr(*given, CALL_EXPECT=expected).output

    now = LINE.world(datetime.now(UTC))
    call = (start(LINE.card), step(LINE.card, start(LINE.card), Keys("3"), now))
    heard = b"".join(sounds.answer(LINE.parts(position, now)).read_bytes() for position in call)
    assert judged(heard) == ""
    assert "did not hear:  nul één nul twee" in judged(heard, f"{words} zes")
    assert "did not hear: first sentence" in judged(bytes(44 + 16000 * 60))
    assert "did not hear: first sentence" in judged(bytes(100))
