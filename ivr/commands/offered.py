# SPDX-License-Identifier: EUPL-1.2
"""What several commands ask of a --language."""

import click

from ivr.line import Line
from ivr.settings import Settings


def must_speak(chosen: Settings, line: Line, language: str | None) -> None:
    """Refuse a --language that the card of a line does not offer; without one there is nothing to refuse."""
    if language and language not in line.card.languages:
        raise click.UsageError(chosen.say("target-unknown-all", text=language, known=", ".join(line.card.languages)))
