# SPDX-License-Identifier: EUPL-1.2
"""What people review of a line: every area with its keys, its facts and all that is said there, numbered."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ivr.card import BACK, LANGUAGE_KEY
from ivr.dialogue import positions
from ivr.hours import Closed, Opening
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.position import Keys, Kind, Position
from ivr.proof.graph import steps, worlds
from ivr.proof.proofs import openings
from ivr.review.in_words import MANY, Say, otherwise, usually
from ivr.review.map import Arrow, Box, arrows_of, boxes, key_of
from ivr.script import Listen
from ivr.world import NOTICE, World

SaidAt = Callable[[Position, World], tuple[str, ...]]
"""What is said at a position of the line in one language, among all that it is offered in."""


class Passage(NamedTuple):
    """What is said in an area, in which situations, and the seconds that the line then waits for a key, if it does.

    The lines have numbers, by which people talk about them: the same line has the same one everywhere.
    """

    situations: str
    lines: tuple[tuple[int, str], ...]
    wait: str


class Section(NamedTuple):
    """An area on the page: keys with where they lead, facts of a number, and all that is said."""

    path: str
    box: Box
    keys: list[tuple[str, str]]
    facts: list[str]
    spoken: list[Passage]


def sections(line: Line, language: str, today: date, spoken: str | None = None, *, number: str = "") -> list[Section]:
    """Every area with all that is said there in a language of the line, numbered.

    Of a `number` that is what is said there, before it in the menus, and of it in the list.
    """
    say = Catalogue(language).say
    whole, first = line, line.card.languages[0]
    count = numbered(sections(line, language, today, spoken)) if number else {}
    line = line.only(spoken or first)
    language_of = "" if spoken in (None, first) else str(spoken)
    here = [number, *(menu.id for menu in line.card.menus.values() if number in menu.keys.values())]
    for id_ in here:  # grows while it is read, up to the start
        here += {line.card.home[id_]} - {*here} if number else ()

    def said(position: Position, world: World) -> tuple[str, ...]:
        if number and position.id not in here:
            return ()
        return whole.said(position._replace(language=language_of), world)

    areas = boxes(line)
    arrows = arrows_of(line, language)
    back = _back(line, arrows)
    told = []
    for path, box in areas.items():
        keys = [(one.label, areas[one.end].name) for one in arrows if one.start == path and one.by_key]
        if ends := [areas[end].name for end in back.get(path, ())]:
            message = (
                "map-back-plain" if len(ends) == 1 else "map-back-to" if len(ends) <= MANY else "map-back-anywhere"
            )
            keys.append((BACK, say(message, places="; ".join(ends))))
        spoken_here = [
            Passage(when, tuple((count.setdefault(text, len(count) + 1), text) for text in lines), wait)
            for when, lines, wait in _spoken(line, say, path, said)
        ]
        if spoken_here:
            told.append(Section(path, box, [] if number else keys, list(_facts(line, say, box, today)), spoken_here))
    return told


def numbered(sections: list[Section]) -> dict[str, int]:
    """The number of each line in these sections."""
    return {text: number for section in sections for passage in section.spoken for number, text in passage.lines}


def _back(line: Line, arrows: list[Arrow]) -> dict[str, list[str]]:
    """Where `#` leads, by area, where that is not plainly the one menu above it.

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


def facts(line: Line, say: Say) -> list[str]:
    """What holds in every menu: its languages, who is connected after waiting, and until when a notice runs."""
    told, offered = [], line.card.languages
    if offered[1:]:
        told.append(say("map-languages", key=LANGUAGE_KEY, languages=", ".join(offered)))
    if offered[2:]:
        menu = line.said(Position(Kind.LANGUAGES, line.card.start.id), World())
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
        if number.form:
            yield say("map-form", address=number.form)


def _spoken(line: Line, say: Say, path: str, said_at: SaidAt) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What is said in an area; situations with the same words are shown together."""
    said: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for position in positions(line.card):
        if key_of(position) == path:
            of = line.sentences.word(f"numbers.{position.id}.name") if position.kind is Kind.LIST else ""
            turn = ", ".join(filter(None, (of, say(f"map-turn-{position.turn or 'first'}"))))
            for when, world, lines in _situations(line, say, position, said_at):
                then = line.script(position, world).then
                wait = str(then.seconds) if isinstance(then, Listen) else ""
                if lines:
                    said.setdefault((lines, wait, when), []).append(turn)
    for (lines, wait, when), turns in said.items():
        yield ", ".join(filter(None, ("; ".join(turns), when))), lines, wait


def _situations(
    line: Line, say: Say, position: Position, said_at: SaidAt
) -> Iterator[tuple[str, World, tuple[str, ...]]]:
    """What is said as usual, when a number is closed, or has a week that is not usual, and while the notice runs.

    As usual, and where the number itself is closed, all is shown; otherwise what is added, or all if a closing adds
    none.
    """
    usual, *others = worlds(line.card, position, openings)
    sorts: dict[tuple[str, str], World] = {}
    for world in others:
        changed = next(id_ for id_, state in world.states.items() if state != usual.states.get(id_))
        if sort := _sort(changed, world.states[changed]):
            sorts.setdefault((changed, sort), world)
    known = said_at(position, usual)
    told = {*known}
    yield say("map-open") if (position.id, "closed") in sorts else "", usual, known
    for (id_, sort), world in sorts.items():
        lines = said_at(position, world)
        only = tuple(text for text in lines if text not in told)
        own = id_ in (position.id, NOTICE)
        when = say(f"map-{sort}") if own else say("map-other-closed", name=line.sentences.word(f"numbers.{id_}.name"))
        if sort == "closed" and (own or not only):
            yield when, world, lines
        elif only:
            yield say("map-only", when=when), world, only
        told |= {*lines} if own else set()


def _sort(id_: str, state: Opening) -> str:
    """How a state differs from the usual one, in a word; nothing where nobody hears it."""
    if id_ == NOTICE:
        return "noticed"
    if isinstance(state, Closed):
        return "closed" if state.at else "unknown"
    return "" if state.usual else "unusual"
