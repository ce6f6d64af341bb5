# SPDX-License-Identifier: EUPL-1.2
"""A sheet of paper on which two people sign for a card: what changes, and every number with where it came from."""

from collections.abc import Sequence
from datetime import date

from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.review.pages import template
from ivr.review.places import capital, otherwise, usually


def page(line: Line, language: str, today: date, heading: str, changes: Sequence[str]) -> str:
    """The sheet as a page of its own, without anything from elsewhere, to print on A4.

    `heading` says what the card is compared with, `changes` what changes.
    """
    say = Catalogue(language).say
    rows = []
    for number in line.card.numbers.values():
        name = capital(line.sentences.word(f"numbers.{number.id}.name"))
        rows.append((name, number, [usually(line, say, number, today), *otherwise(say, number, today)]))
    return template("diff.html").render(
        line=line, language=language, say=say, today=today, heading=heading, changes=changes, rows=rows
    )
