# SPDX-License-Identifier: EUPL-1.2
"""What only has another name in the files of a newer card: no caller hears a name, so it counts as one change."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.line import Line
from ivr.sentences import Sentences

Names = Mapping[str, str]
"""What a number, a menu or a chapter is named now, by what it was named."""


def renamed(before: Line, after: Line) -> Names:
    """What looks renamed: the same number with the same name for callers, a menu or a chapter that begins the same."""
    old, new = _known_by(before), _known_by(after)
    gone = {id_: old[id_] for id_ in old if id_ not in new}
    come = {id_: new[id_] for id_ in new if id_ not in old}
    names: dict[str, str] = {}
    for id_, known in gone.items():
        alike = (other for other in come if other not in names.values() and known & come[other])
        if found := next(alike, None):
            names[id_] = found
    return names


def with_names(line: Line, names: Names) -> Line:
    """The same line, with other names in its files."""

    def named(id_: str) -> str:
        return names.get(id_, id_)

    def sentence(id_: str) -> str:
        parts = id_.split(".")
        if parts[0] != "line":  # a sentence of the whole line has no names
            parts[1::2] = map(named, parts[1::2])
        return ".".join(parts)

    card = replace(
        line.card,
        numbers={
            named(id_): replace(number, id=named(id_), instead=tuple(map(named, number.instead)))
            for id_, number in line.card.numbers.items()
        },
        menus={
            named(id_): replace(menu, id=named(id_), keys={key: named(to) for key, to in menu.keys.items()})
            for id_, menu in line.card.menus.items()
        },
        home={named(id_): named(menu) for id_, menu in line.card.home.items()},
        wait=line.card.wait and named(line.card.wait),
    )
    spoken = {}
    for code in line.card.languages:
        said = line.spoken(code)
        lines = {sentence(id_): text for id_, text in said.sentences.lines.items()}
        spoken[code] = said._replace(sentences=Sentences(lines, said.sentences.language))
    return Line(card, spoken, line.caller_id)


def _known_by(line: Line) -> dict[str, set[object]]:
    """What tells each number, menu and chapter of a line from the others."""
    lines = line.sentences.lines
    known: dict[str, set[object]] = {
        id_: {(number.digits, lines[f"numbers.{id_}.name"])} for id_, number in line.card.numbers.items()
    }
    for id_, menu in line.card.menus.items():
        known[id_] = {lines[f"{'chapters' if menu.chapter else 'menus'}.{id_}.about"]}
    return known
