# SPDX-License-Identifier: EUPL-1.2
"""Where a call can begin, in words, and where what has changed is heard."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from ivr.address import path
from ivr.browser.conversation import keys_to
from ivr.dialogue import positions
from ivr.line import Line
from ivr.position import Kind, Position
from ivr.review.heard import WalkedLine
from ivr.review.map import NotInstalledError, boxes, key_of, picture
from ivr.review.places import Area, Say, capital, name


class SamePlace(NamedTuple):
    """A place by its name and language, with each position there: its path, and which turn of the call it is."""

    name: str
    language: str
    positions: list[tuple[str, str]]


class Found(NamedTuple):
    """Where a sentence is heard: when a call is made, where it begins, and the words up to which it skips."""

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


def listening(line: Line, told: Iterable[str], moments: dict[str, datetime], say: Say) -> Iterator[Found | None]:
    """For each line of a difference where a call hears what it tells; None where it tells of no sentence."""
    walked = {code: WalkedLine(line.only(code)) for code in line.card.languages}
    for text in told:
        code = found[1] if (found := re.match(r"\[(..)\] ", text)) else line.card.languages[0]
        heard = walked[code]
        quotes = [
            (len(part), id_, number)
            for id_ in heard.heard
            if not id_.endswith(".name")
            for number, part in enumerate(heard.texts(id_, say))
            if part in text
        ]
        yield _hears(line, code, *max(quotes)[1:], moments) if quotes else None


def _hears(line: Line, code: str, id_: str, number: int, moments: dict[str, datetime]) -> Found | None:
    """Where a line of a sentence is heard first, at the first of these moments at which it is."""
    language = "" if code == line.card.languages[0] else code
    for at, moment in moments.items():
        world = line.world(moment)
        for position in (position for position in positions(line.card) if position.language == language):
            for sentence in line.script(position, world).sentences:
                if sentence.id == id_ and keys_to(line, path(position), moment) is not None:
                    words = line.spoken(code).sentences.say(sentence)
                    return Found(at, path(position), words[min(number, len(words) - 1)])
    return None  # pragma: no cover - what changed is heard somewhere, but an outcome's sentence may be on no way
