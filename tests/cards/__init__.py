# SPDX-License-Identifier: EUPL-1.2
"""The cards that every test can be run over: ours, and a quite different one."""

from pathlib import Path

HERE = Path(__file__).parent

CARDS = {"ours": HERE.parent.parent / "prompts", "second": HERE / "second"}
"""The folders of the cards, by name."""


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Change a file of a card, at the first place where a text stands."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
