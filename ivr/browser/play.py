# SPDX-License-Identifier: EUPL-1.2
"""Where what has changed is heard."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from ivr.address import path
from ivr.browser.ways import EVENTS
from ivr.dialogue import start, step
from ivr.line import Line
from ivr.position import Dialled, Kind, Position
from ivr.review.in_words import Area
from ivr.review.rows import Change
from ivr.sentences import Either
from ivr.world import World


class Beginning(NamedTuple):
    """Where a change is heard: when a call is made, where it begins, and the words up to which it skips."""

    at: str
    position: str
    until: str


UNHEARD = ("source", "checked", "unchecked")
"""Kinds of changes at a number that no caller hears."""


def begin(line: Line, change: Change, moments: Mapping[str, datetime]) -> Beginning | None:
    """Where a call hears a change first, at the first of these moments; None where no call does."""
    language = change.language if change.language in line.card.languages[1:] else ""
    about = change.about[0] if change.about else ""
    for at, moment in moments.items() if change.kind not in UNHEARD else ():
        for position in _reached(line, moment):
            if position.language == language and Area.of(position) in change.areas:
                said = _said(line, position, line.world(moment), change) if "." in about else ""
                if said is not None:
                    return Beginning(at, path(position._replace(menu="", typed="")), said)
    return None


@lru_cache(16)
def _reached(line: Line, moment: datetime) -> list[Position]:
    """Where callers come at a moment, the start first."""
    world, reached = line.world(moment), {start(line.card): True}
    waiting = [*reached]
    for position in waiting:  # grows while it is read: breadth first
        for event in EVENTS.values():
            if isinstance(event, Dialled) == (position.kind is Kind.CONNECT):
                end = step(line.card, position, event, world)
                if end not in reached:
                    reached[end] = True
                    waiting.append(end)
    return waiting


def _said(line: Line, position: Position, world: World, change: Change) -> str | None:
    """The words at a position with which a sentence begins that is another, or that has such a name; None without."""
    for sentence in line.script(position, world).sentences:
        names = [id_ for value in sentence.values.values() if isinstance(value, Either) for id_ in value.ids]
        if change.about[0] in (sentence.id, *names):
            words = line.spoken(position.language).sentences.say(sentence)
            return words[min(change.line, len(words) - 1)] if words else ""
    return None
