# SPDX-License-Identifier: EUPL-1.2
"""What people review of a line: every area with its keys, its facts and all that is said there, numbered."""

from collections.abc import Iterator
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
from ivr.review.in_words import Say, otherwise, usually
from ivr.review.map import Box, arrows_of, boxes, key_of
from ivr.script import Listen
from ivr.world import NOTICE, World


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
    first = line.card.languages[0]
    spoken = spoken or first
    alone = line.only(spoken)
    areas, arrows = boxes(alone), arrows_of(alone, language)
    back: dict[str, set[str]] = {}
    for step in steps(alone.card):
        if step.event == Keys(BACK) and step.end:
            back.setdefault(key_of(step.position), set()).add(areas[key_of(step.end)].name)
    before = [number, *(menu.id for menu in line.card.menus.values() if number in menu.keys.values())]
    for id_ in before:  # grows while it is read, up to the start
        before += {line.card.home[id_]} - {*before} if number else ()
    heard: dict[str, list[Position]] = {}
    for position in positions(line.card):
        if (position.language or first) == spoken and (position.id in before or not number):
            heard.setdefault(key_of(position), []).append(position)
    count = numbered(sections(line, language, today, spoken)) if number else {}
    drawn = []
    for path, box in areas.items():
        keys = [(arrow.label, areas[arrow.end].name) for arrow in arrows if arrow.start == path and arrow.by_key]
        if menus := back.get(path):
            keys.append((BACK, menus.pop() if len(menus) == 1 else say("map-back-anywhere")))
        if passages := list(_passages(line, say, heard.get(path, []), count)):
            drawn.append(Section(path, box, [] if number else keys, list(_facts(alone, say, box, today)), passages))
    return drawn


def numbered(sections: list[Section]) -> dict[str, int]:
    """The number of each line in these sections."""
    return {text: number for section in sections for passage in section.spoken for number, text in passage.lines}


def facts(line: Line, say: Say) -> list[str]:
    """What holds in every menu: its languages, who is connected after waiting, and until when a notice runs."""
    lines, offered = [], line.card.languages
    if offered[1:]:
        lines.append(say("map-languages", key=LANGUAGE_KEY, languages=", ".join(offered)))
    if offered[2:]:
        menu = line.said(Position(Kind.LANGUAGES, line.card.start.id), World())
        lines.append(say("map-menu-of-languages", key=LANGUAGE_KEY, said=" ".join(menu)))
    if line.card.wait:
        lines.append(say("map-connects-who-waits", name=line.sentences.word(f"numbers.{line.card.wait}.name")))
    if notice := line.card.notice:
        lines.append(say("map-notice", begins=f"{notice.begins:%Y-%m-%d %H:%M}", ends=f"{notice.ends:%Y-%m-%d %H:%M}"))
    return lines


def _facts(line: Line, say: Say, box: Box, today: date) -> Iterator[str]:
    """What the card says of a number: its hours, where it came from, and when somebody looked."""
    number = line.card.numbers.get(box.id)
    if number and box.kind is Kind.NUMBER:
        if number.hours:
            yield say("map-hours", hours="; ".join([usually(line, say, number, today), *otherwise(say, number, today)]))
        yield say("map-source", source=number.source, checked=number.checked.isoformat())
        if number.form:
            yield say("map-form", address=number.form)


def _passages(line: Line, say: Say, heard: list[Position], count: dict[str, int]) -> Iterator[Passage]:
    """What is said at the positions of an area; situations with the same words are shown together."""
    said: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for position in heard:
        of = _name(line, position, position.id) if position.kind is Kind.LIST else ""
        turn = ", ".join(filter(None, (of, say(f"map-turn-{position.turn or 'first'}"))))
        for when, world, lines in _situations(line, say, position):
            then = line.script(position, world).then
            wait = str(then.seconds) if isinstance(then, Listen) else ""
            said.setdefault((lines, wait, when), []).append(turn)
    for (lines, wait, when), turns in said.items():
        situations = ", ".join(filter(None, ("; ".join(turns), when)))
        yield Passage(situations, tuple((count.setdefault(text, len(count) + 1), text) for text in lines), wait)


def _name(line: Line, position: Position, number: str) -> str:
    """A number as it is called in the language of a position."""
    return line.spoken(position.language).sentences.word(f"numbers.{number}.name")


def _situations(line: Line, say: Say, position: Position) -> Iterator[tuple[str, World, tuple[str, ...]]]:
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
    known = line.said(position, usual)
    shown = {*known}
    yield say("map-open") if (position.id, "closed") in sorts else "", usual, known
    for (id_, sort), world in sorts.items():
        lines = line.said(position, world)
        only = tuple(text for text in lines if text not in shown)
        own = id_ in (position.id, NOTICE)
        when = say(f"map-{sort}") if own else say("map-other-closed", name=_name(line, position, id_))
        if sort == "closed" and (own or not only):
            yield when, world, lines
        elif only:
            yield say("map-only", when=when), world, only
        shown |= {*lines} if own else set()


def _sort(id_: str, state: Opening) -> str:
    """How a state differs from the usual one, in a word; nothing where nobody hears it."""
    if id_ == NOTICE:
        return "noticed"
    if isinstance(state, Closed):
        return "closed" if state.at else "unknown"
    return "" if state.usual else "unusual"
