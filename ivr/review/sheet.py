# SPDX-License-Identifier: EUPL-1.2
"""A sheet of paper on which two people sign for a card: what changes, and every number with where it came from."""

from datetime import date

from ivr.messages.catalogue import Catalogue
from ivr.page.render import environment
from ivr.review.compared import Compared
from ivr.review.diff import MARK
from ivr.review.places import capital, otherwise, usually


def page(found: Compared, language: str, today: date) -> str:
    """The sheet as a page of its own, without anything from elsewhere, to print on A4."""
    say, line = Catalogue(language).say, found.line
    rows = []
    for number in line.card.numbers.values():
        name = capital(line.sentences.word(f"numbers.{number.id}.name"))
        rows.append((name, number, [usually(line, say, number, today), *otherwise(say, number, today)]))
    template = environment("ivr.review").get_template("diff.html")
    return template.render(found=found, line=line, language=language, say=say, today=today, mark=MARK, rows=rows)
