# SPDX-License-Identifier: EUPL-1.2
"""From a folder to a card and its sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ivr import card as cards
from ivr import language as languages
from ivr import texts
from ivr.source import CardError, Problems

if TYPE_CHECKING:
    from pathlib import Path

    from ivr.card import Card
    from ivr.sentences import Sentences


def load(folder: Path, code: str, today: date = date.max) -> tuple[Card, Sentences]:
    """Read a card and its sentences; raises CardError with every mistake, a date after `today` among them."""
    problems = Problems()
    card = cards.load(folder, problems, today)
    sentences = texts.load(folder / code, card, languages.load(code), problems)
    if card is None or problems:
        raise CardError(problems)
    return card, sentences
