# SPDX-License-Identifier: EUPL-1.2
"""The line of our own card on a fake Asterisk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.asterisk.server import Server
from ivr.asterisk.sounds import Sounds
from ivr.line import Line
from ivr.settings import default_prompts
from tests.asterisk.fake import answering
from tests.conftest import BY_DAY, LINE
from tests.voice.test_audio import GOOD


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A command that says anything, quickly, in one and the same tone: what it says stands in the file."""
    file = tmp_path_factory.mktemp("speech") / "good.wav"
    file.write_bytes(GOOD)
    return f"cat {file}"


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory, speech: str) -> Sounds:
    """All that our card says, as files."""
    made = Sounds(tmp_path_factory.mktemp("sounds"), speech)
    made.prepare(LINE, BY_DAY)
    return made


def copied(sounds: Sounds, folder: Path, speech: str) -> Sounds:
    """All that is said, in a folder of its own."""
    shutil.copytree(sounds.folder, folder)
    made = Sounds(folder, speech)
    shutil.copy(sounds.fallback, made.fallback)
    return made


def no_other(folder: Path) -> Line:
    """Makes no line: no other card is published here."""
    raise AssertionError(folder)


@pytest.fixture(scope="session")
def day(sounds: Sounds) -> Iterator[int]:
    """The port of our line by day."""
    with answering(Server(LINE, default_prompts(), no_other, sounds, lambda: BY_DAY), default_prompts()) as port:
        yield port
