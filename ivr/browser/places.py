# SPDX-License-Identifier: EUPL-1.2
"""Where a call can begin, in words, and where what has changed is heard."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from ivr.address import path
from ivr.browser.conversation import keys_to
from ivr.dialogue import positions
from ivr.line import Line
from ivr.position import Kind, Position
from ivr.review.diff import Change
from ivr.review.map import NotInstalledError, boxes, key_of, picture
from ivr.review.places import Area, Say, capital, name
from ivr.sentences import Either
from ivr.world import World


class SamePlace(NamedTuple):
    """A place by its name and language, with each position there: its path, and which turn of the call it is."""

    name: str
    language: str
    positions: list[tuple[str, str]]


class Found(NamedTuple):
    """Where a change is heard: when a call is made, where it begins, and the words up to which it skips."""

    at: str
    position: str
    until: str


def groups(line: Line, say: Say) -> Iterator[SamePlace]:
    """Every position of a line, together with those at the same place."""
    found: dict[tuple[str, Area], SamePlace] = {}
    for position in positions(line.card):
        place, of = Area.of(position), position.language
        in_language = line.only(of) if of else line
        here = Position(*place) if place.kind is Kind.NUMBER else position._replace(language="")
        named = capital(name(in_language, here))
        group = found.setdefault((of, place), SamePlace(named, of or line.card.languages[0], []))
        turn = say("phone-connecting") if position.kind is Kind.CONNECT else say(f"map-turn-{position.turn or 'first'}")
        number = f"{line.sentences.word(f'numbers.{position.id}.name')}: " if position.kind is Kind.LIST else ""
        group.positions.append((path(position), capital(number + turn)))
    yield from found.values()


def drawn(line: Line, language: str) -> dict[str, object]:
    """The map of a line as SVG, empty without graphviz, and its boxes: name and where a call to each begins, by key."""
    first: dict[str, str] = {}
    for position in positions(line.card):  # those in the first language come first
        first.setdefault(key_of(position), path(position))
    told = {key: {"name": box.name, "position": first[key]} for key, box in boxes(line).items()}
    try:
        return {"svg": picture(line, language), "boxes": told}
    except NotInstalledError:
        return {"svg": "", "boxes": told}


UNHEARD = ("source", "checked", "unchecked")
"""Kinds of changes at a number that no caller hears."""


def begin(line: Line, change: Change, moments: Mapping[str, datetime]) -> Found | None:
    """Where a call hears a change first, at the first of these moments; None where no call does."""
    language = change.language if change.language in line.card.languages[1:] else ""
    about = change.about[0] if change.about else ""
    known = () if change.kind in UNHEARD else positions(line.card)
    here = [one for one in known if one.language == language and Area.of(one) in change.areas]
    for at, moment in moments.items():
        world = line.world(moment)
        for position in here:
            said = _said(line, position, world, change) if "." in about else ""
            if said is not None and keys_to(line, path(position), moment) is not None:
                return Found(at, path(position), said)
    return None


def _said(line: Line, position: Position, world: World, change: Change) -> str | None:
    """The words at a position with which a sentence begins that is another, or that has such a name; None without."""
    for sentence in line.script(position, world).sentences:
        names = [id_ for value in sentence.values.values() if isinstance(value, Either) for id_ in value.ids]
        if change.about[0] in (sentence.id, *names):
            words = line.spoken(position.language).sentences.say(sentence)
            return words[min(change.line, len(words) - 1)] if words else ""
    return None
