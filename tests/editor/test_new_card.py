# SPDX-License-Identifier: EUPL-1.2
"""What comes of answers to `ivr new`: a card that loads, and a line that can be called."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click.testing
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ivr.commands.main import main
from ivr.editor import new_card
from ivr.editor.load import make_line
from ivr.messages.problems import Problems
from tests.conftest import LINE, SETTINGS, says
from tests.editor.answers import ANSWERED, CATS, OPVANG, answered, heard, made, run
from tests.mistakes import mistakes, said, underlined


def ours(id_: str, name: str, **blanks: str) -> str:
    """A sentence about the ESSM, told of another."""
    return says(id_, LINE, "", **blanks).replace(says("numbers.essm.name").capitalize(), name.capitalize())


def checked(folder: Path) -> int:
    """The exit code of `ivr check` on a card."""
    return click.testing.CliRunner(env={"IVR_PROMPTS": str(folder)}).invoke(main, ["check"]).exit_code


def test_a_refuge_for_cats_gets_a_line(tmp_path: Path) -> None:
    """From a file with answers about four numbers comes a card without a mistake, and a tool underlines nothing."""
    made(tmp_path)
    assert said(tmp_path) == ""
    assert not underlined(tmp_path)
    assert not any("\n\n\n" in file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.yaml"))


def test_a_note_goes_with_its_sentence(tmp_path: Path) -> None:
    """What the new line never says is left out with what is noted above it; the other notes stay."""
    answers = new_card.from_file(CATS, Problems())
    new_card.write(tmp_path, answers | {"numbers": [number | {"hours": ""} for number in answers["numbers"]]})
    ours, new_one = (folder / "nl/line.yaml" for folder in (SETTINGS.prompts, tmp_path))
    gone = set(ours.read_text(encoding="utf-8").splitlines()) - set(new_one.read_text(encoding="utf-8").splitlines())
    assert {text[:10] for text in gone} == {"# {others}", "instead: I", "instead_sh"}


def test_the_new_line_can_be_called(tmp_path: Path) -> None:
    """The new line leads to each number with one key, knows its hours, and tells a silent caller all of them."""
    made(tmp_path)
    menu = heard(tmp_path, "")
    assert f"{says('line.danger', emergency='één, één, twee')}\n        {says('menus.main.about')}" in menu
    assert says("menus.main.choices.danger.long") in menu
    assert "Heb je een kat gevonden? … twee." in heard(tmp_path, "#")
    for number in ("één, één, twee", "nul, nul, nul … één, één, één", "vier, vier, vier", "zeven, zeven … acht, acht"):
        assert number in menu.partition(says("line.list"))[2]
    assert f"{says('numbers.danger.first')} … één, één, twee." in heard(tmp_path, "1")
    assert f"{ours('numbers.essm.hours', 'de kattenopvang')} … maandag tot en met vrijdag" in heard(tmp_path, "2")
    assert "De dierenarts. … nul, nul, nul" in heard(tmp_path, "3")
    assert all(says("line.remembers") in heard(tmp_path, key) for key in "234")
    closed = heard(tmp_path, "4")
    assert ours("numbers.essm.closed", "de stichting", opens="zaterdagochtend tien uur") in closed
    assert says("line.instead", others="de dierenarts of de kattenopvang") in closed
    told = ours("numbers.essm.closed", "de kattenopvang", opens="maandagochtend negen uur")
    assert told in heard(tmp_path, "2", at="2026-12-25T14:00")


def test_each_date_is_one_that_was_given(tmp_path: Path) -> None:
    """The card says of no number that it was checked on another day than somebody answered."""
    made(tmp_path)
    card = make_line(replace(SETTINGS, prompts=tmp_path)).card
    assert [number.checked.day for number in card.numbers.values()] == [1, 2, 3, 4]


def test_the_new_readme_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README of a new card starts `ivr` where it is, from whatever folder it was made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [".venv/bin/ivr"])
    assert run("kaart", "--answers", CATS).exit_code == 0
    commands = re.findall("^    IVR_PROMPTS=. (.*)$", Path("kaart/README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands == [f"{tmp_path}/.venv/bin/ivr {rest}" for rest in ("call", "call --at 2026-12-25T23:00", "check")]


def test_a_menu_has_room_for_eight_more(tmp_path: Path) -> None:
    """With eight numbers besides the one for danger the card is whole, and a closed one names two of the others."""
    numbers = {f"nummer-{letter}": OPVANG | {"name": f"nummer {letter}", "choice": "Ja?"} for letter in "abcdefgh"}
    result = answered(tmp_path / "card", **numbers)
    assert result.exit_code == 0, result.output
    line = make_line(replace(SETTINGS, prompts=tmp_path / "card"))
    assert list(line.card.numbers) == ["danger", *numbers]
    assert line.card.numbers["nummer-a"].instead == ("nummer-b", "nummer-c")


@pytest.mark.parametrize(("number", "key"), [("000-111 22 33", "9"), ("000-999 22 33", "8")])
def test_a_number_that_is_connected_has_our_words_for_that(number: str, key: str, tmp_path: Path) -> None:
    """Who may connect gives the number with its country; the card is whole, with a key that is none of its digits."""
    connect = "+31" + re.sub("[- ]", "", number)[1:]
    folder = tmp_path / "card"
    result = answered(folder, opvang=OPVANG | {"number": number, "connect": connect}, arts=ANSWERED["numbers"]["arts"])
    assert result.exit_code == 0, result.output
    assert said(folder) == ""
    assert ours("numbers.essm.caller_id", "de kattenopvang") in heard(folder, f"2{key}c")


@pytest.mark.parametrize(("count", "long", "found"), [(8, 3, "menu/main: het menu duurt "), (1, 75, "nl/menus.yaml:")])
def test_a_card_that_cannot_be_served_is_told(tmp_path: Path, count: int, long: int, found: str) -> None:
    """Where answers that are each good are too long together, that is told, and the files are there to be mended."""
    question, folder = f"Heb je {'een-kat-gevonden-of-verloren-' * long}misschien?", tmp_path / "card"
    result = answered(folder, **{f"kat-{one}": OPVANG | {"choice": question} for one in range(count)})
    assert result.exit_code == 1
    assert "maar de lijn kan er nog niet mee beginnen:\n" in result.stderr
    assert found in result.stderr
    assert f"kijk ze na: IVR_PROMPTS={folder} ivr check\n" in result.stderr
    assert checked(folder) == 2
    menus = folder / "nl" / "menus.yaml"
    menus.write_text(menus.read_text(encoding="utf-8").replace(question, "Gevonden?"), encoding="utf-8")
    assert checked(folder) == 0


def test_facts_that_do_not_go_together_are_told_in_the_new_card(tmp_path: Path) -> None:
    """Hours that nobody can read, the number for danger once more, and a number that is not the one to dial."""
    wrong = OPVANG | {"number": "1-1-2", "hours": "ma-vr: 9.00-17.00", "connect": "+31201112233"}
    result = answered(tmp_path / "card", opvang=wrong)
    assert result.exit_code == 1
    assert re.findall(r"card[.]yaml:(\d+)", result.stderr) == ["25", "26", "27"]


def test_a_number_alone_leads_to_the_one_for_danger(tmp_path: Path) -> None:
    """Where there is nothing else, a closed number names the one for danger."""
    assert answered(tmp_path / "card", opvang=OPVANG).exit_code == 0
    assert says("line.instead", others="hulp bij gevaar") in heard(tmp_path / "card", "2", at="2026-11-25T23:00")


pieces = st.sampled_from([*"ab'’:-[]!|%?,;. ", ": ", "- ", "…", "...", "é"])


dates = st.sampled_from(["2026-11-24", "2026-1-5", "24 november"])


parts = st.lists(pieces, max_size=2).map("".join)


texts = st.builds("{}{}{}".format, parts, st.sampled_from("abé"), parts)  # without a letter it says nothing


GIVEN: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(new_card.QUESTIONS | new_card.NUMBER_QUESTIONS, texts),
    **{name: st.just(value) for name, value in new_card.DEFAULTS.items()},
    "number": st.sampled_from(["000-111 22", "+31 0"]),
    "connect": st.just(""),
    "emergency_checked": dates,
    "checked": dates,
    "hours": st.sampled_from(["", "Mo-Fr 09:00-17:00", "24/7", "We[1] 10:00-12:00"]),
}


# Each writes a whole card.
@settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_accepted_loads(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever somebody answers, if no answer is refused, the card loads."""

    def drawn(questions: Iterable[str], indent: str = "") -> str:
        given = ((question, data.draw(GIVEN[question])) for question in questions)
        return "".join(f'{indent}{question}: "{answer}"\n' for question, answer in given if answer)

    folder, problems = tmp_path_factory.mktemp("new"), Problems()
    ids = "abc"[: data.draw(st.integers(1, 3))]
    numbers = "".join(f"  {id_}:\n{drawn(new_card.NUMBER_QUESTIONS, '    ')}" for id_ in ids)
    file = folder / "answers.yaml"
    file.write_text(f"{drawn(new_card.QUESTIONS)}numbers:\n{numbers}", encoding="utf-8")
    answers = new_card.from_file(file, problems)
    assume(not problems)
    new_card.write(folder / "card", answers)
    assert mistakes(folder / "card") is None


def test_a_paid_number_makes_a_card_too(tmp_path: Path) -> None:
    """A number that costs money gets the sentence that says so."""
    result = answered(tmp_path / "card", opvang=OPVANG | {"number": "0900-8844", "about": 'Zij zeggen "ja".'})
    assert result.exit_code == 0, result.output
    numbers = (tmp_path / "card" / "nl" / "numbers.yaml").read_text(encoding="utf-8")
    assert f'cost: "{says("numbers.police.cost")}' in numbers
