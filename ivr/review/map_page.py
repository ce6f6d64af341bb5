# SPDX-License-Identifier: EUPL-1.2
"""The map as a page to print and review: the picture, and every place with its keys, its facts and all it says."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ivr.card import BACK, LANGUAGE_KEY
from ivr.dialogue import positions
from ivr.hours import Closed
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.position import Keys, Kind, Position
from ivr.proof.graph import steps, worlds
from ivr.review.map import Arrow, Box, arrows_of, boxes, key_of, picture
from ivr.review.pages import template
from ivr.review.places import MANY, Say, otherwise, usually
from ivr.script import Listen
from ivr.world import NOTICE, World

Said = Callable[[Position, World], tuple[str, ...]]
"""What is said at a position of the line in one language, among all that it is offered in."""


class Heard(NamedTuple):
    """What is said at a place, in which situations, and the seconds that the line then waits for a key, if it does."""

    situations: str
    lines: tuple[str, ...]
    wait: str


class Told(NamedTuple):
    """A place on the page: keys with where they lead, facts of a number, and all that is said."""

    path: str
    box: Box
    keys: list[tuple[str, str]]
    facts: list[str]
    spoken: list[Heard]


def page(line: Line, language: str, today: date, spoken: str | None = None) -> str:
    """A page of its own, without anything from elsewhere. Days with other hours are those of the year from `today` on.

    What is said is told in the language `spoken` of the line, or in its first.
    Raises NotInstalledError without graphviz.
    """
    say = Catalogue(language).say
    whole, first = line, line.card.languages[0]
    line = line.only(spoken or first)
    language_of = "" if spoken in (None, first) else str(spoken)

    def said(position: Position, world: World) -> tuple[str, ...]:
        return whole.said(position._replace(language=language_of), world)

    places = boxes(line)
    arrows = arrows_of(line, language)
    back = _back(line, arrows)
    told = []
    for path, box in places.items():
        keys = [(one.label, places[one.end].name) for one in arrows if one.start == path and one.by_key]
        if ends := [places[end].name for end in back.get(path, ())]:
            message = (
                "map-back-plain" if len(ends) == 1 else "map-back-to" if len(ends) <= MANY else "map-back-anywhere"
            )
            keys.append((BACK, say(message, places="; ".join(ends))))
        told.append(Told(path, box, keys, list(_facts(line, say, box, today)), list(_spoken(line, say, path, said))))
    return template("map.html").render(
        line=line,
        language=language,
        say=say,
        picture=picture(line, language),
        places=told,
        facts=_card(line, whole, say),
    )


def _back(line: Line, arrows: list[Arrow]) -> dict[str, list[str]]:
    """Where `#` leads, by place, where that is not plainly the one menu above it.

    A number in two menus has two ways back; a chapter under a chapter goes back past that one.
    """
    found: dict[str, list[str]] = {}
    for one in steps(line.card):
        if one.event == Keys(BACK) and one.end:
            ends = found.setdefault(key_of(one.position), [])
            ends += [key_of(one.end)] * (key_of(one.end) not in ends)
    above = {path: {one.start for one in arrows if one.end == path and one.by_key} for path in found}
    return {
        path: ends
        for path, ends in found.items()
        if (path.startswith(Kind.NUMBER) and len(ends) > 1)
        or (path.startswith(Kind.CHAPTER) and above[path] != {*ends})
    }


def _card(line: Line, whole: Line, say: Say) -> list[str]:
    """What holds in every menu: its languages, who is connected after waiting, and until when a notice runs."""
    told, offered = [], whole.card.languages
    if offered[1:]:
        told.append(say("map-languages", key=LANGUAGE_KEY, languages=", ".join(offered), spoken=line.card.languages[0]))
    if offered[2:]:
        menu = whole.said(Position(Kind.LANGUAGES, whole.card.start.id), World())
        told.append(say("map-menu-of-languages", key=LANGUAGE_KEY, said=" ".join(menu)))
    if line.card.wait:
        told.append(say("map-connects-who-waits", name=line.sentences.word(f"numbers.{line.card.wait}.name")))
    if notice := line.card.notice:
        begins, ends = (at.astimezone(line.card.timezone) for at in (notice.begins, notice.ends))
        told.append(say("map-notice", begins=f"{begins:%Y-%m-%d %H:%M}", ends=f"{ends:%Y-%m-%d %H:%M}"))
    return told


def _facts(line: Line, say: Say, box: Box, today: date) -> Iterator[str]:
    """What the card says of a number: its hours, where it came from, and when somebody looked."""
    number = line.card.numbers.get(box.id)
    if number and box.kind is Kind.NUMBER:
        if number.hours:
            yield say("map-hours", hours="; ".join([usually(line, say, number, today), *otherwise(say, number, today)]))
        yield say("map-source", source=number.source, checked=number.checked.isoformat())


def _spoken(line: Line, say: Say, path: str, said_at: Said) -> Iterator[Heard]:
    """What is said at a place; situations with the same words are told together."""
    said: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for position in positions(line.card):
        if key_of(position) == path:
            of = line.sentences.word(f"numbers.{position.id}.name") if position.kind is Kind.LIST else ""
            turn = ", ".join(filter(None, (of, say(f"map-turn-{position.turn or 'first'}"))))
            for when, world, lines in _situations(line, say, position, said_at):
                then = line.script(position, world).then
                wait = str(then.seconds) if isinstance(then, Listen) else ""
                said.setdefault((lines, wait, when), []).append(turn)
    for (lines, wait, when), turns in said.items():
        yield Heard(", ".join(filter(None, ("; ".join(turns), when))), lines, wait)


def _situations(
    line: Line, say: Say, position: Position, said_at: Said
) -> Iterator[tuple[str, World, tuple[str, ...]]]:
    """What is said as usual, when a number is closed, and while the notice runs.

    Where something else than the number itself is closed, or the notice runs, only what is said besides is told.
    """
    usual, *others = worlds(line.card, position)
    sorts: dict[str, World] = {}
    for world in others:
        changed = next(id_ for id_, state in world.states.items() if state != usual.states.get(id_))
        if changed == NOTICE or isinstance(world.states[changed], Closed):
            sorts.setdefault(changed, world)
    known = said_at(position, usual)
    yield say("map-open") if position.id in sorts else "", usual, known
    for id_, world in sorts.items():
        lines = said_at(position, world)
        if id_ == position.id:
            yield say("map-closed"), world, lines
            continue
        if id_ == NOTICE:
            when = say("map-noticed")
        else:
            when = say("map-other-closed", name=line.sentences.word(f"numbers.{id_}.name"))
        only = tuple(text for text in lines if text not in known)
        yield (say("map-only", when=when), world, only) if only else (when, world, lines)
