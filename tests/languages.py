# SPDX-License-Identifier: EUPL-1.2
"""Our card, offered in other languages than it is: in all that there are sentences for, or in some of them."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

from ivr.settings import Settings
from tests.cards import CARDS
from tests.conftest import SETTINGS

FIRST = "nl"
DRAFTS = tuple(sorted(folder.name for folder in (Path(__file__).parent / "calls").glob("[a-z][a-z]")))
EVERY = (FIRST, *DRAFTS)
"""Every language that has approved calls, the first first: one that somebody begins needs none, and is not offered."""


def offered(folder: Path, *codes: str) -> Settings:
    """A copy of our card in a folder that is offered in these languages; without any it names none."""
    shutil.copytree(CARDS["ours"], folder, dirs_exist_ok=True)
    card = folder / "card.yaml"
    told = f"languages: [{', '.join(codes)}]\n" if codes else ""
    card.write_text(re.sub(r"^languages: .*\n", told, card.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8")
    return replace(SETTINGS, prompts=folder)
