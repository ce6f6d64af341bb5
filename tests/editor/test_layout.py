# SPDX-License-Identifier: EUPL-1.2

import re

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ivr.editor.layout import mistakes
from ivr.messages.problems import invisible

signs = st.sampled_from([*"ab1:#-{}[]\"'&*!|>%@`,?\\=~ \t“’é\u00a0\u2028", ": ", " #", "- ", "...", "08:30", "yes"])
lines = st.lists(signs, max_size=8).map("".join)
named = st.builds("{}{}: {}".format, st.sampled_from(["", "  "]), st.sampled_from(["a", "1", '"a b"', "a b "]), lines)


def told(line: str) -> list[str]:
    """The messages about a line."""
    return [message for _, _, message, _ in mistakes(line)]


def meant(line: str) -> object:
    """What somebody who reads a sound line takes it to say."""
    content = line.strip()
    if not content or content.startswith("#"):
        return None
    if content.startswith("-"):
        return [value(content[1:].strip())]
    quoted = re.match("\"[^\"]*\"|'[^']*'", content)
    name = quoted[0] if quoted else content.partition(":")[0]
    return {value(name.strip()): value(content.removeprefix(name).partition(":")[2].strip())}


def value(text: str) -> object:
    """A text without its quotes and without the comment after them; a list of names as a list."""
    if text.startswith("["):
        names = text[1 : text.index("]")].split(",")
        return [name.strip() for name in names] if any(map(str.strip, names)) else []
    quoted = re.match(r'"((?:[^"\\]|\\")*)"|\'([^\']*)\'', text)
    if quoted:
        return quoted[1].replace('\\"', '"') if quoted[1] is not None else quoted[2]
    return "" if text.startswith("#") else text


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # most lines by chance are no sound ones
@given(lines | named)
def test_a_line_that_passes_means_to_yaml_what_it_says(line: str) -> None:
    """No sound line is refused by YAML, cut off, or read as anything but the text that stands there."""
    assume(not told(line))
    assert yaml.load(line, yaml.BaseLoader) == meant(line)  # noqa: S506 - texts only


@given(lines | named)
def test_a_mistake_lies_within_its_line(line: str) -> None:
    """A mark is never put where there is nothing."""
    for column, width, _, _ in mistakes(line):
        assert 1 <= column <= column + width - 1 <= len(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "# een opmerking: met 'van alles' & meer",
        "numbers:",
        "numbers: # alle nummers",
        "    number: 0900-8844",
        "    hours: Mo-Fr 08:30-22:00; PH off",
        "    form: https://voorbeeld.nl/pagina",
        "    instead: [police, m]",
        "    instead: [police, m] # eerst de politie",
        "    instead: []",
        '    source: Kaart, "Bel dan altijd"',
        '"1": danger',
        '  - "Let op: bel nu." # belangrijk',
        "  - Zo'n kat … die ’s nachts roept?",
        "’s Nachts: dicht",
        "  - '{number}, nog een keer'",
        '  - "Lukt \'t niet: \\"help\\" roepen"',
        "  -",
    ],
)
def test_what_an_editor_needs_passes(line: str) -> None:
    """Everything that a card needs can be written, with comments and with quotes."""
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "column", "width", "message"),
    [
        ("“danger”: Bel nu", 1, 1, "curly-quotes"),
        ("  - „Bel nu”", 5, 1, "curly-quotes"),
        ("...", 1, 3, "document-mark"),
        ("12. a", 1, 3, "list-sign"),
        ("? a", 1, 1, "line-start"),
        ("[a]: b", 1, 1, "line-start"),
        (": b", 1, 3, "colon-missing"),
        ("a: - b", 4, 1, "start"),
        ("a: ? b", 4, 1, "start"),
        ("a:  b: c", 6, 1, "colon"),
        ('a: "b\\"', 4, 4, "quote"),
        ('a: "b\\\\"', 4, 5, "quote"),
        ("a: 'it''s'", 4, 7, "quote"),
        ("a:\t\tb", 3, 2, "tab"),
        ("a: b\u2028c", 5, 1, "character"),
    ],
)
def test_what_yaml_would_read_otherwise_is_told(line: str, column: int, width: int, message: str) -> None:
    """A line with one mistake gives one message, at the very spot."""
    assert [found[:3] for found in mistakes(line)] == [(column, width, message)]


@pytest.mark.parametrize(("character", "unseen"), [("\x00", True), ("\ufeff", True), ("\u00ad", True), (" ", False)])
def test_only_what_nobody_can_see_is_invisible(character: str, *, unseen: bool) -> None:
    """Control characters, marks of direction and unusual spaces count as invisible; a plain space does not."""
    assert invisible(character) is unseen
