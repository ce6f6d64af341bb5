# SPDX-License-Identifier: EUPL-1.2
"""A sheet of paper on which two people sign for a card: what changes, and every number with where it came from."""

from datetime import date
from difflib import SequenceMatcher

from markupsafe import Markup

from ivr.messages.catalogue import Catalogue
from ivr.page.render import environment
from ivr.review.compared import Compared
from ivr.review.in_words import capital, otherwise, usually
from ivr.review.wording import Wording

PLAIN, MARKED = Markup("{}"), Markup("<mark>{}</mark>")
"""Words that both texts have, and words that only one has."""


def page(comparison: Compared, language: str, today: date) -> str:
    """The sheet as a page of its own, without anything from elsewhere, to print on A4."""
    say, line = Catalogue(language).say, comparison.line
    unchecked = {worded.change.areas[0].id for worded in comparison.changes if worded.change.kind == "unchecked"}
    rows = []
    for number in line.card.numbers.values():
        name = capital(line.sentences.word(f"numbers.{number.id}.name"))
        hours = [usually(line, say, number, today), *otherwise(say, number, today)]
        rows.append((name, number, hours, number.id in unchecked))
    template = environment("ivr.review").get_template("diff.html")
    changes = [_shown(worded, language) for worded in comparison.changes]
    return template.render(comparison=comparison, changes=changes, language=language, say=say, today=today, rows=rows)


def _shown(worded: Wording, language: str) -> Markup | str:
    """What is worded of a change; in a sentence the words that differ are marked."""
    old, new = worded.change.before, worded.change.after
    if worded.change.kind not in ("sentence", "page", "unsaid") or not (old and new):
        return worded.text
    before, after = marked(str(worded.values["before"]), str(worded.values["after"]))
    message = Markup(Catalogue(language).texts[worded.message])  # noqa: S704 - our own
    return message.format(**{**worded.values, "before": before, "after": after})


def marked(before: str, after: str) -> tuple[Markup, Markup]:
    """Two texts, in which the words that differ are marked."""
    old, new = before.split(), after.split()
    texts: tuple[list[Markup], list[Markup]] = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for text, words in zip(texts, (old[a:b], new[c:d]), strict=True):
            if words:
                text.append((PLAIN if kind == "equal" else MARKED).format(" ".join(words)))
    return Markup(" ").join(texts[0]), Markup(" ").join(texts[1])
