# SPDX-License-Identifier: EUPL-1.2
"""The map of the line, and the other files that are made from the card and kept in the repository."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ivr import dialogue
from ivr.commands import main as cli
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone.rules import parse
from ivr.phone.transport import Answer, Request
from ivr.proof.graph import worlds
from ivr.review import map as maps
from ivr.review import map_page
from ivr.script import needed
from tests.caller import Caller
from tests.conftest import LINE, LINES, answers, says, with_hours
from tests.differences import HERE, TODAY, line_of
from tests.generated import files
from tests.languages import offered
from tests.mistakes import broken, cases

needs_graphviz = pytest.mark.starts("dot", "graphviz")


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_what_is_made_from_the_card_is_not_stale(file: Path) -> None:
    """The picture in prompts/kaart.md and the fallback are those of the card as it is."""
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
    monkeypatch.setattr(maps, "name", lambda *_: 'Wat is "dit"?')
    assert 'Wat is "dit"' not in maps.mermaid(LINE, "nl")
    assert "Wat is #quot;dit#quot;?" in maps.mermaid(LINE, "nl")


@needs_graphviz
def test_a_line_in_many_languages_is_drawn(tmp_path: Path) -> None:
    """The menu of languages is a box too, where the drawing is of the whole line."""
    line = make_line(offered(tmp_path, "nl", "en", "pl"))
    assert maps.boxes(line)["languages/main"].name in maps.picture(line, "nl")


@needs_graphviz
def test_many_places_are_drawn_below_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card with many numbers is drawn from left to right, so that the drawing is higher than wide, as a sheet is."""

    def ratio() -> float:
        width, height = map(int, re.findall(r'(?:width|height)="(\d+)pt"', maps.picture(LINES["second"], "nl")))
        return height / width

    few = ratio()
    monkeypatch.setattr(maps, "MANY", 1)
    assert ratio() != few


def page(line: Line, language: str = "nl") -> ElementTree.Element:
    """The page, which is well-formed."""
    return ElementTree.fromstring(map_page.page(line, language, TODAY).partition("\n")[2])  # noqa: S314 - our own


def articles(line: Line, language: str = "nl") -> dict[str | None, ElementTree.Element]:
    """Each place on the page, by its path."""
    return {article.get("id"): article for article in page(line, language).iter("article")}


def text(element: ElementTree.Element) -> str:
    """All text in an element."""
    return " ".join("".join(element.itertext()).split())


def changed(name: str, folder: Path) -> Line:
    """The line of one of the changed cards in `differences/`."""
    (case,) = [case for case in cases(HERE) if case.path.stem == name]
    return line_of(broken(case, folder))


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_page_has_every_key(line: Line) -> None:
    """Beside each menu and each chapter stand all keys that the card gives it, also where they are alike."""
    places = articles(line)
    for menu in line.card.menus.values():
        (place,) = [places[path] for path in (f"menu/{menu.id}", f"chapter/{menu.id}") if path in places]
        assert {*menu.keys} <= {one.text for one in place.iter("b")}


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_has_every_spoken_sentence(line: Line, language: str) -> None:
    """What is said at any position stands at its place on the page, in a sentence of its own, and fetches nothing."""
    places = articles(line, language)
    for position in (position for position in dialogue.positions(line.card) if not position.language):
        said = {one.text for one in places[maps.key_of(position)].iter("p")}
        for world in worlds(line.card, position)[:1]:
            assert {*line.said(position, world)} <= said
    written = map_page.page(line, language, TODAY)
    assert not re.search(r'(?:src|href)="(?!#)|url\(|@import', re.sub(r' xmlns(:\w+)?="[^"]*"', "", written))


