# SPDX-License-Identifier: EUPL-1.2
"""The map of the line, and the other files that are made from the card and kept in the repository."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr import dialogue
from ivr.commands import main as cli
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.proof.graph import worlds
from ivr.review import map as maps
from ivr.review.map_page import Section, facts, numbered, sections
from ivr.script import needed
from tests.conftest import LINE, LINES, answers, says, with_hours
from tests.differences import HERE, TODAY, line_of
from tests.generated import files, mermaid
from tests.languages import offered
from tests.mistakes import broken, cases

needs_graphviz = pytest.mark.starts("dot", "graphviz")


def test_what_is_made_from_the_card_is_not_stale() -> None:
    """The picture in prompts/kaart.md, the help of the commands and the fallback are those of the card as it is."""
    made = files()
    assert {file: file.read_text(encoding="utf-8") for file in made} == made, "make generated"


def test_a_quotation_mark_does_not_break_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a quotation mark is drawn as such."""
    monkeypatch.setattr(maps, "name", lambda *_: 'Wat is "dit"?')
    assert 'Wat is "dit"' not in mermaid(LINE, "nl")
    assert "Wat is #quot;dit#quot;?" in mermaid(LINE, "nl")


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


def places(line: Line, language: str = "nl", spoken: str | None = None, number: str = "") -> dict[str, Section]:
    """Each place with what people review there, by its path."""
    return {place.path: place for place in sections(line, language, TODAY, spoken, number=number)}


def said(place: Section) -> dict[str, str]:
    """All that is said at a place, by the situations."""
    return {one.situations: " ".join(text for _, text in one.lines) for one in place.spoken}


def changed(name: str, folder: Path) -> Line:
    """The line of one of the changed cards in `differences/`."""
    (case,) = [case for case in cases(HERE) if case.path.stem == name]
    return line_of(broken(case, folder))


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_place_has_every_key(line: Line) -> None:
    """Beside each menu and each chapter stand all keys that the card gives it, also where they are alike."""
    found = places(line)
    for menu in line.card.menus.values():
        (place,) = [found[path] for path in (f"menu/{menu.id}", f"chapter/{menu.id}") if path in found]
        assert {*menu.keys} <= {key for keys, _ in place.keys for key in keys.split(", ")}
        assert place.box.id == menu.id


def test_languages_are_told(tmp_path: Path) -> None:
    """Which are offered, what the menu of them says, and, in another language, what is said in that."""
    line = make_line(offered(tmp_path, "nl", "en", "pl"))
    which, menu = facts(line, Catalogue("nl").say)
    assert "Aangeboden: nl, en, pl." in which
    assert "Nederlands? … Druk op twee. English? … Press three." in menu
    for spoken in ("nl", "pl"):
        told = " ".join(text for place in places(line, spoken=spoken).values() for text in said(place).values())
        assert says("menus.main.choices.m.long", line, spoken) in told


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_number_has_what_the_card_says(line: Line) -> None:
    """Its hours, its source, the date of its check and its form."""
    found = places(line)
    for number in line.card.numbers.values():
        told = " ".join(found[f"number/{number.id}"].facts)
        assert f"Bron: {number.source}. Nagekeken op {number.checked}." in told
        assert ("Open: " in told) == (number.hours is not None)
        assert not number.form or f"Formulier op internet: {number.form}" in told
    second = " ".join(places(LINES["second"])["number/opvang"].facts)
    assert "Open: maandag, dinsdag en donderdag tot en met zondag van half tien 's ochtends" in second
    assert "dicht op 2026-12-06, 2026-12-08, 2026-12-25" in second


def test_each_place_says_where_hash_leads(tmp_path: Path) -> None:
    """To the menu above it, from a chapter under a chapter too; of a number in two menus to where the caller was."""
    back = {path: dict(place.keys).get("#") for path, place in places(changed("menu-added", tmp_path)).items()}
    assert {path for path, menu in back.items() if menu == Catalogue("nl").say("map-back-anywhere")} == {
        "list",
        "number/gevaar",
        "number/opvang",
    }
    assert back["number/dierenarts"] == "Over een gewonde kat"
    assert back["chapter/vangen"] == back["menu/gewond"] == "Dit is de kattenlijn"


