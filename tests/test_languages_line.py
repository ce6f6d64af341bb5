# SPDX-License-Identifier: EUPL-1.2
"""A line in several languages, without a call: its rules, its addresses, its fallback, and what it promises."""

from dataclasses import replace

import pytest

from ivr import dialogue
from ivr.address import path
from ivr.card import LANGUAGE_KEY, Card
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone.rules import parse
from ivr.position import Keys, Kind, Position
from ivr.proof import graph
from ivr.proof.proofs import LARGEST
from ivr.script import script
from ivr.world import World
from tests.conftest import answers
from tests.languages import EVERY, FIRST, offered

OTHERS = EVERY[1:]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The line of our card, offered in all languages that it has sentences in."""
    return make_line(offered(tmp_path_factory.mktemp("every"), *EVERY))


def test_the_rules_are_the_same_in_every_language(line: Line) -> None:
    """What happens at a position leads to the same in each language, but for the keys that change it."""
    card = line.card
    for position in (position for position in dialogue.positions(card) if not position.language):
        for event in graph.EVENTS:
            end = dialogue.step(card, position, event, World())
            for code in OTHERS:
                there = dialogue.step(card, position._replace(language=code), event, World())
                changes = end.language or there.language != code  # a key that leads to another language
                assert changes or there == end._replace(language=code), (position, event)
                assert not changes or (isinstance(event, Keys) and event.digits in (LANGUAGE_KEY, *dialogue.LANGUAGES))


def test_first_language_addresses_are_as_they_were(line: Line) -> None:
    """Languages that are added leave every address of the first one as it was, but for what is offered there."""
    alone = line.only(FIRST)
    for position in dialogue.positions(alone.card):
        now, before = (answers(one).addresses.ways(position) for one in (line, alone))
        assert [way.partition("?")[0] for way in now] == [way.partition("?")[0] for way in before]
        assert path(position).partition("/")[0] not in EVERY


@pytest.mark.parametrize("before", ["menu/main", "number/essm", "list/danger", "chapter/labour"])
def test_whoever_hears_a_language_that_goes_hears_the_menu_of_the_first(before: str, line: Line) -> None:
    """Between two versions of the card a key counts for nothing that is not offered any more, and silence goes on."""
    alone = line.only(FIRST)
    position, event = answers(alone).addresses.read(f"pl/{before}/keys", "offer=1", {"Digits": "3"})
    assert position.language == ""
    assert dialogue.step(alone.card, position, event, World()) == dialogue.start(alone.card)
    position, event = answers(alone).addresses.read(f"pl/{before}/silence", "offer=1", {})
    assert dialogue.step(alone.card, position, event, World()).language == ""


def test_what_is_gone_in_a_language_begins_anew_in_that_language(line: Line) -> None:
    """A number that is gone leads a caller in Polish to the menu in Polish."""
    position, event = answers(line).addresses.read("pl/number/gone/keys", "", {"Digits": "9"})
    assert dialogue.step(line.card, position, event, World()) == dialogue.start(line.card, "pl")


def test_key_eight_is_stale_where_it_led_elsewhere(line: Line) -> None:
    """Eight that was English on the other version, and is a menu of languages on this one, speaks the menu."""
    two = line.only("nl", "en")
    keys = answers(two).addresses.ways(dialogue.start(two.card)).keys
    address, _, query = keys.removeprefix(f"{answers(two).url}/").partition("?")
    position, event = answers(line).addresses.read(address, query, {"Digits": "8"})
    assert dialogue.step(line.card, position, event, World()) == dialogue.start(line.card)


def test_the_fallback_has_every_language(line: Line) -> None:
    """When nobody answers Twilio the numbers are said in the first language, then in each other one."""
    says = parse(answers(line).fallback).findall("Say")
    assert list(dict.fromkeys(say.attrib["language"][:2] for say in says)) == list(EVERY)
    assert len(answers(line).fallback) < LARGEST
    for code in EVERY:
        text = " ".join("".join(say.itertext()) for say in says if say.attrib["language"].startswith(code))
        for number in line.card.numbers.values():
            spoken = line.spoken(code).sentences.language.digits(number.number).replace(" … ", " ")
            assert " ".join(text.split()).count(spoken) >= (2 if code == FIRST else 1)


def said_at(card: Card, number: str, code: str) -> list[str]:
    """The ids of what is said at a number in a language."""
    return [one.id for one in script(card, Position(Kind.NUMBER, number, language=code), World()).sentences]


def test_nobody_promises_that_a_language_is_spoken_there(line: Line) -> None:
    """In another language than the first each number says that it is not known, until the card has a source for it.

    Not the one for danger: there it would stand between the number and what to say there.
    """
    unknown = "language.speaks_unknown"
    for number in line.card.numbers.values():
        for code in ("", *OTHERS):
            said = said_at(line.card, number.id, code)
            assert (unknown in said) == bool(code and not number.emergency)
            if unknown in said:
                assert said.index(unknown) == said.index("line.again") + 1
    known = replace(line.card.numbers["essm"], speaks={"en": "verzonnen"})
    card = replace(line.card, numbers={**line.card.numbers, "essm": known})
    for code in ("en", "pl"):
        said = said_at(card, "essm", code)
        assert (unknown in said) == (code == "pl")