@needs_graphviz
def test_the_page_tells_of_languages(tmp_path: Path) -> None:
    """Which are offered, what the menu of them says, and, in another language, what is said in that."""
    line = make_line(offered(tmp_path, "nl", "en", "pl"))
    dutch, polish = (map_page.page(line, "nl", TODAY, spoken) for spoken in (None, "pl"))
    for written in (dutch, polish):
        assert "Aangeboden: nl, en, pl." in written
        assert "Nederlands? … Druk op twee. English? … Press three." in written
    assert says("menus.main.choices.m.long") in dutch
    assert says("menus.main.choices.m.long", line, "pl") in polish


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_can_be_walked_by_ear(line: Line, language: str) -> None:
    """All but a link that skips the drawing is in one main landmark, headings go down by one, ids are unique."""
    whole = page(line, language)
    assert whole.get("lang") == language
    body = whole.find("body")
    assert body is not None
    skip, main = body
    assert (skip.tag, main.tag) == ("a", "main")
    ids = [one.get("id") for one in whole.iter() if one.get("id")]
    assert len(ids) == len({*ids})
    assert str(skip.get("href")).removeprefix("#") in ids
    levels = [int(one.tag[1]) for one in main.iter() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == levels.count(1) == 1
    assert all(following - level <= 1 for level, following in pairwise(levels))


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_page_tells_what_the_card_says(line: Line) -> None:
    """Each number and each menu has its id beside it, a number also its hours, its source and the date of its check."""
    places = articles(line)
    for menu in line.card.menus.values():
        assert text(places[f"{'chapter' if menu.chapter else 'menu'}/{menu.id}"]).count(menu.id) >= 1
    for number in line.card.numbers.values():
        place = places[f"number/{number.id}"]
        assert [one.text for one in place.iter("code")] == [number.id]
        assert f"Bron: {number.source}. Nagekeken op {number.checked}." in text(place)
        assert (" Open: " in text(place)) == (number.hours is not None)
    second = text(articles(LINES["second"])["number/opvang"])
    assert "Open: maandag, dinsdag en donderdag tot en met zondag van half tien 's ochtends" in second
    assert "dicht op 2026-12-06, 2026-12-08, 2026-12-25" in second


@needs_graphviz
def test_a_way_back_that_is_not_plain_is_told(tmp_path: Path) -> None:
    """Where a number is in two menus, or a chapter under a chapter, the page says where `#` leads; elsewhere not.

    1-1-2 leads to the number for danger from every menu.
    """
    places = articles(changed("menu-added", tmp_path))
    back = {path: text(one) for path, place in places.items() for one in place.iter("li") if text(one).startswith("#")}
    both = "# Dit is de kattenlijn; Over een gewonde kat (waar de beller vandaan kwam)"
    assert back == {"number/gevaar": both, "number/opvang": both, "chapter/vangen": "# Dit is de kattenlijn"}


@needs_graphviz
def test_a_way_back_to_any_menu_is_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where `#` leads to more menus than can be named, the page says that it leads to where the caller came from."""
    monkeypatch.setattr(map_page, "MANY", 1)
    place = articles(changed("menu-added", tmp_path))["number/opvang"]
    assert [text(one) for one in place.iter("li") if text(one)[0] == "#"] == ["# het menu waar de beller vandaan kwam"]


@needs_graphviz
def test_waiting_and_the_notice_are_told(tmp_path: Path) -> None:
    """The page says who is connected after waiting, when a notice runs, and what is said only then."""
    line = changed("notice-wait", tmp_path)
    assert "Wie in een menu blijft wachten, wordt doorverbonden met de opvang" in text(page(line))
    assert "Van 2026-12-01 09:00 tot 2026-12-24 17:00 loopt er een mededeling." in text(page(line))
    menu = text(articles(line)["menu/begin"])
    assert re.search(
        r"als de mededeling loopt, alleen anders \([^)]*\) De opvang is deze maand verhuisd\. Na een", menu
    )
    assert re.search(r"als de opvang dicht is, alleen anders \([^)]*\) Of wacht even\. Terug met hekje", menu)


@needs_graphviz
def test_hours_that_differ_by_week_are_told_once(tmp_path: Path) -> None:
    """A number whose hours are not the same each week is on the page once as open and once as closed."""
    settings = with_hours(tmp_path, "Mo-Fr 09:00-17:00; 2024 Mar 6 10:00-12:00")
    place = articles(make_line(settings))["number/essm"]
    first = [text(one) for one in place.iter("h4") if text(one).startswith("Eerst")]
    once = "Eerst; Als iemand meetypt; Na stilte; In gesprek; Niemand neemt op; De verbinding lukt niet"
    assert [one.partition(" (")[0] for one in first] == [
        "Eerst, als het open is",
        "Eerst, als het dicht is",
        "Eerst, in een week met andere tijden, zoals met een feestdag, alleen anders",
        f"{once}, als het dicht is, en niemand weet tot wanneer, alleen anders",
    ]


@needs_graphviz
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_map_has_every_sentence_that_can_be_heard(line: Line) -> None:
    """Each sentence of each script stands on the page, also those of holidays and of "unknown"; no number means two."""
    line = line.only(line.card.languages[0])
    numbered: dict[str, str] = {}
    for one in page(line).iter("p"):
        if count := one.get("data-number"):
            assert numbered.setdefault(count, text(one)) == text(one)
    assert [*map(int, numbered)] == [*range(1, len(numbered) + 1)]
    shown = [" ".join(said.split()) for said in numbered.values()]
    for id_, sentence in needed(line.card).items():
        for written in line.sentences.lines.get(id_, ()) if not id_.endswith(".name") else ():
            pattern = ".*".join(map(re.escape, re.split(r"\{\w+\}", " ".join(written.split()))))
            assert any(re.fullmatch(pattern, said, re.IGNORECASE) for said in shown), (id_, sentence)


@needs_graphviz
def test_the_map_tells_which_card_it_is_and_where_the_forms_are() -> None:
    """The date, the version, the print of the card and the address of each form stand on the page."""
    written = CliRunner().invoke(cli.main, ["map"]).stdout
    assert re.search(r"Gemaakt op [\d-]{10}\. Versie en vingerafdruk van de kaart: \d\S+, [0-9a-f]{16}\.", written)
    for number in LINE.card.numbers.values():
        assert not number.form or f"Formulier op internet: {number.form}" in written


def test_one_organisation_gets_what_is_said_of_it() -> None:
    """`ivr map --number` needs no drawing, and has what is said of that number, its choices, and initials."""
    result = CliRunner().invoke(cli.main, ["map", "--number", "nla"], env={"PATH": ""})
    assert result.exit_code == 0, result.output
    drawn = ElementTree.fromstring(result.stdout.partition("\n")[2])  # noqa: S314 - our own
    assert [one.get("id") for one in drawn.iter("article")] == ["menu/main", "chapter/labour", "list", "number/nla"]
    said = [text(one) for one in drawn.iter("p") if one.get("data-number")]
    for id_, lines in LINE.sentences.lines.items():
        if id_.startswith("numbers.nla.") and not id_.endswith(".name"):
            assert all(any(line.split("{")[0].split("…")[0].strip() in one for one in said) for line in lines), id_
    assert not any("adviespunt" in one and "Bel" in one for one in said)
    assert [text(one) for one in drawn.iter("th")] == ["Paraaf 1", "Paraaf 2"]
    unknown = CliRunner().invoke(cli.main, ["map", "--number", "politie"])
    assert unknown.exit_code == 1
    assert "danger, police, essm, nla, m" in unknown.output


@needs_graphviz
def test_a_number_that_nobody_names_while_it_is_closed_is_told(tmp_path: Path) -> None:
    """Where something is left out because another number is closed, all that is said instead stands on the page."""
    line = changed("instead-closed", tmp_path)
    place = text(articles(line)["number/opvang"])
    assert "als de dierenarts dicht is" in place


@needs_graphviz
def test_the_command_writes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ivr map` writes the page; without graphviz it says how to install it."""
    assert "<svg" in CliRunner().invoke(cli.main, ["map"]).stdout
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(cli.main, ["map"])
    assert result.exit_code == 1
    assert "apt-get install graphviz" in result.stderr


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_fallback_says_all_numbers_and_asks_nobody(line: Line) -> None:
    """The fallback says 112 first, reads every number twice, calls nobody, and hangs up."""

    def file_host(request: Request) -> Answer:
        assert request.url == "https://files.example/fallback.xml"
        return Answer(200, "text/xml", answers(line).fallback)

    call = Caller(file_host, "https://files.example/fallback.xml")
    said = " ".join(call.said)
    assert call.over
    assert said.index(line.sentences.language.digits(line.card.emergency.number)) < 60
    for number in line.card.numbers.values():
        assert said.count(line.sentences.language.digits(number.number).replace(" … ", " ")) >= 2
    assert not {element.tag for element in parse(answers(line).fallback).iter()} & {"Gather", "Redirect", "Dial"}


def test_the_command_writes_the_fallback() -> None:
    """`ivr fallback` writes the file as it is kept."""
    assert CliRunner().invoke(cli.main, ["fallback"]).stdout == answers(LINE).fallback.decode() + "\n"
