# SPDX-License-Identifier: EUPL-1.2
"""The whole line as a picture: Mermaid for the README, and a page with every spoken sentence, to print and review."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import graphviz
from jinja2 import Environment, PackageLoader, StrictUndefined

from ivr.card import ALL, BACK, REPEAT
from ivr.dialogue import Dialled, Keys, Kind, Position, offers, positions
from ivr.editor.messages import Catalogue
from ivr.hours import Closed, Open
from ivr.proof.graph import steps, worlds
from ivr.script import Listen
from ivr.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivr.line import Line

FIXED = REPEAT + BACK + ALL
"""Keys that every place has: a legend tells them, the picture leaves them out."""

COLOURS = {
    Kind.MENU: "#dbeafe",
    Kind.CHAPTER: "#ede9fe",
    Kind.NUMBER: "#dcfce7",
    Kind.CONNECT: "#fef9c3",
    Kind.LIST: "#f1f5f9",
    Kind.GOODBYE: "#f1f5f9",
}
DANGER = "#fecaca"

FONT = "Helvetica,Arial,sans-serif"


CHAPTERS = "chapters"
"""All chapters together, where the same way leads out of each."""


class NotInstalledError(Exception):
    """Raised when the program that draws is not on this machine."""


class Place(NamedTuple):
    """A place of the picture: its name, and the number that is read there."""

    kind: Kind
    id: str
    name: str
    number: str
    colour: str


class Arrow(NamedTuple):
    """Ways from one place to another: keys, or what happens without one."""

    start: str
    end: str
    label: str
    by_key: bool


class Spoken(NamedTuple):
    """What is said at a place in one situation."""

    situation: str
    lines: tuple[str, ...]
    wait: str


def mermaid(line: Line, language: str) -> str:
    """The picture for a README, drawn by whoever shows it."""
    rows = ["flowchart LR"]
    places = _places(line)
    for key, place in places.items():
        label = place.name.replace('"', "#quot;") + (f"<br>{place.number}" if place.number else "")
        rows.append(f'    {_id(key)}["{label}"]')
        rows.append(f"    style {_id(key)} fill:{place.colour},stroke:#334155,color:#0f172a")
    inner = [_id(key) for key, place in places.items() if place.kind is Kind.CHAPTER]
    if inner:
        rows.append(f'    subgraph {CHAPTERS}[" "]\n        ' + "\n        ".join(inner) + "\n    end")
    for arrow in _drawn(line, language):
        shaft = "-->" if arrow.by_key else "-.->"
        rows.append(f"    {_id(arrow.start)} {shaft}|{arrow.label}| {_id(arrow.end)}")
    return "\n".join(rows) + "\n"


def page(line: Line, language: str) -> str:
    """A page of its own, without anything from elsewhere: the picture, and every sentence of every place.

    Raises NotInstalledError without graphviz.
    """
    environment = Environment(
        loader=PackageLoader("ivr.proof"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    places = _places(line)
    return environment.get_template("map.html").render(
        line=line,
        language=language,
        say=Catalogue(language).say,
        picture=_picture(line, language),
        places=[(key, place, list(_spoken(line, key, language))) for key, place in places.items()],
        arrows=[arrow for arrow in _arrows(line, language) if arrow.by_key],
    )


def _picture(line: Line, language: str) -> str:
    """The picture as SVG."""
    dot = graphviz.Digraph(
        graph_attr={
            "compound": "true",
            "ordering": "out",
            "nodesep": "0.25",
            "ranksep": "0.7",
            "bgcolor": "transparent",
            "margin": "0",
        },
        node_attr={"shape": "box", "style": "rounded,filled", "fontname": FONT, "fontsize": "15", "color": "#334155"},
        edge_attr={"fontname": FONT, "fontsize": "14", "color": "#334155", "arrowsize": "0.8"},
    )
    chapters = graphviz.Digraph("cluster", graph_attr={"style": "rounded,dashed", "color": "#64748b", "margin": "14"})
    places = _places(line)
    for key, place in places.items():
        label = "\n".join([*textwrap.wrap(place.name, 18), *filter(None, [place.number])])
        inside = chapters if place.kind is Kind.CHAPTER else dot
        inside.node(_id(key), label, fillcolor=place.colour, margin="0.14,0.1")
    inner = [key for key, place in places.items() if place.kind is Kind.CHAPTER]
    for arrow in _drawn(line, language):
        style = {} if arrow.by_key else {"style": "dashed", "color": "#64748b", "fontcolor": "#475569"}
        start = arrow.start
        if start == CHAPTERS:  # drawn from the middle of the frame
            start = inner[len(inner) // 2]
            style |= {"ltail": "cluster"}
        if start in inner and arrow.end not in inner:  # the way on through the chapters shapes the picture
            style |= {"constraint": "false"}
        dot.edge(_id(start), _id(arrow.end), f" {arrow.label} ", **style)
    dot.subgraph(chapters)
    try:
        svg: str = dot.pipe(format="svg", encoding="utf-8")
    except graphviz.ExecutableNotFound:
        raise NotInstalledError("The drawing is made by graphviz. On Debian: apt-get install graphviz") from None
    return re.sub(r"<title>[^<]*</title>", "", svg[svg.index("<svg") :])


def _places(line: Line) -> dict[str, Place]:
    """Every place, by its path; the turns at a place are told on the page. The list is one place here."""
    places: dict[str, Place] = {}
    for position in positions(line.card):
        key = _key(position)
        if key not in places:
            number = line.card.numbers.get(position.id)
            shown = number.number if number and position.kind is Kind.NUMBER else ""
            colour = DANGER if number and number.emergency and shown else COLOURS[position.kind]
            places[key] = Place(position.kind, position.id, _name(line, position), shown, colour)
    return places


def _key(position: Position) -> str:
    return Kind.LIST if position.kind is Kind.LIST else f"{position.kind}/{position.id}"


def _id(key: str) -> str:
    return re.sub(r"\W", "_", key)


def _name(line: Line, position: Position) -> str:
    """What a place is called, in the line's own words: the name of a number, else its first sentence."""
    match position.kind:
        case Kind.NUMBER:
            name = line.sentences.word(f"numbers.{position.id}.name")
            return name[:1].upper() + name[1:]
        case Kind.MENU:
            first = line.sentences.word(f"menus.{position.id}.about")
        case _:
            first = line.said(position, World())[0]
    return re.split(r"[.…,]", first)[0].strip()


