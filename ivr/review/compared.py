# SPDX-License-Identifier: EUPL-1.2
"""The card that is there now beside the one of before."""

from datetime import datetime
from typing import NamedTuple

from ivr.editor.load import fingerprint, make_line
from ivr.line import Line
from ivr.review import before as past
from ivr.review.diff import difference
from ivr.review.told import Told, told
from ivr.settings import Settings


class Compared(NamedTuple):
    """The line as it is now, a heading, and what changes; `prints` shows the fingerprints of both cards."""

    line: Line
    heading: str
    changes: list[Told]
    prints: str

    @property
    def unchecked(self) -> set[str]:
        """The ids of what has another number, and that nobody has looked up since."""
        return {told.change.areas[0].id for told in self.changes if told.change.kind == "unchecked"}


def compared(chosen: Settings, before: str | None, *, whole: bool = False) -> Compared:
    """Hold the card as it is now against one of before; raises CardError where it has mistakes."""
    chosen = chosen.connecting()
    line, new_print = make_line(chosen), fingerprint(chosen.prompts)
    try:
        read, old_print = past.card_before(before or past.COMMITTED, chosen.prompts, chosen.code)
    except past.BeforeError as error:
        return Compared(line, error.text(chosen.editor_language), [], chosen.say("diff-print", after=new_print))
    old = make_line(chosen, read)
    today = datetime.now(line.card.timezone).date()
    changes = told(difference(old, line, today), chosen.editor_language, today, whole=whole)
    named = before or chosen.say("diff-committed", revision=past.COMMITTED)
    heading = chosen.say("diff-heading" if changes else "diff-same", before=named)
    prints = chosen.say("diff-prints", after=new_print, before=old_print)
    return Compared(line, heading, changes, prints)
