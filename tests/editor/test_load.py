# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

import ivr
from ivr.editor.load import load
from tests.cards import CARDS

ROOT = Path(ivr.__file__).parent
HEART = ("card", "hours", "dialogue", "address", "script", "sentences", "twiml", "line", "world")


@pytest.mark.parametrize("name", [*HEART, *(f"language/{file.stem}" for file in (ROOT / "language").glob("*.py"))])
def test_the_heart_knows_nothing_of_the_editor(name: str) -> None:
    """A line is given a card and sentences; how they were written is no concern of its modules."""
    assert "ivr.editor" not in (ROOT / f"{name}.py").read_text(encoding="utf-8")


def test_a_language_that_nobody_speaks_is_no_mistake_of_the_editor() -> None:
    """Which language is asked for, is a setting."""
    with pytest.raises(LookupError):
        load(CARDS["ours"], "tlh")
