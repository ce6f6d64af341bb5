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
DRAFTS = tuple(sorted(folder.parent.name for folder in CARDS["ours"].glob("*/line.yaml")))
EVERY = (FIRST, *(code for code in DRAFTS if code != FIRST))
"""Every language that our card has sentences in, the first first."""


def offered(folder: Path, *codes: str) -> Settings:
    """A copy of our card in a folder that is offered in these languages; without any it names none."""
    shutil.copytree(CARDS["ours"], folder, dirs_exist_ok=True)
    card = folder / "card.yaml"
    told = f"languages: [{', '.join(codes)}]\n" if codes else ""
    card.write_text(re.sub(r"^languages: .*\n", told, card.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8")
    return replace(SETTINGS, prompts=folder)
