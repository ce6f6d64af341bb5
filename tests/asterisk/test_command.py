# SPDX-License-Identifier: EUPL-1.2
import builtins
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.asterisk.sounds import Sounds
from ivr.commands.main import main
from tests.asterisk.conftest import copied

ENVIRONMENT = {"IVR_CALLER_ID": "+12025550123", "IVR_EDITOR_LANGUAGE": "en"}


def ivr(*arguments: str, **variables: str) -> Result:
    """Run the command, with our own number."""
    return CliRunner().invoke(main, ["asterisk", *arguments], env=ENVIRONMENT | variables)


def test_it_only_makes_what_is_said(tmp_path: Path, sounds: Sounds, speech: str) -> None:
    """With --make it tells how far it is, leaves the files, and listens to nobody."""
    copied(sounds, tmp_path / "sounds", speech)
    next((tmp_path / "sounds/lines").iterdir()).unlink()
    done = ivr("--make", "--sounds", str(tmp_path / "sounds"), "--speech", speech)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "fallback.wav").exists()
    assert '"event": "speaking"' in done.stderr
    again = ivr("--make", "--sounds", str(tmp_path / "sounds"), "--speech", speech)
    assert (again.exit_code, again.stderr) == (0, "")


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
