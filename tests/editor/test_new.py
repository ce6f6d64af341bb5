# SPDX-License-Identifier: EUPL-1.2
"""How `ivr new` asks, what it refuses, and what it leaves alone."""

import re
from pathlib import Path

import pytest

from ivr.editor import new_card
from ivr.messages.problems import Problems
from tests.editor.answers import ANSWERS, CATS, run


def test_wrong_answers_in_a_file_are_told_together(tmp_path: Path) -> None:
    """Each wrong answer in a file is told with its place, as in a card, and nothing is written."""
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
    new_card.from_file(file, problems)
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


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that is there already, with nothing in it, will do."""
    assert run(tmp_path, "--answers", CATS).exit_code == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith("# De kattenlijn, de regio Utrecht\n")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where nothing can be written, the reason is told without a traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run(tmp_path / "file" / "new", "--answers", CATS)
    assert (result.exit_code, result.stderr) == (1, f"Fout: {tmp_path}/file/new/nl: dat is geen map\n")


def test_without_answers_it_says_where_to_begin(tmp_path: Path) -> None:
    """Whoever gives no file reads where an example of one stands, and nothing is made."""
    result = run(tmp_path / "new")
    assert result.exit_code == 1
    assert "--answers" in result.stderr
    assert Path(result.stderr.splitlines()[-1].split()[-1]).is_file()
    assert not (tmp_path / "new").exists()