def test_waiting_and_the_notice_are_told(tmp_path: Path) -> None:
    """Who is connected after waiting, when a notice runs, and what is said only then."""
    line = changed("notice-wait", tmp_path)
    assert facts(line, Catalogue("nl").say) == [
        "Wie in een menu blijft wachten, wordt doorverbonden met de opvang, als dat open is.",
        "Van 2026-12-01 09:00 tot 2026-12-24 17:00 loopt er een mededeling.",
    ]
    told = {when.rpartition(", als")[2]: text for when, text in said(places(line)["menu/begin"]).items()}
    assert told[" de mededeling loopt, alleen anders"].startswith("De opvang is deze maand verhuisd.")
    assert told[" de opvang dicht is, alleen anders"].startswith("Of wacht even.")


def test_hours_that_differ_by_week_are_told_once(tmp_path: Path) -> None:
    """A number whose hours are not the same each week is there once as open and once as closed."""
    settings = with_hours(tmp_path, "Mo-Fr 09:00-17:00; 2024 Mar 6 10:00-12:00")
    place = places(make_line(settings))["number/essm"]
    once = "Eerst; Als iemand meetypt; Na stilte; In gesprek; Niemand neemt op; De verbinding lukt niet"
    assert [when for when in said(place) if when.startswith("Eerst")] == [
        "Eerst, als het open is",
        "Eerst, als het dicht is",
        "Eerst, in een week met andere tijden, zoals met een feestdag, alleen anders",
        f"{once}, als het dicht is, en niemand weet tot wanneer, alleen anders",
    ]


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_map_has_every_sentence_that_can_be_heard(line: Line, language: str) -> None:
    """At its place, whatever the editor reads, also those of holidays and of "unknown"; no number means two."""
    line = line.only(line.card.languages[0])
    found = places(line, language)
    for position in dialogue.positions(line.card):
        here = {text for one in found[maps.key_of(position)].spoken for _, text in one.lines}
        assert {*line.said(position, worlds(line.card, position)[0])} <= here
    pairs = {pair for place in found.values() for one in place.spoken for pair in one.lines}
    assert sorted(number for number, _ in pairs) == [*range(1, len(pairs) + 1)]
    shown = [" ".join(text.split()) for _, text in pairs]
    for id_, sentence in needed(line.card).items():
        for written in line.sentences.lines.get(id_, ()) if not id_.endswith(".name") else ():
            pattern = ".*".join(map(re.escape, re.split(r"\{\w+\}", " ".join(written.split()))))
            assert any(re.fullmatch(pattern, text, re.IGNORECASE) for text in shown), (id_, sentence)


def test_one_organisation_gets_what_is_said_of_it() -> None:
    """All at its number, and before it in the menus that lead there, numbered as on the map; of the list its part."""
    whole, own = places(LINE), places(LINE, number="nla")
    assert [*own] == ["menu/main", "chapter/labour", "list", "number/nla", "goodbye/main"]
    for path in ("menu/main", "chapter/labour", "number/nla"):
        assert own[path].spoken == whole[path].spoken
    assert numbered([own["list"]]).items() < numbered([whole["list"]]).items()


def test_a_number_that_nobody_names_while_it_is_closed_is_told(tmp_path: Path) -> None:
    """Where something is left out because another number is closed, all that is said instead is there."""
    line = changed("instead-closed", tmp_path)
    assert "als de dierenarts dicht is" in " ".join(said(places(line)["number/opvang"]))


def test_the_command_writes_the_fallback() -> None:
    """`ivr fallback` writes the file as it is kept."""
    assert CliRunner().invoke(cli.main, ["fallback"]).stdout == answers(LINE).fallback.decode() + "\n"
