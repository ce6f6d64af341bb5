# SPDX-License-Identifier: EUPL-1.2
"""How `ivr new` asks, what it refuses, and what it leaves alone."""

import re
from pathlib import Path

import pytest

from ivr.editor import new
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import Problems
from tests.editor.answers import ANSWERS, CATS, IN_TURN, heard, made, run


def test_a_person_is_asked_the_same(tmp_path: Path) -> None:
    """Somebody who types the answers gets the line that the file gives."""
    result = run(tmp_path / "typed", typed=IN_TURN)
    assert result.exit_code == 0, result.output
    assert f"IVR_PROMPTS={tmp_path / 'typed'} ivr call" in result.output
    assert run(tmp_path / "file", "--answers", CATS).exit_code == 0
    for keys in ("", "1", "2", "3", "4", "0"):
        assert heard(tmp_path / "typed", keys) == heard(tmp_path / "file", keys)


def test_a_wrong_answer_is_asked_again_with_the_reason(tmp_path: Path) -> None:
    """An answer that a card could not hold is refused at once, in approved words, and the question comes back."""
    wrong = {
        0: ["", "de 24-uurslijn", "lijn\u200b"],
        3: ["Europe/Utrecht"],
        4: ["Nederland"],
        5: ["één-één-twee"],
        6: ["", "1 november"],
        7: [""],
        8: ["000/1112233"],
        9: ["", "2026-02-30"],
        10: ["0001112233", "+31001112244"],
        11: ["ma-vr 9.00-17.00", 'Mo-Fr 09:00-17:00 "a: b"'],
        14: ["<", "Daar is plaats voor elke kat.", "nee"],
        13: ["Voor <katten>", "Voor {kat}"],
        12: ["Heb je ergens op straat of in een tuin een kat gevonden?"],
    }
    typed = [answer for turn, right in enumerate(IN_TURN) for answer in [*wrong.get(turn, []), right]]
    result = run(tmp_path, typed=typed)
    assert result.exit_code == 0, result.output
    approved = (ANSWERS / "getypt.txt").read_text(encoding="utf-8")
    assert result.output.replace(str(tmp_path), "kattenlijn") == approved


def test_wrong_answers_in_a_file_are_told_together(tmp_path: Path) -> None:
    """Every wrong answer in a file is told with its place, as in a card, and nothing is written."""
    directory = tmp_path / "new"
    result = run(directory, "--answers", ANSWERS / "fouten.yaml")
    assert result.exit_code == 1
    approved = (ANSWERS / "fouten.txt").read_text(encoding="utf-8")
    assert result.stderr.replace(f"{ANSWERS}/", "") == approved
    assert not directory.exists()


@pytest.mark.parametrize(
    ("question", "where"),
    [
        *[(question, ":0") for question in ("name", "region", "source", "emergency_checked")],
        *[(question, ":8") for question in ("name", "number", "checked", "choice", "about")],
    ],
)
def test_an_answer_that_is_wanted_is_missed(question: str, where: str, tmp_path: Path) -> None:
    """Only the time zone, the country, the number for danger and hours may be left out of a file."""
    indent = "    " if where == ":8" else ""
    text = re.sub(f"^{indent}{question}: .*\n", "", CATS.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    file = tmp_path / "answers.yaml"
    file.write_text(text, encoding="utf-8")
    problems = Problems()
    new.from_file(file, problems)
    assert [(problem.message, problem.values) for problem in problems] == [("field-missing", {"key": question})]
    assert re.search(f"{where}(:|$)", str(problems[0].place)) or where == ":0"


def test_a_file_without_answers_is_told(tmp_path: Path) -> None:
    """An empty file is a mistake with a message."""
    file = tmp_path / "leeg.yaml"
    file.write_text("", encoding="utf-8")
    result = run(tmp_path / "new", "--answers", file, IVR_EDITOR_LANGUAGE="en")
    assert result.exit_code == 1
    assert f"{file}: There is nothing in leeg.yaml yet" in result.stderr


def test_the_help_names_a_file_that_shows_answers() -> None:
    """`ivr new --help` says where an example of a file with answers stands, and it stands there."""
    guide = Path(run("--help").output.splitlines()[-1].strip())
    assert "## Een nieuwe kaart\n" in guide.read_text(encoding="utf-8")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with anything in it, or a file, is refused before a question is asked."""
    (tmp_path / "iets").write_text("van een ander", encoding="utf-8")
    for directory in (tmp_path, tmp_path / "iets"):
        result = run(directory, "--answers", CATS)
        assert (result.exit_code, result.stderr) == (
            1,
            f"Fout: {directory} is niet leeg, en er wordt niets overschreven. Kies een nieuwe of een lege map.\n",
        )
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["van een ander"]


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    """Somebody who stops halfway is told so in their language, and the folders that were made for it are gone."""
    result = run(tmp_path / "a" / "b", typed=IN_TURN[:3])
    assert result.exit_code == 1
    assert result.stderr.endswith("\nGestopt.\n")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a").mkdir()
    assert run(tmp_path / "a", typed=[]).exit_code == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_question_can_be_put_again(tmp_path: Path) -> None:
    """From any question one can go back, as far as the first, and the answers given anew are those that count."""
    typed = ["<", "de hondenlijn", "<", *IN_TURN[:8], "<", "<", "<", *IN_TURN[5:]]
    assert run(tmp_path / "typed", typed=typed).exit_code == 0
    made(tmp_path / "file")
    assert heard(tmp_path / "typed", "2") == heard(tmp_path / "file", "2")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that is there already, with nothing in it, will do."""
    assert run(tmp_path, "--answers", CATS).exit_code == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith("# De kattenlijn, de regio Utrecht\n")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where nothing can be written, the reason is told without a traceback, and before a question is asked."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for how, where in ([], ""), (["--answers", CATS], "/nl"):
        result = run(tmp_path / "file" / "new", *how)
        assert (result.exit_code, result.stderr) == (1, f"Fout: {tmp_path}/file/new{where}: dat is geen map\n")


def test_every_message_of_new_is_used() -> None:
    """Each question and each reason is one that a test above hears."""
    questions = [f"new-{question}" for question in new.QUESTIONS]
    questions += [f"new-number-{question}" for question in new.NUMBER_QUESTIONS]
    reasons = ["new-begin", "new-empty", "new-nobody", "new-id-taken", "new-too-many", "new-long", "new-sure"]
    reasons += ["new-not-empty", "new-unfinished", "new-done"]
    assert sorted(questions + reasons) == sorted(id_ for id_ in Catalogue("nl").texts if id_.startswith("new-"))


def test_all_is_shown_before_it_is_written(tmp_path: Path) -> None:
    """Whoever sees at the end that something is wrong goes back from there, and nothing was written yet."""
    typed = [*IN_TURN[:-1], "nee", "<", "Daar kun je een hond uitzoeken.", "", "Ja"]
    result = run(tmp_path, typed=typed)
    assert result.exit_code == 0, result.output
    assert result.output.count("Dit komt op de kaart:") == 2
    assert "een hond uitzoeken" in (tmp_path / "nl" / "numbers.yaml").read_text(encoding="utf-8")


def test_the_number_for_danger_is_no_other_one(tmp_path: Path) -> None:
    """Who gives a number that is the one for danger too is told so, before anything is written."""
    answers = tmp_path / "answers.yaml"
    answers.write_text(CATS.read_text(encoding="utf-8").replace("000-111 22 33", "1-1-2"), encoding="utf-8")
    result = run(tmp_path / "new", "--answers", str(answers))
    assert result.exit_code == 1
    assert "1-1-2" in result.output
    assert not (tmp_path / "new").exists()
