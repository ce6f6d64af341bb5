# SPDX-License-Identifier: EUPL-1.2
"""The card that is there now beside the one of before."""

from dataclasses import replace
from datetime import datetime

from ivr.editor.load import make_line
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.proof import checks
from ivr.review import before as past
from ivr.review.diff import differences
from ivr.settings import Settings


def compared(chosen: Settings, before: str | None, *, whole: bool = False) -> tuple[Line, str, list[str]]:
    """The line as it is now, a heading, and what changes for callers; raises CardError where the card has mistakes."""
    chosen = replace(chosen, caller_id=chosen.caller_id or checks.ANY_CALLER_ID)
    say = Catalogue(chosen.editor_language).say
    line = make_line(chosen)
    try:
        old = make_line(chosen, past.card_before(before or past.COMMITTED, chosen.prompts, chosen.code))
    except past.BeforeError as error:
        return line, error.text(chosen.editor_language), []
    told = differences(old, line, chosen.editor_language, datetime.now(line.card.timezone).date(), whole=whole)
    named = before or say("diff-committed", revision=past.COMMITTED)
    return line, say("diff-heading" if told else "diff-same", before=named), told
