# SPDX-License-Identifier: EUPL-1.2
"""Where a call can begin, in words, and where what has changed is heard."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from ivr.address import path
from ivr.card import KEYPAD
from ivr.dialogue import positions, start, step
from ivr.line import Line
from ivr.phone.handsets import OUTCOME_KEYS, SILENCE
from ivr.position import Dialled, Keys, Kind, Position, Silence
from ivr.position import Event as Step
from ivr.review.diff import Change
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


def keys_to(line: Line, name: str, at: datetime) -> str | None:
    """The shortest row of keys, as `ivr call --keys` takes them, that leads to the position with this path.

    None when no caller comes there at that moment.
    """
    card, world = line.card, line.world(at)
    found = {start(card): ""}
    waiting = [start(card)]
    for here in waiting:  # grows while it is read: breadth first
        if path(here) == name:
            return found[here]
        ways: dict[str, Step] = {key: Dialled(status) for key, status in OUTCOME_KEYS.items()}
        if here.kind is not Kind.CONNECT:
            ways = {**{key: Keys(key) for key in KEYPAD}, SILENCE: Silence()}
        for key, event in ways.items():
            following = step(card, here, event, world)
            if following not in found:
                found[following] = found[here] + key
                waiting.append(following)
    return None
