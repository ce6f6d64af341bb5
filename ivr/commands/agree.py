# SPDX-License-Identifier: EUPL-1.2
"""A question before something that matters."""

import click

from ivr.messages.catalogue import YES, say


def agree(language: str, question: str) -> None:
    """Ask; raise click.Abort unless the answer is yes."""
    asked = say(language, "stopped-unless", question=question)
    answer: str = click.prompt(asked, default="", show_default=False, prompt_suffix=" ")
    if answer.strip().lower() not in YES:
        raise click.Abort
