# SPDX-License-Identifier: EUPL-1.2
"""The cards that every test can be run over: ours, and a quite different one."""

from pathlib import Path

HERE = Path(__file__).parent

CARDS = {"ours": HERE.parent.parent / "prompts", "second": HERE / "second"}
"""The folders of the cards, by name."""