def _arrows(line: Line, language: str) -> list[Arrow]:
    """Ways between places, those between the same two together; staying at a place is not drawn."""
    ways: dict[tuple[str, str, bool], list[str]] = {}
    for one in steps(line.card):
        if one.end is None or one.position.pressed or one.position.kind is Kind.GOODBYE:
            continue
        match one.event:
            case Keys(digits, stale) if stale or digits in FIXED or digits not in offers(line.card, one.position):
                continue
            case Keys(key) if one.position.kind is Kind.CHAPTER and key not in line.card.menus[one.position.id].keys:
                continue  # of the menu above it, and drawn there
            case Keys(digits):
                label = digits
            case Dialled():
                label = Catalogue(language).say("map-after")
            case _:
                label = Catalogue(language).say("map-silence")
        start, end = _key(one.position), _key(one.end)
        labels = ways.setdefault((start, end, isinstance(one.event, Keys)), [])
        if start != end and label not in labels:
            labels.append(label)
    arrows = [Arrow(start, end, ", ".join(labels), by_key) for (start, end, by_key), labels in ways.items() if labels]
    return sorted(arrows, key=lambda arrow: arrow.label)


def _drawn(line: Line, language: str) -> Iterator[Arrow]:
    """The ways as they are drawn: one that leads out of every chapter is drawn once."""
    arrows = _arrows(line, language)
    chapters = {_key(place) for place in positions(line.card) if place.kind is Kind.CHAPTER}
    for arrow in arrows:
        alike = [other.start for other in arrows if other[1:] == arrow[1:] and other.start in chapters]
        if arrow.start in chapters and set(alike) == chapters:
            if arrow.start == alike[0]:
                yield arrow._replace(start=CHAPTERS)
        else:
            yield arrow


def _spoken(line: Line, key: str, language: str) -> Iterator[Spoken]:
    """What is said at a place, in each situation; situations with the same words are told together."""
    say = Catalogue(language).say
    said: list[tuple[str, tuple[str, ...], str]] = []
    for position in positions(line.card):
        if _key(position) == key:
            for world, when in _worlds(line, position):
                then = line.script(position, world).then
                turn = say(f"map-turn-{position.turn or 'first'}")
                name = line.sentences.word(f"numbers.{position.id}.name") if key == Kind.LIST else ""
                situation = ", ".join(filter(None, (name, turn, say(when) if when else "")))
                wait = str(then.seconds) if isinstance(then, Listen) else ""
                said.append((situation, line.said(position, world), wait))
    for (lines, wait), group in groupby(said, key=lambda one: one[1:]):
        yield Spoken("; ".join(situation for situation, _, _ in group), lines, wait)


def _worlds(line: Line, position: Position) -> list[tuple[World, str]]:
    """A world with the number open and one with it closed, where that makes a difference."""
    found = worlds(line.card, position)
    if len(found) == 1:
        return [(found[0], "")]
    number = line.card.numbers[position.id]
    examples = {type(world.opening(number)): world for world in reversed(found)}
    return [(examples[kind], name) for kind, name in ((Open, "map-open"), (Closed, "map-closed")) if kind in examples]
