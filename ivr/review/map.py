# SPDX-License-Identifier: EUPL-1.2
"""The whole line as a picture: areas and the ways between them."""

import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import graphviz

from ivr.card import ALL, BACK, REPEAT
from ivr.dialogue import offers, positions
from ivr.line import Line
from ivr.messages.catalogue import say
from ivr.page.render import environment
from ivr.position import Dialled, Keys, Kind, Position
from ivr.proof.graph import steps
from ivr.review.in_words import capital, name

COLOURS = {
    Kind.MENU: "#dbeafe",
    Kind.CHAPTER: "#ede9fe",
    Kind.LANGUAGES: "#cffafe",
    Kind.NUMBER: "#dcfce7",
    Kind.CONNECT: "#fef9c3",
    Kind.LIST: "#f1f5f9",
    Kind.GOODBYE: "#f1f5f9",
}
DANGER = "#fecaca"

CHAPTERS = "chapters"
"""All chapters together, where the same way leads out of each."""

MANY = 20
"""More boxes than this are drawn from left to right: the numbers below each other, so that a sheet is filled."""


class Box(NamedTuple):
    """An area as it is drawn: its id on the card, if it has one, its name, and the number that is read there."""

    kind: Kind
    id: str
    name: str
    number: str
    colour: str

    @property
    def label(self) -> str:
        """What stands in the box above the number: of a menu also its id, under which it stands in the files."""
        return f"{self.id}: {self.name}" if self.kind is Kind.MENU else self.name


class Arrow(NamedTuple):
    """Ways from one area to another: keys, or what happens without one."""

    start: str
    end: str
    label: str
    by_key: bool


def picture(line: Line, language: str) -> str:
    """The picture as SVG; nothing where graphviz is not on this machine."""
    areas = boxes(line)
    drawing = environment("ivr.review").get_template("map.dot")
    dot = drawing.render(
        areas=areas,
        labels={key: [*textwrap.wrap(box.label, 18), *filter(None, [box.number])] for key, box in areas.items()},
        inner=[key for key, box in areas.items() if box.kind is Kind.CHAPTER],
        arrows=drawn(line, language),
        chapters=CHAPTERS,
        box_id=box_id,
        wide=len(areas) > MANY,
    )
    try:
        svg = graphviz.Source(dot).pipe(format="svg", encoding="utf-8")
    except graphviz.ExecutableNotFound:
        return ""
    return re.sub(r"<title>[^<]*</title>", "", svg[svg.index("<svg") :])


def boxes(line: Line) -> dict[str, Box]:
    """Every area as it is drawn, by its path; its turns stand on the page. The list is one area."""
    areas: dict[str, Box] = {}
    for position in positions(line.card):
        key = key_of(position)
        if key not in areas:
            number = line.card.numbers.get(position.id)
            shown = number.number if number and position.kind is Kind.NUMBER else ""
            colour = DANGER if number and number.emergency and shown else COLOURS[position.kind]
            id_ = "" if position.kind in (Kind.LIST, Kind.GOODBYE) else position.id
            areas[key] = Box(position.kind, id_, capital(name(line, position)), shown, colour)
    return areas


def key_of(position: Position) -> str:
    """The path of the area that a position is at."""
    return Kind.LIST if position.kind is Kind.LIST else f"{position.kind}/{position.id}"


def box_id(key: str) -> str:
    """The name of a box in a drawing, where a slash may not stand."""
    return re.sub(r"\W", "_", key)


def arrows_of(line: Line, language: str) -> list[Arrow]:
    """Ways between areas, those between the same two together; staying in an area is not drawn."""
    ways: dict[tuple[str, str, bool], list[str]] = {}
    for step in steps(line.card):
        if step.end is None or step.position.kind is Kind.GOODBYE:
            continue
        match step.event:
            case Keys(digits, stale) if stale or digits not in offers(line.card, step.position):
                continue
            case Keys(digits) if digits in (REPEAT, BACK, ALL):
                continue  # every area has these: a legend tells them
            case Keys(key) if step.position.kind is Kind.CHAPTER and key not in line.card.menus[step.position.id].keys:
                continue  # of the menu above it, and drawn there
            case Keys(key) if step.position.id in line.card.numbers and key != line.card.connect_key:
                continue  # of the menu that the caller came from, or for danger at a goodbye
            case Keys(digits):
                label = digits
            case Dialled():
                label = say(language, "map-after")
            case _:
                label = say(language, "map-silence")
        start, end = key_of(step.position), key_of(step.end)
        labels = ways.setdefault((start, end, isinstance(step.event, Keys)), [])
        if start != end and label not in labels:
            labels.append(label)
    arrows = [Arrow(start, end, ", ".join(labels), by_key) for (start, end, by_key), labels in ways.items() if labels]
    return sorted(arrows, key=lambda arrow: arrow.label)


def drawn(line: Line, language: str) -> Iterator[Arrow]:
    """The ways as they are drawn: one that leads out of every chapter is drawn once."""
    arrows = arrows_of(line, language)
    chapters = [key for key, box in boxes(line).items() if box.kind is Kind.CHAPTER]
    for arrow in arrows:
        alike = [arrow._replace(start=chapter) for chapter in chapters]
        if arrow not in alike or {*alike} - {*arrows}:
            yield arrow
        elif arrow == alike[0]:
            yield arrow._replace(start=CHAPTERS)
