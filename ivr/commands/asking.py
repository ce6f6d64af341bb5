# SPDX-License-Identifier: EUPL-1.2
"""What several commands ask: whether to go on, and whether the card has the language that is meant."""

import click

from ivr.card import Card
from ivr.messages.catalogue import YES, say
from ivr.settings import Settings


def agree(language: str, question: str) -> None:
    """Ask; raise click.Abort unless the answer is yes."""
    asked = say(language, "stopped-unless", question=question)
    answer: str = click.prompt(asked, default="", show_default=False, prompt_suffix=" ")
    if answer.strip().lower() not in YES:
        raise click.Abort


def must_speak(chosen: Settings, card: Card, language: str | None) -> None:
    """Refuse a --language that the card does not offer; without one there is nothing to refuse."""
    if language and language not in card.languages:
        raise click.UsageError(chosen.say("target-unknown-all", text=language, known=", ".join(card.languages)))
