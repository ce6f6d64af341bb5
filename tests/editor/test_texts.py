# SPDX-License-Identifier: EUPL-1.2

import shutil
from pathlib import Path

import pytest

from ivr import card as cards
from ivr import language
from ivr.editor.source import Problems
from ivr.sentences import FILLED, LONGEST, Sentences, load
from tests.mistakes import GOOD, TODAY

NL = language.load("nl")


def loaded(folder: Path) -> tuple[Sentences, list[str]]:
    """The sentences of a card, and the ids of the mistakes in them."""
    problems = Problems()
    card = cards.load(folder, problems, TODAY)
    return load(folder / "nl", card, NL, problems), [problem.message for problem in problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small good card."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    """Put one text in the place of another."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    """The sentences of the small good card."""
    return loaded(GOOD)[0]


def test_a_sentence_is_filled_in(sentences: Sentences) -> None:
    """What the line fills in stands where the editor put it."""
    assert sentences.say("line.again", number="één, één, twee") == ("Nog een keer. … één, één, twee.",)


def test_a_sentence_may_have_several_lines(sentences: Sentences) -> None:
    """A row with dashes is said line by line."""
    assert sentences.say("chapters.uitleg.about") == ("Ga op je hurken zitten.", "Wacht tot de kat naar je toe komt.")
    assert sentences.word("chapters.uitleg.about") == "Ga op je hurken zitten. Wacht tot de kat naar je toe komt."


def test_a_sentence_begins_with_a_capital(folder: Path) -> None:
    """Whatever fills its first place, a sentence begins with a capital."""
    change(folder / "nl/line.yaml", "instead: Wil je nu {others}? … Druk op hekje.", "instead: '{others}? … Hekje.'")
    said, mistakes = loaded(folder)
    assert not mistakes
    assert said.say("line.instead", others="de dierenarts") == ("De dierenarts? … Hekje.",)


def test_three_dots_are_a_pause(folder: Path) -> None:
    """An editor whose keyboard has no … types three dots, and space that is too much does no harm."""
    change(folder / "nl/line.yaml", "choices: Andere keuzes … hekje.", "choices: 'Andere  keuzes ... hekje. '")
    said, mistakes = loaded(folder)
    assert not mistakes
    assert said.say("line.choices") == ("Andere keuzes … hekje.",)


def test_a_number_may_have_a_full_name(folder: Path) -> None:
    """The full name may be there at any number, and nobody misses it."""
    assert not loaded(folder)[0].has("numbers.opvang.full_name")
    change(folder / "nl/numbers.yaml", "  name: de opvang\n", "  name: de opvang\n  full_name: Stichting Kat.\n")
    said, mistakes = loaded(folder)
    assert not mistakes
    assert said.has("numbers.opvang.full_name")


def test_a_card_without_chapters_needs_no_file_for_them(folder: Path) -> None:
    """What the card does not have needs no sentences; what it has not any more is told."""
    card = folder / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8").partition("chapters:")[0].replace("    4: uitleg\n", ""), "utf-8")
    change(folder / "nl/menus.yaml", "    uitleg:\n", "    # uitleg:\n")
    menus = folder / "nl/menus.yaml"
    menus.write_text("\n".join(menus.read_text(encoding="utf-8").split("\n")[:-3]), encoding="utf-8")
    assert loaded(folder)[1] == ["sentence-unused", "sentence-unused"]
    (folder / "nl/chapters.yaml").unlink()
    assert loaded(folder)[1] == []


@pytest.mark.parametrize("extra", [0, 1])
def test_a_sentence_fits_in_one_say_when_it_is_filled(extra: int, folder: Path) -> None:
    """A sentence may be as long as one <Say>, less the room for what the line fills in."""
    change(folder / "nl/chapters.yaml", "Doe een doek over de kat.", "a" * (LONGEST + extra))
    change(folder / "nl/line.yaml", "again: Nog een keer. …", "again: " + "a" * (LONGEST - FILLED - 10 + extra))
    assert loaded(folder)[1] == ["sentence-long"] * 2 * extra


def test_without_a_card_each_sentence_is_judged_by_itself(folder: Path) -> None:
    """When the card cannot be read, what is wrong with a sentence is told all the same, and nothing else is."""
    (folder / "card.yaml").unlink()
    change(folder / "nl/menus.yaml", "Dit is de kattenlijn.", "Dit is kattenlijn 1.")
    change(folder / "nl/chapters.yaml", "Ga op je hurken zitten.", "Ga op je {hurken zitten.")
    change(folder / "nl/numbers.yaml", "Bel nu {number}.", "Bel nu {nummer}.")
    assert loaded(folder)[1] == ["file-missing", "sentence-digit", "sentence-braces"]
    change(folder / "nl/line.yaml", "noinput:", "noinputt:")
    assert loaded(folder)[1] == ["file-missing", "sentence-unused", "sentence-digit", "sentence-braces"]


def test_a_web_address_is_compared_without_the_slash_at_its_end(folder: Path) -> None:
    """Nobody says the slash at the end of a web address."""
    change(folder / "card.yaml", "https://dierenarts.example/melden", "https://dierenarts.example/")
    change(folder / "nl/numbers.yaml", " schuine streep melden", "")
    assert loaded(folder)[1] == []
