# SPDX-License-Identifier: EUPL-1.2
"""Files that the service may not read, as a copy under umask 027 leaves them."""

import multiprocessing.connection
import multiprocessing.popen_fork  # noqa: F401 - who may not read what is root's cannot import it later
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from ivr.commands import main as cli
from ivr.editor import recordings
from ivr.editor.load import load
from ivr.messages.problems import CardError, Problems
from tests.conftest import SETTINGS, TOKEN

NOBODY = 65534


@pytest.fixture
def served() -> Iterator[Path]:
    """A copy of our card, in a folder that everybody may enter."""
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        yield Path(shutil.copytree(SETTINGS.prompts, Path(temporary) / "etc" / "prompts")).parent


@contextmanager
def somebody_else() -> Iterator[None]:
    """Somebody who may do nothing special, also where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def mistakes(folder: Path) -> str:
    """What somebody else is told of a card."""
    with somebody_else(), pytest.raises(CardError) as error:
        load(folder, "nl")
    return error.value.text("en")


@pytest.mark.starts
@pytest.mark.parametrize("closed", ["prompts", "prompts/nl", "prompts/card.yaml", "prompts/nl/line.yaml", "."])
def test_what_is_told_opens_it(served: Path, closed: str) -> None:
    """Whatever is closed to the service, the command that is told opens it, and nothing else than the card."""
    secret = served / "twilio_auth_token"
    secret.write_text("secret", encoding="ascii")
    for path in (secret, served / closed):
        path.chmod(path.stat().st_mode & ~(0o777 if os.geteuid() else 0o077))
    for _ in range(3):  # at most one folder in another in another
        told = mistakes(served / "prompts")
        assert "may not be read by the user that this runs as" in told
        for command in set(re.findall(r"As root: (chmod .*)", told)):
            subprocess.run(command.split(), check=True)
        with somebody_else():
            try:
                load(served / "prompts", "nl")
            except CardError:
                continue
        break
    else:
        pytest.fail(told)
    assert secret.stat().st_mode & 0o077 == 0


def test_recordings_that_may_not_be_read_are_told_and_keep_no_line_from_starting(served: Path) -> None:
    """Where the list of recordings is closed, a voice speaks, and who asks for the recordings is told."""
    folder = served / "prompts" / "nl"
    (folder / recordings.FOLDER).mkdir(mode=0o700)
    (folder / recordings.FOLDER).chmod(0o700 if os.geteuid() == 0 else 0)
    problems = Problems()
    with somebody_else():
        assert load(served / "prompts", "nl").spoken["nl"].recorded == {}
        assert recordings.entries(folder, problems) == {}
    assert [problem.message for problem in problems] == ["setting-prompts-denied"]


def test_a_style_that_may_not_be_read_is_told(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ivr serve` says it of what belongs to the page, too."""
    monkeypatch.setattr("ivr.process.server.serve", lambda *_, **__: pytest.fail("it was served"))
    style = served / "prompts" / "page.css"
    style.write_text("body {}", encoding="ascii")
    style.chmod(0)
    settings = {
        "TWILIO_AUTH_TOKEN": TOKEN,
        "IVR_PUBLIC_URL": "https://lijn.example",
        "IVR_PROMPTS": str(served / "prompts"),
    }
    with somebody_else():
        told = CliRunner().invoke(cli.main, ["serve"], env=settings)
    assert f"chmod -R a+rX {served}/prompts" in told.stderr
