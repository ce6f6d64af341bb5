# SPDX-License-Identifier: EUPL-1.2

import re
import shutil
from pathlib import Path

import click.testing
import pytest

from ivr.commands.main import main
from ivr.editor.fields import descriptions
from ivr.editor.load import load, make_line
from ivr.editor.texts import FILLED
from ivr.line import LONGEST
from ivr.messages.problems import CardError, Place
from ivr.proof import proved
from ivr.sentences import Digits, Either, Sentence, Sentences
from ivr.settings import Settings
from tests.conftest import LINE, answers
from tests.mistakes import GOOD, change


def loaded(folder: Path) -> Sentences:
    """The sentences of a card."""
    return load(folder, "nl").spoken["nl"].sentences


def mistakes(folder: Path) -> list[str]:
    """The ids of the mistakes in a card and its sentences."""
    try:
        loaded(folder)
    except CardError as error:
        return [problem.message for problem in error.problems]
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small good card."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    """The sentences of the small good card."""
    return loaded(GOOD)


def test_a_sentence_is_filled_in(sentences: Sentences) -> None:
    """What the line fills in stands where the editor put it."""
    assert sentences.say(Sentence("line.again", {"number": Digits("112")})) == ("Nog een keer. … één, één, twee.",)


def test_a_sentence_may_have_several_lines(sentences: Sentences) -> None:
    """A row with dashes is said line by line."""
    lines = ("Ga op je hurken zitten.", "Wacht tot de kat naar je toe komt.")
    assert sentences.say(Sentence("chapters.uitleg.about")) == lines
    assert sentences.word("chapters.uitleg.about") == " ".join(lines)


def test_a_sentence_begins_with_a_capital(folder: Path) -> None:
    """Whatever fills its first place, a sentence begins with a capital."""
    change(folder / "nl/line.yaml", "instead: Wil je nu {others}? … Druk op hekje.", "instead: '{others}? … Hekje.'")
    said = loaded(folder)
    assert said.say(Sentence("line.instead", {"others": Either(("numbers.dierenarts.name",))})) == (
        "De dierenarts? … Hekje.",
    )


def test_a_number_that_never_closes_needs_no_words_for_closed(folder: Path) -> None:
    """What nobody hears at a number that is open day and night may go, or stay for when its hours change."""
    change(folder / "card.yaml", "hours: Mo-Fr 09:00-17:00; PH off", "hours: 24/7")
    assert loaded(folder).lines["numbers.opvang.closed"]
    numbers = folder / "nl/numbers.yaml"
    text = numbers.read_text(encoding="utf-8")
    numbers.write_text(re.sub(r"^  (list_)?(closed|about_closed|hours_now).*\n", "", text, flags=re.MULTILINE), "utf-8")
    assert not mistakes(folder)
    assert not proved.wrong(answers(make_line(Settings(prompts=folder).connecting())))
    change(folder / "card.yaml", "    number: 000-444 55 66", "    number: 000-444 55 66\n    hours: 24/7")
    assert mistakes(folder) == ["sentence-missing"]  # its hours, and nobody to name instead


def test_what_to_paste_has_the_words_of_another_number(folder: Path) -> None:
    """What another number says is filled in with the name of this one, in quotes where need be, if it has a name."""
    change(
        folder / "card.yaml",
        "    number: 000-444 55 66",
        "    number: 000-444 55 66\n    hours: Mo-Fr 09:00-17:00\n    instead: [opvang]",
    )
    numbers = folder / "nl/numbers.yaml"
    change(numbers, "  hours: De opvang is open … {hours}.", '  hours: "Zo is de opvang open: {hours}."')
    change(numbers, "  name: hulp bij gevaar\n", "")
    with pytest.raises(CardError) as error:
        load(folder, "nl")
    assert '\n  hours: "Zo is de dierenarts open: {hours}."\n' in error.value.text("nl")
    assert "\n  closed: De dierenarts is dicht tot {opens}. … {number}.\n" in error.value.text("nl")
    change(numbers, "  name: de dierenarts\n", "")
    with pytest.raises(CardError) as error:
        load(folder, "nl")
    assert "\n  closed: … {opens} … {number}\n" in error.value.text("nl")


def test_three_dots_are_a_pause(folder: Path) -> None:
    """An editor whose keyboard has no … types three dots, and space that is too much does no harm."""
    change(folder / "nl/line.yaml", "choices: Andere keuzes … hekje.", "choices: 'Andere  keuzes ... hekje. '")
    said = loaded(folder)
    assert said.say(Sentence("line.choices")) == ("Andere keuzes … hekje.",)


def test_a_number_may_have_a_full_name(folder: Path) -> None:
    """The full name may be there at any number, and nobody misses it."""
    full_name = Sentence("numbers.opvang.full_name", optional=True)
    assert loaded(folder).say(full_name) == ()
    change(folder / "nl/numbers.yaml", "  name: de opvang\n", "  name: de opvang\n  full_name: Stichting Kat.\n")
    said = loaded(folder)
    assert said.say(full_name) == ("Stichting Kat.",)


def test_a_card_without_chapters_needs_no_file_for_them(folder: Path) -> None:
    """What the card does not have needs no sentences; what it has not any more is told."""
    card = folder / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8").partition("chapters:")[0].replace("    4: uitleg\n", ""), "utf-8")
    change(folder / "nl/menus.yaml", "    uitleg:\n", "    # uitleg:\n")
    menus = folder / "nl/menus.yaml"
    menus.write_text("\n".join(menus.read_text(encoding="utf-8").split("\n")[:-3]), encoding="utf-8")
    assert mistakes(folder) == ["file-unneeded"]
    (folder / "nl/chapters.yaml").unlink()
    assert mistakes(folder) == []


@pytest.mark.parametrize("extra", [0, 1])
def test_a_sentence_fits_in_one_say_when_it_is_filled(extra: int, folder: Path) -> None:
    """A sentence may be as long as one <Say>, less the room for what the line fills in."""
    change(folder / "nl/chapters.yaml", "Doe een doek over de kat.", "a" * (LONGEST + extra))
    change(folder / "nl/line.yaml", "again: Nog een keer. …", "again: " + "a" * (LONGEST - FILLED - 10 + extra))
    assert mistakes(folder) == ["sentence-long"] * 2 * extra


def test_sentences_are_judged_against_a_card_that_is_right(folder: Path) -> None:
    """While a file cannot be read, or the card is wrong, nothing is told that may only follow from that."""
    change(folder / "nl/menus.yaml", "Dit is de kattenlijn.", "Dit is kattenlijn 1.")
    assert mistakes(folder) == ["sentence-digit"]
    change(folder / "card.yaml", "    3: dierenarts", "    3: dierenats")
    assert mistakes(folder) == ["target-unknown"]
    change(folder / "nl/numbers.yaml", "opvang:\n", "opvang\n")
    assert mistakes(folder) == ["colon-missing"]
    (folder / "card.yaml").unlink()
    assert mistakes(folder) == ["file-missing", "colon-missing"]


def test_chapters_on_the_card_need_their_file(folder: Path) -> None:
    """A card with chapters needs their sentences, in a file that may not be there yet."""
    (folder / "nl/chapters.yaml").unlink()
    assert mistakes(folder) == ["file-new", "sentences-missing", "sentences-missing"]


def pasted(folder: Path, words: str) -> None:
    """Do what is told after the problems: paste each block where it goes, with words in the place of each ellipsis."""
    with pytest.raises(CardError) as error:
        loaded(folder)
    blocks: dict[Place, str] = {}
    for problem in error.value.problems:
        assert problem.place
        blocks[problem.place] = blocks.get(problem.place, "") + problem.block
    told = error.value.text("nl")
    for place, block in sorted(blocks.items(), key=lambda item: -item[0].line):
        assert told.count(block.strip("\n")) == 1
        lines = place.file.read_text(encoding="utf-8").splitlines(keepends=True) if place.file.exists() else []
        at = place.line or len(lines)
        lines[at:at] = re.sub("(: )… *", rf"\1{words} ", block).splitlines(keepends=True)
        place.file.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("number: 000-444 55 66", "number: 000-444 55 66\n    hours: Mo 09:00-10:00\n    instead: [opvang]"),
        ("number: 000-444 55 66", "number: 0900-8844\n    call_yourself: yes"),
        ("    4: uitleg\n\n", "    4: uitleg\n    5: meer\n  meer:\n    1: opvang\n\n"),
        ("  vangen:\n    2: opvang", "    5: stil\n  stil:\n    2: opvang\n  vangen:\n    2: opvang"),
    ],
    ids=["hours", "cost", "menu", "chapter"],
)
def test_what_is_missing_can_be_pasted(folder: Path, old: str, new: str) -> None:
    """The block at the end of the problems is right as it is pasted, once each … has been replaced; not before."""
    change(folder / "card.yaml", old, new)
    before = {file: file.read_bytes() for file in folder.rglob("*.yaml")}
    pasted(folder, "Een zin …")
    assert mistakes(folder) == []
    for file, content in before.items():
        file.write_bytes(content)
    pasted(folder, "…")
    assert set(mistakes(folder)) == {"sentence-empty"}


def test_the_check_ends_with_what_can_be_pasted(folder: Path) -> None:
    """`ivr check` prints the same block, after all else and without a margin, with why a sentence is there."""
    change(folder / "nl/numbers.yaml", "  caller_id: De opvang ziet ons nummer.\n", "")
    result = click.testing.CliRunner(env={"IVR_PROMPTS": str(folder)}).invoke(main, ["check"])
    about = descriptions()["numbers"]["caller_id"]
    assert "Dit moet blijven: " in about
    ours = " ".join(LINE.sentences.lines["numbers.essm.caller_id"]).replace("Het adviespunt", "De opvang")
    assert result.stdout.endswith(f"een zin:\n\n  # {about} Overgenomen: klopt het hier ook?\n  caller_id: {ours}\n")


def test_the_first_chapter_can_be_pasted(folder: Path) -> None:
    """Also where the file that it belongs in is not there yet."""
    (folder / "nl/chapters.yaml").unlink()
    pasted(folder, "Een zin …")
    assert mistakes(folder) == []
