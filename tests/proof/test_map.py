# SPDX-License-Identifier: EUPL-1.2
"""The map of the line, and the other files that are made from the card and kept in the repository."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr import cli, dialogue
from ivr.line import Line
from ivr.phone.caller import Caller
from ivr.phone.rules import parse
from ivr.phone.transport import Answer, Request
from ivr.proof import map as maps
from ivr.world import World
from tests.conftest import LINE, LINES, needs
from tests.generated import files

needs_graphviz = needs("dot", "graphviz")


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_what_is_made_from_the_card_is_not_stale(file: Path) -> None:
    """The picture in the README and the fallback are those of the card as it is."""
    assert file.read_text(encoding="utf-8") == files()[file], "make generated"


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_mermaid_draws_every_place_and_every_choice(line: Line) -> None:
    """Each place is a box, each key of the card an arrow."""
    drawn = maps.mermaid(line, "nl")
    for place in dialogue.positions(line.card):
        assert re.search(
            rf"^    {'list' if place.kind == 'list' else f'{place.kind}_{place.id}'}\[", drawn, re.MULTILINE
        )
    for menu in line.card.menus.values():
        for target in [] if menu.chapter else menu.keys.values():
            assert re.search(rf"menu_{menu.id} -->\|\d\| \w+_{target}$", drawn, re.MULTILINE)


def test_a_quotation_mark_does_not_break_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a quotation mark is drawn as such."""
    monkeypatch.setattr(maps, "_name", lambda *_: 'Wat is "dit"?')
    assert 'Wat is "dit"' not in maps.mermaid(LINE, "nl")
    assert "Wat is #quot;dit#quot;?" in maps.mermaid(LINE, "nl")


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_page_has_every_key(line: Line) -> None:
    """Beside each menu and each chapter stand all keys that the card gives it, also where they are alike."""
    places = maps.page(line, "nl").split('<article id="')
    for menu in line.card.menus.values():
        (place,) = [one for one in places if re.match(f'(menu|chapter)/{menu.id}"', one)]
        assert re.findall("<b>([1-9])</b>", place) == sorted(menu.keys)


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_has_every_spoken_sentence(line: Line, language: str) -> None:
    """What is said at any position stands on the page, which fetches nothing and is marked up for a reader."""
    page = maps.page(line, language)
    for place in dialogue.positions(line.card):
        for text in line.said(place, World()):
            assert f"<p>{html.escape(text, quote=False).replace(chr(39), '&#39;')}</p>" in page, text
    assert "<svg" in page
    assert not re.search(r'(?:src|href)="(?!#)|url\(|@import', re.sub(r' xmlns(:\w+)?="[^"]*"', "", page))
    assert f'<html lang="{language}">' in page


@needs_graphviz
def test_the_command_writes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ivr map` writes the page; without graphviz it says how to install it."""
    assert "<svg" in CliRunner().invoke(cli.main, ["map"]).stdout
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(cli.main, ["map"])
    assert result.exit_code == 1
    assert "apt-get install graphviz" in result.stderr


def test_the_command_writes_mermaid() -> None:
    """`ivr map --mermaid` writes what stands in the README."""
    assert CliRunner().invoke(cli.main, ["map", "--mermaid"]).stdout == maps.mermaid(LINE, "nl")


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_fallback_says_all_numbers_and_asks_nobody(line: Line) -> None:
    """The fallback says 112 first, reads every number twice, calls nobody, and hangs up."""

    def file_host(request: Request) -> Answer:
        assert request.url == "https://files.example/fallback.xml"
        return Answer(200, "text/xml", line.fallback)

    call = Caller(file_host, "https://files.example/fallback.xml")
    said = " ".join(call.said)
    assert call.over
    assert said.index(line.sentences.language.digits(line.card.emergency.number)) < 60
    for number in line.card.numbers.values():
        assert said.count(line.sentences.language.digits(number.number).replace(" … ", " ")) >= 2
    assert not {element.tag for element in parse(line.fallback).iter()} & {"Gather", "Redirect", "Dial"}


def test_the_command_writes_the_fallback() -> None:
    """`ivr fallback` writes the file as it is kept."""
    assert CliRunner().invoke(cli.main, ["fallback"]).stdout == LINE.fallback.decode() + "\n"
